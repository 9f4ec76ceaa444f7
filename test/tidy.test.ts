import { describe, expect, test } from "vitest";
import { functionBodies } from "./tidy/functions.ts";
import { importDirections, processAccess, pureStages } from "./tidy/imports.ts";
import { type Finding, listFindings, readProject, type SourceFile, sourceFile } from "./tidy/project.ts";
import * as rules from "./tidy/rules.ts";
import { scan } from "./tidy/tokens.ts";

type Rule = (file: SourceFile) => Finding[];

const files = readProject(new URL("..", import.meta.url).pathname);
const lines = (count: number) => "x;\n".repeat(count);

/** Each rule with texts that break it and texts that do not: path, then text. */
const cases: { name: string; rule: Rule; bad: [string, string][]; good: [string, string][] }[] = [
  {
    name: "files have at most 400 lines",
    rule: rules.fileSizes,
    bad: [["src/a.ts", lines(401)]],
    good: [
      ["src/a.ts", lines(400)],
      ["src/a.generated.ts", lines(401)],
    ],
  },
  {
    name: "functions have at most 60 lines",
    rule: rules.functionSizes,
    bad: [
      ["src/a.ts", `function a() {\n${lines(59)}}`],
      ["src/a.ts", `function a(b: { c: 1 } = {}): Map<string, { d: 1 }> {\n${lines(59)}}`],
      ["src/a.ts", `const a = async (): Promise<void> => {\n${lines(59)}};`],
      ["src/a.ts", `class A { b(): { c: string } | undefined {\n${lines(59)}} }`],
      ["src/a.ts", `const a = { b() {\n${lines(59)}} };`],
      ["src/a.ts", `const r = /[/"'{]/; function a() { \`}\${b({ c: "}" })}\`;\n${lines(59)}}`],
      ["test/a.test.ts", `describe("a", () => { test("b", () => {\n${lines(59)}}); });`],
    ],
    good: [
      ["src/a.ts", `function a() {\n${lines(58)}}`],
      ["src/a.ts", `function a() { if (b) {} }\nconst c = {\n${lines(80)}};`],
      ["src/a.ts", `function a(): void;\nclass A {\n${lines(80)}}`],
      ["test/a.test.ts", `describe("a", () => {\n${lines(80)}});`],
      ["test/a.test.ts", `describe.each([1])("a", () => {\n${lines(80)}});`],
    ],
  },
  {
    name: "names say what a thing is",
    rule: rules.vagueNames,
    bad: [
      ["src/utils.ts", ""],
      ["src/plan-helper.ts", ""],
      ["src/common/a.ts", ""],
      ["src/a.ts", "const tokenManager = 1;"],
      ["src/a.ts", "export function errorHandlers() {}"],
      ["src/a.ts", "interface MiscOptions {}"],
    ],
    good: [["src/a.ts", 'import { inspect } from "node:util"; const commonality = a.handler; // helper']],
  },
  {
    name: "types are written down",
    rule: rules.looseTypes,
    bad: [
      ["src/a.ts", "let a: any;"],
      ["src/a.ts", "const a = b as any;"],
      ["src/a.ts", "const a: Record<string, any> = {};"],
      ["src/a.ts", "const a: any[] = [];"],
      ["src/a.ts", `// ${"@ts"}-ignore\nx;`],
    ],
    good: [["src/a.ts", '// any\nconst a = "any"; Promise.any([]); const b = { any: 1 };']],
  },
  {
    name: "every test runs or says why it does not",
    rule: rules.silentTests,
    bad: [
      ["test/a.test.ts", 'test.only("a", () => {});'],
      ["test/a.test.ts", 'describe.skip("a", () => {});'],
      ["test/a.test.ts", 'it.todo("a");'],
      ["test/a.test.ts", 'test("a", (context) => { context.skip(); });'],
    ],
    good: [["test/a.test.ts", 'test("a", (context) => { context.skip("no dbus here"); list.skip(1); }); "test.only("']],
  },
  {
    name: "nothing is left to be done",
    rule: rules.openEnds,
    bad: [
      ["src/a.ts", `// ${"TO"}DO: later`],
      ["docs/a.md", `${"FIX"}ME`],
    ],
    good: [["src/a.ts", "// todos are resources too"]],
  },
  {
    name: "spelling is American",
    rule: rules.spelling,
    bad: [
      ["src/a.ts", `const ${"licen"}ceSeats = 1;`],
      ["schemas/a.json", `"${"Licen"}ce"`],
    ],
    good: [["src/a.ts", "const licenseSeats = 1;"]],
  },
  {
    name: "nothing names the machine it was written on",
    rule: rules.foreignPlaces,
    bad: [
      ["README.md", `see ${"/wo"}rk/main`],
      ["src/a.ts", `"${"/ro"}ot/x"`],
      ["package-lock.json", `https://${"regis"}try.example.org/a.tgz`],
    ],
    good: [["README.md", "a network/work/shop, ./root/x, the schema registry. Then"]],
  },
  {
    name: "exported functions and classes have docstrings",
    rule: rules.docstrings,
    bad: [
      ["src/a.ts", "export function a() {}"],
      ["src/a.ts", "// why\nexport class A {}"],
      ["src/a.ts", "/** of something else */\n\nexport async function a() {}"],
    ],
    good: [
      ["src/a.ts", "/** What it means. */\nexport async function a() {}\nfunction b() {}\nexport type C = 1;"],
      ["test/a.ts", "export function a() {}"],
    ],
  },
  {
    name: "imports go one way",
    rule: importDirections,
    bad: [
      ["src/resource.ts", 'import { a } from "./state.ts";'],
      ["src/connectors/velocloud/a.ts", 'import { a } from "../veson/a.ts";'],
      ["src/connectors/velocloud/a.ts", 'import { a } from "../../plan/plan.ts";'],
      ["src/connectors/connector.ts", 'import { a } from "./velocloud/a.ts";'],
      ["src/connectors/all.ts", 'import { a } from "../plan/plan.ts";'],
      ["src/sinks/age.ts", 'export { a } from "../backends/local.ts";'],
      ["src/hands/forms/a.ts", 'import { a } from "../../connectors/http.ts";'],
      ["src/hands/forms/a.ts", 'import { a } from "../person/a.ts";'],
      ["src/hands/forms/a.ts", 'import type { A } from "../../simulators/wire.ts";'],
      ["src/simulators/velocloud/a.ts", 'import type { A } from "../../resource.ts";'],
      ["src/manifest/a.ts", 'import { a } from "../connectors/velocloud/a.ts";'],
      ["src/plan/a.ts", 'import { readFileSync } from "node:fs";'],
      ["src/guard.ts", 'const a = await import("./platform/disk.ts");'],
      ["src/render/a.ts", 'import { a } from "../state.ts";'],
      ["src/render/a.ts", 'import type { A } from "../apply.ts";'],
      ["src/apply.ts", 'import { a } from "./commands/apply.ts";'],
      ["src/apply.ts", 'import { a } from "./simulators/velocloud.ts";'],
      ["src/terraform/a.ts", 'import { a } from "cdktf";'],
      ["src/commands/a.ts", 'import { a } from "constructs";'],
      ["src/commands/a.ts", 'const a = await import("@grpc/grpc-js");'],
      ["src/commands/a.ts", 'import { a } from "@bufbuild/protobuf/wire";'],
      ["src/terraform/form.ts", 'import { a } from "./provider.ts";'],
      ["src/cdktf/a.ts", 'import { a } from "../resource.ts";'],
    ],
    good: [
      ["src/step.ts", 'import type { A } from "./resource.ts"; import { b } from "node:util";'],
      [
        "src/connectors/velocloud/a.ts",
        'import { a } from "./b.ts"; import { c } from "../connector.ts"; import { d } from "../../io.ts";',
      ],
      [
        "src/connectors/velocloud/kinds/a.ts",
        'import { a } from "../client.ts"; import type { M } from "../../../manifest/manifest.ts";',
      ],
      ["src/connectors/all.ts", 'import { a } from "./velocloud/connector.ts";'],
      ["src/main.ts", 'import { a } from "./commands/all.ts";'],
      ["src/backends/local.ts", 'import { a } from "./local-lock.ts"; import { b } from "node:path";'],
      [
        "src/hands/forms/a.ts",
        'import { a } from "./b.ts"; import { c } from "../hand.ts"; import { d } from "../../screen.ts";',
      ],
      ["src/simulators/velocloud/a.ts", 'import { a } from "../wire.ts"; import { createServer } from "node:http";'],
      ["src/render/a.ts", 'import type { S } from "../state.ts"; import { b } from "./b.ts";'],
      ["src/commands/simulate.ts", 'import { a } from "../simulators/velocloud.ts"; import { b } from "../apply.ts";'],
      ["src/cdktf/a.ts", 'import { a } from "cdktf"; import { b } from "./velocloud.generated.ts";'],
      ["src/manifest/a.ts", 'import { a } from "../terraform/form.ts";'],
      ["src/terraform/wire/a.ts", 'import { a } from "@msgpack/msgpack"; import { b } from "../form.ts";'],
    ],
  },
  {
    name: "pure stages ask no clock and no chance",
    rule: pureStages,
    bad: [
      ["src/plan/plan.ts", "const a = Date.now();"],
      ["src/diff.ts", "const a = new Date();"],
      ["src/manifest/a.ts", "const a = Math.random();"],
    ],
    good: [
      ["src/plan/plan.ts", "const a = new Date(now); // Date.now()"],
      ["src/refresh.ts", "Date.now();"],
    ],
  },
  {
    name: "only the command line and the platform touch the process",
    rule: processAccess,
    bad: [
      ["src/commands/plan.ts", "process.exit(1);"],
      ["src/apply.ts", 'globalThis.process["env"];'],
      ["src/apply.ts", 'import { env } from "node:process";'],
    ],
    good: [
      ["src/cli.ts", "process.exit(1);"],
      ["src/platform/host.ts", "process.pid;"],
      ["src/apply.ts", "// process.env\nowner.process.id; process(step);"],
    ],
  },
];

const labeled = (texts: [string, string][]) =>
  texts.map(([path, text]) => ({ path, text, label: `${path}  ${text.split("\n")[0]}` }));

describe.each(cases)("tidy: $name", ({ rule, bad, good }) => {
  test("in this project", () => {
    expect(listFindings(files.flatMap(rule))).toBe("");
  });

  test.each(labeled(bad))("catches a violation planted in $label", ({ path, text }) => {
    expect(rule(sourceFile(path, text))).not.toEqual([]);
  });

  test.each(labeled(good))("lets pass $label", ({ path, text }) => {
    expect(listFindings(rule(sourceFile(path, text)))).toBe("");
  });
});

describe("the scan itself", () => {
  test("sees the project", () => {
    expect(files.filter(({ path }) => path.startsWith("src/")).length).toBeGreaterThan(40);
    expect(files.map(({ path }) => path)).toContain("package.json");
  });

  test("leaves no bracket of the project without a partner", () => {
    for (const { path, scanned } of files) {
      const text = scanned.code.filter(({ kind }) => kind === "punctuation").map((token) => token.text);
      const amount = (bracket: string) => text.filter((one) => one === bracket).length;
      expect([path, amount("{"), amount("("), amount("[")]).toEqual([path, amount("}"), amount(")"), amount("]")]);
    }
  });

  test("tells strings, templates, regular expressions, division and comments apart", () => {
    const { all } = scan('a / b / c; /[/]"/g.test("/*"); `x${`y${{ z: "}" }.z}`}/*no*/`; // end\n/* }\n*/ d');
    const texts = (kind: string) => all.filter((token) => token.kind === kind).map(({ text }) => text);
    expect(texts("regex")).toEqual(['/[/]"/g']);
    expect(texts("comment")).toEqual(["// end", "/* }\n*/"]);
    expect(texts("string")).toEqual(['"/*"', "`x${", "`y${", '"}"', "}`", "}/*no*/`"]);
    expect(all.at(-1)).toMatchObject({ text: "d", line: 3 });
  });

  test("finds every kind of function once", () => {
    const text = `function a(): void {} const b = () => {}; class C { d(e = {}): Promise<[f, g]> {} constructor() {} get h() { return 1; } }
      const i = { j() {}, k: async function () {} }; if (l) {} for (;;) {} try {} catch (m) {} switch (n) {} const o = p ? q(r) : { s: 1 };`;
    expect(functionBodies(scan(text).code)).toHaveLength(7);
  });
});
