import type { Facts, Kind, Listing } from "../connectors/connector.ts";
import type { Manifest, SystemConfig } from "../manifest/manifest.ts";
import type { Actual, Address, Plain, StateEntry } from "../resource.ts";
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

interface DumpInput {
  manifest: Manifest;
  system: SystemConfig;
  /** The kinds to be dumped with what their lists showed. */
  listings: readonly (readonly [Kind, Listing])[];
  facts: Facts;
  entries: readonly StateEntry[];
  /** Why nothing but what the list shows was read, by `KIND ID`: such an object stands as a comment. */
  unread?: ReadonlyMap<string, string>;
}

/** The input, with what is looked up for each object. */
interface Drafting extends DumpInput {
  /** `KIND ID` of every object that is recorded. */
  managed: ReadonlySet<string>;
  /** The name that each object gets; objects that are left out have none. */
  names: ReadonlyMap<Actual, string>;
  /** Addresses by `KIND ATTRIBUTE VALUE`, for references to what is declared and what is dumped. */
  addresses: ReadonlyMap<string, Address>;
}

/** The objects of a system that Steward does not manage yet, as resources. Pure. */
export function draftDump(input: DumpInput): DumpSection[] {
  const managed = managedIn(input);
  const names = nameAll(input, managed);
  const drafting = { ...input, managed, names, addresses: addressesOf(input, names) };
  return input.listings.map(([kind, listing]) => draftSection(kind, listing, drafting));
}

/** `KIND ID` of every object of the system that is recorded. */
export function managedIn({ entries, system }: Pick<DumpInput, "entries" | "system">): Set<string> {
  const own = entries.filter((entry) => entry.system === system.name);
  return new Set(
    own.flatMap(({ kind, id, deposed }) => [id, ...deposed.map((one) => one.id)].map((one) => `${kind} ${one}`)),
  );
}

/** What is declared is referred to before what is dumped. */
function addressesOf(
  { listings, manifest, system, unread }: DumpInput,
  names: Drafting["names"],
): Map<string, Address> {
  const addresses = new Map<string, Address>();
  const add = (kind: string, attributes: Record<string, unknown>, address: Address) => {
    for (const [name, value] of Object.entries(attributes)) {
      const key = `${kind} ${name} ${String(value)}`;
      if (typeof value === "string" && !addresses.has(key)) addresses.set(key, address);
    }
  };
  const declared = manifest.resources.filter((resource) => resource.system === system.name);
  for (const { kind, attributes, address } of declared) add(kind, attributes, address);
  for (const [kind, { objects }] of listings) {
    for (const object of objects) {
      const name = names.get(object);
      const isOffered = name !== undefined && isWhole(kind, object) && !unread?.has(`${kind.name} ${object.id}`);
      if (isOffered) add(kind.name, object.attributes, `${kind.name}.${name}`);
    }
  }
  return addresses;
}

function nameAll(
  { listings, manifest, entries, system }: DumpInput,
  managed: ReadonlySet<string>,
): Map<Actual, string> {
  const names = new Map<Actual, string>();
  const addresses = [...manifest.resources, ...entries].map(({ address }) => address);
  for (const [kind, listing] of listings) {
    const prefix = `${kind.name}.`;
    const taken = new Set(addresses.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)));
    for (const object of listing.objects) {
      if (managed.has(`${kind.name} ${object.id}`) || isDead(object) || kind.whyNotAdopted?.(object)) continue;
      const identity = kind.schema["x-identity"].map((attribute) => object.attributes[attribute] ?? null);
      names.set(object, nameFor(identity, system.name, taken));
    }
  }
  return names;
}

/** A credential that works no more cannot be taken over. */
function isDead({ attributes }: Actual): boolean {
  return attributes.state === "REVOKED" || attributes.state === "EXPIRED";
}

function draftSection(kind: Kind, listing: Listing, drafting: Drafting): DumpSection {
  const { objects, complete, because } = listing;
  const { names } = drafting;
  const isManaged = ({ id }: Actual) => drafting.managed.has(`${kind.name} ${id}`);
  const managed = objects.filter(isManaged);
  const dead = objects.filter((object) => isDead(object) && !isManaged(object));
  const blocks = objects.flatMap((object) => {
    const name = names.get(object);
    return name === undefined ? [] : [draftBlock(kind, object, name, drafting)];
  });
  const notes = [
    ...(complete ? [] : [`the list is incomplete: ${because ?? "a privilege is missing"}`]),
    ...(managed.length > 0 ? [`left out: ${managed.length} that Steward manages already`] : []),
    ...(dead.length > 0 ? [`left out: ${dead.length} that are revoked or expired`] : []),
    ...barredNotes(
      kind,
      objects.filter((object) => !isManaged(object) && !isDead(object)),
    ),
    ...hiddenNotes(kind),
    ...absentNotes(kind, drafting),
  ];
  return { kind: kind.name, notes, blocks };
}

/** Objects that are never taken over, counted by why. */
function barredNotes(kind: Kind, objects: readonly Actual[]): string[] {
  const counts = new Map<string, number>();
  for (const object of objects) {
    const why = kind.whyNotAdopted?.(object);
    if (why !== undefined) counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [...counts].map(([why, amount]) => `left out: ${amount}, each ${why}`);
}

/** Attributes that no system shows are said once for all objects of the kind, with what their absence means. */
function hiddenNotes({ schema }: Kind): string[] {
  return Object.entries(schema.properties).flatMap(([name, one]) => {
    if (!isHidden(one) || schema.required?.includes(name)) return [];
    const absence = /\bAbsent: [^.]*\./.exec(one.description ?? "")?.[0];
    return [`${name} is left out, because no system shows it.${absence === undefined ? "" : ` ${absence}`}`];
  });
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

const isSecret = (schema: AttributeSchema): boolean => isHidden(schema) || schema["x-secret"] === "issued";

function draftBlock(kind: Kind, object: Actual, name: string, drafting: Drafting): DumpBlock {
  const block: DumpBlock = { name, attributes: [], meta: [], notes: [], isComment: false };
  const required = kind.schema.required ?? [];
  for (const [attribute, schema] of Object.entries(kind.schema.properties)) {
    if (schema.readOnly || schema["x-local"]) continue;
    addAttribute(block, attribute, schema, object.attributes[attribute], required.includes(attribute), drafting);
  }
  const unread = drafting.unread?.get(`${kind.name} ${object.id}`);
  if (unread !== undefined) {
    block.isComment = true;
    block.notes.unshift(`only what the list shows: ${unread}`);
  }
  const { manifest, system } = drafting;
  if (mustNameSystem(manifest, system)) block.meta.push(["system", system.name]);
  if (manifest.environments.length > 1) block.meta.push(["environments", [manifest.environment]]);
  const isMe = isOurselves(kind, object, drafting.facts);
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
  { addresses }: Drafting,
): void {
  if (isSecret(schema) && !isRequired) return;
  const reason = problemOf(value, schema);
  if (reason === undefined) {
    block.attributes.push([name, referenceTo(value ?? null, schema, addresses) ?? value ?? null]);
    return;
  }
  if (!isRequired && (value === undefined || value === null || value === "")) return;
  block.notes.push(`${name} ${reason}`);
  if (!isRequired) return;
  block.isComment = true;
  block.attributes.push([name, { redacted: true }]);
}

/** Whether the loader would take the object as it is: nothing that it requires is missing. */
function isWhole({ schema }: Kind, { attributes }: Actual): boolean {
  return (schema.required ?? []).every((name) => {
    const one = schema.properties[name];
    return one !== undefined && problemOf(attributes[name], one) === undefined;
  });
}

function problemOf(value: Plain | undefined, schema: AttributeSchema): string | undefined {
  if (isSecret(schema)) return "cannot be read: say where its value is to be, or leave the object alone";
  if (value === undefined || value === null || value === "") return "is empty there, or not shown";
  return misfit(value, schema);
}

function referenceTo(
  value: Plain,
  { "x-ref": ref }: AttributeSchema,
  addresses: Drafting["addresses"],
): DumpValue | undefined {
  const address = ref && addresses.get(`${ref.kind} ${ref.attribute} ${String(value)}`);
  return address === undefined ? undefined : { reference: address };
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
