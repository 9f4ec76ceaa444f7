import { describe, expect, test } from "vitest";
import { lines } from "./world/conformance-world.ts";
import { type Conduct, drive, honestly } from "./world/flow-drive.ts";
import { makeMocoServ } from "./world/flow-scenarios.ts";
import { FlowWorld, forgetEntry } from "./world/flow-world.ts";
import {
  moco,
  peopleManifest,
  reports,
  storedApiUser,
  storedApp,
  studio,
  withReports,
  withStudio,
} from "./world/people-cases.ts";

const dayMs = 86_400_000;
const made = (world: FlowWorld): string[] => world.momentus.store.prod.apiUsers.values().map(({ id }) => id);
const writes = (world: FlowWorld): number =>
  world.momentus.store.mutatingCalls.filter(({ committed }) => committed).length;

async function begin(resources: Parameters<typeof peopleManifest>[1], world = new FlowWorld()) {
  const text = peopleManifest(world, resources);
  await world.trust(text);
  return { world, text };
}

/** Does everything but what this step is. */
const silentAt =
  (step: string): Conduct =>
  async (task, world) =>
    task.step.endsWith(step) ? undefined : honestly(task, world);

describe("MOM-02 a list that was made with the rights of a customer", () => {
  test.each([true, false])("never shows that MOCO-SERV is absent, whether it is there (%s) or not", async (isThere) => {
    const { world, text } = await begin(moco);
    if (isThere) makeMocoServ(world);
    world.person.rights = "customer";
    const before = made(world);
    await expect(drive(world, text)).rejects.toThrow(/MOM-02/);
    expect(Object.values((await world.state(text)).runs)[0]?.answers).toEqual({});
    expect(made(world)).toEqual(before);
    world.person.rights = "support";
    expect(lines(await drive(world, text))).toEqual([]);
    expect(made(world).filter((id) => id === "MOCO-SERV")).toHaveLength(1);
    const [call] = world.momentus.store.mutatingCalls.filter(({ method }) => method === "console/apiUsers/add");
    expect(call === undefined).toBe(isThere);
  });

  test("leaves the question open when its maker says so, however often it is made", async () => {
    const { world, text } = await begin(moco);
    makeMocoServ(world);
    world.person.rights = "customer";
    const cannotSee: Conduct = async (task, at) => {
      const told = await honestly(task, at);
      return { result: "cannot-see", fields: { licensed: told?.fields.licensed ?? "yes" }, secrets: {} };
    };
    for (let round = 0; round < 3; round++) {
      await drive(world, text, { conduct: cannotSee });
      expect((await world.state(text)).entries).toEqual({});
    }
    expect(writes(world)).toBe(0);
  });

  test("is enough for an API user that customers can see", async () => {
    const visible = { momentus_api_user: { reports: { ...reports, internal: false, license_special_access: false } } };
    const { world, text } = await begin(visible);
    world.person.rights = "customer";
    expect(lines(await drive(world, text))).toEqual([]);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ internal: false });
  });

  test("shows no internal API user to whoever has to change one, and nothing is believed of it", async () => {
    const { world, text } = await begin(withReports);
    await drive(world, text);
    const changed = peopleManifest(world, { momentus_api_user: { reports: { ...reports, display_name: "Other" } } });
    world.person.rights = "customer";
    const calls = writes(world);
    await drive(world, changed);
    expect(writes(world)).toBe(calls);
    expect((await world.state(changed)).entries["momentus_api_user.reports"]?.attributes).toMatchObject({
      display_name: reports.display_name,
    });
  });
});

describe("MOM-05 a question that nobody answered", () => {
  test("leads to no API user, however often the run goes on, another plan is made, and time passes", async () => {
    const { world, text } = await begin(moco);
    makeMocoServ(world);
    for (let week = 0; week < 3; week++) {
      await drive(world, text, { conduct: silentAt("/observe") });
      expect((await world.plan(text)).steps).toEqual([]);
      world.clock.advance(7 * dayMs);
    }
    const { entries, runs } = await world.state(text);
    expect([entries, Object.keys(runs).length, writes(world)]).toEqual([{}, 1, 0]);
  });

  test("leads to no API user after the run was abandoned either: the next plan asks again", async () => {
    const { world, text } = await begin(moco);
    await drive(world, text, { conduct: silentAt("/observe") });
    for (const run of Object.keys((await world.state(text)).runs)) await world.abandon(text, run);
    const [first] = (await world.plan(text)).steps;
    expect(first).toMatchObject({ operation: "observe", asks: true, hand: "person" });
    expect(writes(world)).toBe(0);
  });

  test("leads to no approval, and to none before it of an app that nobody was asked about", async () => {
    const { world, text } = await begin(withStudio);
    await drive(world, text, { conduct: silentAt("studio/observe") });
    expect(storedApp(world, "Floor Plan Studio")).toBe("requested");
    expect(Object.keys((await world.state(text)).entries)).toEqual(["momentus_api_user.moco"]);
  });

  test("is asked of what was forgotten too: no record is unknown, never absent", async () => {
    const { world, text } = await begin(moco);
    await drive(world, text);
    await forgetEntry(world, text, "momentus_api_user.moco");
    const [first, ...others] = (await world.plan(text)).steps;
    expect(first).toMatchObject({ operation: "observe", asks: true });
    const create = others.find(({ operation }) => operation === "create");
    expect(create?.when).toEqual({ is: "absent", of: "momentus_api_user.moco/observe" });
    expect(lines(await drive(world, text))).toEqual([]);
    expect(made(world).filter((id) => id === "MOCO-SERV")).toHaveLength(1);
    expect((await world.state(text)).entries["momentus_api_user.moco"]).toMatchObject({ origin: "adopted" });
  });
});

describe("MOM-09 a removal that nobody confirmed", () => {
  test("retires no API user, and the record stays", async () => {
    const { world, text } = await begin(withReports);
    await drive(world, text);
    const none = peopleManifest(world, {});
    const options = { conduct: silentAt("/retire"), consents: () => ({ allowDeletions: 1 }) };
    for (let round = 0; round < 3; round++) await drive(world, none, options);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ retired: false });
    expect(Object.keys((await world.state(none)).entries)).toEqual(["momentus_api_user.reports"]);
  });

  test("is not believed as long as the user's credentials work", async () => {
    const { world, text } = await begin(withReports);
    await drive(world, text);
    const none = peopleManifest(world, {});
    const lie: Conduct = async () => ({ result: "done", fields: {}, secrets: {} });
    const options = { conduct: lie, consents: () => ({ allowDeletions: 1 }) };
    await expect(drive(world, none, options)).rejects.toThrow(/still works/);
    expect(Object.keys((await world.state(none)).entries)).toEqual(["momentus_api_user.reports"]);
  });

  test("takes no app from the list", async () => {
    const { world, text } = await begin(withStudio);
    await drive(world, text);
    const without = peopleManifest(world, moco);
    await drive(world, without, { conduct: silentAt("/remove"), consents: () => ({ allowDeletions: 1 }) });
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
    expect(Object.keys((await world.state(without)).entries).sort()).toEqual([
      "momentus_api_user.moco",
      "momentus_app_approval.studio",
    ]);
  });
});

describe("MOM-04 an approval", () => {
  test("waits while MOCO-SERV is retired and held, also when nothing refers to it", async () => {
    const { world, text } = await begin({ ...moco, momentus_app_approval: { studio: { app: studio.app } } });
    makeMocoServ(world, { isRetired: true });
    const plan = await drive(world, text);
    expect(lines(plan)).toEqual(["held revive momentus_api_user.moco", "blocked create momentus_app_approval.studio"]);
    expect(storedApp(world, "Floor Plan Studio")).toBe("requested");
    const given = await drive(world, text, { consents: () => ({ restore: ["momentus_api_user.moco"] }) });
    expect(lines(given)).toEqual([]);
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
  });
});

describe("MOM-07 a module that is missing", () => {
  const license = "smtp: smtps://mail.test:465";
  const unlicensed = (): FlowWorld => new FlowWorld({ modules: [], licenseGate: "menu" });

  test("is given back when the question was answered again with it: licensed, and found or absent", async () => {
    for (const isThere of [true, false]) {
      const world = unlicensed();
      if (isThere) makeMocoServ(world);
      const text = peopleManifest(world, moco, license);
      await world.trust(text);
      expect(lines(await drive(world, text))).toEqual([]);
      expect(world.outbox.mails.map(({ subject }) => subject.split(" ")[0])).toEqual(["Temporary", "Removal"]);
      expect(world.momentus.store.licensing.isLicensed("prod")).toBe(false);
    }
  });

  test("is asked for in the text of a mail that a person sends, and given back in another", async () => {
    const world = unlicensed();
    const text = peopleManifest(world, moco);
    await world.trust(text);
    expect(lines(await drive(world, text))).toEqual([]);
    const mails = world.momentus.store.outbox.filter(({ to }) => to === "licensing@gomomentus.com");
    expect(mails.map(({ subject }) => subject.split(" ")[0])).toEqual(["Temporary", "Removal"]);
    expect(world.outbox.arrived).toEqual([]);
    expect(world.momentus.store.licensing.isLicensed("prod")).toBe(false);
  });

  test.each(["refused", "cut before", "cut after commit"] as const)(
    "is given back although a mail is %s, whichever of the two",
    async (fault) => {
      for (const faults of [[fault], [undefined, fault]]) {
        const world = unlicensed();
        const text = peopleManifest(world, moco, license);
        await world.trust(text);
        world.outbox.faults.push(...faults);
        expect(lines(await drive(world, text))).toEqual([]);
        expect(world.outbox.mails.map(({ subject }) => subject.split(" ")[0])).toEqual(["Temporary", "Removal"]);
        expect(world.momentus.store.licensing.isLicensed("prod")).toBe(false);
      }
    },
  );

  test("is borrowed when somebody corrects the answer: it is missing after all", async () => {
    const { world, text } = await begin(moco, new FlowWorld({ modules: [], licenseGate: "add" }));
    const step = { run: "", step: "momentus_api_user.moco/observe" };
    await world.apply(text);
    const licensed = (word: string) => ({
      result: "absent" as const,
      fields: { rights: "support", licensed: word },
      secrets: {},
    });
    await world.confirm(text, step, licensed("yes"));
    await world.confirm(text, step, licensed("no"));
    expect(lines(await drive(world, text))).toEqual([]);
    expect(world.momentus.store.licensing.isLicensed("prod")).toBe(false);
  });
});

describe("MOM-19 credentials that could not be tested", () => {
  test("are kept, and nothing that needs them begins before their proof", async () => {
    const { world, text } = await begin(withStudio);
    world.momentus.faults.add("500:sdk/initialize:99");
    await drive(world, text);
    const { entries } = await world.state(text);
    expect(entries["momentus_api_user.moco"]?.secrets.credentials).toMatchObject({ delivered: true, proven: false });
    expect(storedApp(world, "Floor Plan Studio")).toBe("requested");
    expect(await world.secret(text, "MOCO_SERV")).toBeUndefined();
    world.momentus.faults.clear();
    expect(lines(await drive(world, text))).toEqual([]);
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
  });
});

describe("MOM-26 credentials that stopped working between the screen and the answer", () => {
  test.each(["retired", "renewed"])("are refused when the user was %s, and taken when they are right", async (how) => {
    const { world, text } = await begin(withReports);
    const { store } = world.momentus;
    const meddle: Conduct = async (task, at) => {
      const told = await honestly(task, at);
      if (task.step.endsWith("/create") && told) {
        if (how === "retired") store.changeApiUser("prod", "REPORTS", { isRetired: true });
        else store.regenerateSecret("prod", "REPORTS");
      }
      return told;
    };
    await expect(drive(world, text, { conduct: meddle })).rejects.toThrow(/do not work/);
    expect((await world.state(text)).entries).toEqual({});
    expect(await world.secret(text, "REPORTS")).toBeUndefined();
    store.changeApiUser("prod", "REPORTS", { isRetired: false });
    const { secret, key } = store.credentialsOf("prod", "REPORTS");
    const right: Conduct = async () => ({ result: "done", fields: {}, secrets: { secret, key } });
    expect(lines(await drive(world, text, { conduct: right }))).toEqual([]);
  });
});
