import { describe, expect, test } from "vitest";
import { bool, byName, bytes, int64, message, present, repeated, text } from "../src/terraform/wire/message.ts";
import { AttributePath, Schema } from "../src/terraform/wire/messages.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const from = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("messages of protocol buffers", () => {
  test("have the bytes that the format's own guide shows", () => {
    expect(hex(message({ a: [1, int64] }).encode({ a: 150 }))).toBe("089601");
    expect(hex(message({ b: [2, text] }).encode({ b: "testing" }))).toBe("120774657374696e67");
    const inner = message({ a: [1, int64] });
    expect(hex(message({ c: [3, inner] }).encode({ c: { a: 150 } }))).toBe("1a03089601");
  });

  test("leave empty scalars out, but not those whose presence counts", () => {
    const table = message({ a: [1, text], b: [2, present(text)], c: [3, bool], d: [4, present(bytes)], e: [5, int64] });
    expect(hex(table.encode({ a: "", b: "", c: false, d: new Uint8Array(), e: 0 }))).toBe("12002200");
    expect(table.decode(from("1200"))).toEqual({ a: "", b: "", c: false, d: undefined, e: 0 });
    expect(table.decode(from(""))).toMatchObject({ a: "", b: undefined });
  });

  test("skip fields that they do not know, and fields of another wire type", () => {
    const table = message({ a: [1, text] });
    expect(table.decode(from("08 01  0a 01 78  12 02 0000  f8 3f 05"))).toEqual({ a: "x" });
  });

  test("hold entries by name in order, and messages in repetition", () => {
    const table = message({ m: [1, byName(text)], r: [2, repeated(message({ n: [1, int64] }))] });
    const value = {
      m: new Map(Object.entries({ z: "1", a: "", __proto__x: "2" })),
      r: [{ n: -1 }, {}, { n: 2 ** 40 }],
    };
    const read = table.decode(table.encode(value));
    expect([...read.m]).toEqual([...value.m]);
    expect(read.r).toEqual([{ n: -1 }, { n: 0 }, { n: 2 ** 40 }]);
  });

  test("refuse bytes that end too early and numbers beyond 2^53", () => {
    expect(() => message({ a: [1, text] }).decode(from("0a 05 61"))).toThrow();
    expect(() => message({ a: [1, int64] }).decode(from("08 ffffffffffffffff7f"))).toThrow("too large");
  });

  test("cannot have two fields of one number", () => {
    expect(() => message({ a: [1, text], b: [1, text] })).toThrow("one number");
  });

  test("keep a position of 0 in a path, and attributes inside attributes", () => {
    const path = { steps: [{ attribute_name: "a" }, { element_key_int: 0 }, { element_key_string: "" }] };
    expect(hex(AttributePath.encode(path))).toBe("0a030a01610a0218000a021200");
    expect(AttributePath.decode(AttributePath.encode(path))).toMatchObject(path);
    const nested = { attributes: [{ name: "inner", type: Buffer.from('"string"') }], nesting: 2 };
    const schema = Schema.decode(
      Schema.encode({ version: 3, block: { attributes: [{ name: "outer", nested_type: nested }] } }),
    );
    expect(schema.version).toBe(3);
    expect(schema.block?.attributes[0]).toMatchObject({ name: "outer", nested_type: { nesting: 2 } });
    expect(schema.block?.attributes[0]?.nested_type?.attributes?.[0]).toMatchObject({
      name: "inner",
      nested_type: undefined,
    });
  });
});
