import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ObjectValue } from "../src/terraform/wire/value.ts";
import { FlowWorld } from "./world/flow-world.ts";
import { IpressoWorld } from "./world/ipresso-world.ts";
import { peopleWork, writtenManifest } from "./world/provider-people.ts";
import { ProviderWorld } from "./world/provider-world.ts";
import { isFailed, type Said, TerraformCore } from "./world/terraform-core.ts";
import { VesonWorld } from "./world/veson-world.ts";

/** Steps of people under Terraform: they are asked by a diagnostic, tell it to `steward`, and the next apply goes on. */

const kind = "momentus_api_user";
const moco = {
  user_id: "MOCO-SERV",
  display_name: "Momentus Connect",
  organization: "any",
  deliver_to: "local:MOCO_SERV",
};

let flow: FlowWorld;
let world: ProviderWorld;
let core: TerraformCore;
beforeEach(async () => {
  flow = new FlowWorld();
  world = new ProviderWorld(flow);
  core = await TerraformCore.start("momentus", world.service("momentus"));
});
afterEach(() => core.stop());

const block = (): ObjectValue => ({
  url: "https://venue.test/prod",
  hand: "person",
  serial_number: flow.momentus.store.serialNumbers.prod,
  customer: "Harbor Congress Center",
  tenant: "prod",
  connect_url: "https://connect.venue.test",
  environment: "prod",
  sinks: { local: { type: "env-file", path: "secrets.env" } },
});

const manifestText = (): string => writtenManifest(flow)!;

/** One apply of Terraform. */
async function applyOnce(config: ObjectValue | null): Promise<Said[]> {
  expect(await core.configure(block())).toEqual([]);
  if (core.states.has("m")) await core.refresh("m");
  return (await core.apply("m", kind, config)).said;
}

/** Terraform and people by turns, until an apply gets through. `before` is called before each apply. */
async function broughtToTheEnd(
  config: ObjectValue | null,
  before: (round: number) => void = () => undefined,
): Promise<{ heard: Said[][]; told: string[] }> {
  const heard: Said[][] = [];
  const told: string[] = [];
  for (let round = 0; round < 10; round++) {
    before(round);
    const said = await applyOnce(config).catch((error: unknown) => {
      if (!flow.dead) throw error;
      return undefined;
    });
    if (flow.dead) {
      await afterDeath(round);
      continue;
    }
    flow.crashAt = undefined;
    heard.push(said!);
    if (!isFailed(said!)) return { heard, told };
    told.push(...(await peopleWork(flow)));
  }
  throw new Error(JSON.stringify(heard.at(-1)));
}

let deaths = 0;

/** The next process, with what Terraform has in its state. */
async function afterDeath(seed: number): Promise<void> {
  deaths++;
  core.stop();
  flow.restart("some", seed);
  world.restart();
  core = await TerraformCore.start("momentus", world.service("momentus"), core.states);
}

describe("people under terraform", () => {
  test("are asked with an instruction, and the next apply goes on with what they told", async () => {
    const { heard, told } = await broughtToTheEnd(moco);
    expect(told).toEqual(expect.arrayContaining(["create done"]));
    const [first] = heard[0]!;
    expect(first!.summary).toMatch(/^momentus_api_user\.moco_serv_[0-9a-f]{12}\/\w+ waits for a person$/);
    expect(first!.detail).toContain("steward do --manifest .steward-momentus-");
    expect(core.states.get("m")!.value).toMatchObject({ user_id: "MOCO-SERV", key_prefix: expect.any(String) });
    expect(await core.configure(block())).toEqual([]);
    await core.refresh("m");
    expect((await core.plan("m", kind, moco)).action).toBe("none");
    const { secret } = flow.momentus.store.prod.apiUser("MOCO-SERV") as unknown as { secret: string };
    expect(manifestText() + JSON.stringify([...core.states.values()])).not.toContain(secret);
  });

  test("find no manifest with which everything could be planned away", async () => {
    expect(await core.configure(block())).toEqual([]);
    await core.apply("m", kind, moco);
    await expect(flow.plan(manifestText())).rejects.toThrow("is the journal of Terraform providers");
    await flow.recover(manifestText());
    expect(Object.keys((await flow.look(manifestText())).state.runs).length).toBe(1);
  });

  test("give back what is borrowed for one of two, before the other borrows it", async () => {
    flow = new FlowWorld({ modules: [], licenseGate: "add" });
    world = new ProviderWorld(flow);
    core.stop();
    core = await TerraformCore.start("momentus", world.service("momentus"));
    const licensed = { ...block(), license: { mail_from: "iam@venue.example", smtp: "smtps://mail.test:465" } };
    const flags = { enforce_access_privileges: true, license_special_access: true };
    const reports = { ...moco, ...flags, user_id: "REPORTS", display_name: "Reports", deliver_to: "local:REPORTS" };
    const left = new Map<string, ObjectValue>([
      ["m", moco],
      ["r", reports],
    ]);
    for (let round = 0; left.size > 0; round++) {
      expect(round).toBeLessThan(20);
      expect(await core.configure(licensed)).toEqual([]);
      const plans = await Promise.all([...left].map(([name, config]) => core.apply(name, kind, config)));
      for (const [index, name] of [...left.keys()].entries()) if (!isFailed(plans[index]!.said)) left.delete(name);
      flow.team.work();
      await peopleWork(flow);
      flow.team.work();
    }
    const subjects = flow.outbox.mails.map(({ subject }) => subject);
    expect(subjects.length).toBe(4);
    expect(subjects[0]).not.toBe(subjects[1]);
    expect(flow.momentus.store.licensing.isLicensed("prod")).toBe(false);
    expect(Object.keys((await flow.look(manifestText())).state.runs)).toEqual([]);
  });

  test.each([0, 1])("are asked once although the provider dies in apply %i", { timeout: 120_000 }, async (dying) => {
    deaths = 0;
    // The last try is one in which the apply had fewer points.
    for (let tries = 0; tries === deaths; tries++) {
      const point = 1 + tries;
      core.stop();
      flow = new FlowWorld();
      world = new ProviderWorld(flow);
      core = await TerraformCore.start("momentus", world.service("momentus"));
      await broughtToTheEnd(moco, (round) => {
        flow.points = 0;
        flow.crashAt = round === dying ? point : undefined;
      });
      const users = flow.momentus.store.prod.apiUsers.values().filter(({ id }) => id === "MOCO-SERV");
      expect(users.length).toBe(1);
      expect(await core.configure(block())).toEqual([]);
      await core.refresh("m");
      expect((await core.plan("m", kind, moco)).action).toBe("none");
      expect(Object.keys((await flow.look(manifestText())).state.runs)).toEqual([]);
    }
    expect(deaths).toBeGreaterThan(10);
  });

  test.each([
    [
      "ipresso",
      "ipresso_user_group",
      { name: "Shop integration", permissions: ["GET contact"] },
      { url: "https://panel.test" },
    ],
    ["veson", "veson_group", { group_name: "Integrations" }, { url: "https://imos.test" }],
  ] satisfies [string, string, ObjectValue, ObjectValue][])(
    "are asked at the console of %s where its hand is a person",
    async (system, asked, config, where) => {
      core.stop();
      const made = system === "ipresso" ? new IpressoWorld() : new VesonWorld();
      await made.disk.makeFolder("/repo");
      core = await TerraformCore.start(system, new ProviderWorld(made).service(system));
      const sinks = { local: { type: "env-file", path: "secrets.env" } };
      expect(await core.configure({ ...where, hand: "person", sinks })).toEqual([]);
      const { said } = await core.apply("g", asked, { ...config });
      expect(said).toMatchObject([
        { summary: expect.stringMatching(/ waits for a person$/), detail: expect.stringContaining("Then apply again") },
      ]);
      expect(said[0]!.detail).toContain(`steward do --manifest .steward-${system}-`);
      expect(core.states.has("g")).toBe(false);
    },
  );
});
