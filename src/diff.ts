import { canonicalJson } from "./canonical.ts";
import { referencesIn } from "./resolve.ts";
import { type Actual, isClear, type Plain, type StateEntry, type Value } from "./resource.ts";
import { type AttributeSchema, durationMs, type KindSchema } from "./schema.ts";
import type { AttributeChange } from "./step.ts";

/**
 * Compares desired, recorded and actual, attribute by attribute. Absent means not managed. An attribute that the system
 * cannot show is compared with what is recorded; nothing is ever "set again to be sure".
 */
export function compareAttributes(
  schema: KindSchema,
  desired: Record<string, Value>,
  recorded: StateEntry | undefined,
  actual: Actual,
  ignored: readonly string[],
): AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const [path, property] of comparedOf(schema)) {
    if (ignored.includes(path)) continue;
    const wanted = desired[path];
    const change =
      wanted === undefined ? leftManifest(path, recorded) : compareOne(path, property, wanted, recorded, actual);
    if (change) changes.push(change);
  }
  return changes;
}

const compared = new WeakMap<KindSchema, [string, AttributeSchema][]>();

/** Asked once for each object: the answer is kept. */
function comparedOf(schema: KindSchema): [string, AttributeSchema][] {
  const known =
    compared.get(schema) ?? Object.entries(schema.properties).filter(([, property]) => isCompared(property));
  compared.set(schema, known);
  return known;
}

/** Secrets, computed attributes and Steward's own settings are not compared here. */
export function isCompared(property: AttributeSchema): boolean {
  return !property.readOnly && !property["x-local"] && !property["x-secret"];
}

/** Whether two values mean the same under this schema. Empty text, an empty list and null are all "cleared". */
export function sameValue(property: AttributeSchema, a: Value | Plain, b: Value | Plain): boolean {
  if (a === b) return true;
  return canonicalJson(normalValue(property, a)) === canonicalJson(normalValue(property, b));
}

/** Whether what is wanted under this schema is there. */
export function isMet(property: AttributeSchema, wanted: Value | Plain, actual: Value | Plain): boolean {
  return (wanted !== null && wanted === property["x-wildcard"]) || sameValue(property, wanted, actual);
}

function compareOne(
  path: string,
  property: AttributeSchema,
  wanted: Value,
  recorded: StateEntry | undefined,
  actual: Actual,
): AttributeChange | undefined {
  const was = recorded?.managed.includes(path) ? recorded.attributes[path] : undefined;
  const unobservable = property.writeOnly || actual.unobservable.includes(path);
  const before = unobservable ? was : actual.attributes[path];
  if (before !== undefined && referencesIn(wanted).length === 0 && sameValue(property, wanted, before))
    return undefined;
  const change: AttributeChange = { path, after: wanted };
  if (before !== undefined) change.before = before;
  if (unobservable || was === undefined || before === undefined || sameValue(property, was, before)) return change;
  change.recorded = was;
  if (sameValue(property, wanted, was)) change.drift = true;
  else change.conflict = true;
  return change;
}

function leftManifest(path: string, recorded: StateEntry | undefined): AttributeChange | undefined {
  if (!recorded?.managed.includes(path)) return undefined;
  return { path, before: recorded.attributes[path] ?? null, unmanaged: true };
}

function normalValue(property: AttributeSchema, value: Value | Plain): unknown {
  if (value === null || value === "" || isClear(value)) return null;
  if (Array.isArray(value)) return normalList(property, value as Plain[]);
  if (typeof value === "string" && property["x-caseless"]) return value.toLowerCase();
  if (typeof value === "string" && property["x-duration"]) return durationMs(value) ?? value;
  return value;
}

function normalList(property: AttributeSchema, list: Plain[]): unknown {
  if (list.length === 0) return null;
  const items = list.map((item) => normalValue(property.items ?? {}, item));
  if (!property.uniqueItems) return items;
  return [...new Set(items.map((item) => canonicalJson(item)))].sort();
}

/**
 * Whether a repair of drift would give access back that somebody took away (law 11), as `x-widens` of the attribute says.
 * `before` is what the system has, `after` what the repair would write.
 */
export function widensAccess(property: AttributeSchema, before: Plain | undefined, after: Value | undefined): boolean {
  switch (property["x-widens"]) {
    case "any":
      return true;
    case "true":
      return after === true;
    case "false":
      return after === false;
    case "more":
      return listed(after).some((item) => !listed(before).includes(item));
    case "less":
      return listed(before).some((item) => !listed(after).includes(item));
    default:
      return false;
  }
}

function listed(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item) => canonicalJson(item)) : [];
}
