import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidManifest } from "../src/diagnostic.ts";
import { type Node, TextFile } from "../src/manifest/node.ts";
import { Report } from "../src/manifest/report.ts";
import { readAll } from "../src/manifest/yaml.ts";
import { readEveryday } from "../src/manifest/yaml-everyday.ts";
import { head, parse, problems, rules } from "./manifest-fixture.ts";

const seed = Number(process.env.STEWARD_SEED ?? 20_261_122);

/** Pieces that manifests and attacks on parsers are made of. */
const piece = fc.constantFrom(
  ...[
    "a",
    "b: ",
    "resources:",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    '"',
    "'",
    "#",
    " #",
    "&a ",
    "*a",
    "!clear",
    "!!x ",
  ],
  ...[
    "${",
    "}",
    "$${",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML",
    "\t",
    "\r\n",
    "\uFEFF",
    "null",
    "0x1f",
    "1e5",
    "~",
    "<<: ",
    "__proto__: ",
    "? ",
    "é",
    "😀",
    "\u2028",
  ],
  ...[
    "velocloud_admin_user:",
    "\n    ci: ",
    "username: x",
    "role: y",
    "\\x",
    "'it''s'",
    '"a\\tb"',
    "1.0",
    "true",
    "no",
    ".inf",
    "2026-01-01",
  ],
);
const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

/** A good manifest with some of its characters replaced. */
const bent = fc
  .array(fc.tuple(fc.nat(rules.length), fc.nat(3), piece), { minLength: 1, maxLength: 4 })
  .map((edits) => edits.reduce((text, [at, count, by]) => text.slice(0, at) + by + text.slice(at + count), rules));

function survives(text: string): void {
  const from = performance.now();
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof InvalidManifest)) throw error;
    expect(error.diagnostics.length).toBeGreaterThan(0);
  }
  expect(performance.now() - from).toBeLessThan(2_000);
}

/** What a reading means, and where its keys and texts stand. */
function outline(node: Node | undefined): unknown {
  if (!node) return undefined;
  if (node.type === "list") return node.items.map(outline);
  if (node.type === "map") return node.entries.map(({ key, at, end, value }) => [key, at, end, outline(value)]);
  return node.value === null ? null : [node.value, node.at, node.end, typeof node.value];
}

describe("random text", () => {
  test("ends in a manifest or in diagnostics, in bounded time", () => {
    fc.assert(fc.property(fc.oneof(soup, bent, fc.string({ maxLength: 300 })), survives), { numRuns: 3_000, seed });
  });

  test("is read from the lexemes alone exactly as the library reads it", () => {
    let everyday = 0;
    const same = (text: string) => {
      const file = new TextFile("a.yaml", text);
      const quick = readEveryday(file);
      if (!quick) return;
      everyday += 1;
      const report = new Report();
      expect(outline(quick), text).toEqual(outline(readAll(file, report)));
      expect(report.diagnostics, text).toEqual([]);
    };
    fc.assert(fc.property(fc.oneof(soup, bent), same), { numRuns: 6_000, seed });
    expect(everyday).toBeGreaterThan(500);
  });
});

describe("a text that is made to exhaust the reader", () => {
  const within = (text: string, ms: number) => {
    const from = performance.now();
    const found = problems(text);
    expect(performance.now() - from).toBeLessThan(ms);
    return found;
  };

  test("an alias bomb ends in a clear error", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const items = Array.from({ length: 9 }, () => (level === 0 ? "lol" : `*a${level - 1}`)).join(", ");
      return `  a${level}: &a${level} [${items}]\n`;
    });
    const [found] = within(`resources:\n${levels.join("")}`, 5_000);
    expect(found?.message).toBe("this file is too large with its aliases followed");
    expect(found?.source).toMatchObject({ file: "steward.yaml", line: 8 });
  });

  test("a million brackets are refused at the first that is too deep", () => {
    const [found] = within(`guard: ${"[".repeat(1_000_000)}`, 5_000);
    expect(found).toMatchObject({ message: "this is nested too deeply", source: { line: 1, column: 40 } });
  });

  test("a million list marks on one line are refused", () => {
    expect(within("- ".repeat(1_000_000), 5_000)[0]?.message).toBe("this is nested too deeply");
  });

  test("steps of deeper and deeper maps are refused", () => {
    const text = Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("");
    expect(within(text, 10_000)[0]?.message).toMatch(/nested too deeply/);
  });

  test("a hundred thousand wrong attributes end in a bounded list", () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `      usernam${index}: x\n`).join("");
    const found = within(`${head}  velocloud_admin_user:\n    ci:\n${lines}`, 20_000);
    expect(found.length).toBeLessThanOrEqual(10_000);
  });

  test("a file of more lexemes than the library's tree may have is refused", () => {
    const [found] = within(`guard: [${"1,".repeat(1_000_000)}1] *x`, 10_000);
    expect(found).toMatchObject({ message: "this file is too large", hint: "split it into several files" });
  });

  test("a chain of ten thousand references is followed without recursion", () => {
    const user = (index: number) =>
      `    u${index}: { username: "\${velocloud_admin_user.u${index + 1}.first_name}x${index}", role: R, first_name: F }\n`;
    const text = `${head}  velocloud_admin_user:\n${Array.from({ length: 10_000 }, (_, index) => user(index)).join("")}    u10000: { username: last, role: R, first_name: F }\n`;
    expect(within(text, 20_000)).toEqual([]);
  });
});
