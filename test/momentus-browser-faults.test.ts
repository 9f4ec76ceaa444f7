import { beforeEach, describe, expect, test } from "vitest";
import type { Consents } from "../src/step.ts";
import { lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { drive } from "./world/flow-drive.ts";
import { FlowWorld } from "./world/flow-world.ts";
import {
  browserManifest,
  moco,
  reports,
  storedApiUser,
  storedApp,
  studio,
  untruths,
  withReports,
  withStudio,
  withWarehouse,
} from "./world/people-cases.ts";

/** A browser that is cut off, refused or shown another page: what was done is read back, and nothing is done twice. */

let world: FlowWorld;
beforeEach(async () => {
  world = new FlowWorld();
  await world.trust(browserManifest(world, {}));
});

const textOf = (resources: Resources) => browserManifest(world, resources);
const committed = (method: string): number =>
  world.momentus.store.mutatingCalls.filter((call) => call.method === method && call.committed).length;

/** Applies until nothing is left. Another plan is given the consents as long as there is something to do with them. */
async function finish(text: string, consents: Partial<Consents> = {}, isDone = () => true): Promise<void> {
  for (let round = 0; round < 4 && !isDone(); round++) await world.apply(text, { consents });
  expect(lines(await drive(world, text))).toEqual([]);
  expect(await untruths(world, text)).toEqual([]);
}

interface Row {
  name: string;
  method: string;
  before: Resources;
  after: Resources;
  consents?: Partial<Consents>;
  arrange?(): void;
  /** Whether the store is as it is to be. */
  isDone(): boolean;
}

const app = () => world.momentus.store.apps.find(({ tenant, name }) => tenant === "prod" && name === studio.app);
const edited: Resources = { momentus_api_user: { reports: { ...reports, description: "Other" } } };
const restored = { restore: ["momentus_api_user.reports"] };
const signage = { app: "Lobby Signage" };
const crew: Resources = { ...moco, momentus_app_approval: { crew: { app: "Crew Scheduler" } } };
let secretBefore = "";

const rows: Row[] = [
  {
    ...{ name: "make a user", method: "console/apiUsers/add", before: {}, after: withReports },
    isDone: () => storedApiUser(world, "REPORTS") !== undefined,
  },
  {
    ...{ name: "change a user", method: "console/apiUsers/save", before: withReports, after: edited },
    isDone: () => storedApiUser(world, "REPORTS")?.description === "Other",
  },
  {
    ...{ name: "retire a user", method: "console/apiUsers/save", before: withReports, after: {} },
    ...{ consents: { allowDeletions: 1 }, isDone: () => storedApiUser(world, "REPORTS")?.retired === true },
  },
  {
    ...{ name: "give a user back", method: "console/apiUsers/save", before: withReports, after: withReports },
    ...{
      consents: restored,
      arrange: () => world.momentus.store.changeApiUser("prod", "REPORTS", { isRetired: true }),
    },
    isDone: () => storedApiUser(world, "REPORTS")?.retired === false,
  },
  {
    ...{ name: "renew a Secret", method: "console/secret/regenerate", before: withReports, after: withReports },
    consents: { replace: ["momentus_api_user.reports"] },
    arrange: () => {
      secretBefore = world.momentus.store.prod.apiUser("REPORTS")!.secret;
    },
    isDone: () => world.momentus.store.prod.apiUser("REPORTS")!.secret !== secretBefore,
  },
  {
    ...{ name: "add a Key", method: "console/keys/add", before: withReports, after: withWarehouse },
    isDone: () => world.momentus.store.prod.keysOf("REPORTS").length === 2,
  },
  {
    ...{ name: "add a Key in the place of another", method: "console/keys/add", before: withWarehouse },
    ...{ after: withWarehouse, consents: { replace: ["momentus_api_key.warehouse"] } },
    isDone: () => world.momentus.store.prod.keysOf("REPORTS").length === 3,
  },
  {
    ...{ name: "request an app", method: "console/apps/request", before: moco, after: crew },
    isDone: () => storedApp(world, "Crew Scheduler") === "approved",
  },
  {
    ...{ name: "approve an app, with the prompt", method: "console/apps/credentials", before: moco, after: withStudio },
    isDone: () => storedApp(world, "Floor Plan Studio") === "approved",
  },
  {
    ...{ name: "approve an app", method: "console/apps/approve", before: withStudio },
    after: { ...moco, momentus_app_approval: { studio, signage } },
    isDone: () => storedApp(world, "Lobby Signage") === "approved",
  },
  {
    ...{ name: "enable an app", method: "console/apps/enable", before: withStudio, after: withStudio },
    consents: { restore: ["momentus_app_approval.studio"] },
    arrange: () => world.momentus.store.changeApp(app()!.id, { status: "disabled" }),
    isDone: () => storedApp(world, "Floor Plan Studio") === "active",
  },
  {
    ...{ name: "remove an app", method: "console/apps/remove", before: withStudio, after: moco },
    ...{ consents: { allowDeletions: 1 }, isDone: () => storedApp(world, "Floor Plan Studio") === undefined },
  },
];

/** Faults of a form that was sent, with whether it was taken. */
const faults = [
  "cut-before",
  "cut-after-commit",
  "commit-after:45s",
  "429",
  "500",
  "truncated",
  "html",
  "session-ends",
];

describe.each(rows)("MOM-31 $name", (row) => {
  const { method, before, after, consents = {}, arrange, isDone } = row;

  async function arranged(): Promise<number> {
    await finish(textOf(before));
    arrange?.();
    const count = committed(method);
    await world.plan(textOf(after), consents);
    return count;
  }

  test.each(faults)("is done once, and known to be, under %s", async (fault) => {
    const [name, ms] = fault.split(":");
    const count = await arranged();
    expect(isDone()).toBe(false);
    world.momentus.faults.add([name, method, ...(ms ? [ms] : []), "1"].join(":"));
    const report = await world.apply(textOf(after), { consents });
    expect(report.outcome).toBe(/after|truncated/.test(fault) ? "done" : "unfinished");
    world.clock.advance(120_000);
    await finish(textOf(after), consents, isDone);
    expect(isDone()).toBe(true);
    expect(committed(method) - count).toBe(1);
  });
});

describe("a page that cannot be read", () => {
  const lists = ["console/apiUsers/list", "console/apiUsers/view", "console/keys/list", "console/apps/list"];

  const cases = lists.flatMap((method) => ["500", "html", "truncated", "cut-before"].map((fault) => [fault, method]));

  test.each(cases)("MOM-32 fails the plan and says neither absent nor unlicensed: %s of %s", async (fault, method) => {
    const whole = { ...withWarehouse, momentus_api_user: { ...moco.momentus_api_user, reports } };
    const text = textOf({ ...whole, momentus_app_approval: { studio } });
    await world.apply(text);
    world.momentus.faults.add(`${fault}:${method}:1`);
    await expect(world.plan(text)).rejects.toThrow(
      /HTTP 500|there is no (?:searchbox|button|heading|combobox|field|textbox)|was cut/,
    );
    world.momentus.faults.clear();
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("MOM-32 an API user is not made, and no module asked for, while its form fails", async () => {
    const text = browserManifest(world, withReports, "smtp: smtps://mail.test:465");
    await world.trust(text);
    world.momentus.faults.add("500:console/apiUsers/addForm:1");
    const report = await world.apply(text);
    expect(report.steps.filter(({ result }) => result === "failed").map(({ step }) => step.operation)).toEqual([
      "observe",
    ]);
    expect(world.outbox.mails).toEqual([]);
    await finish(text);
    expect(storedApiUser(world, "REPORTS")).toBeDefined();
  });
});

describe("MOM-31 an ID that somebody else takes meanwhile", () => {
  test("is not taken over as ours", async () => {
    const text = textOf(withReports);
    const { store } = world.momentus;
    const sim = world.momentus.handle.bind(world.momentus);
    world.momentus.handle = async (request) => {
      if (request.method === "POST" && request.path.endsWith("/add-api-user") && !store.prod.apiUser("REPORTS")) {
        store.addApiUser("prod", { id: "REPORTS", displayName: "Theirs" });
        store.addKey("prod", "REPORTS");
      }
      return sim(request);
    };
    const { steps } = await world.apply(text);
    expect(steps.find(({ step }) => step.operation === "create")).toMatchObject({ result: "failed" });
    expect((await world.state(text)).entries).toEqual({});
    await world.recover(text);
    expect(await refusalOf(world.plan(text))).toContain("REPORTS is there already");
  });
});
