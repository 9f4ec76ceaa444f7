import type { Address, Lifecycle, Value } from "../resource.ts";
import type { AttributeSchema, KindSchema } from "../schema.ts";
import { readEnvironmentList } from "./environments.ts";
import { asLifecycle, metaSchema, readDependsOn, readLifecycle } from "./meta.ts";
import { type Entry, keySpan, type MapNode } from "./node.ts";
import type { FoundRef, Reading } from "./place.ts";
import type { Report } from "./report.ts";
import { asMap, place } from "./sections.ts";
import { readEntries } from "./value.ts";

/** A resource on its way: read, its references not looked up yet. */
export interface Draft {
  address: Address;
  kind: KindSchema;
  name: string;
  entry: Entry;
  node: MapNode;
  system: string;
  attributes: Record<string, Value>;
  refs: FoundRef[];
  dependsOn: { address: Address; span: FoundRef["span"] }[];
  lifecycle: Lifecycle;
  /** Left out of this environment; holds the names of those that it is written for. */
  absent?: string[];
}

const metaNames = Object.keys(metaSchema);

interface ResourceReading extends Omit<Reading, "holder"> {
  kinds: Map<string, KindSchema>;
  environments: string[];
  /** Type of each configured system by its name. */
  systems: Map<string, string>;
}

/** Reads all resources of all files; addresses are unique. */
export function readResources(sections: Entry[], reading: ResourceReading): Map<Address, Draft> {
  const drafts = new Map<Address, Draft>();
  const refused = new Map<Address, Entry>();
  for (const section of sections) {
    const kind = reading.kinds.get(section.key);
    if (!kind) {
      reading.report.hide(section.value);
      const hint = reading.report.suggest(section.key, [...reading.kinds.keys()]);
      reading.report.error(`unknown kind "${section.key}"`, keySpan(section), { hint });
      continue;
    }
    const map = asMap(section, `resources.${section.key}`, reading.report);
    for (const entry of map?.entries ?? []) readNamed(entry, kind, drafts, refused, reading);
  }
  return drafts;
}

function readNamed(
  entry: Entry,
  kind: KindSchema,
  drafts: Map<Address, Draft>,
  refused: Map<Address, Entry>,
  reading: ResourceReading,
): void {
  const { report } = reading;
  const name = kindName(kind);
  const address = `${name}.${entry.key}`;
  const first = drafts.get(address)?.entry ?? refused.get(address);
  if (first) {
    report.error(`${address} stands here again`, keySpan(entry), { hint: `the first is at ${place(first)}`, address });
    return;
  }
  refused.set(address, entry);
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(entry.key)) {
    report.error(`"${entry.key}" cannot be the name of a resource`, keySpan(entry), {
      hint: "a to z first, then also digits and _",
    });
    return;
  }
  const node = asMap(entry, address, report);
  if (node) drafts.set(address, readResource(address, kind, entry, node, reading));
}

const kindNames = new WeakMap<KindSchema, string>();

/** The word of the manifest for a kind: the last part of its `$id`. */
export function kindName(kind: KindSchema): string {
  const name = kindNames.get(kind) ?? kind.$id.slice(kind.$id.lastIndexOf("/") + 1).replace(/\.json$/, "");
  kindNames.set(kind, name);
  return name;
}

function readResource(address: Address, kind: KindSchema, entry: Entry, node: MapNode, shared: ResourceReading): Draft {
  const { report } = shared;
  const holder = kindName(kind);
  const draft: Draft = { address, kind, name: entry.key, entry, node, ...emptyDraft() };
  const attributes: Entry[] = [];
  for (const part of node.entries) {
    if (metaNames.includes(part.key)) readMeta(part, draft, shared);
    else if (!isMisplaced(part, draft, report)) attributes.push(part);
  }
  const { environment, variables, files } = shared;
  const absent = draft.absent !== undefined;
  const reading: Reading = { report, environment, variables, files, holder, address, refs: draft.refs, absent };
  const map = attributes.length === node.entries.length ? node : { ...node, entries: attributes };
  draft.attributes = readEntries(map, withMeta(kind), reading, "", holder);
  for (const key of kind.required ?? []) {
    if (node.entries.some((part) => part.key === key)) continue;
    const hint = requiredHint(kind.properties[key]);
    report.error(`${key} is missing on ${address}`, keySpan(entry), { hint, address });
  }
  draft.system = chooseSystem(draft, shared);
  return draft;
}

/** A key of `lifecycle` that stands beside it: reported with where it belongs. */
function isMisplaced(part: Entry, { kind, address }: Draft, report: Report): boolean {
  const hint = Object.hasOwn(kind.properties, part.key) ? undefined : asLifecycle(part.key);
  if (hint === undefined) return false;
  // Nobody knows what stands under a name that we do not know here.
  report.hide(part.value);
  report.error(`unknown attribute "${part.key}" on ${kindName(kind)}`, keySpan(part), { hint, address });
  return true;
}

const emptyDraft = () => ({
  system: "",
  attributes: {},
  refs: [],
  dependsOn: [],
  lifecycle: { preventDestroy: false, ignoreChanges: [], adopt: false, onRemove: "default" as const },
});

const withMetaOf = new WeakMap<KindSchema, Pick<AttributeSchema, "properties" | "additionalProperties">>();

/** The names of the meta attributes are known words too, so that "did you mean" finds them. */
function withMeta(kind: KindSchema): Pick<AttributeSchema, "properties" | "additionalProperties"> {
  const known = withMetaOf.get(kind);
  if (known) return known;
  const meta = Object.fromEntries(metaNames.map((name) => [name, {}]));
  const schema = { properties: { ...meta, ...kind.properties }, additionalProperties: false };
  withMetaOf.set(kind, schema);
  return schema;
}

function requiredHint(schema: AttributeSchema | undefined): string | undefined {
  const example = schema?.examples?.[0];
  return example === undefined ? schema?.description : `for example ${JSON.stringify(example)}`;
}

function readMeta(part: Entry, draft: Draft, shared: ResourceReading): void {
  const { report } = shared;
  if (part.key === "depends_on") draft.dependsOn = readDependsOn(part, report, draft.address);
  else if (part.key === "lifecycle") draft.lifecycle = readLifecycle(part, draft.kind, report, draft.address);
  else if (part.key === "environments") {
    const names = readEnvironmentList(part, shared.environments, report, draft.address);
    if (names && !names.includes(shared.environment)) draft.absent = names;
  } else if (part.value.type === "scalar" && typeof part.value.value === "string") {
    draft.system = part.value.value;
  } else {
    report.error("system must be the name of a system", keySpan(part), { address: draft.address });
  }
}

/** The written system, or the one that is named like the connector, or the only one of its type. */
function chooseSystem(draft: Draft, { systems, report }: ResourceReading): string {
  const type = draft.kind["x-system"];
  const fitting = [...systems].filter(([, of]) => of === type).map(([name]) => name);
  const { address } = draft;
  if (draft.system) return checkSystem(draft, fitting, systems, report);
  if (fitting.includes(type)) return type;
  if (fitting.length === 1) return fitting[0]!;
  const choice = draft.node.file.language === "yaml" ? "write system: with" : "give it a provider whose alias is";
  const hint =
    fitting.length > 0 ? `${choice} one of: ${fitting.join(", ")}` : `declare it: systems: { ${type}: { url: … } }`;
  const message = fitting.length > 0 ? `several systems are of type ${type}` : `no system of type ${type} is declared`;
  report.error(message, keySpan(draft.entry), { hint, address });
  return type;
}

function checkSystem(draft: Draft, fitting: string[], systems: Map<string, string>, report: Report): string {
  const { address, system } = draft;
  if (fitting.includes(system)) return system;
  const span = draft.node.entries.find((part) => part.key === "system")?.value ?? keySpan(draft.entry);
  const other = systems.get(system);
  const message = other ? `the system ${system} is of type ${other}` : `no system "${system}" is declared`;
  const hint = other
    ? `${kindName(draft.kind)} needs one of type ${draft.kind["x-system"]}`
    : report.suggest(system, fitting);
  report.error(message, span, { hint, address });
  return system;
}
