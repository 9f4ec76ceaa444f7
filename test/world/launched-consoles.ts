import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { IpressoSimulator } from "../../src/simulators/ipresso/simulator.ts";
import { LicensingTeam, wishOf } from "../../src/simulators/momentus/mail.ts";
import type { ApiCredentials } from "../../src/simulators/momentus/records.ts";
import { MomentusSimulator } from "../../src/simulators/momentus/simulator.ts";
import { type ServedSimulator, type Simulator, serveSimulator } from "../../src/simulators/server.ts";
import { SmtpReceiver } from "../../src/simulators/smtp.ts";
import { VesonSimulator } from "../../src/simulators/veson/simulator.ts";
import { steward } from "../commands2-console.ts";
import { TerraformFolder } from "../provider-terraform-fixture.ts";
import { childrenOf, isAlive, killQuietly } from "./launched-processes.ts";
import { type Block, writeBlocks } from "./terraform-acceptance.ts";

/** Consoles on loopback, at which the providers as they are shipped work in a real browser. */

type Blocks = Record<string, Record<string, Block>>;

/** A console with what is made there. */
interface ConsoleParts {
  simulator: Simulator;
  /** Writes that were carried out on it so far. */
  writes(): number;
  /** Settings of the provider. `origin` is that of the simulator. */
  provider(origin: string): Block;
  secrets: Record<string, string>;
  resources: Blocks;
  /** What others do between two applies. */
  between?(site: LaunchedConsole): Promise<void>;
  /** What must hold when all is made; `sink` is the file of secrets. */
  assertMade(sink: string): void;
  /** What must hold when all is removed. */
  assertRemoved?(): void;
  close?(): Promise<void>;
}

export interface LaunchedCase {
  name: string;
  system: string;
  /** Told the origin of the simulator when something was written on it beside the console, such as a mail that arrived. */
  start(onWrite: () => void): Promise<ConsoleParts> | ConsoleParts;
}

const sinks = { local: { type: "env-file", path: "secrets.env" } };
const patience = { request_timeout: "10s", commit_grace: "1s" };

const keptAs = (sink: string, name: string): string | undefined =>
  new RegExp(`^${name}=(.*)$`, "m").exec(sink)?.[1]?.replace(/^'(.*)'$/, "$1");

function ipresso(): ConsoleParts {
  const simulator = new IpressoSimulator({ seed: 6 });
  const { store, world } = simulator;
  const { username, password } = world.admin;
  return {
    simulator,
    writes: () => store.mutatingCalls.filter(({ committed }) => committed).length,
    provider: (url) => ({ ...{ url, sinks, ...patience }, credentials: { username, password: "${var.password}" } }),
    secrets: { password },
    resources: {
      ipresso_user_group: { shop: { name: "Shop integration", permissions: ["GET contact", "POST contact"] } },
      ipresso_api_user: {
        shop: {
          ...{ login: "shop.two", email: "shop.two@coffee.example", allowed_addresses: ["any"] },
          groups: ["${ipresso_user_group.shop.name}"],
          password: { generate: true, deliver_to: "local:SHOP_PASSWORD" },
        },
      },
    },
    assertMade(sink) {
      expect(store.users.values().filter(({ login }) => login === "shop.two").length, "one API user").toBe(1);
      expect(store.user("shop.two")?.password, "its password is in the sink").toBe(keptAs(sink, "SHOP_PASSWORD"));
      expect(store.groups.values().filter(({ name }) => name === "Shop integration").length).toBe(1);
    },
    assertRemoved: () => expect(store.user("shop.two")).toBeUndefined(),
  };
}

const lender = "j.doe";

/** With a license that is free, or with one that is borrowed. */
function veson(seatsFree: number): ConsoleParts {
  // How long permissions take is the vendor's, and an invention; waiting would make this a test of patience.
  const simulator = new VesonSimulator({ seed: 5, seatsFree, apiRightsDelayMs: 0 });
  const { store, world } = simulator;
  const { username, password } = world.admin;
  return {
    simulator,
    writes: () => store.mutatingCalls.filter(({ committed }) => committed).length,
    provider: (url) => ({
      ...{ url, api_url: url, company_domain: "shipping.example", sinks, ...patience },
      license: { limit: store.licenseLimit, borrow_from: [lender] },
      credentials: { username, password: "${var.password}" },
    }),
    secrets: { password },
    resources: {
      veson_user: {
        fuel: {
          ...{ user_name: "sys.fuel", full_name: "Fuel export", initials: "FUE", api_permission: "read" },
          password: { generate: true, deliver_to: "local:FUEL_PASSWORD" },
        },
      },
      veson_api_token: { fuel: { owner: "${veson_user.fuel.user_name}", deliver_to: "local:FUEL_TOKEN" } },
    },
    assertMade(sink) {
      const users = store.users.values().filter(({ userName }) => userName === "sys.fuel");
      expect(users.length, "one system user").toBe(1);
      const { token, password: chosen, isInactive, isExternalOnly } = users[0]!;
      expect([isInactive, isExternalOnly]).toEqual([false, true]);
      expect(keptAs(sink, "FUEL_TOKEN"), "its token is in the sink").toBe(token);
      expect(keptAs(sink, "FUEL_PASSWORD"), "its password is in the sink").toBe(chosen);
      expect(store.user(lender)?.isInactive, "nobody stays parked").toBe(false);
    },
    assertRemoved: () => expect(store.user("sys.fuel")?.isInactive).toBe(true),
  };
}

/** With a licensed API, or with a module that is borrowed by mail. */
async function momentus(isLicensed: boolean, onWrite: () => void): Promise<ConsoleParts> {
  const simulator = new MomentusSimulator({ seed: 5, ...(isLicensed ? {} : { modules: [], licenseGate: "add" }) });
  const { store, world } = simulator;
  const { username, password } = world.support;
  let team: LicensingTeam | undefined;
  const smtp = new SmtpReceiver({
    onMail: ({ from, to, subject, text, messageId }) => {
      if (!store.outbox.some((mail) => mail.messageId === messageId))
        store.sendMail({ from, to, subject, text, messageId });
      onWrite();
    },
  });
  const port = await smtp.listen();
  return {
    simulator,
    writes: () => store.mutatingCalls.filter(({ committed }) => committed).length,
    provider(origin) {
      team = new LicensingTeam(store, { urls: { prod: `${origin}/prod` } });
      return {
        ...{ url: `${origin}/prod`, hand: "browser", console_rights: "support", connect_url: `${origin}/connect` },
        ...{ customer: "Harbor Congress Center", tenant: "prod", serial_number: store.serialNumbers.prod },
        ...{ sinks, ...patience },
        license: { mail_from: "iam@venue.example", smtp: `smtp://127.0.0.1:${port}` },
        credentials: { username, password: "${var.password}" },
      };
    },
    secrets: { password },
    resources: {
      momentus_api_user: {
        moco: {
          ...{ user_id: "MOCO-SERV", display_name: "Momentus Connect", organization: "any" },
          deliver_to: "local:MOCO_SERV",
        },
      },
    },
    async between(site) {
      team?.work();
      await site.tellThat("license_wait", "done");
    },
    assertMade(sink) {
      team?.work();
      expect(store.prod.apiUsers.values().filter(({ id }) => id === "MOCO-SERV").length, "one MOCO-SERV").toBe(1);
      expect(store.prod.keysOf("MOCO-SERV").length, "one Key").toBe(1);
      const bundle = JSON.parse(keptAs(sink, "MOCO_SERV") ?? "{}") as ApiCredentials;
      expect(store.prod.accepts(bundle), "its credentials are in the sink, and work").toBe(true);
      expect(store.licensing.isLicensed("prod"), "the license is as it was").toBe(isLicensed);
      const once = new Map(smtp.mails.map((mail) => [mail.messageId, wishOf(mail)]));
      expect([...once.values()].join(" ")).toMatch(isLicensed ? /^$/ : /^((add )?remove ?)+$/);
    },
    assertRemoved: () => expect(store.prod.apiUser("MOCO-SERV")?.isRetired).toBe(true),
    close: () => smtp.close(),
  };
}

export const launchedCases: readonly LaunchedCase[] = [
  { name: "an API user of ipresso", system: "ipresso", start: ipresso },
  { name: "a system user of veson", system: "veson", start: () => veson(1) },
  { name: "a system user of veson, with a borrowed license", system: "veson", start: () => veson(0) },
  { name: "MOCO-SERV", system: "momentus", start: (onWrite) => momentus(true, onWrite) },
  {
    ...{ name: "MOCO-SERV, with a borrowed license", system: "momentus" },
    start: (onWrite) => momentus(false, onWrite),
  },
];

/** So many applies bring everything to its end. */
const appliesMax = 8;

/** One console, and one folder of Terraform in which an npm package drives its browser. */
export class LaunchedConsole {
  readonly folder: TerraformFolder;
  /** Called with the number of each write, when it was carried out and nothing was answered yet. */
  onWrite: (count: number) => void = () => undefined;
  writes = 0;
  /** What applies said that did not get through. */
  readonly #heard: string[] = [];
  readonly #case: LaunchedCase;
  readonly #parts: ConsoleParts;
  readonly #served: ServedSimulator;

  private constructor(one: LaunchedCase, parts: ConsoleParts, served: ServedSimulator, mirror: string) {
    this.#case = one;
    this.#parts = parts;
    this.#served = served;
    const environment = Object.fromEntries(
      Object.entries(parts.secrets).map(([name, value]) => [`TF_VAR_${name}`, value]),
    );
    this.folder = new TerraformFolder({
      settings: `provider_installation {\n filesystem_mirror { path = "${mirror}" }\n}\n`,
      environment,
    });
    const packages = new URL("../../node_modules", import.meta.url).pathname;
    symlinkSync(packages, join(this.folder.path, "work", "node_modules"));
  }

  static async start(one: LaunchedCase, mirror: string): Promise<LaunchedConsole> {
    let site: LaunchedConsole | undefined;
    const parts = await one.start(() => site?.onWrite(++site.writes));
    const handle: Simulator["handle"] = async (request) => {
      const before = parts.writes();
      const answer = await parts.simulator.handle(request);
      if (site && parts.writes() > before) site.onWrite(++site.writes);
      return answer;
    };
    const served = await serveSimulator({ handle });
    site = new LaunchedConsole(one, parts, served, mirror);
    site.declare(parts.resources);
    return site;
  }

  declare(resources: Blocks): void {
    const provider = this.#parts.provider(this.#served.url);
    const { system } = this.#case;
    writeBlocks({ folder: this.folder, site: { system, provider, secrets: this.#parts.secrets } }, resources);
  }

  /** Applies as often as it takes. */
  async applyToTheEnd(): Promise<void> {
    for (let applies = 1; ; applies++) {
      const { code, errors } = await this.folder.run("apply -no-color -auto-approve");
      if (code === 0) return;
      this.#heard.push(errors);
      if (applies === appliesMax) throw new Error(`it does not come to an end: ${errors}`.slice(0, 3000));
      await this.#parts.between?.(this);
    }
  }

  /** One apply in which somebody is killed at a write, if it comes to that; answers whether it did. Linux only. */
  async applyAndKill(who: "provider" | "terraform", write: number): Promise<boolean> {
    let terraform = 0;
    let providers: number[] = [];
    this.onWrite = (count) => {
      if (count !== write) return;
      providers = childrenOf(terraform);
      for (const pid of who === "terraform" ? [terraform] : providers) killQuietly(pid);
    };
    await this.folder.run("apply -no-color -auto-approve", {}, (pid) => {
      terraform = pid;
    });
    // A provider that lost Terraform brings what is under way to its end first; until then its run is its own.
    await expect.poll(() => providers.some(isAlive), { timeout: 60_000, interval: 200 }).toBe(false);
    return providers.length > 0;
  }

  /** Goes on by turns with others until a write was reached that somebody dies at, or all is made. Answers whether somebody died. */
  async dieAtWrite(who: "provider" | "terraform", write: number): Promise<boolean> {
    for (let applies = 0; applies < appliesMax; applies++) {
      if (await this.applyAndKill(who, write)) return true;
      if (this.writes >= write) throw new Error(`write ${write} was not in an apply`);
      const before = this.writes;
      await this.#parts.between?.(this);
      if (this.writes === before && !this.#parts.between) return false;
    }
    return false;
  }

  /** Whoever waits for a step tells what came of it, by the manifest that the provider wrote. Nothing where nobody is asked. */
  async tellThat(step: string, result: string): Promise<void> {
    const folder = join(this.folder.path, "work");
    const [manifest] = this.folder.files().filter((name) => /^\.steward-.*\.yaml$/.test(name));
    if (manifest === undefined) return;
    const told = (...words: string[]) => steward({ folder }, ...words, "--manifest", manifest);
    const { out } = await told("status", "--format", "json");
    const waiting = [...out.matchAll(/"([a-z_0-9.]+\/[a-z_]+)"/g)].map(([, id]) => id!);
    for (const id of new Set(waiting))
      if (id.endsWith(`/${step}`)) await told("confirm", id, "--result", result, "--state-is-persistent");
  }

  /** All is made, and nothing is left to do. */
  async assertMade(): Promise<void> {
    this.#parts.assertMade(this.folder.read("secrets.env").toString());
    await this.folder.expect(0, "plan -no-color -detailed-exitcode").catch((error: Error) => {
      throw new Error(`${error.message}\nBefore that:\n${this.#heard.join("\n").slice(0, 6000)}`, { cause: error });
    });
  }

  async destroy(): Promise<void> {
    await this.folder.expect(0, "destroy -no-color -auto-approve");
    this.#parts.assertRemoved?.();
  }

  async close(): Promise<void> {
    await this.#parts.close?.();
    await this.#served.close();
    this.folder.remove();
  }
}
