import { type Arbitrary, array, assert, constantFrom, integer, jsonValue, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node } from "../src/manifest/node.ts";
import { Report } from "../src/manifest/report.ts";
import { SynthesizedFile } from "../src/terraform-json/file.ts";
import { readJson } from "../src/terraform-json/json.ts";
import { withRole, withUser } from "./terraform-json-bad.ts";
import { problemsOf, synthesized } from "./terraform-json-fixture.ts";

function read(text: string): { node: Node | undefined; report: Report } {
  const report = new Report();
  return { node: readJson(new SynthesizedFile("a.tf.json", text), report), report };
}

/** What a node holds; each must stand in the file as itself. */
function plainOf(node: Node): unknown {
  const value =
    node.type === "scalar"
      ? node.value
      : node.type === "list"
        ? node.items.map(plainOf)
        : Object.fromEntries(node.entries.map((entry) => [entry.key, plainOf(entry.value)]));
  expect(JSON.parse(node.file.text.slice(node.at, node.end))).toEqual(value);
  return value;
}

const seed = Number(process.env.STEWARD_SEED ?? 20_261_125);

const safe = (value: unknown): boolean =>
  !/"(?:__proto__|constructor|prototype)":|\\u[dD][89a-fA-F]/.test(JSON.stringify(value)) && !hasInexact(value);

/** Whole numbers that JSON.parse would round are refused. */
function hasInexact(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasInexact);
}

describe("JSON", () => {
  test("is read as JSON.parse reads it, and every value stands where its node says", () => {
    const values = jsonValue({ maxDepth: 8 }).filter(safe);
    assert(
      property(values, integer({ min: 0, max: 3 }), (value, indent) => {
        const { node, report } = read(JSON.stringify(value, null, indent));
        expect(report.diagnostics).toEqual([]);
        expect(plainOf(node!)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed },
    );
  });

  test("is never accepted where JSON.parse refuses it, whatever was broken", () => {
    const pieces: Arbitrary<string> = constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "u",
      "1",
      "-",
      ".",
      "e",
      "t",
      " ",
      "\n",
      "\u0001",
    );
    const broken = tuple(
      jsonValue({ maxDepth: 3 }).filter(safe),
      integer({ min: 0, max: 200 }),
      integer({ min: 0, max: 2 }),
      pieces,
    );
    assert(
      property(broken, ([value, at, length, piece]) => {
        const whole = JSON.stringify(value);
        const text = whole.slice(0, at) + piece + whole.slice(at + length);
        if (read(text).node) expect(isJson(text)).toBe(true);
      }),
      { numRuns: 500, seed },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Words of the language of expressions, in any order. */
const word = constantFrom(
  ...[
    "${",
    "}",
    "$",
    "%{",
    "%%{",
    "$${",
    '"',
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    ":",
    "?",
    "=",
    "==",
    "!",
    "-",
    "+",
    "&&",
    "...",
  ],
  ...[
    "local.a",
    "local.b",
    "var.x",
    "velocloud_role.r.name",
    "velocloud_role.r",
    "env.PW",
    "sink:local:x",
    "file:x",
    "environment",
  ],
  ...[
    "join",
    "format",
    "jsonencode",
    "concat",
    "upper",
    "1",
    "0",
    "2.5",
    "true",
    "null",
    "for",
    "in",
    " ",
    "\n",
    "\\",
    "ä",
    "each.value",
    "data.x",
  ],
);
const text = array(word, { maxLength: 14 }).map((words) => words.join(""));

describe("an expression", () => {
  test("of any words ends in a value or in diagnostics, each at a place in the file", () => {
    assert(
      property(text, text, (description, a) => {
        const parts = { locals: { a, b: ["x", "${local.a}"] }, variable: { x: { default: 1 } } };
        for (const one of problemsOf(
          synthesized(withRole({ description: `\${${description}}`, name: description }, parts)),
        )) {
          expect(one.source?.line).toBeGreaterThan(0);
          expect(one.source?.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500, seed },
    );
  });

  test("in a secret attribute never shows what stands in it", () => {
    // A name alone is shown: it says where a secret comes from.
    const inside = tuple(text, text)
      .map(([before, after]) => `${before}hunter2hunter2${after}`)
      .filter((one) => !/^\$\{[\w.:/-]+\}$/.test(one));
    assert(
      property(inside, (value_wo) => {
        const found = problemsOf(synthesized(withUser({ password: { value_wo } })));
        expect(JSON.stringify(found)).not.toContain("hunter2");
      }),
      { numRuns: 500, seed },
    );
  });

  test("that is only text is that text, whatever its characters", () => {
    const plain = string({ unit: "grapheme", minLength: 1, maxLength: 50 }).filter(
      (one) => one.trim() === one && !/[$%]\{/.test(one),
    );
    assert(
      property(plain, (first_name) => {
        const found = problemsOf(synthesized(withUser({ first_name })));
        expect(found.filter(({ message }) => message.includes("evaluated"))).toEqual([]);
      }),
      { seed },
    );
  });
});
