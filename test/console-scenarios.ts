import { bundleSecret } from "../src/connectors/momentus/bundle.ts";
import { isSecretRef } from "../src/resource.ts";
import type { Screen } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import type { MomentusStore } from "../src/simulators/momentus/store.ts";
import type { Step } from "../src/step.ts";
import {
  type Bench,
  type GivenPlan,
  internal,
  licensed,
  makeBench,
  mocoAddress,
  mocoServ,
  planFor,
  recordOf,
  reports,
  reportsAddress,
  screenOf,
} from "./momentus-console-fixture.ts";

/** Everything that a person does at Momentus' consoles, each with a store in which it can be done. */

export interface Scenario {
  name: string;
  kind: string;
  operation: string;
  given: GivenPlan;
  arrange(store: MomentusStore): void;
}

const keyAddress = "momentus_api_key.one";
const appAddress = "momentus_app_approval.plan";
const keyed = { api_user: "REPORTS", name: "one", deliver_to: "local:one" };
const app = { app: "Floor Plan Studio" };
const other = { app: "Crew Scheduler" };
const user = recordOf(reportsAddress, "REPORTS", reports);
const unheld = { ...user, secrets: {} };
const moco = recordOf(mocoAddress, "MOCO-SERV", mocoServ);
const approval = (status: string) => recordOf(appAddress, app.app, { ...app, status }, { managed: ["app"] });

function withReports(store: MomentusStore, more: object = {}): void {
  const texts = { displayName: "Reports", organization: "10", enforceAccessPrivileges: true };
  store.addApiUser("prod", { id: "REPORTS", ...texts, ...more });
  store.addKey("prod", "REPORTS");
}

function withMoco(store: MomentusStore): void {
  store.addApiUser("prod", { id: "MOCO-SERV", description: "Internal Momentus Connect API User", ...internal });
  store.addKey("prod", "MOCO-SERV");
}

function withApp(store: MomentusStore, status: "approved" | "active" | "disabled"): void {
  withMoco(store);
  store.connectApiUsers.set("prod", store.credentialsOf("prod", "MOCO-SERV"));
  const { id } = store.apps.find((one) => one.tenant === "prod" && one.name === app.app)!;
  store.changeApp(id, { status, configuration: "Halls" });
}

const nothing = (): void => undefined;
const adopting: GivenPlan = { resources: { [mocoAddress]: mocoServ, [appAddress]: app }, lifecycle: { adopt: true } };
const fresh: GivenPlan = { resources: { [reportsAddress]: reports } };
const changed = { ...reports, description: "Two\nlines & <more>", organization: "20", allow_proxy_user: true };
const elsewhere = { ...reports, deliver_to: "local:elsewhere" };
const keyRecord = (prefix: string) => recordOf(keyAddress, prefix, keyed, { dependsOn: [reportsAddress] });

/** The prefix of a Key that a record is to name: the simulator's keys are known by its seed. */
function firstKey(arrange: (store: MomentusStore) => void): string {
  const { store } = new MomentusSimulator({ seed: 5, now: () => 0 });
  arrange(store);
  return store.prod.keysOf("REPORTS")[0]!.id.slice(0, 8);
}

/** Two Keys, of which the first one is delivered. */
function withTwoKeys(store: MomentusStore): void {
  withReports(store);
  store.addKey("prod", "REPORTS");
}

type OfKind = Omit<Scenario, "kind">;

const users: OfKind[] = [
  { name: "observe an absent user", operation: "observe", given: fresh, arrange: nothing },
  { name: "observe a user", operation: "observe", given: fresh, arrange: (store) => withReports(store) },
  { name: "create a user", operation: "create", given: fresh, arrange: nothing },
  {
    name: "create MOCO-SERV",
    operation: "create",
    given: { resources: { [mocoAddress]: mocoServ } },
    arrange: nothing,
  },
  { name: "adopt MOCO-SERV", operation: "adopt", given: adopting, arrange: withMoco },
  {
    ...{ name: "change a user", operation: "update", arrange: (store) => withReports(store) },
    given: { resources: { [reportsAddress]: changed }, entries: [user] },
  },
  {
    ...{ name: "deliver a user's credentials", operation: "deliver", arrange: (store) => withReports(store) },
    given: { resources: { [reportsAddress]: elsewhere }, entries: [user] },
  },
  {
    ...{ name: "renew a Secret", operation: "regenerate", arrange: (store) => withReports(store) },
    given: { resources: { [reportsAddress]: reports }, entries: [user], replace: [reportsAddress] },
  },
  {
    ...{ name: "renew a Secret that Steward does not hold", operation: "regenerate" },
    ...{ arrange: (store) => withReports(store) },
    given: { resources: { [reportsAddress]: reports }, entries: [unheld], replace: [reportsAddress] },
  },
  {
    ...{ name: "look again at a user", operation: "inspect", arrange: (store) => withReports(store) },
    given: { resources: { [reportsAddress]: reports }, entries: [user], ask: [reportsAddress] },
  },
  {
    ...{ name: "look again at a user that is gone", operation: "inspect", arrange: nothing },
    given: { resources: { [reportsAddress]: reports }, entries: [user], ask: [reportsAddress] },
  },
  {
    ...{ name: "look again at MOCO-SERV", operation: "inspect", arrange: withMoco },
    given: { resources: { [mocoAddress]: mocoServ }, entries: [moco], ask: [mocoAddress] },
  },
  {
    ...{ name: "retire a user", operation: "retire", arrange: (store) => withReports(store) },
    given: { resources: {}, entries: [user] },
  },
  {
    ...{ name: "revive a user", operation: "revive", arrange: (store) => withReports(store, { isRetired: true }) },
    given: {
      ...{ resources: { [reportsAddress]: reports }, restore: [reportsAddress] },
      entries: [recordOf(reportsAddress, "REPORTS", { ...reports, retired: true }, { managed: user.managed })],
    },
  },
];

const keys: OfKind[] = [
  {
    ...{ name: "add a Key", operation: "add", arrange: (store) => withReports(store) },
    given: { resources: { [reportsAddress]: reports, [keyAddress]: keyed }, entries: [user] },
  },
  {
    ...{ name: "add a Key to a user whose Secret Steward does not hold", operation: "add" },
    ...{ arrange: (store) => withReports(store) },
    given: { resources: { [keyAddress]: keyed } },
  },
  {
    ...{ name: "deliver a Key", operation: "deliver", arrange: withTwoKeys },
    given: {
      resources: { [reportsAddress]: reports, [keyAddress]: { ...keyed, deliver_to: "local:there" } },
      entries: [user, keyRecord(firstKey(withTwoKeys))],
    },
  },
  ...[
    { name: "look again at a Key", arrange: withTwoKeys },
    {
      name: "look again at a Key that is gone",
      arrange: (store: MomentusStore) => withReports(store, { displayName: "R" }),
    },
  ].map((one) => ({
    ...{ ...one, operation: "inspect" },
    given: {
      resources: { [reportsAddress]: reports, [keyAddress]: keyed },
      entries: [user, keyRecord(one.name.endsWith("gone") ? "0badc0de" : firstKey(withTwoKeys))],
      ask: [keyAddress],
    },
  })),
];

const apps: OfKind[] = [
  {
    ...{ name: "look again at an app", operation: "inspect", arrange: (store) => withApp(store, "disabled") },
    given: {
      resources: { [mocoAddress]: mocoServ, [appAddress]: app },
      entries: [moco, approval("active")],
      ask: [appAddress],
    },
  },
  {
    ...{ name: "look again at an app that is approved no more", operation: "inspect", arrange: nothing },
    given: {
      resources: { [mocoAddress]: mocoServ, [appAddress]: app },
      entries: [moco, approval("active")],
      ask: [appAddress],
    },
  },
  {
    name: "observe a requested app",
    operation: "observe",
    given: { resources: { [appAddress]: app } },
    arrange: nothing,
  },
  {
    ...{ name: "observe an approved app", operation: "observe", given: { resources: { [appAddress]: app } } },
    arrange: (store) => withApp(store, "active"),
  },
  {
    ...{ name: "observe an app that nobody requested", operation: "observe", arrange: nothing },
    given: { resources: { [appAddress]: other } },
  },
  { name: "request an app", operation: "request", given: { resources: { [appAddress]: other } }, arrange: nothing },
  {
    ...{ name: "approve an app, with the prompt", operation: "approve", arrange: withMoco },
    given: { resources: { [mocoAddress]: mocoServ, [appAddress]: app }, entries: [moco] },
  },
  {
    ...{ name: "approve another app, without the prompt", operation: "approve" },
    given: { resources: { [mocoAddress]: mocoServ, [appAddress]: { app: "Lobby Signage" } }, entries: [moco] },
    arrange: (store) => withApp(store, "approved"),
  },
  {
    ...{ name: "adopt an app", operation: "adopt", given: adopting },
    arrange: (store) => withApp(store, "disabled"),
  },
  {
    ...{ name: "enable an app", operation: "enable", arrange: (store) => withApp(store, "disabled") },
    given: {
      resources: { [mocoAddress]: mocoServ, [appAddress]: app },
      entries: [moco, approval("disabled")],
      restore: [appAddress],
    },
  },
  {
    ...{ name: "remove an app", operation: "remove", arrange: (store) => withApp(store, "active") },
    given: { resources: { [mocoAddress]: mocoServ }, entries: [moco, approval("active")] },
  },
];

export const scenarios: readonly Scenario[] = [
  ...users.map((one) => ({ ...one, kind: "momentus_api_user" })),
  ...keys.map((one) => ({ ...one, kind: "momentus_api_key" })),
  ...apps.map((one) => ({ ...one, kind: "momentus_app_approval" })),
];

/** The bench of the plans: its system is at `origin`, tenant prod. */
export function benchAt(origin: string): Bench {
  const settings = {
    ...licensed,
    customer: "Harbor Congress Center",
    tenant: "prod",
    ...{ connect_url: `${origin}/connect`, console_rights: "support" },
  };
  const credentials = { username: "steward", password: "of the console" };
  return makeBench(settings, { url: `${origin}/prod`, hand: "browser", credentials });
}

/** The simulator of a scenario, as it is before. Equal each time. */
export function simulatorFor({ arrange }: Scenario): MomentusSimulator {
  const simulator = new MomentusSimulator({ seed: 5, now: () => Date.UTC(2026, 10, 25) });
  arrange(simulator.store);
  return simulator;
}

/** The one step of a scenario's plan that it is about. */
export function stepFor(bench: Bench, { kind, operation, given, name }: Scenario): Step {
  const { plan, errors } = planFor(bench, given);
  const found = plan.steps.find((step) => step.operation === operation && step.kind === kind);
  if (errors.length === 0 && found) return found;
  throw new Error(`${name}: ${JSON.stringify(errors)}; steps are ${plan.steps.map(({ id }) => id).join(", ")}`);
}

export function screenFor(bench: Bench, scenario: Scenario): Screen {
  return screenOf(bench, stepFor(bench, scenario));
}

/** What fills in the fields of a secret: MOCO-SERV's credentials, as they lie in the sink. */
export function secretsFor(simulator: MomentusSimulator, step: Step) {
  return async ({ secret, part }: { secret: string; part?: string }): Promise<Secret> => {
    if (secret !== bundleSecret || !isSecretRef(step.input[secret])) throw new Error(`no secret ${secret}`);
    const credentials: Record<string, string> = simulator.store.credentialsOf("prod", "MOCO-SERV");
    return new Secret(credentials[part ?? ""]!);
  };
}

/** Everything of a simulator that lasts. */
export function stateOf({ store }: MomentusSimulator) {
  const databases = (["prod", "test"] as const).map((name) => {
    const { apiUsers, keys, users, roles, userRoles } = store[name];
    return [apiUsers, keys, users, roles, userRoles].map((table) => table.values());
  });
  return {
    databases,
    ...{ apps: store.apps.values(), connect: [...store.connectApiUsers], outbox: store.outbox },
    writes: store.mutatingCalls.map(({ method, environment, principal, committed }) => ({
      ...{ method, environment, principal, committed },
    })),
  };
}
