import type { Holding, OnePlan } from "../../apply/one.ts";
import type { Kind } from "../../connectors/connector.ts";
import type { Address } from "../../resource.ts";
import type { Change, Step } from "../../step.ts";
import type { TerraformForm } from "../form.ts";
import type { AttributePath, PlanRequest, ResourceState, TerraformDiagnostic } from "../wire/service.ts";
import type { ObjectValue, Value } from "../wire/value.ts";
import type { ConfigText } from "./config-text.ts";
import { fromDiagnostic, fromError, hasErrors, say } from "./diagnostics.ts";
import { type PrivateData, readPrivate } from "./private-data.ts";
import { addressOf, type ResourceConfig, readResourceConfig } from "./resource-config.ts";
import { identityOf } from "./resource-read.ts";
import { sayUntold } from "./told-secrets.ts";
import { attributesOf, computedOf, holdsUnknown, sameMeaning, withUnknownComputed } from "./values.ts";
import { nameOf, type Walk } from "./walk.ts";

/** What applying would make of a resource, and what stands against it. Nothing is written, not even to the journal. */

type Planned = ResourceState & { replaces?: readonly AttributePath[]; diagnostics?: readonly TerraformDiagnostic[] };

/** Plans it. The same question gets the same answer. */
export async function planResource(walk: Walk, form: TerraformForm, request: PlanRequest): Promise<Planned> {
  let text: ConfigText | undefined;
  try {
    const { config, proposed, prior } = request;
    const kind = walk.kind(form.kind);
    const known = readPrivate(request.private);
    if (known) walk.recall(known);
    if (config === null || proposed === null) return await planRemoval(walk, known?.address);
    const address =
      (prior && known?.address) || addressOf(config, kind, walk.system.name, walk.workspace.state).address;
    const read = readConfig(walk, kind, address, config, (found) => {
      text = found;
    });
    walk.declare(read.resource);
    const plan = await walk.plan(address, read);
    const diagnostics = [...diagnosticsOf(kind, plan, read), ...sayUntold(plan.result.plan.steps, walk.isTold)];
    if (hasErrors(diagnostics)) return { diagnostics };
    const planned = stateOf(form, request, proposed, plan, known);
    walk.plans(address, prior === null || !isSame(prior, planned.state ?? null));
    return { ...planned, ...identityOf(kind, proposed), diagnostics };
  } catch (error) {
    return { diagnostics: fromError(error, text) };
  }
}

/** Reads a configuration without the words that are Terraform's own. */
export function readConfig(
  walk: Walk,
  kind: Kind,
  address: Address,
  config: ObjectValue,
  onText: (text: ConfigText) => void,
): ResourceConfig {
  const { timeouts: _timeouts, ...attributes } = config;
  const { manifest } = walk.workspace;
  return readResourceConfig(attributes, { address, kind, manifest, held: walk.held }, onText);
}

async function planRemoval(walk: Walk, address: Address | undefined): Promise<Planned> {
  if (address === undefined) return { state: null };
  walk.undeclare(address);
  const plan = await walk.plan(address, undefined);
  return { state: null, diagnostics: diagnosticsOf(undefined, plan, undefined) };
}

/** Errors, what is held, and remarks of a plan. */
export function diagnosticsOf(
  kind: Kind | undefined,
  { result, holding }: OnePlan,
  config: ResourceConfig | undefined,
): TerraformDiagnostic[] {
  if (holding) return [sayHolding(holding)];
  const [change] = result.plan.changes;
  return [
    ...result.errors.map((error) => fromDiagnostic(error, config?.text)),
    ...result.protections.map(({ address, because }) => sayProtected(address, because)),
    ...(change ? [...sayHeld(change, kind, config), ...notesOf(change)] : []),
  ];
}

const sayProtected = (address: Address, because: string): TerraformDiagnostic =>
  say(
    "error",
    `${address}: ${because}`,
    "change it by hand on the system, with somebody else's account, if it is meant",
  );

function sayHeld(change: Change, kind: Kind | undefined, config: ResourceConfig | undefined): TerraformDiagnostic[] {
  const { address, held, blocked } = change;
  if (held) {
    const name = kind && config ? nameOf(config.resource, kind) : address;
    const remedy = `if the access is to be given back, write restore = ["${name}"] in the provider block and apply`;
    return [say("error", `${address} is held: ${held.because}`, remedy)];
  }
  return blocked ? [say("error", `${address} cannot be planned: ${blocked.because}`)] : [];
}

const notesOf = ({ notes, address }: Change): TerraformDiagnostic[] =>
  notes.map((note) => say("warning", `${address}: ${note}`));

/** A run that an earlier apply left. Its plan is not the last word, and apply goes on with it. */
function sayHolding({ run, is }: Holding): TerraformDiagnostic {
  if (is === "busy") {
    const remedy = "wait until that has ended; one object belongs into one Terraform state";
    return say("error", `${run.by} has been at work on it since ${run.openedAt} (run ${run.id})`, remedy);
  }
  if (is === "waits")
    return say("warning", `people are at work on it (run ${run.id})`, "apply goes on when they are done");
  return say("warning", `run ${run.id} was cut off, and nobody knows yet what came of it`, "apply reads it back first");
}

/** The planned state: configured words as they are meant, computed ones known only after apply where something is done. */
function stateOf(
  form: TerraformForm,
  { prior }: PlanRequest,
  proposed: ObjectValue,
  { result, holding, entry }: OnePlan,
  known: PrivateData | undefined,
): Pick<Planned, "state" | "replaces"> {
  const planned: ObjectValue = { ...proposed };
  const { plan } = result;
  if (prior === null) return { state: withUnknownComputed(form, planned) };
  for (const [word, place] of attributesOf(form))
    if (!place.schema.readOnly && sameMeaning(place, prior[word] ?? null, proposed[word] ?? null))
      planned[word] = prior[word] ?? null;
  const replaces = replacedBy(form, plan.changes[0]);
  if (replaces.length > 0) return { state: withUnknownComputed(form, planned), replaces };
  // A run that was cut off may have made another object in its place.
  const hasMoved = entry !== undefined && known?.entry !== undefined && known.entry.id !== entry.id;
  if (plan.steps.every(isRecordOnly) && !holding && !hasMoved) return { state: planned };
  const isAnother = plan.steps.some(({ records }) => records.is === "superseded" || records.is === "created");
  const stable = isAnother || hasMoved || holding || computedOf(form).length === 1 ? [] : ["id"];
  return { state: withUnknownComputed(form, planned, stable) };
}

/** Whether Terraform finds nothing to do: then it does not come back to this resource. Computed words are unknown where something is done. */
function isSame(prior: ObjectValue, planned: ObjectValue | null): boolean {
  return planned !== null && Object.keys(planned).every((word) => isEqual(prior[word] ?? null, planned[word] ?? null));
}

const isEqual = (a: Value, b: Value): boolean => !holdsUnknown(b) && JSON.stringify(a) === JSON.stringify(b);

/** Written to our record only, as the rest of Terraform's state is. */
const isRecordOnly = ({ hand }: Step): boolean => hand === "state";

/** Attributes whose change needs another object. */
function replacedBy(form: TerraformForm, change: Change | undefined): AttributePath[] {
  if (change?.action !== "replace") return [];
  const changed = new Set(change.attributes.filter(({ unmanaged }) => !unmanaged).map(({ path }) => path));
  return attributesOf(form)
    .filter(([, { name, schema }]) => schema["x-immutable"] && changed.has(name))
    .map(([word]) => [word]);
}
