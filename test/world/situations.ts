import type { Address, StateEntry } from "../../src/resource.ts";
import type { MomentusSimulatorOptions } from "../../src/simulators/momentus/options.ts";
import type { State } from "../../src/state.ts";
import type { Consents } from "../../src/step.ts";
import type { Resources } from "./conformance-world.ts";
import { makeMocoServ } from "./flow-scenarios.ts";
import type { FlowWorld } from "./flow-world.ts";
import { moco, reports, studio, warehouse, withReports, withStudio, withWarehouse } from "./people-cases.ts";

/** One piece of people's work: what stands before, what is declared, and whom it concerns. */
export interface Situation {
  name: string;
  address: Address;
  world?: Pick<MomentusSimulatorOptions, "modules" | "licenseGate">;
  /** Further settings of `license`. */
  license?: string;
  /** What somebody else did before. */
  arrange?(world: FlowWorld): void;
  /** What Steward and honest people have brought to its end before, one after the other. */
  before?: Resources[];
  /** What somebody else does then. */
  between?(world: FlowWorld): void;
  after: Resources;
  /** Given for each plan as long as the record of the address is `unchanged`. */
  consents?: Partial<Consents>;
}

const user = "momentus_api_user.reports";
const key = "momentus_api_key.warehouse";
const approval = "momentus_app_approval.studio";
const mocoServ = "momentus_api_user.moco";

const changed = { momentus_api_user: { reports: { ...reports, display_name: "Other", allow_proxy_user: false } } };
const retired = { momentus_api_user: { reports: { ...reports, retired: true } } };
const moved = { momentus_api_user: { reports: { ...reports, deliver_to: "local:ELSEWHERE" } } };

export const userSituations: readonly Situation[] = [
  { name: "MOCO-SERV is absent", address: mocoServ, after: moco },
  {
    ...{ name: "MOCO-SERV is absent, and the screen is closed for want of a license", address: mocoServ, after: moco },
    world: { modules: [], licenseGate: "menu" },
  },
  {
    ...{ name: "MOCO-SERV is absent, and Add does not work for want of a license", address: mocoServ, after: moco },
    world: { modules: [], licenseGate: "add" },
  },
  { name: "MOCO-SERV is there", address: mocoServ, after: moco, arrange: (world) => makeMocoServ(world) },
  {
    ...{ name: "MOCO-SERV is there with other settings", address: mocoServ, after: moco },
    arrange: (world) => makeMocoServ(world, { allowProxyUser: true, description: "" }),
  },
  {
    ...{ name: "MOCO-SERV is there and retired", address: mocoServ, after: moco },
    arrange: (world) => makeMocoServ(world, { isRetired: true }),
    consents: { restore: [mocoServ] },
  },
  { name: "an API user is absent", address: user, after: withReports },
  { name: "an API user is changed", address: user, before: [withReports], after: changed },
  { name: "an API user is retired", address: user, before: [withReports], after: {}, consents: { allowDeletions: 1 } },
  {
    ...{ name: "an API user comes back", address: user, before: [withReports, retired], after: withReports },
    consents: { restore: [user] },
  },
  {
    ...{ name: "an API user gets another Secret", address: user, before: [withReports], after: withReports },
    consents: { replace: [user] },
  },
  {
    ...{ name: "an API user is looked at again", address: user, before: [withReports], after: withReports },
    consents: { ask: [user] },
  },
  { name: "the credentials of an API user go to another place", address: user, before: [withReports], after: moved },
];

const further = { ...withReports, momentus_api_key: { warehouse: { ...warehouse, deliver_to: "local:FURTHER" } } };
const stewards = { momentus_api_key: { warehouse: { ...warehouse, api_user: "STEWARD" } } };

export const keySituations: readonly Situation[] = [
  { name: "a Key is added", address: key, before: [withReports], after: withWarehouse },
  { name: "a Key of a user that Steward has no Secret of is added", address: key, after: stewards },
  {
    ...{ name: "a Key is rotated", address: key, before: [withWarehouse], after: withWarehouse },
    consents: { replace: [key] },
  },
  {
    ...{ name: "a Key is looked at again", address: key, before: [withWarehouse], after: withWarehouse },
    consents: { ask: [key] },
  },
  { name: "a Key goes to another place", address: key, before: [withWarehouse], after: further },
];

const adopting = { ...moco, momentus_app_approval: { studio: { ...studio, lifecycle: { adopt: true } } } };
const statusOf = (world: FlowWorld, status: "deleted" | "disabled" | "active"): void => {
  const { store } = world.momentus;
  const app = store.apps.find(({ tenant, name }) => tenant === "prod" && name === studio.app);
  if (app) store.changeApp(app.id, { status });
};

export const approvalSituations: readonly Situation[] = [
  { name: "an app is requested", address: approval, before: [moco], after: withStudio },
  {
    ...{ name: "an app is declined", address: approval, before: [moco], after: withStudio },
    between: (world) => statusOf(world, "deleted"),
  },
  {
    ...{ name: "an app is not listed", address: approval, before: [moco] },
    after: { ...moco, momentus_app_approval: { studio: { app: "Crew Scheduler" } } },
  },
  {
    ...{ name: "an app is active already", address: approval, before: [moco], after: adopting },
    between: (world) => statusOf(world, "active"),
  },
  {
    ...{ name: "an app that was disabled comes back", address: approval, before: [adopting], after: adopting },
    arrange: (world) => statusOf(world, "disabled"),
    consents: { restore: [approval] },
  },
  {
    ...{ name: "an app is looked at again", address: approval, before: [withStudio], after: withStudio },
    consents: { ask: [approval] },
  },
  {
    ...{ name: "an app goes from the list", address: approval, before: [withStudio], after: moco },
    consents: { allowDeletions: 1 },
  },
];

/** Whether the work that a consent was given for is still to be done. */
export function isStillMeant(
  { consents = {}, address }: Situation,
  before: StateEntry | undefined,
  { entries, answers = {} }: State,
): boolean {
  const now = entries[address];
  const issue = (entry: StateEntry | undefined) => entry?.secrets.credentials?.issueId;
  // Whoever asks somebody to look again asks until they told.
  const isTold = (consents.ask ?? []).some((asked) => answers[`${asked}/inspect`] !== undefined);
  return now !== undefined && issue(now) === issue(before) && !isTold;
}
