import type { Facts, Kind, Listing } from "../connectors/connector.ts";
import type { Manifest, SystemConfig } from "../manifest/manifest.ts";
import type { Actual, Address, Plain, Resource, StateEntry } from "../resource.ts";
import type { AttributeSchema } from "../schema.ts";
import { misfit } from "./fits.ts";
import { nameFor } from "./names.ts";

/** A value in a dump: as it is, a reference, or what cannot be read. */
export type DumpValue = Plain | { reference: Address } | { redacted: true };

/** One object as a resource. What is missing for the loader makes it a comment, with the reasons above it. */
export interface DumpBlock {
  name: string;
  attributes: [name: string, value: DumpValue][];
  meta: [name: string, value: Plain][];
  notes: string[];
  isComment: boolean;
}

export interface DumpSection {
  kind: string;
  notes: string[];
  blocks: DumpBlock[];
}

export interface DumpInput {
  manifest: Manifest;
  system: SystemConfig;
  /** The kinds to be dumped with what their lists showed. */
  listings: readonly (readonly [Kind, Listing])[];
  facts: Facts;
  entries: readonly StateEntry[];
}

/** The objects of a system that Steward does not manage yet, as resources. Pure. */
export function draftDump(input: DumpInput): DumpSection[] {
  const names = nameAll(input);
  return input.listings.map(([kind, listing]) => draftSection(kind, listing, names, input));
}

/** Which object gets which name; `undefined` for objects that are left out. */
type Names = ReadonlyMap<Actual, string>;

function nameAll({ listings, manifest, entries, system }: DumpInput): Names {
  const names = new Map<Actual, string>();
  const addresses = [...manifest.resources, ...entries].map(({ address }) => address);
  for (const [kind, listing] of listings) {
    const prefix = `${kind.name}.`;
    const taken = new Set(addresses.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)));
    for (const object of listing.objects) {
      if (isManaged(kind, object, system, entries) || isDead(object)) continue;
      const identity = kind.schema["x-identity"].map((attribute) => object.attributes[attribute] ?? null);
      names.set(object, nameFor(identity, system.name, taken));
    }
  }
  return names;
}

function isManaged(kind: Kind, { id }: Actual, system: SystemConfig, entries: readonly StateEntry[]): boolean {
  return entries.some(
    (entry) =>
      entry.kind === kind.name &&
      entry.system === system.name &&
      (entry.id === id || entry.deposed.some((former) => former.id === id)),
  );
}

/** A credential that works no more cannot be taken over. */
function isDead({ attributes }: Actual): boolean {
  return attributes.state === "REVOKED" || attributes.state === "EXPIRED";
}

function draftSection(kind: Kind, listing: Listing, names: Names, input: DumpInput): DumpSection {
  const { objects, complete, because } = listing;
  const managed = objects.filter((object) => isManaged(kind, object, input.system, input.entries));
  const dead = objects.filter((object) => isDead(object) && !managed.includes(object));
  const blocks = objects.flatMap((object) => {
    const name = names.get(object);
    return name === undefined ? [] : [draftBlock(kind, object, name, names, input)];
  });
  const notes = [
    ...(complete ? [] : [`the list is incomplete: ${because ?? "a privilege is missing"}`]),
    ...(managed.length > 0 ? [`left out: ${managed.length} that Steward manages already`] : []),
    ...(dead.length > 0 ? [`left out: ${dead.length} that are revoked or expired`] : []),
    ...hiddenNotes(kind),
    ...absentNotes(kind, input),
  ];
  return { kind: kind.name, notes, blocks };
}

/** Attributes that no system shows are said once for all objects of the kind. */
function hiddenNotes({ schema }: Kind): string[] {
  return Object.entries(schema.properties).flatMap(([name, one]) =>
    isHidden(one) && !schema.required?.includes(name)
      ? [`${name} is not shown by the system and left out: what is set stays`]
      : [],
  );
}

/** Names that refer to objects which no list shows, such as default roles. */
function absentNotes(kind: Kind, { listings }: DumpInput): string[] {
  const own = listings.find(([one]) => one === kind)?.[1].objects ?? [];
  return Object.entries(kind.schema.properties).flatMap(([name, { "x-ref": ref }]) => {
    const targets = ref && listings.find(([one]) => one.name === ref.kind)?.[1];
    if (!ref || !targets?.complete) return [];
    const present = new Set(targets.objects.map(({ attributes }) => attributes[ref.attribute]));
    const absent = own
      .map(({ attributes }) => attributes[name])
      .filter((value) => value != null && !present.has(value));
    const values = [...new Set(absent.map(String))].sort();
    return values.length > 0 ? [`${name} also names what comes with the system: ${values.join(", ")}`] : [];
  });
}

const isHidden = (schema: AttributeSchema): boolean => schema.writeOnly === true || schema["x-secret"] === "chosen";

function draftBlock(kind: Kind, object: Actual, name: string, names: Names, input: DumpInput): DumpBlock {
  const block: DumpBlock = { name, attributes: [], meta: [], notes: [], isComment: false };
  const required = kind.schema.required ?? [];
  for (const [attribute, schema] of Object.entries(kind.schema.properties)) {
    if (schema.readOnly || schema["x-local"]) continue;
    addAttribute(block, attribute, schema, object.attributes[attribute], required.includes(attribute), names, input);
  }
  const { manifest, system } = input;
  if (mustNameSystem(manifest, system)) block.meta.push(["system", system.name]);
  if (manifest.environments.length > 1) block.meta.push(["environments", [manifest.environment]]);
  const isMe = isOurselves(kind, object, input.facts);
  if (isMe) block.notes.push("Steward runs as this one");
  block.meta.push(["lifecycle", { adopt: true, ...(isMe ? { prevent_destroy: true } : {}) }]);
  return block;
}

function addAttribute(
  block: DumpBlock,
  name: string,
  schema: AttributeSchema,
  value: Plain | undefined,
  isRequired: boolean,
  names: Names,
  input: DumpInput,
): void {
  const isSecret = isHidden(schema) || schema["x-secret"] === "issued";
  if (isSecret && !isRequired) return;
  const reason = isSecret
    ? "cannot be read: say where its value is to be, or leave the object alone"
    : problemOf(value, schema);
  if (reason === undefined) {
    block.attributes.push([name, referenceTo(value ?? null, schema, names, input) ?? value ?? null]);
    return;
  }
  if (!isRequired && (value === undefined || value === null || value === "")) return;
  block.notes.push(`${name} ${reason}`);
  if (!isRequired) return;
  block.isComment = true;
  block.attributes.push([name, { redacted: true }]);
}

function problemOf(value: Plain | undefined, schema: AttributeSchema): string | undefined {
  if (value === undefined || value === null || value === "") return "is empty there, or not shown";
  return misfit(value, schema);
}

function referenceTo(
  value: Plain,
  { "x-ref": ref }: AttributeSchema,
  names: Names,
  { listings, manifest, system }: DumpInput,
): DumpValue | undefined {
  if (!ref) return undefined;
  const isDeclared = (resource: Resource) =>
    resource.kind === ref.kind && resource.system === system.name && resource.attributes[ref.attribute] === value;
  const declared = manifest.resources.find(isDeclared);
  if (declared) return { reference: declared.address };
  const objects = listings.find(([kind]) => kind.name === ref.kind)?.[1].objects ?? [];
  const target = objects.find(({ attributes }) => attributes[ref.attribute] === value);
  const name = target && names.get(target);
  return name === undefined ? undefined : { reference: `${ref.kind}.${name}` };
}

/** Whether the loader would choose another system, or could not choose. */
function mustNameSystem(manifest: Manifest, system: SystemConfig): boolean {
  const fitting = Object.values(manifest.systems).filter(({ type }) => type === system.type);
  return fitting.length > 1 && system.name !== system.type;
}

function isOurselves(kind: Kind, { id, attributes }: Actual, { me }: Facts): boolean {
  if (typeof me !== "object" || me === null || Array.isArray(me)) return false;
  const identity = kind.schema["x-identity"];
  return identity.length > 0 && String(me.id) === id && identity.every((name) => me[name] === attributes[name]);
}
