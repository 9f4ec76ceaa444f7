import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { assert } from "../../diagnostic.ts";

/**
 * Messages of protocol buffers as tables: `message({ type_name: [1, text] })` is the codec, and its TypeScript type is read off the same
 * table. The library knows the bytes; this file knows the rules of proto3 that our tables need: an absent field is empty or undefined, an
 * unknown one is skipped, and a scalar that is empty is not written unless the table says that its presence counts.
 */

/** How one field is written and read. `Read` is what reading gives, `Write` what may be handed in. */
export interface Field<Read, Write = Read> {
  readonly wireType: WireType;
  /** What an absent field is read as. */
  empty(): Read;
  /** Whether the field is left out when it holds this. */
  isLeftOut(value: Write): boolean;
  /** Writes the field with its tag. */
  write(writer: BinaryWriter, number: number, value: Write): void;
  /** `soFar` is what earlier entries of the same field gave. */
  read(reader: BinaryReader, soFar: Read): Read;
}

export type FieldTable = Record<string, readonly [number: number, field: Field<unknown, never>]>;
type ReadOf<F> = F extends Field<infer Read, never> ? Read : never;
type WriteOf<F> = F extends Field<unknown, infer Write> ? Write : never;

/** A message as it is read: every field is there. */
type Received<T extends FieldTable> = { [Name in keyof T]: ReadOf<T[Name][1]> };
/** A message as it is written: what is left out is empty. */
export type Sent<T extends FieldTable> = { [Name in keyof T]?: WriteOf<T[Name][1]> | undefined };

/** A whole message, and a field that holds one, which is undefined when it is absent. */
export interface Message<Read, Write = Read> extends Field<Read | undefined, Write | undefined> {
  encode(value: Write): Uint8Array;
  /** Throws when the bytes are no such message. */
  decode(bytes: Uint8Array): Read;
}

interface Scalar<T> {
  empty: T;
  wireType: WireType;
  put(writer: BinaryWriter, value: T): unknown;
  take(reader: BinaryReader): T;
  isLeftOut?(value: T): boolean;
}

const scalar = <T>({ empty, wireType, put, take, isLeftOut = (value) => value === empty }: Scalar<T>): Field<T> => ({
  wireType,
  empty: () => empty,
  isLeftOut,
  write: (writer, number, value) => void put(writer.tag(number, wireType), value),
  read: (reader) => take(reader),
});

const { LengthDelimited, Varint } = WireType;

export const text: Field<string> = scalar({
  empty: "",
  wireType: LengthDelimited,
  put: (writer, value) => writer.string(value),
  take: (reader) => reader.string(),
});

export const bytes: Field<Uint8Array> = scalar<Uint8Array>({
  empty: new Uint8Array(),
  wireType: LengthDelimited,
  put: (writer, value) => writer.bytes(value),
  take: (reader) => reader.bytes(),
  isLeftOut: (value) => value.length === 0,
});

export const bool: Field<boolean> = scalar({
  empty: false,
  wireType: Varint,
  put: (writer, value) => writer.bool(value),
  take: (reader) => reader.bool(),
});

/** A number of 32 bits, and every enumeration. */
export const int32: Field<number> = scalar({
  empty: 0,
  wireType: Varint,
  put: (writer, value) => writer.int32(value),
  take: (reader) => reader.int32(),
});

/** A number of 64 bits; the protocol counts versions, positions and seconds with them. Reading throws beyond 2^53. */
export const int64: Field<number> = scalar({
  empty: 0,
  wireType: Varint,
  put: (writer, value) => writer.int64(value),
  take(reader) {
    const value = Number(reader.int64());
    if (!Number.isSafeInteger(value)) throw new Error("a whole number is too large");
    return value;
  },
});

/** A scalar whose presence counts: `optional` in proto3, and the members of a `oneof`. */
export const present = <T>(field: Field<T>): Field<T | undefined> => ({
  wireType: field.wireType,
  empty: () => undefined,
  isLeftOut: (value) => value === undefined,
  write: (writer, number, value) => field.write(writer, number, value as T),
  read: (reader) => field.read(reader, field.empty()),
});

/** Any number of messages, in order. */
export const repeated = <Read, Write>(entry: Message<Read, Write>): Field<Read[], readonly Write[]> => ({
  wireType: LengthDelimited,
  empty: () => [],
  isLeftOut: (values) => values.length === 0,
  write(writer, number, values) {
    for (const value of values) entry.write(writer, number, value);
  },
  read: (reader, soFar) => [...soFar, entry.decode(reader.bytes())],
});

/** Messages or texts by name. */
export function byName<Read, Write>(value: Field<Read, Write>): Field<Map<string, Read>, ReadonlyMap<string, Write>> {
  const entry = message({ key: [1, text], value: [2, value as Field<unknown, never>] });
  return {
    wireType: LengthDelimited,
    empty: () => new Map(),
    isLeftOut: (values) => values.size === 0,
    write(writer, number, values) {
      for (const [key, one] of values) entry.write(writer, number, { key, value: one as never });
    },
    read(reader, soFar) {
      const { key, value: one } = entry.decode(reader.bytes());
      return new Map(soFar).set(key, one as Read);
    },
  };
}

/** A message by its table. */
export function message<T extends FieldTable>(table: T): Message<Received<T>, Sent<T>> {
  const fields = Object.entries(table) as [string, [number, Field<unknown>]][];
  const byNumber = new Map(fields.map(([name, [number, field]]) => [number, { name, field }]));
  assert(byNumber.size === fields.length, `two fields have one number among ${Object.keys(table).join(", ")}`);

  function put(writer: BinaryWriter, value: Sent<T>): BinaryWriter {
    for (const [name, [number, field]] of fields) {
      const one = value[name];
      if (one !== undefined && !field.isLeftOut(one)) field.write(writer, number, one);
    }
    return writer;
  }

  function decode(from: Uint8Array): Received<T> {
    const received: Record<string, unknown> = Object.fromEntries(
      fields.map(([name, [, field]]) => [name, field.empty()]),
    );
    const reader = new BinaryReader(from);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      const known = byNumber.get(number);
      if (known?.field.wireType === wireType) received[known.name] = known.field.read(reader, received[known.name]);
      else reader.skip(wireType, number);
    }
    return received as Received<T>;
  }

  return {
    wireType: LengthDelimited,
    empty: () => undefined,
    isLeftOut: (value) => value === undefined,
    write: (writer, number, value) => void put(writer.tag(number, LengthDelimited).fork(), value ?? {}).join(),
    read: (reader) => decode(reader.bytes()),
    encode: (value) => put(new BinaryWriter(), value).finish(),
    decode,
  };
}

/** A message that holds itself further down: its table is looked up when it is first used. */
export function recursive<Read, Write>(make: () => Message<Read, Write>): Message<Read, Write> {
  let made: Message<Read, Write> | undefined;
  const use = (): Message<Read, Write> => {
    made ??= make();
    return made;
  };
  return {
    wireType: LengthDelimited,
    empty: () => undefined,
    isLeftOut: (value) => value === undefined,
    write: (writer, number, value) => use().write(writer, number, value),
    read: (reader, soFar) => use().read(reader, soFar),
    encode: (value) => use().encode(value),
    decode: (from) => use().decode(from),
  };
}

export type ReadMessage<M> = M extends Message<infer Read, never> ? Read : never;
export type WriteMessage<M> = M extends Message<unknown, infer Write> ? Write : never;
