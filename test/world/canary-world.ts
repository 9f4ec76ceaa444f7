import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Console } from "../../src/commands/command.ts";
import type { Disk, HttpRequest, HttpResponse, Io } from "../../src/io.ts";
import { main } from "../../src/main.ts";
import { systemDisk } from "../../src/platform/disk.ts";
import { systemRandom } from "../../src/platform/random.ts";
import { MomentusSimulator } from "../../src/simulators/momentus/simulator.ts";
import { VelocloudSimulator } from "../../src/simulators/velocloud/simulator.ts";
import { type Answer, makeConsole } from "../commands-fixture.ts";
import { findLeaks } from "./leaks.ts";
import { Outbox } from "./outbox.ts";
import { SimTransport } from "./sim-transport.ts";
import { testIdentity } from "./test-world.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Where something may come out. */
export type Channel = "stdout" | "stderr" | "debug" | "state" | "snapshot" | "plan" | "actual" | "dump" | "other files";

/** A secret in the wrong place: which one, written how, where, and after which command. Never its value. */
export interface CanaryLeak {
  secret: string;
  as: string;
  channel: Channel;
  words: string;
}

/** Puts a secret into one channel, as a bug would. Each is called with what goes through there. */
export interface Plant {
  write?(text: string): string;
  note?(text: string): string;
  bytes?(path: string, bytes: Uint8Array): Uint8Array;
}

/** Awkward on purpose: what escapes differ in stands at both ends of each. */
export const chosen = {
  "password of the login": `l0gin"&+/%é'canary\\7x`,
  "password in a variable": `env"&+/%é'canary\\1 y`,
  "password in a file": `file"&+/%é'canary\\2 z`,
  "wrong password": `wrong"&+/%é'canary\\3 w`,
  "variable that nobody asked for": `bystander"&+/%é'canary\\4`,
  "written in clear": "clear-canary/+x=7w%26z5",
  "age identity": testIdentity.identity,
} as const;

export const origins = {
  login: "https://one.example.net",
  token: "https://two.example.net",
  venue: "https://venue.example.net",
} as const;

/** The secrets are in these files of the user, so that they are not ours to keep clean. */
const ofTheUser = /^(.*\.yaml|canary\.txt|secrets\/.*\.env)$/;

export const manifest = `systems:
  one:
    type: velocloud
    url: ${origins.login}
    enterprise_id: 1
    credentials: { username: "\${env.VCO_USER}", password: "\${env.VCO_PASSWORD}" }
  two: { type: velocloud, url: "${origins.token}", enterprise_id: 1, credentials: { token: "\${env.VCO_TOKEN}" } }
sinks:
  local: { type: age, path: secrets/age, recipients: [${testIdentity.recipient}] }
  shell: { type: env-file, path: secrets/shell.env }
resources:
  velocloud_admin_user:
    ci: { system: one, username: ci@acme.example, role: Enterprise Standard Admin, password: { generate: true, deliver_to: local:ci } }
    env: { system: one, username: env@acme.example, role: Enterprise Support, password: { value: "\${env.CANARY}" } }
    file: { system: two, username: file@acme.example, role: Enterprise Support, password: { value: "\${file:canary.txt}" } }
    two: { system: two, username: two@acme.example, role: Enterprise Standard Admin, password: { generate: true, deliver_to: shell:TWO } }
  velocloud_api_token:
    ci: { system: one, owner: "\${velocloud_admin_user.ci}", name: ci, lifetime: 90d, deliver_to: local:token }
    two: { system: two, owner: "\${velocloud_admin_user.two}", name: two, lifetime: 90d, deliver_to: shell:TOKEN }
`;

/** A manifest of work that people do: two API users with their credentials, a further Key, and an approval that needs them. */
export const peopleManifest = `systems:
  venue: { type: momentus, url: "${origins.venue}/prod", serial_number: "1", license: { mail_from: ops@acme.example } }
sinks:
  local: { type: age, path: secrets/age, recipients: [${testIdentity.recipient}] }
  shell: { type: env-file, path: secrets/shell.env }
resources:
  momentus_api_user:
    moco: { system: venue, user_id: MOCO-SERV, display_name: Momentus Connect, organization: any, deliver_to: local:moco }
    shell: { system: venue, user_id: SHELL, display_name: Shell, organization: "10", enforce_access_privileges: true, deliver_to: shell:SHELL }
  momentus_api_key:
    more: { system: venue, api_user: "\${momentus_api_user.moco}", name: more, deliver_to: local:more }
  momentus_app_approval:
    signage: { system: venue, app: Lobby Signage }
`;

/** Two orchestrators and a venue, every kind of secret, and ears at every channel. */
export class CanaryWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "steward-canary-"));
  readonly one: VelocloudSimulator;
  readonly two: VelocloudSimulator;
  readonly venue: MomentusSimulator;
  readonly variables: Record<string, string>;
  readonly commands: string[] = [];
  plant: Plant = {};
  readonly #io: Io;
  readonly #heard: { channel: Channel; words: string; text: string }[] = [];

  constructor() {
    const clock = new VirtualClock();
    const times = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms) };
    this.one = new VelocloudSimulator({ seed: 3, ...times });
    this.two = new VelocloudSimulator({ seed: 4, ...times });
    this.venue = new MomentusSimulator({ seed: 5, ...times });
    const transport = new SimTransport({
      [origins.login]: this.one,
      [origins.token]: this.two,
      [origins.venue]: this.venue,
    });
    this.#io = {
      clock,
      random: systemRandom,
      disk: this.#leakyDisk(),
      transport: plain(transport),
      mailer: new Outbox(),
    };
    const { enterprise } = this.one.world;
    this.one.store.changeUser(enterprise.id, { password: chosen["password of the login"] });
    this.variables = {
      USER: "tester",
      VCO_USER: enterprise.username,
      VCO_PASSWORD: chosen["password of the login"],
      VCO_TOKEN: this.two.world.enterprise.token,
      CANARY: chosen["password in a variable"],
      BYSTANDER: chosen["variable that nobody asked for"],
      STEWARD_AGE_IDENTITY: testIdentity.identity,
      PATH: process.env.PATH ?? "",
    };
    this.write("steward.yaml", manifest);
    this.write("canary.txt", `${chosen["password in a file"]}\n`);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs one command line and keeps everything that it says or writes, for the scan. */
  async steward(words: string, options: Partial<Console> & { answers?: string[] } = {}): Promise<Answer> {
    const answer: Answer = { code: 0, out: "", err: "", asked: [] };
    const console = makeConsole(answer, options.answers ?? []);
    const { plant } = this;
    answer.code = await main(words.split(" ").filter(Boolean), {
      ...console,
      write: (text) => console.write(plant.write?.(text) ?? text),
      note: (text) => console.note(plant.note?.(text) ?? text),
      ...{ folder: this.folder, environmentVariables: this.variables, world: { io: this.#io } },
      ...options,
    });
    this.commands.push(words);
    this.#hear("stdout", words, answer.out);
    const lines = answer.err.split("\n");
    this.#hear("debug", words, lines.filter((line) => line.startsWith("debug")).join("\n"));
    this.#hear("stderr", words, lines.filter((line) => !line.startsWith("debug")).join("\n"));
    this.hearFiles(words);
    return answer;
  }

  /** Takes the files as they are now, ours only. */
  hearFiles(words: string): void {
    for (const name of readdirSync(this.folder, { recursive: true }) as string[]) {
      const path = join(this.folder, name);
      if (!statSync(path).isFile() || ofTheUser.test(name)) continue;
      this.#hear(channelOf(name), words, readFileSync(path, "latin1"));
      this.#hear(channelOf(name), words, readFileSync(path, "utf8"));
    }
  }

  /** Every secret of this world by now. */
  secrets(): Map<string, string> {
    const all = new Map<string, string>(Object.entries(chosen));
    for (const [name, { store }] of Object.entries({ one: this.one, two: this.two })) {
      for (const [value, id] of store.tokenValues) all.set(`token ${id} on ${name}`, value);
      for (const session of store.sessions.values())
        all.set(`session of user ${session.userId} on ${name}`, session.id);
      for (const user of store.users.values())
        if (user.password) all.set(`password of ${user.username} on ${name}`, user.password);
    }
    const { prod } = this.venue.store;
    for (const user of prod.apiUsers.values()) all.set(`Secret of ${user.id}`, user.secret);
    for (const key of prod.keys.values()) all.set(`Key of ${key.apiUserId}`, key.id);
    return all;
  }

  /** What was heard so far, each text once. */
  leaks(): CanaryLeak[] {
    const secrets = this.secrets();
    const seen = new Set<string>();
    return this.#heard.flatMap(({ channel, words, text }) => {
      if (seen.has(channel + text)) return [];
      seen.add(channel + text);
      return findLeaks(text, secrets).map((leak) => ({ ...leak, channel, words }));
    });
  }

  /** Begins anew with empty ears. */
  forgetHeard(): void {
    this.#heard.length = 0;
  }

  /** How much was heard of each channel, in characters: a deaf ear proves nothing. */
  heard(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { channel, text } of this.#heard) sums[channel] = (sums[channel] ?? 0) + text.length;
    return sums;
  }

  #hear(channel: Channel, words: string, text: string): void {
    if (text !== "") this.#heard.push({ channel, words, text });
  }

  #leakyDisk(): Disk {
    const leaky = (path: string, bytes: Uint8Array) => this.plant.bytes?.(path, bytes) ?? bytes;
    return {
      ...systemDisk,
      append: (path, bytes) => systemDisk.append(path, leaky(path, bytes)),
      write: (path, bytes, options) => systemDisk.write(path, leaky(path, bytes), options),
    };
  }
}

/** A transport whose requests are not kept: they hold what is looked for. */
function plain(transport: SimTransport): Io["transport"] {
  return {
    async send(request: HttpRequest): Promise<HttpResponse> {
      const answer = await transport.send(request);
      transport.sent.length = 0;
      return answer;
    },
  };
}

function channelOf(name: string): Channel {
  if (name.endsWith("log.jsonl")) return "state";
  if (name.endsWith("snapshot.json")) return "snapshot";
  if (/^plan.*\.json$/.test(name)) return "plan";
  if (/^actual.*\.json$/.test(name)) return "actual";
  if (/^dump/.test(name)) return "dump";
  return "other files";
}
