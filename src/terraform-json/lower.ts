import { type Entry, keySpan, type MapNode, type Node } from "../manifest/node.ts";
import { holdsSecret } from "../manifest/place.ts";
import { type Place, type Places, terraformForm, versionSuffix, writeOnlySuffix } from "../terraform/form.ts";
import { dependsOn, evaluated, type Lowering, lifecycle, type Meta, system } from "./meta.ts";
import { bodies, type Lowered } from "./stack.ts";
import { isEmptyList, isUnset, settled, textOfNode } from "./value-nodes.ts";

/** Words of Terraform that make several resources of one block, or run something. */
const refused: Record<string, [why: string, hint: string]> = {
  count: ["makes a number of resources that is not evaluated", "let the code declare each resource"],
  for_each: ["makes a number of resources that is not evaluated", "let the code declare each resource"],
  dynamic: ["makes a number of parts that is not evaluated", "let the code write each part out"],
  provisioner: ["runs programs, which Steward does not", "take it out"],
  connection: ["is for provisioners, which Steward does not run", "take it out"],
};

/**
 * A block of Terraform JSON as the entry of a manifest: the attributes of our form, each at its place, expressions evaluated or kept
 * as references. What is wrong is in the report. `name` is that of our address.
 */
export function lowerBlock(block: Lowered, name: string, lowering: Lowering): Entry {
  const form = terraformForm(lowering.kind);
  const meta: Meta = { entries: [], lifecycle: [] };
  lowering.user.isMultiplied = block.body.entries.some(({ key, value }) => isMultiplier(key) && !isUnset(value));
  const attributes: Entry[] = [];
  for (const entry of block.body.entries) {
    if (entry.key === "//") continue;
    if (Object.hasOwn(refused, entry.key)) refuse(entry, lowering);
    else if (entry.key === "provider") meta.entries.push(...system(entry, block, lowering));
    else if (entry.key === "depends_on") meta.dependsOn = entry;
    else if (entry.key === "lifecycle") meta.lifecycle = lifecycle(bodies(entry, lowering.report), form, lowering);
    else attributes.push(evaluatedEntry(entry, form.places.get(entry.key), lowering));
  }
  const body = block.body;
  const entries = lowerEntries({ ...body, entries: attributes }, form.places, "", lowering);
  meta.lifecycle.push(...ownLifecycle(attributes, form.places));
  if (meta.lifecycle.length > 0) entries.push(withKey("lifecycle", body, { ...body, entries: meta.lifecycle }));
  entries.push(...meta.entries, ...dependsOn(meta.dependsOn, body, lowering));
  return { key: name, at: block.entry.at, end: block.entry.end, value: { ...body, entries } };
}

const withKey = (key: string, { at }: Node, value: Node): Entry => ({ key, at, end: at + 1, value });

const isMultiplier = (key: string): boolean => key === "count" || key === "for_each";

function refuse(entry: Entry, { report, user }: Lowering): void {
  const [why, hint] = refused[entry.key]!;
  if (isUnset(entry.value) || isEmptyList(entry.value)) return;
  const text = textOfNode(entry.value);
  const shown = text === undefined ? entry.key : `${entry.key} = ${text.slice(0, 120)}`;
  if (text === undefined) report.hide(entry.value);
  report.error(`${shown} ${why}`, keySpan(entry), { hint, address: user.address });
}

/** Evaluated here and nowhere deeper: what is inside an evaluated value is evaluated already. */
function evaluatedEntry(entry: Entry, place: Place | undefined, lowering: Lowering): Entry {
  if (!place) return entry;
  const value = evaluated(entry.value, place.is === "attribute" && holdsSecret(place.schema), lowering);
  return value === entry.value ? entry : { ...entry, value };
}

/** Words that are attributes in the Terraform form and stand in `lifecycle` in ours. */
function ownLifecycle(entries: readonly Entry[], places: Places): Entry[] {
  return entries.flatMap((entry) => {
    const place = places.get(entry.key);
    if (place?.is !== "lifecycle" || isUnset(entry.value)) return [];
    return [{ ...entry, key: place.name, value: settled(entry.value) }];
  });
}

/** The entries of a map of the Terraform form in our words. `path` leads to the map from its block, as in `password.`. */
function lowerEntries(map: MapNode, places: Places, path: string, lowering: Lowering): Entry[] {
  let entries: Entry[] = [];
  for (const entry of map.entries) {
    const place = places.get(entry.key);
    if (isUnset(entry.value)) continue;
    if (!place) reportUnknown(entry, places, path, lowering);
    else if (place.is === "attribute") entries.push(lowerAttribute(entry, place, path, lowering));
    else if (place.is === "generation") entries.push(...generation(entry, place.of, map, lowering));
    else if (place.is === "clear") entries = [...entries, ...cleared(entry, place.names, map, lowering)];
  }
  return inOrder(entries, places);
}

const ranks = new WeakMap<Places, ReadonlyMap<string, number>>();

/** In the order of the schema, what names the object first: an app writes its attributes by the alphabet, and nobody reads them so. */
function inOrder(entries: Entry[], places: Places): Entry[] {
  const known = ranks.get(places) ?? rankOf(places);
  ranks.set(places, known);
  const rank = ({ key }: Entry): number => known.get(key) ?? known.size;
  return entries.sort((one, other) => rank(one) - rank(other));
}

function rankOf(places: Places): ReadonlyMap<string, number> {
  const names = [...places.values()].flatMap((place) => (place.is === "attribute" ? [place.name] : []));
  return new Map(names.map((name, index) => [name, index]));
}

function lowerAttribute(entry: Entry, place: Place & { is: "attribute" }, path: string, lowering: Lowering): Entry {
  const { name, inside } = place;
  if (!inside) return name === entry.key ? entry : { ...entry, key: name };
  return { ...entry, key: name, value: lowerInside(entry.value, inside, `${path}${entry.key}.`, lowering) };
}

function lowerInside(node: Node, inside: Places, path: string, lowering: Lowering): Node {
  if (node.type === "map") return { ...node, entries: lowerEntries(node, inside, path, lowering) };
  if (node.type !== "list") return node;
  return { ...node, items: node.items.map((item) => lowerInside(item, inside, path, lowering)) };
}

/** `NAME_wo_version` is our `generation`. */
function generation(entry: Entry, of: string, map: MapNode, { report, user }: Lowering): Entry[] {
  const other = map.entries.find(({ key, value }) => key === "generation" && !isUnset(value));
  if (!other) return [{ ...entry, key: "generation" }];
  const hint = `keep ${of}${versionSuffix} beside ${of}${writeOnlySuffix}, and generation without it`;
  report.error("generation says the same", keySpan(entry), { hint, address: user.address });
  return [];
}

/** `clear` names the attributes that our manifest marks with `!clear`. */
function cleared(entry: Entry, names: readonly string[], map: MapNode, { report, user }: Lowering): Entry[] {
  const node = entry.value;
  if (node.type !== "list") {
    const hint = `such as ["${names[0]}"]`;
    report.error("clear must be a list of attributes", keySpan(entry), { hint, address: user.address });
    return [];
  }
  return node.items.flatMap((item) => {
    const { file, at, end } = item;
    const name = textOfNode(settled(item)) ?? "";
    if (!names.includes(name)) {
      const hint = report.suggest(name, names);
      report.error("this attribute cannot be cleared", item, { hint, address: user.address });
    } else if (map.entries.some(({ key, value }) => key === name && !isUnset(value))) {
      const hint = "leave it out of one of both";
      report.error(`${name} is set and cleared`, item, { hint, address: user.address });
    } else {
      return [{ key: name, at, end, value: { type: "scalar", file, at, end, value: null, tag: "clear" } as const }];
    }
    return [];
  });
}

function reportUnknown(entry: Entry, places: Places, path: string, { kind, report, user }: Lowering): void {
  // Nobody knows what stands under a name that we do not know.
  report.hide(entry.value);
  const isWritable = (place: Place) => !(place.is === "attribute" && place.schema.readOnly);
  const names = [...places].flatMap(([word, place]) => (isWritable(place) ? [word] : []));
  const secret = entry.key + writeOnlySuffix;
  const hint = places.has(secret)
    ? `write ${secret}, and raise ${entry.key}${versionSuffix} when the secret is another one`
    : report.suggest(entry.key, names);
  const holder = terraformForm(kind).kind;
  const of = path === "" ? holder : `${path.slice(0, -1)} of ${holder}`;
  report.error(`unknown attribute "${entry.key}" on ${of}`, keySpan(entry), { hint, address: user.address });
}
