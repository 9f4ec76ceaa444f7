import { canonicalJson } from "../../canonical.ts";
import type { Kind } from "../../connectors/connector.ts";
import { identityOf as identityText } from "../../plan/world.ts";
import { isReadByPerson } from "../../refresh.ts";
import type { Actual, Plain, StateEntry } from "../../resource.ts";
import type { TerraformForm } from "../form.ts";
import type { Kept, ResourceState, TerraformDiagnostic } from "../wire/service.ts";
import type { ObjectValue, Value } from "../wire/value.ts";
import { fromError, say } from "./diagnostics.ts";
import { readPrivate, writePrivate } from "./private-data.ts";
import { attributesOf, completed, fromTerraform, stillHolds, toTerraform } from "./values.ts";
import type { Walk } from "./walk.ts";

/** The object of a state as it is now. */

type Answered = ResourceState & { diagnostics?: readonly TerraformDiagnostic[] };

/** Reads it. A list that may not show everything proves no absence: then the state stays as it is. */
export async function readResource(
  walk: Walk,
  form: TerraformForm,
  { state, private: kept }: Kept & { state: ObjectValue },
): Promise<Answered> {
  try {
    const kind = walk.kind(form.kind);
    const data = readPrivate(kept);
    const address = data && walk.recall(data);
    const entry = address === undefined ? undefined : walk.workspace.state.entries[address];
    const id = entry?.id ?? (await idOf(walk, kind, state));
    const actual = await walk.sight.find(kind, id);
    if (actual) {
      // Terraform writes its state anew whenever this changes.
      const isKnown = canonicalJson(data?.entry ?? null) === canonicalJson(entry ?? null);
      const now = address === undefined || isKnown ? {} : { private: keptOf(walk, address) };
      return { state: shownState(form, state, actual, entry), ...now, ...identityOf(kind, state, actual) };
    }
    return await missing(walk, kind, state, id);
  } catch (error) {
    return { state, diagnostics: fromError(error) };
  }
}

/** The id of an object of which nothing is kept beside its state: what the state says, or what has its name. */
async function idOf({ sight }: Walk, kind: Kind, state: ObjectValue): Promise<string> {
  if (Object.hasOwn(state, "id")) return String(state.id ?? "");
  const { objects } = await sight.listing(kind);
  const attributes = Object.fromEntries(
    kind.schema["x-identity"].map((name) => [name, fromTerraform(state[name] ?? null)]),
  );
  const wanted = identityText(kind.schema, attributes);
  const named = objects.filter((object) => identityText(kind.schema, object.attributes) === wanted);
  return named.length === 1 ? named[0]!.id : "";
}

async function missing(walk: Walk, kind: Kind, state: ObjectValue, id: string): Promise<Answered> {
  const { complete, because = "the list is not complete" } = await walk.sight.listing(kind);
  if (complete) return { state: null };
  if (isReadByPerson(kind, walk.system)) return { state };
  const summary = `${kind.name} ${id} was not found, and its absence is not believed`;
  return { state, diagnostics: [say("warning", summary, because)] };
}

/**
 * The state with what the system shows. What is not set in it is not managed and stays so; what the system only spells otherwise stays as
 * it was written; what it cannot show stays as it was.
 */
export function shownState(
  form: TerraformForm,
  state: ObjectValue,
  actual: Actual,
  entry: StateEntry | undefined,
): ObjectValue {
  const shown: ObjectValue = { ...state };
  for (const [word, place] of attributesOf(form)) {
    const { name, schema } = place;
    const before = state[word] ?? null;
    if (schema.readOnly || schema["x-local"] || schema["x-secret"] || before === null) continue;
    if (actual.unobservable.includes(name) || actual.attributes[name] === undefined) continue;
    const now = toTerraform(actual.attributes[name], place);
    if (!stillHolds(place, before, now)) shown[word] = now;
  }
  if (Array.isArray(state.clear)) shown.clear = stillClear(form, state.clear, actual);
  return completed(form, shown, shownAttributes(actual, entry));
}

/** What was emptied and is filled again is not clear any more. */
function stillClear(form: TerraformForm, names: readonly Value[], { attributes }: Actual): Value[] {
  return names.filter((name) => {
    const value = attributes[String(name)];
    return form.places.has(String(name)) && (value === undefined || value === null || value === "");
  });
}

/** What is known of an object: what the system shows, else what was recorded of what it told when it was made. */
export const shownAttributes = (actual: Actual, entry: StateEntry | undefined): Record<string, Plain> => ({
  ...entry?.attributes,
  ...actual.attributes,
});

/** What names the object in Terraform's words; nothing for the only one of its kind. */
export function identityOf(
  { schema }: Pick<Kind, "schema">,
  state: ObjectValue,
  actual?: Actual,
): Pick<ResourceState, "identity"> {
  const names = schema["x-identity"];
  if (names.length === 0) return {};
  const values = names.map((name) => [name, state[name] ?? (actual?.attributes[name] as Value | undefined) ?? null]);
  return { identity: Object.fromEntries(values) };
}

/** What Terraform keeps beside the state of an address. */
export const keptOf = (walk: Walk, address: string): Uint8Array => writePrivate(walk.privateOf(address));
