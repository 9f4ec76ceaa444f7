import { expect } from "vitest";
import { loansOut } from "../../src/run.ts";
import { wishOf } from "../../src/simulators/momentus/mail.ts";
import type { ApiCredentials } from "../../src/simulators/momentus/records.ts";
import type { State } from "../../src/state.ts";
import type { Plan } from "../../src/step.ts";
import { type FlowScenario, hasFurtherKey, places } from "./flow-scenarios.ts";
import type { FlowWorld } from "./flow-world.ts";

/** What must hold of the flow, whatever was killed, abandoned or told twice. */

const user = "momentus_api_user.moco";

/** At every moment between two commands. */
export function assertMeanwhile(world: FlowWorld, { modules }: FlowScenario, state: State): void {
  const { store } = world.momentus;
  expect(countOfMocoServ(world), "at most one MOCO-SERV").toBeLessThanOrEqual(1);
  assertOrder(state);
  if (modules.length === 0 && store.licensing.isLicensed("prod")) {
    expect(loansOut(state).length, "a module that is on is owed by a run").toBe(1);
  }
}

/** Nobody is asked for an approval before MOCO-SERV exists and works (MOM-04). */
export function assertOrder({ runs, entries }: State): void {
  const isApproving = Object.values(runs).some((run) =>
    run.plan.steps.some(({ id, operation }) => operation === "approve" && run.steps[id] !== undefined),
  );
  if (!isApproving) return;
  const bundle = entries[user]?.secrets.credentials;
  expect(bundle, "MOCO-SERV works before an approval is asked for").toMatchObject({ delivered: true, proven: true });
}

/** When nothing is left to do. */
export async function assertEnd(
  world: FlowWorld,
  text: string,
  scenario: FlowScenario & { untoldMax?: number },
  plan: Plan,
): Promise<void> {
  const { state } = await world.look(text);
  expect(plan.changes.map(({ action, address, blocked }) => `${action} ${address} ${blocked?.because ?? ""}`)).toEqual(
    [],
  );
  expect(Object.keys(state.runs), "no run is open").toEqual([]);
  assertMade(world, scenario);
  await assertBundles(world, text, scenario, state);
  assertLoan(world, scenario);
  assertNothingLeaked(world);
}

function countOfMocoServ({ momentus: { store } }: FlowWorld): number {
  return store.prod.apiUsers.values().filter(({ id }) => id.toUpperCase() === "MOCO-SERV").length;
}

const committed = ({ momentus }: FlowWorld, method: string): number =>
  momentus.store.mutatingCalls.filter((call) => call.method === method && call.committed).length;

function assertMade(world: FlowWorld, scenario: FlowScenario & { untoldMax?: number }): void {
  const { isThere, untoldMax = 0 } = scenario;
  const { store } = world.momentus;
  expect(countOfMocoServ(world), "exactly one MOCO-SERV").toBe(1);
  expect(committed(world, "console/apiUsers/add"), "made once, or never where it was found").toBe(isThere ? 0 : 1);
  expect(committed(world, "console/secret/regenerate"), "its Secret was never renewed").toBe(0);
  const wanted = hasFurtherKey(scenario) ? 2 : 1;
  const keys = store.prod.keysOf("MOCO-SERV").length;
  expect(keys, "its first Key and the further one").toBeGreaterThanOrEqual(wanted);
  expect(keys, "and no other but what nobody told of").toBeLessThanOrEqual(wanted + untoldMax);
  const apps = store.apps.values().filter(({ tenant }) => tenant === "prod");
  expect(apps.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
    "Floor Plan Studio approved",
    "Lobby Signage approved",
  ]);
  const refused = store.mutatingCalls.filter(
    ({ method, committed }) => method === "console/apps/credentials" && !committed,
  );
  expect(refused, "Connect never got credentials that do not work").toEqual([]);
  const ids = store.prod.apiUsers.values().map(({ id }) => id);
  expect(
    ids.filter((id) => /^CONAPP/.test(id)),
    "one app user for the app that calls the API",
  ).toHaveLength(1);
}

/** Both bundles work, are different Keys of one Secret, and are those that are recorded. */
async function assertBundles(world: FlowWorld, text: string, scenario: FlowScenario, state: State): Promise<void> {
  const { prod } = world.momentus.store;
  const { moco, further } = places[scenario.sink];
  const kept: [address: string, path: string][] = [[user, moco]];
  if (hasFurtherKey(scenario)) kept.push(["momentus_api_key.further", further]);
  const keys = new Set<string>();
  for (const [address, path] of kept) {
    const value = await world.secret(text, path);
    expect(value, `the credentials of ${address} are in the sink`).toBeDefined();
    const bundle = JSON.parse(value ?? "{}") as ApiCredentials;
    expect(prod.accepts(bundle), `the credentials of ${address} work`).toBe(true);
    const entry = state.entries[address];
    expect(entry?.attributes.key_prefix).toBe(bundle.key.slice(0, 8));
    expect(entry?.secrets.credentials).toMatchObject({ delivered: true, proven: true });
    expect(entry?.status).toBe("ready");
    keys.add(bundle.key);
  }
  expect(keys.size, "each has a Key of its own").toBe(kept.length);
}

/** What was borrowed was given back each time; whoever gets a mail twice has one mail. */
function assertLoan(
  world: FlowWorld,
  { modules, hasServer, untoldMax = 0 }: FlowScenario & { untoldMax?: number },
): void {
  const { store } = world.momentus;
  expect(store.licensing.isLicensed("prod"), "the license is as it was").toBe(modules.length > 0);
  const wishes = wishesOf(world);
  // What a person sent and nobody told of, whoever takes over sends again. Steward's own mails it knows.
  const again = wishes.filter((wish, index) => wish === "add" && wishes[index - 1] === "add").length;
  expect(again, "sent again is only what nobody told of").toBeLessThanOrEqual(hasServer ? 0 : untoldMax);
  const once = wishes.filter((wish, index) => wish !== "add" || wishes[index - 1] !== "add");
  expect(once.join(" "), "add and remove take turns, and remove is the last word").toMatch(/^((add )?remove ?)*$/);
  if (modules.length > 0) expect(wishes).toEqual([]);
}

function wishesOf(world: FlowWorld): (string | undefined)[] {
  if (world.outbox.arrived.length > 0) return world.outbox.mails.map(wishOf);
  return world.momentus.store.outbox.filter(({ to }) => to === "licensing@gomomentus.com").map(wishOf);
}

/** The plain sink file is where secrets belong; nothing else on the disk holds one, in any of the usual forms. */
function assertNothingLeaked({ momentus: { store }, disk }: FlowWorld): void {
  const { apiUsers, keys } = store.prod;
  const secrets = [...apiUsers.values().map(({ secret }) => secret), ...keys.values().map(({ id }) => id)];
  const files = Object.entries(disk.files()).filter(([path]) => !/\.env(\.|$)/.test(path));
  const text = files.map(([, content]) => content).join("\n");
  for (const secret of secrets) {
    for (const form of [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")]) {
      expect(text.includes(form), "a secret stands on the disk").toBe(false);
    }
  }
}
