import { describe, expect, test } from "vitest";
import { renderGraphDot, renderGraphMermaid, renderGraphText } from "../src/render/graph.ts";

const nodes = [
  { address: "velocloud_role.ops", dependsOn: [] },
  { address: "velocloud_admin_user.ci", dependsOn: ["velocloud_role.ops"] },
  { address: "velocloud_api_token.ci", dependsOn: ["velocloud_admin_user.ci", "velocloud_admin_user.ci"] },
  { address: "velocloud_api_token.two", dependsOn: ["velocloud_admin_user.ci"] },
];

describe("the graph", () => {
  test("as DOT", () => {
    expect(renderGraphDot(nodes)).toMatchInlineSnapshot(`
      "digraph steward {
        rankdir = LR;
        node [shape = box];
        "velocloud_role.ops";
        "velocloud_admin_user.ci";
        "velocloud_api_token.ci";
        "velocloud_api_token.two";
        "velocloud_admin_user.ci" -> "velocloud_role.ops";
        "velocloud_api_token.ci" -> "velocloud_admin_user.ci";
        "velocloud_api_token.two" -> "velocloud_admin_user.ci";
      }
      "
    `);
  });

  test("as mermaid", () => {
    expect(renderGraphMermaid(nodes)).toMatchInlineSnapshot(`
      "graph LR
        n0["velocloud_role.ops"]
        n1["velocloud_admin_user.ci"]
        n2["velocloud_api_token.ci"]
        n3["velocloud_api_token.two"]
        n1 --> n0
        n2 --> n1
        n3 --> n1
      "
    `);
  });

  test("as indented text", () => {
    expect(renderGraphText(nodes)).toMatchInlineSnapshot(`
      "velocloud_api_token.ci
        velocloud_admin_user.ci
          velocloud_role.ops
      velocloud_api_token.two
        velocloud_admin_user.ci (shown above)
      "
    `);
  });

  test("a cycle ends", () => {
    const cycle = [
      { address: "a.a", dependsOn: ["a.b"] },
      { address: "a.b", dependsOn: ["a.a"] },
    ];
    expect(renderGraphText(cycle)).toBe("a.a\n  a.b\n    a.a (shown above)\n");
  });

  test("a chain of ten thousand is no problem for the stack", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => ({
      address: `a.n${index}`,
      dependsOn: index > 0 ? [`a.n${index - 1}`] : [],
    }));
    expect(renderGraphText(chain).split("\n")).toHaveLength(10_001);
  });

  test("a hostile name cannot leave its label", () => {
    const evil = [{ address: 'a."]; x -> y; "\n\\', dependsOn: [] }];
    expect(renderGraphDot(evil)).toContain(String.raw`"a.\"]; x -> y; \"\\n\\"`);
    expect(renderGraphMermaid(evil).split("\n")[1]).toMatch(/^ {2}n0\["[^"\]]*"\]$/);
  });
});
