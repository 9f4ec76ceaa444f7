import { assert } from "../../diagnostic.ts";
import { decodeJson, parseJson, type StoredJson } from "./json.ts";
import type { ReadMessage, WriteMessage } from "./message.ts";
import {
  type AttributePath,
  type Diagnostic,
  type DynamicValue,
  type RawState,
  type ResourceIdentityData,
  Severity,
} from "./messages.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { WrongValue } from "./plain.ts";
import type { CompiledIdentity, CompiledSchema } from "./schema.ts";
import type { AttributePath as Path, TerraformDiagnostic } from "./service.ts";
import { isObjectValue, type ObjectType, type ObjectValue, type Value, withoutWriteOnly } from "./value.ts";

/** What requests and answers have in common: values, states, identities, paths and diagnostics, between the protocol's words and ours. */

type Dynamic = ReadMessage<typeof DynamicValue>;
type Identity = ReadMessage<typeof ResourceIdentityData>;

/** A value that was sent. Terraform sends MessagePack; the protocol allows JSON too. Nothing at all is null. */
export function readDynamic(type: ObjectType, sent: Dynamic | undefined): ObjectValue | null {
  const isJson = sent !== undefined && sent.msgpack.length === 0 && sent.json.length > 0;
  const value = isJson
    ? decodeJson(type, parseJson(sent.json))
    : decodeMsgpack(type, sent?.msgpack ?? new Uint8Array());
  if (value !== null && !isObjectValue(value)) throw new WrongValue("an object must stand here");
  return value;
}

/** The same where Terraform always sends an object. */
export function readObject(type: ObjectType, sent: Dynamic | undefined): ObjectValue {
  const value = readDynamic(type, sent);
  if (value === null) throw new WrongValue("an object must stand here, and null does");
  return value;
}

/**
 * A state or result for Terraform, without write-only values. It may be left out only beside an error, and stays absent then, which
 * Terraform reads as null.
 */
export function writeState(
  { type }: CompiledSchema,
  state: Value | undefined,
  diagnostics: readonly TerraformDiagnostic[] | undefined,
): WriteMessage<typeof DynamicValue> | undefined {
  if (state !== undefined) return { msgpack: encodeMsgpack(type, withoutWriteOnly(type, state)) };
  assert(
    diagnostics?.some(({ severity }) => severity === "error"),
    "a provider answered neither a state nor an error",
  );
  return undefined;
}

/** The identity that was sent; null when there is none, or the kind has none. */
export const readIdentity = (compiled: CompiledIdentity | undefined, sent: Identity | undefined): ObjectValue | null =>
  compiled ? readDynamic(compiled.type, sent?.identity_data) : null;

/** The identity that the answer gives, else the one that was sent. */
export function writeIdentity(
  compiled: CompiledIdentity | undefined,
  identity: ObjectValue | undefined,
  sent?: Identity,
): WriteMessage<typeof ResourceIdentityData> | undefined {
  if (!compiled || identity === undefined) return compiled && sent;
  return { identity_data: { msgpack: encodeMsgpack(compiled.type, identity) } };
}

/** A stored state. Throws `WrongValue` for the form that only Terraform before 0.12 wrote. */
export function readStored(raw: ReadMessage<typeof RawState> | undefined): StoredJson {
  if (!raw || raw.json.length === 0) throw new WrongValue("no state in JSON was sent");
  return parseJson(raw.json);
}

/** A path as the protocol spells it. */
export const writePath = (path: Path): WriteMessage<typeof AttributePath> => ({
  steps: path.map((step) =>
    typeof step === "string"
      ? { attribute_name: step }
      : typeof step === "number"
        ? { element_key_int: step }
        : { element_key_string: step.key },
  ),
});

/** Diagnostics as the protocol spells them. */
export const writeDiagnostics = (
  diagnostics: readonly TerraformDiagnostic[] | undefined,
): WriteMessage<typeof Diagnostic>[] =>
  (diagnostics ?? []).map(({ severity, summary, detail, path }) => ({
    severity: Severity[severity],
    summary,
    detail,
    attribute: path && path.length > 0 ? writePath(path) : undefined,
  }));

/** Places of write-only values in a configuration that are set. */
export function writeOnlyPaths(type: ObjectType, config: ObjectValue): Path[] {
  return [...type.attributes].flatMap(([name, of]): Path[] => {
    const value = config[name] ?? null;
    if (of.writeOnly) return value === null ? [] : [[name]];
    if (of.is === "object") return isObjectValue(value) ? below([name], writeOnlyPaths(of, value)) : [];
    if (of.is !== "list" && of.is !== "map") return [];
    const { of: entry } = of;
    if (entry.is !== "object") return [];
    if (Array.isArray(value))
      return value.flatMap((one, index) =>
        isObjectValue(one) ? below([name, index], writeOnlyPaths(entry, one)) : [],
      );
    if (!isObjectValue(value)) return [];
    return Object.entries(value).flatMap(([key, one]) =>
      isObjectValue(one) ? below([name, { key }], writeOnlyPaths(entry, one)) : [],
    );
  });
}

const below = (start: Path, paths: Path[]): Path[] => paths.map((path) => [...start, ...path]);
