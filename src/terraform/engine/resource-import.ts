import type { Kind, Listing } from "../../connectors/connector.ts";
import { Refusal } from "../../diagnostic.ts";
import { isCompared } from "../../diff.ts";
import { identityOf as identityText } from "../../plan/world.ts";
import { isReadByPerson } from "../../refresh.ts";
import type { Actual, StateEntry } from "../../resource.ts";
import type { TerraformForm } from "../form.ts";
import type { ImportRequest, ResourceState, TerraformDiagnostic } from "../wire/service.ts";
import type { ObjectValue, Value } from "../wire/value.ts";
import { fromError } from "./diagnostics.ts";
import { writePrivate } from "./private-data.ts";
import { addressOf } from "./resource-config.ts";
import { identityOf } from "./resource-read.ts";
import { attributesOf, toTerraform } from "./values.ts";
import type { Walk } from "./walk.ts";

/** Objects that come into Terraform's state as they are: by the id of the system, or by what names them. */

/** Stands between the parts of what names an object. */
const keySeparator = "/";

type Imported = ResourceState & { diagnostics?: readonly TerraformDiagnostic[] };

/** Imports one object. Nothing is written; Terraform's state holds the record, and the journal learns it with the first change. */
export async function importResource(
  walk: Walk,
  form: TerraformForm,
  { id, identity }: ImportRequest,
): Promise<Imported> {
  try {
    const kind = walk.kind(form.kind);
    if (isReadByPerson(kind, walk.system)) throw unreadable(kind);
    const listing = await walk.sight.listing(kind);
    const actual = findObject(kind, listing, id, identity);
    if (!actual) throw notThere(kind, listing, identity ? Object.values(identity).map(String).join(keySeparator) : id);
    const state = importedState(form, actual);
    const { state: known } = walk.workspace;
    const recorded = Object.values(known.entries).find(
      (entry) => entry.kind === kind.name && entry.system === walk.system.name && entry.id === actual.id,
    );
    const { address } = recorded ?? addressOf(state, kind, walk.system.name, known);
    const entry = recorded ?? importedEntry(address, kind, walk.system.name, actual);
    const kept = writePrivate({ address, lineage: known.lineage, serial: known.serial, entry });
    return { state, private: kept, ...identityOf(kind, state, actual) };
  } catch (error) {
    return { diagnostics: fromError(error) };
  }
}

function unreadable({ name }: Kind): Refusal {
  const remedy = "declare it with adopt = true: apply asks a person whether it is there";
  return new Refusal([{ message: `${name} can only be read by a person here`, remedy }]);
}

function findObject(kind: Kind, { objects }: Listing, id: string, identity: ObjectValue | null): Actual | undefined {
  const names = kind.schema["x-identity"];
  // Of the only one of its kind any id is right.
  if (names.length === 0) return objects.length === 1 ? objects[0] : undefined;
  const byId = identity ? undefined : objects.find((object) => object.id === id);
  if (byId) return byId;
  const parts = identity ? names.map((name) => String(identity[name])) : partsOf(id, names.length);
  const wanted = identityText(kind.schema, Object.fromEntries(names.map((name, index) => [name, parts[index] ?? ""])));
  const named = objects.filter((object) => identityText(kind.schema, object.attributes) === wanted);
  return named.length === 1 ? named[0] : undefined;
}

/** The last part may hold the separator itself. */
function partsOf(id: string, count: number): string[] {
  const parts = id.split(keySeparator);
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(keySeparator)];
}

function notThere({ name, schema }: Kind, listing: Listing, id: string): Refusal {
  const seen = listing.complete ? `${listing.objects.length} were read` : "the list is not complete";
  const names = schema["x-identity"].join(keySeparator);
  const remedy = `name it by its id${names ? `, or by ${names} where that names one object only` : ""}`;
  return new Refusal([{ message: `there is no ${name} ${id} (${seen})`, remedy }]);
}

/** Everything that the system shows. */
function importedState(form: TerraformForm, { attributes, unobservable }: Actual): ObjectValue {
  const state: Record<string, Value> = {};
  for (const word of Object.keys(form.block.attributes)) state[word] = null;
  for (const [word, place] of attributesOf(form)) {
    const value = attributes[place.name];
    if (place.schema["x-secret"] || place.schema["x-local"] || unobservable.includes(place.name)) continue;
    state[word] = value === "" ? null : toTerraform(value, place);
  }
  return state;
}

function importedEntry(address: string, { name, schema }: Kind, system: string, actual: Actual): StateEntry {
  const managed = Object.keys(schema.properties).filter(
    (one) =>
      isCompared(schema.properties[one]!) &&
      (actual.attributes[one] ?? null) !== null &&
      !actual.unobservable.includes(one),
  );
  return {
    address,
    kind: name,
    system,
    id: actual.id,
    attributes: Object.fromEntries(managed.map((one) => [one, actual.attributes[one] ?? null])),
    managed: managed.sort(),
    secrets: {},
    deposed: [],
    generation: 0,
    dependsOn: [],
    origin: "imported",
    preventDestroy: false,
    onRemove: "default",
    status: "ready",
  };
}
