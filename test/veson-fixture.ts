import { vesonConnector } from "../src/connectors/veson/connector.ts";
import { Fault, InvalidManifest, Refusal } from "../src/diagnostic.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { Consents, Plan, StepReport } from "../src/step.ts";
import type { Attributes, Resources } from "./world/conformance-world.ts";
import { fuel, fuelAndToken, fuelToken, VesonWorld, vesonManifest } from "./world/veson-world.ts";

/** A site, a manifest, and what comes of it, in few words. */

export { fuel, fuelAndToken, fuelToken, type Resources, VesonWorld, vesonManifest };
export const connector = vesonConnector(loadKindSchemas(), loadLabels());

export interface Site {
  world: VesonWorld;
  text: string;
}

/** A site with a manifest that is trusted. `limit` of the licenses is the true one. */
export async function makeSite(
  resources: Resources,
  settings: Omit<VesonSimulatorOptions, "now" | "sleep"> = {},
  { license = {}, ...system }: Attributes & { license?: Attributes } = {},
): Promise<Site> {
  const world = new VesonWorld(settings);
  const limit = world.veson.store.licenseLimit;
  const text = vesonManifest(resources, { license: { limit, borrow_from: ["j.doe"], ...license }, ...system });
  await world.trust(text);
  return { world, text };
}

/** The same site with other resources. Codes and sessions of the command before are over. */
export function withResources({ world, text }: Site, resources: Resources): Site {
  const system = JSON.parse(/^ {2}veson: (.*)$/m.exec(text)?.[1] ?? "{}") as Attributes;
  return { world, text: vesonManifest(resources, system) };
}

/** What an apply made of each step, by operation, and why where it says so. */
export async function applied(
  { world, text }: Site,
  consents: Partial<Consents> = {},
): Promise<Record<string, string>> {
  const { steps } = await world.apply(text, { consents });
  return resultsOf(steps);
}

export function resultsOf(steps: readonly StepReport[]): Record<string, string> {
  const said = ({ result, because }: StepReport): string => (because === undefined ? result : `${result}: ${because}`);
  return Object.fromEntries(steps.map((report) => [nameOf(report.step.id), said(report)]));
}

const nameOf = (id: string): string => id.slice(id.indexOf("/") + 1);

/** A site on which the usual two resources were made. */
export async function madeSite(
  settings: Omit<VesonSimulatorOptions, "now" | "sleep"> = {},
  system: Attributes & { license?: Attributes } = {},
  resources: Resources = fuelAndToken,
): Promise<Site> {
  const site = await makeSite(resources, settings, system);
  const { outcome } = await site.world.apply(site.text);
  if (outcome !== "done") throw new Error(`it was not made: ${outcome}`);
  return site;
}

/** Steps and changes of a plan: `create veson_user.fuel`, and each step by its operation. */
export async function planned(
  { world, text }: Site,
  consents: Partial<Consents> = {},
): Promise<{ plan: Plan; changes: string[]; steps: string[] }> {
  const plan = await world.plan(text, consents);
  const changes = plan.changes.map(({ action, address, held, blocked }) => {
    const state = held ? "held " : blocked ? "blocked " : "";
    return `${state}${action} ${address}`;
  });
  return { plan, changes, steps: plan.steps.map(({ id }) => nameOf(id)) };
}

/** Why a plan or an apply is not made: every message with its way out. */
export async function refusalOf(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof InvalidManifest) return error.diagnostics.map(({ message, hint }) => `${message} => ${hint}`);
    if (error instanceof Refusal) return error.reasons.map(({ message, remedy }) => `${message} => ${remedy}`);
    if (error instanceof Fault) return [error.message];
    throw error;
  }
}

/** Writes that were carried out on the console, in order. */
export function written({ world }: Site): string[] {
  return world.veson.store.mutatingCalls.filter(({ committed }) => committed).map(({ method }) => method.slice(8));
}
