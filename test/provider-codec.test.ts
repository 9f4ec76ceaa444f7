import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { Secret } from "../src/secret.ts";
import { terraformForm } from "../src/terraform/form.ts";
import { decodeJson, parseJson } from "../src/terraform/wire/json.ts";
import { decodeMsgpack, encodeMsgpack } from "../src/terraform/wire/msgpack.ts";
import { Decimal, numberText, readNumber } from "../src/terraform/wire/number.ts";
import { WrongValue } from "../src/terraform/wire/plain.ts";
import { compileSchema } from "../src/terraform/wire/schema.ts";
import {
  equalValues,
  isWhollyKnown,
  Unknown,
  unknown,
  type Value,
  type ValueType,
  withoutWriteOnly,
} from "../src/terraform/wire/value.ts";
import { jsonText } from "./provider-json.ts";
import { numbers, types, valuesOf } from "./provider-values.ts";

const runs = { numRuns: 300 };
const from = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const text: ValueType = { is: "text" };
const number: ValueType = { is: "number" };
const object: ValueType = {
  is: "object",
  attributes: new Map<string, ValueType>([
    ["a", text],
    ["b", { is: "set", of: number }],
  ]),
};

const kinds = loadKindSchemas()
  .map(terraformForm)
  .map(({ kind, block }) => ({ name: kind, type: compileSchema({ version: 0, block }, kind).type }));

/** What a refinement says, and everything else of a value, in a form that can be compared. */
function seen(value: Value): unknown {
  if (value instanceof Unknown) return { unknown: inspect(value.refinement ?? "nothing", { depth: 9, sorted: true }) };
  if (value instanceof Secret) return { secret: value.reveal() };
  if (typeof value === "bigint" || value instanceof Decimal) return { number: value.toString() };
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, seen(one as Value)]));
}

describe("values in MessagePack", () => {
  test("come back as they were, of every type", () => {
    const cases = types.chain((type) => fc.tuple(fc.constant(type), valuesOf(type, true)));
    fc.assert(
      fc.property(cases, ([type, value]) => {
        expect(seen(decodeMsgpack(type, encodeMsgpack(type, value)))).toEqual(seen(value));
      }),
      runs,
    );
  });

  test.each(kinds)("come back as they were, of $name", ({ type }) => {
    fc.assert(
      fc.property(valuesOf(type, true), (value) => {
        expect(seen(decodeMsgpack(type, encodeMsgpack(type, value)))).toEqual(seen(value));
      }),
      { numRuns: 50 },
    );
  });

  test("are read as Terraform writes them", () => {
    expect(decodeMsgpack(object, from("82 a161 a178 a162 93 01 a3302e31 cb4008000000000000"))).toEqual({
      a: "x",
      b: [1, 0.1, 3],
    });
    expect(decodeMsgpack(number, from("b4 3132333435363738393031323334353637383930"))).toBe(12345678901234567890n);
    expect(decodeMsgpack(number, from("cf ffffffffffffffff"))).toBe(2n ** 64n - 1n);
    expect(decodeMsgpack(number, from("d3 8000000000000000"))).toBe(-(2n ** 63n));
    expect(decodeMsgpack(text, from("d40000"))).toBe(unknown);
    expect(decodeMsgpack(text, from("c7070c 82 01c2 02a2 616c"))).toEqual(new Unknown({ isNull: false, prefix: "al" }));
    expect(decodeMsgpack(number, from("c7050c 81 03 92 05c3"))).toEqual(
      new Unknown({ least: { value: 5, inclusive: true } }),
    );
    expect(decodeMsgpack(object, from("82 a161 c7010563 a162 d46300"))).toEqual({ a: unknown, b: unknown });
    expect(decodeMsgpack(object, from(""))).toBeNull();
  });

  test("are written as Terraform reads them", () => {
    expect(hex(encodeMsgpack(object, { b: [2 ** 40, 2 ** 64, 0.1] }))).toBe(
      `82a161c0a16293cf0000010000000000b4${Buffer.from("18446744073709551616").toString("hex")}a3302e31`,
    );
    expect(hex(encodeMsgpack(text, unknown))).toBe("d40000");
    expect(hex(encodeMsgpack(text, "e\u0301"))).toBe("a2c3a9");
  });

  test("that lack an attribute, have a foreign one or another type are refused with the place and without the value", () => {
    expect(() => decodeMsgpack(object, from("81 a161 a178"))).toThrow("b is missing");
    expect(() => decodeMsgpack(object, from("83 a161 c0 a162 c0 a163 c0"))).toThrow("no attribute c");
    const wrong = () => decodeMsgpack(object, from("82 a161 c0 a162 91 a6 736563726574"));
    expect(wrong).toThrow("b[0]: a number must stand here");
    expect(wrong).not.toThrow("secret");
    expect(() => decodeMsgpack(text, from("c1"))).toThrow("no value in MessagePack");
    expect(() => encodeMsgpack(object, { c: "x" })).toThrow("no attribute c");
    expect(() => encodeMsgpack(text, 5)).toThrow("no text");
    expect(() => encodeMsgpack(text, "\ud800")).toThrow("no text");
    expect(() => encodeMsgpack(text, new Secret("x"))).toThrow("is not sensitive");
    expect(() => encodeMsgpack(number, Number.POSITIVE_INFINITY)).toThrow("finite");
  });
});

describe("bytes that nobody wrote", () => {
  test("are a value of the type or are refused, and nothing else happens", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      // Damaged values, which get further than noise does.
      types
        .chain((type) =>
          fc.tuple(
            valuesOf(type, true).map((value) => encodeMsgpack(type, value)),
            fc.nat(),
            fc.nat(255),
          ),
        )
        .map(([whole, at, byte]) => whole.map((old, index) => (index === at % whole.length ? byte : old))),
    );
    let refused = 0;
    const property = fc.property(types, bytes, (type, sent) => {
      try {
        decodeMsgpack(type, sent);
      } catch (error) {
        refused += 1;
        expect(error).toBeInstanceOf(WrongValue);
      }
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(refused).toBeGreaterThan(200);
  });
});

describe("values in JSON", () => {
  test("come back as they were, of every type", () => {
    const cases = types.chain((type) => fc.tuple(fc.constant(type), valuesOf(type, false)));
    fc.assert(
      fc.property(cases, ([type, value]) => {
        const json = parseJson(Buffer.from(jsonText(value)));
        expect(seen(decodeJson(type, json))).toEqual(seen(value));
      }),
      runs,
    );
  });

  test("keep numbers of any size, and texts that look like numbers", () => {
    const json = parseJson(
      Buffer.from('{"a":"1e400 \\" 12345678901234567890","b":[12345678901234567890,0.10,1e-400]}'),
    );
    expect(json).toEqual({ a: '1e400 " 12345678901234567890', b: [12345678901234567890n, 0.1, readNumber("1e-400")] });
  });

  test("end their texts where JSON ends them", () => {
    const json = parseJson(Buffer.from('{"a\\\\":"\\\\\\"1.0","b":["\\\\", 1.0, "2.0\\\\"],"c":-1.50}'));
    expect(json).toEqual({ "a\\": '\\"1.0', b: ["\\", 1, "2.0\\"], c: -1.5 });
    for (const bad of ["[1.2.3]", "[01]", "[1e]", '["1.0]', "[--1]", "[1e99999]"])
      expect(() => parseJson(Buffer.from(bad))).toThrow();
  });

  test("of an older state may lack attributes and hold others", () => {
    const json = parseJson(Buffer.from('{"a":"x","gone":1}'));
    expect(decodeJson(object, json, { mayLack: true })).toEqual({ a: "x", b: null });
    expect(() => decodeJson(object, json)).toThrow("b is missing");
    expect(() => parseJson(Buffer.from('{"password":secret'))).toThrow(/^these bytes are no JSON$/);
  });
});

describe("numbers", () => {
  test("have one form each", () => {
    expect(["1", "1.0", "10e-1", "+1", "0.01e2"].map(readNumber)).toEqual([1, 1, 1, 1, 1]);
    expect(readNumber("-0.000")).toBe(0);
    expect(readNumber("9007199254740993")).toBe(9007199254740993n);
    expect(readNumber("1e21")).toBe(10n ** 21n);
    expect(numberText(readNumber("0.1234567890123456789012345")!)).toBe("0.1234567890123456789012345");
    for (const bad of ["", ".", "-", "1e", "x", "1e99999", "NaN", "0x10", " 1"])
      expect(readNumber(bad)).toBeUndefined();
  });

  test("are read from their own text", () => {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(seen(readNumber(numberText(value))!)).toEqual(seen(value));
      }),
    );
  });
});

describe("what values mean", () => {
  test("is the same for sets in any order, and for no two different values", () => {
    const set: ValueType = { is: "set", of: object };
    const [a, b] = [
      { a: "1", b: [1, 2] },
      { a: "2", b: null },
    ];
    expect(equalValues(set, [a, b], [b, { a: "1", b: [2, 1, 1] }])).toBe(true);
    expect(equalValues({ is: "list", of: object }, [a, b], [b, a])).toBe(false);
    expect(equalValues({ is: "map", of: text }, { x: "1", y: "2" }, { y: "2", x: "1" })).toBe(true);
    expect(equalValues({ is: "list", of: text }, ["a,b"], ["a", "b"])).toBe(false);
    expect(equalValues({ is: "text", secret: true }, new Secret("x"), new Secret("y"))).toBe(false);
    expect(equalValues(text, null, unknown)).toBe(false);
  });

  test("has no write-only part once it is taken out", () => {
    const type: ValueType = {
      is: "object",
      attributes: new Map<string, ValueType>([
        ["a", { is: "text", secret: true, writeOnly: true }],
        ["b", { is: "list", of: { is: "object", attributes: new Map([["c", { is: "text", writeOnly: true }]]) } }],
        ["d", { is: "map", of: text }],
      ]),
    };
    const value = { a: new Secret("canary"), b: [{ c: "canary" }, unknown], d: { e: "kept" } };
    expect(withoutWriteOnly(type, value)).toEqual({ a: null, b: [{ c: null }, unknown], d: { e: "kept" } });
  });

  test("is wholly known only without unknown values at any depth", () => {
    expect(isWhollyKnown([{ a: [1, null, new Secret("x")] }])).toBe(true);
    expect(isWhollyKnown([{ a: [1, new Unknown({ isNull: false })] }])).toBe(false);
  });
});
