import { expect } from "vitest";
import { Secret } from "../../src/secret.ts";
import { wishOf } from "../../src/simulators/momentus/mail.ts";
import type { ApiCredentials } from "../../src/simulators/momentus/records.ts";
import { isActive } from "../../src/simulators/veson/standing.ts";
import type { ObjectValue } from "../../src/terraform/wire/value.ts";
import { FlowWorld, url } from "./flow-world.ts";
import { peopleWork } from "./provider-people.ts";
import { ProviderWorld } from "./provider-world.ts";
import { isFailed, type Kept, TerraformCore } from "./terraform-core.ts";
import type { TestWorld } from "./test-world.ts";
import { VesonWorld } from "./veson-world.ts";

/** Providers whose hand is a browser, here by forms, that die at any point; and what must hold when the next applies are through. */

interface ConsoleWorld {
  world: TestWorld;
  block: ObjectValue;
  /** In the order of Terraform. */
  resources: readonly { name: string; kind: string; config: ObjectValue }[];
  /** What others do between two applies. */
  between(): Promise<void>;
  /** What must hold at the end. `files` are those of the disk. */
  assertEnd(files: Record<string, string>): void;
}

/** What is made while the provider dies. */
export interface ConsoleSituation {
  name: string;
  start(): ConsoleWorld;
}

const sinks = { local: { type: "env-file", path: "secrets.env" } };
const sinkPath = "/repo/secrets.env";

/** The value at a place of the sink, which is a plain file. */
function delivered(files: Record<string, string>, name: string): string | undefined {
  const [, value] = new RegExp(`^${name}=(.*)$`, "m").exec(files[sinkPath] ?? "") ?? [];
  return value?.replace(/^'(.*)'$/, "$1");
}

function assertNotLeaked(files: Record<string, string>, secrets: readonly string[]): void {
  const others = Object.entries(files).filter(([path]) => !path.startsWith(sinkPath));
  const text = others.map(([, content]) => content).join("\n");
  for (const secret of secrets) expect(text.includes(secret), "a secret stands on the disk").toBe(false);
}

function momentusWorld(isLicensed: boolean): ConsoleWorld {
  const world = new FlowWorld(isLicensed ? {} : { modules: [], licenseGate: "add" });
  const { store, world: made } = world.momentus;
  const { username, password } = made.support;
  return {
    world,
    block: {
      ...{ url, hand: "browser", console_rights: "support", connect_url: "https://venue.test/connect", sinks },
      ...{ customer: "Harbor Congress Center", tenant: "prod", serial_number: store.serialNumbers.prod },
      license: { mail_from: "iam@venue.example", smtp: "smtps://mail.test:465" },
      credentials: { username, password: new Secret(password) },
    },
    resources: [
      {
        ...{ name: "m", kind: "momentus_api_user" },
        config: {
          ...{ user_id: "MOCO-SERV", display_name: "Momentus Connect", organization: "any" },
          deliver_to: "local:MOCO_SERV",
        },
      },
      { name: "a", kind: "momentus_app_approval", config: { app: "Floor Plan Studio", adopt: true } },
    ],
    between: async () => {
      world.team.work();
      await peopleWork(world);
    },
    assertEnd(files) {
      const users = store.prod.apiUsers.values().filter(({ id }) => id === "MOCO-SERV");
      expect(users.length, "one MOCO-SERV").toBe(1);
      const committed = store.mutatingCalls.filter(({ committed }) => committed).map(({ method }) => method);
      expect(committed.filter((method) => method === "console/apiUsers/add").length, "made once").toBe(1);
      expect(committed, "its Secret was never renewed").not.toContain("console/secret/regenerate");
      expect(store.prod.keysOf("MOCO-SERV").length, "one Key").toBe(1);
      const bundle = JSON.parse(delivered(files, "MOCO_SERV") ?? "{}") as ApiCredentials;
      expect(store.prod.accepts(bundle), "its credentials are in the sink, and work").toBe(true);
      expect(store.apps.find(({ tenant, name }) => tenant === "prod" && name === "Floor Plan Studio")!.status).toBe(
        "approved",
      );
      world.team.work();
      expect(store.licensing.isLicensed("prod"), "the license is as it was").toBe(isLicensed);
      const wishes = world.outbox.mails.map(wishOf).join(" ");
      expect(wishes, "what was borrowed is given back each time").toMatch(isLicensed ? /^$/ : /^((add )?remove ?)+$/);
      const { secret, key } = bundle;
      assertNotLeaked(files, [secret, key, password]);
    },
  };
}

const lender = "j.doe";

function vesonWorld(seatsFree: number): ConsoleWorld {
  const world = new VesonWorld({ seatsFree });
  const { store, world: made } = world.veson;
  const { username, password, totpSecret } = made.admin;
  const before = new Map(store.users.values().map((user) => [user.userName, { ...user, modified: 0 }]));
  return {
    world,
    block: {
      ...{ url: "https://imos.test", api_url: "https://api.test", company_domain: "shipping.example", sinks },
      license: { limit: store.licenseLimit, borrow_from: [lender] },
      credentials: { username, password: new Secret(password), totp: new Secret(totpSecret) },
    },
    resources: [
      {
        ...{ name: "u", kind: "veson_user" },
        config: {
          ...{ user_name: "sys.fuel", full_name: "Fuel export", initials: "FUE", api_permission: "read" },
          password: { generate: true, deliver_to: "local:FUEL_PASSWORD" },
        },
      },
      { name: "t", kind: "veson_api_token", config: { owner: "sys.fuel", deliver_to: "local:FUEL_TOKEN" } },
    ],
    between: async () => undefined,
    assertEnd(files) {
      const made = store.users.values().filter(({ userName }) => userName === "sys.fuel");
      expect(made.length, "one system user").toBe(1);
      const { rights, token, password: chosen, isExternalOnly } = made[0]!;
      expect(isActive(made[0]!, store.groups.values()) && isExternalOnly, "active, and takes no license").toBe(true);
      expect(rights).toEqual({ "veslink/api-read": "delete" });
      expect(delivered(files, "FUEL_TOKEN"), "its token is in the sink").toBe(token);
      expect(delivered(files, "FUEL_PASSWORD"), "its password is in the sink").toBe(chosen);
      for (const [name, user] of before)
        expect({ ...world.user(name), modified: 0 }, `${name} is as before: nobody stays parked`).toEqual(user);
      assertNotLeaked(files, [token ?? "", chosen, password, totpSecret]);
    },
  };
}

export const consoleSituations: readonly ConsoleSituation[] = [
  { name: "MOCO-SERV and an approval", start: () => momentusWorld(true) },
  { name: "MOCO-SERV and an approval, with a borrowed license", start: () => momentusWorld(false) },
  { name: "a Veson user and its token", start: () => vesonWorld(1) },
  { name: "a Veson user and its token, with a borrowed license", start: () => vesonWorld(0) },
];

/** So many applies bring everything to its end: a license that is borrowed by mail takes several. */
const appliesMax = 12;

/** What dies is the provider; Terraform dies with it where its state is that of before the apply. */
type Dying = "provider" | "terraform";

class Conversation {
  readonly situation: ConsoleWorld;
  readonly #providers: ProviderWorld;
  #states: Map<string, Kept> = new Map();
  /** What Terraform had before the apply that is under way. */
  deaths = 0;

  constructor(situation: ConsoleWorld) {
    this.situation = situation;
    this.#providers = new ProviderWorld(situation.world);
  }

  get system(): string {
    return this.situation.resources[0]!.kind.split("_")[0]!;
  }

  /** Applies until all is there. Whoever dies is followed by another one. */
  async toTheEnd(dying: Dying): Promise<void> {
    const { world } = this.situation;
    for (let applies = 0; applies < appliesMax; applies++) {
      const core = await TerraformCore.start(this.system, this.#providers.service(this.system), this.#states);
      const said = await this.#applyAll(core).catch((error: unknown) => {
        if (world.dead) return undefined;
        throw error;
      });
      core.stop();
      if (world.dead) {
        this.deaths++;
        if (dying === "provider") this.#states = core.states;
        world.restart("some", applies);
        this.#providers.restart();
      } else {
        this.#states = core.states;
        if (said?.length === 0) return;
      }
      await this.#meanwhile();
    }
    throw new Error("it does not come to an end");
  }

  /** Nobody of those dies. */
  async #meanwhile(): Promise<void> {
    const { world, between } = this.situation;
    const { points, crashAt } = world;
    world.crashAt = undefined;
    await between();
    world.points = points;
    world.crashAt = crashAt;
  }

  /** What stopped it; each resource after the ones that it needs. */
  async #applyAll(core: TerraformCore): Promise<string[]> {
    const configured = await core.configure(this.situation.block);
    if (isFailed(configured)) throw new Error(JSON.stringify(configured));
    for (const { name } of this.situation.resources) if (core.states.has(name)) await core.refresh(name);
    for (const { name, kind, config } of this.situation.resources) {
      const { said } = await core.apply(name, kind, config);
      if (isFailed(said)) return said.map(({ summary, detail }) => `${summary} | ${detail}`);
    }
    return [];
  }

  async assertEnd(): Promise<void> {
    this.situation.assertEnd(this.situation.world.disk.files());
    const core = await TerraformCore.start(this.system, this.#providers.service(this.system), this.#states);
    expect(await core.configure(this.situation.block)).toEqual([]);
    for (const { name, kind, config } of this.situation.resources) {
      await core.refresh(name);
      const { action, said } = await core.plan(name, kind, config);
      expect([action, said.filter(({ severity }) => severity === "error")], name).toEqual(["none", []]);
    }
    core.stop();
  }
}

/** How many points an undisturbed conversation has. */
async function pointsOf(situation: ConsoleSituation): Promise<number> {
  const conversation = new Conversation(situation.start());
  conversation.situation.world.points = 0;
  await conversation.toTheEnd("provider");
  const { points } = conversation.situation.world;
  await conversation.assertEnd();
  return points;
}

/** Dies at every so many points, and goes on. Resolves with how many points there were. */
export async function dieAtConsoles(situation: ConsoleSituation, every: number, first = 1): Promise<number> {
  const points = await pointsOf(situation);
  let deaths = 0;
  for (let point = first; point <= points; point += every) {
    const dying: Dying = Math.floor(point / every) % 2 === 0 ? "provider" : "terraform";
    const conversation = new Conversation(situation.start());
    conversation.situation.world.points = 0;
    conversation.situation.world.crashAt = point;
    try {
      await conversation.toTheEnd(dying);
      conversation.situation.world.crashAt = undefined;
      await conversation.assertEnd();
    } catch (error) {
      throw new Error(`${dying} dies at point ${point} of ${points}: ${(error as Error).message}`, { cause: error });
    }
    deaths += conversation.deaths;
  }
  expect(deaths).toBeGreaterThan(0);
  return points;
}
