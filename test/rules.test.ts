import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** The script that takes rules out: what it says of this project, without running mutants, and of a small one, with them. */

const script = resolve("scripts/rules.mjs");

/** Lines that the script prints, without seconds; it runs in `folder`. */
function rules(folder: string, ...words: string[]): { status: number | null; lines: string[] } {
  const child = spawnSync(process.execPath, [script, ...words], { cwd: folder, encoding: "utf8" });
  const lines = `${child.stdout}${child.stderr}`.split("\n").filter((line) => line !== "");
  return { status: child.status, lines: lines.map((line) => line.replace(/ +\d+(\.\d+)? s\b/, "").trim()).sort() };
}

const tables = readdirSync("test/rules").map((file) => file.replace(/\.yaml$/, ""));

test.each(tables)(
  "every rule of %s is in the name of a test, and has pieces that stand once in their files",
  (name) => {
    expect(rules(".", "--check", name)).toEqual({ status: 0, lines: [] });
  },
);

describe("in a small project", () => {
  let folder: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const page = (...ids: string[]): string => ids.map((id) => `| ${id} | a rule | documented | it is kept |\n`).join("");
  const sum = [
    "const least = 0;",
    "export const sum = (a: number, b: number): number =>",
    "  Math.max(least, a + b);",
    "",
  ];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "steward-rules-test-"));
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    write("src/sum.ts", sum.join("\n"));
    const cases = ['test("TOY-01 TOY-02 adds", () => expect(sum(1, 2)).toBe(3));', 'test("TOY-021", () => {});'];
    const imports = ['import { expect, test } from "vitest";', 'import { sum } from "../src/sum.ts";'];
    write("test/sum.test.ts", [...imports, ...cases, ""].join("\n"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("a piece whose loss no test notices is a survivor, and code that does not run proves nothing", () => {
    write("docs/systems/toy.md", `${page("TOY-01", "TOY-02")}- TOY-03: a fact\n`);
    write(
      "test/rules/toy.yaml",
      [
        "TOY-01: [{ breaks: it subtracts, file: src/sum.ts, find: a + b, instead: a - b }]",
        "TOY-02:",
        "  - { breaks: sums may be negative, file: src/sum.ts, find: 'least, ', instead: '-9, ' }",
        "  - { breaks: nothing, file: src/sum.ts, find: const least = 0; }",
        "  - { breaks: everything, file: src/sum.ts, find: 'Math.max(' }",
        "TOY-03: nobody needs code for it",
        "",
      ].join("\n"),
    );
    const survivor = "TOY-02 can be taken out and no test fails: sums may be negative (src/sum.ts)";
    const broken = (what: string) =>
      `! TOY-02 cannot be tried, because the changed code does not run: ${what} (src/sum.ts)`;
    expect(rules(folder, "toy")).toEqual({
      status: 1,
      lines: [
        ...[broken("everything"), broken("nothing"), `! ${survivor}`],
        ...["broken    TOY-02  everything", "broken    TOY-02  nothing", "caught    TOY-01  it subtracts"],
        ...["survived  TOY-02  sums may be negative", "toy: 3 rules, 4 mutants, 1 caught, 3 not,"],
      ].sort(),
    });
    expect(readFileSync(join(folder, "src/sum.ts"), "utf8")).toBe(sum.join("\n"));
  });

  test("rules without an entry, without a test or without their piece are told before anything runs", () => {
    write("docs/systems/toy.md", page("TOY-01", "TOY-02", "TOY-04", "TOY-05"));
    const piece = (find: string, more = "") => `[{ breaks: it, file: src/sum.ts, find: ${find}${more} }]`;
    const entries = [
      `TOY-01: ${piece("least")}`,
      `TOY-02: ${piece("a * b")}`,
      `TOY-04: ${piece("a + b", ", insted: x")}`,
    ];
    write("test/rules/toy.yaml", [...entries, `TOY-06: ${piece("a + b")}`, ""].join("\n"));
    expect(rules(folder, "--check")).toEqual({
      status: 1,
      lines: [
        '! TOY-01: its piece stands 2 times in src/sum.ts, not once: "least"',
        '! TOY-02: its piece stands 0 times in src/sum.ts, not once: "a * b"',
        "! TOY-04 has insted in its entry: there are breaks, file, find, instead",
        "! TOY-04 is in the name of no test",
        "! TOY-05 has no entry: say what implements it, or why no line of ours does",
        "! TOY-06 has an entry, and docs/systems/toy.md has no such rule",
      ].sort(),
    });
    expect(rules(folder, "toys")).toEqual({
      status: 64,
      lines: ["no such table: test/rules/toys.yaml; there are toy"],
    });
    expect(rules(folder, "TOY-09").status).toBe(64);
  });

  test("a rule whose test fails with the code as it is, is not tried", () => {
    write("docs/systems/toy.md", page("TOY-01", "TOY-02"));
    write("src/sum.ts", sum.join("\n").replace("a + b", "a + b + 1"));
    const mutant = "[{ breaks: it, file: src/sum.ts, find: a + b }]";
    write("test/rules/toy.yaml", `TOY-01: ${mutant}\nTOY-02: nobody needs code for it\n`);
    const { status, lines } = rules(folder, "toy");
    expect([status, lines]).toEqual([
      1,
      [
        "! TOY-01 is in the name of no test that passes: not tried",
        "! a test fails although nothing is taken out: TOY-01 TOY-02 adds: AssertionError: expected 4 to be 3 // Object.is equality",
        "toy: 2 rules, 1 mutants, 0 caught, 1 not,",
      ],
    ]);
  });
});
