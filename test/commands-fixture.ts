import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Console } from "../src/commands/command.ts";
import type { Io } from "../src/io.ts";
import { main } from "../src/main.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { systemRandom } from "../src/platform/random.ts";
import { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import { generateIdentity } from "../src/sinks/age-format.ts";
import { Outbox } from "./world/outbox.ts";
import { SimTransport, type Simulated } from "./world/sim-transport.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** A temporary folder with a manifest, a simulated orchestrator, and the command line on both. */

export const origin = "https://vco.example.net";

export const manifestText = (recipient: string, resources: string): string => `
systems:
  velocloud: { url: "${origin}", enterprise: Acme, credentials: { token: "\${env.VCO_TOKEN}" } }
sinks:
  local: { type: age, path: "secrets/\${environment}/", recipients: [${recipient}] }
environments:
  test: {}
  prod: { protected: true }
state: { path: ".steward/state/\${environment}" }
resources:
${resources}`;

export const userAndToken = `  velocloud_admin_user:
    ci:
      username: ci@acme.example
      role: Enterprise Standard Admin
      password: { generate: true, deliver_to: local:velocloud/ci-password }
  velocloud_api_token:
    ci:
      owner: "\${velocloud_admin_user.ci}"
      name: ci
      lifetime: 90d
      rotate_before: 14d
      deliver_to: local:velocloud/ci-token
`;

export interface Answer {
  code: number;
  out: string;
  err: string;
  /** Questions that were asked. */
  asked: string[];
}

export interface Bench {
  folder: string;
  simulator: VelocloudSimulator;
  clock: VirtualClock;
  transport: SimTransport;
  outbox: Outbox;
  environmentVariables: Record<string, string | undefined>;
  /** Makes the folders of the path too. */
  write(path: string, text: string): void;
  read(name: string): string;
  /** Rewrites the manifest with these resources. */
  declare(resources: string): void;
  steward(words: string, options?: Partial<Console> & { answers?: string[] }): Promise<Answer>;
  close(): void;
}

/** A world of its own for one test. `resources` stands under `resources:`; `others` are simulators beside the usual one, by origin. */
export async function makeBench(
  resources: string = userAndToken,
  others: (clock: VirtualClock) => Record<string, Simulated> = () => ({}),
): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "steward-"));
  const clock = new VirtualClock();
  const simulator = new VelocloudSimulator({ now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
  const transport = new SimTransport({ [origin]: simulator, ...others(clock) });
  const outbox = new Outbox();
  const io: Io = { clock, random: systemRandom, disk: systemDisk, transport, mailer: outbox };
  const { identity, recipient } = await generateIdentity();
  const environmentVariables: Record<string, string | undefined> = {
    VCO_TOKEN: simulator.world.enterprise.token,
    STEWARD_AGE_IDENTITY: identity.reveal(),
    USER: "tester",
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const declare = (text: string) => write("steward.yaml", manifestText(recipient, text));
  declare(resources);
  return {
    ...{ folder, simulator, clock, transport, outbox, environmentVariables, write, declare },
    read: (name) => readFileSync(join(folder, name), "utf8"),
    close: () => rmSync(folder, { recursive: true, force: true }),
    async steward(words, options = {}) {
      const answer: Answer = { code: 0, out: "", err: "", asked: [] };
      const console = makeConsole(answer, options.answers ?? []);
      answer.code = await main(words.split(" ").filter(Boolean), {
        ...console,
        ...{ folder, environmentVariables, world: { io } },
        ...options,
      });
      return answer;
    },
  };
}

/** A console that remembers; it can be asked as long as there are answers. */
export function makeConsole(answer: Answer, answers: string[]): Console {
  return {
    write(text) {
      answer.out += text;
    },
    note(text) {
      answer.err += text;
    },
    isTerminal: false,
    notesAreTerminal: false,
    canAsk: answers.length > 0,
    ask: async (question) => {
      answer.asked.push(question);
      return answers.shift();
    },
    readInput: async () => "",
    color: false,
    columns: 100,
    folder: tmpdir(),
    environmentVariables: {},
    stop: new AbortController().signal,
  };
}

/** Trusts everything and applies without asking; throws when that does not end well. */
export async function bringUp(bench: Bench): Promise<void> {
  for (const words of ["trust --all --env test", "apply --env test --auto-approve"]) {
    const { code, out, err } = await bench.steward(words);
    if (code !== 0) throw new Error(`steward ${words}: ${code}\n${out}\n${err}`);
  }
}
