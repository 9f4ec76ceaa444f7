import { describe, expect, test } from "vitest";
import { parse, rules } from "./manifest-fixture.ts";

describe("a manifest", () => {
  test("is read with its systems, sinks, resources and references", () => {
    const manifest = parse(rules);
    expect(manifest.resources.map((resource) => resource.address)).toEqual([
      "velocloud_admin_user.ci",
      "velocloud_api_token.ci",
      "velocloud_role.auditor",
    ]);
    expect(manifest.resources[1]).toMatchObject({
      system: "velocloud",
      attributes: { owner: { $ref: { address: "velocloud_admin_user.ci", attribute: "" } }, name: "ci" },
      dependsOn: ["velocloud_admin_user.ci"],
      source: { file: "steward.yaml", line: 16, column: 5, length: 2 },
    });
  });
});
