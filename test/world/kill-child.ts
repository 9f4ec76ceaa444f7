import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../src/main.ts";
import { SeededRandom } from "../../src/simulators/random.ts";
import { type ServedSimulator, serveSimulator } from "../../src/simulators/server.ts";
import type { TokenRecord } from "../../src/simulators/velocloud/records.ts";
import { VelocloudSimulator } from "../../src/simulators/velocloud/simulator.ts";
import { type Answer, makeConsole, userAndToken } from "../commands-fixture.ts";
import { startChild } from "./built-package.ts";
import { findLeaks } from "./leaks.ts";
import { testIdentity } from "./test-world.ts";

/** What the child is killed in. The bounds are requests of a run that is left alone. */
export const killScenarios = [
  { name: "creation", before: "", child: "apply --auto-approve", requestsMax: 16, tokens: 1 },
  {
    name: "rotation",
    before: userAndToken,
    child: "apply --auto-approve --replace velocloud_api_token.ci",
    requestsMax: 16,
    tokens: 1,
  },
  {
    name: "deletion",
    before: userAndToken,
    child: "apply --auto-approve --allow-deletions 2",
    requestsMax: 14,
    tokens: 0,
  },
] as const;
export type KillScenario = (typeof killScenarios)[number];

/** How one run went. */
export interface KillReport {
  /** False when the child was faster than its death. */
  killed: boolean;
  /** Mutating calls that had arrived when it died. */
  writesBefore: number;
  /** Events that were in the log when it died. */
  eventsBefore: number;
}

const latencyMs = 4;
const recoveriesMax = 5;

const manifest = (url: string, resources: string) => `systems:
  velocloud:
    url: "${url}"
    enterprise_id: 1
    request_timeout: 2s
    commit_grace: 1s
    credentials: { username: "\${env.VCO_USER}", password: "\${env.VCO_PASSWORD}" }
sinks:
  local: { type: age, path: secrets, recipients: [${testIdentity.recipient}] }
resources:${resources ? `\n${resources}` : " {}\n"}`;

/** One orchestrator, one folder, one child that dies. */
export class KillRun {
  readonly folder = mkdtempSync(join(tmpdir(), "steward-kill-"));
  readonly #random: SeededRandom;
  readonly #scenario: KillScenario;
  readonly #program: string;
  readonly #simulator: VelocloudSimulator;
  /** Called with the number of each request as it arrives. */
  #onRequest: (count: number) => void = () => {};
  #requests = 0;
  #served: ServedSimulator | undefined;

  constructor(program: string, scenario: KillScenario, seed: number) {
    this.#program = program;
    this.#scenario = scenario;
    this.#random = new SeededRandom(seed);
    this.#simulator = new VelocloudSimulator({ seed, latencyMs });
  }

  /** Prepares, kills, recovers and proves. Throws with what is wrong. */
  async run(): Promise<KillReport> {
    await this.#prepare();
    const report = await this.#kill();
    await this.#recover();
    await this.#prove();
    return report;
  }

  async close(): Promise<void> {
    await this.#served?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    const simulator = this.#simulator;
    this.#served = await serveSimulator({
      handle: (request) => {
        this.#onRequest(++this.#requests);
        return simulator.handle(request);
      },
    });
    const { before, name } = this.#scenario;
    this.#declare(before);
    await this.#steward("trust --all");
    if (before) await this.#steward("apply --auto-approve");
    // Something stays, else this would be an emptied manifest.
    this.#declare(name === "deletion" ? "" : userAndToken);
  }

  /** SIGKILL a seeded moment after a seeded request of the child. */
  async #kill(): Promise<KillReport> {
    // The first reads are all alike.
    const { requestsMax } = this.#scenario;
    const at = this.#random.integer(Math.floor(requestsMax / 3), requestsMax);
    const delayMs = this.#random.integer(0, 2 * latencyMs);
    const writes = this.#writes();
    const start = this.#requests;
    const { child, ended } = startChild(this.#program, this.#scenario.child.split(" "), this.#surroundings());
    this.#onRequest = (count) => {
      if (count - start === at) setTimeout(() => child.kill("SIGKILL"), delayMs);
    };
    const { code, signal, err } = await ended;
    this.#onRequest = () => {};
    if (signal !== "SIGKILL" && code !== 0) throw new Error(`the child failed by itself (${code}): ${err}`);
    const eventsBefore = readFileSync(join(this.folder, ".steward/state/default/log.jsonl"), "utf8").split("\n").length;
    return { killed: signal === "SIGKILL", writesBefore: this.#writes() - writes, eventsBefore };
  }

  /** A new process; on a machine under load a request may time out, then it is run again as its last line says. */
  async #recover(): Promise<void> {
    let last = "";
    for (let tries = 0; tries < recoveriesMax; tries++) {
      const words = this.#scenario.name === "deletion" ? this.#deletion() : ["apply", "--auto-approve"];
      const { code, out, err } = await startChild(this.#program, words, this.#surroundings()).ended;
      last = `${code}\n${out}\n${err}`;
      this.#assertNoLeak(last, "output of the recovery");
      if (code === 0) return;
    }
    throw new Error(`not recovered after ${recoveriesMax} runs: ${last}`);
  }

  /** As many removals as are left. */
  #deletion(): string[] {
    const user = this.#simulator.store.userNamed("ci@acme.example");
    const live = user && this.#liveTokens().length > 0;
    return ["apply", "--auto-approve", "--allow-deletions", String((user ? 1 : 0) + (live ? 1 : 0))];
  }

  async #prove(): Promise<void> {
    const plan = await this.#steward("plan --detailed-exitcode");
    if (!plan.out.includes("No changes.")) throw new Error(`the plan afterwards is not empty: ${plan.out}`);
    const live = this.#liveTokens();
    if (live.length !== this.#scenario.tokens) throw new Error(`${live.length} live tokens`);
    if (live.length > 0) {
      const value = (await this.#steward("secret get velocloud_api_token.ci --force")).out.trim();
      const { store } = this.#simulator;
      if (store.tokenValues.get(value) !== live[0]!.id) throw new Error("the sink holds another value");
      if (!store.ownerOfWorkingToken(value)) throw new Error("the value in the sink does not work");
    }
    for (const name of readdirSync(this.folder, { recursive: true }) as string[]) {
      const path = join(this.folder, name);
      if (statSync(path).isFile()) this.#assertNoLeak(readFileSync(path, "utf8"), name);
    }
  }

  #liveTokens(): TokenRecord[] {
    const { store } = this.#simulator;
    const ours = [...store.users.values(), ...store.formerUsers.values()].filter(
      (user) => user.username === "ci@acme.example",
    );
    return ours.flatMap((user) => store.tokensOf(user.id)).filter((token) => !token.isRevoked);
  }

  #assertNoLeak(text: string, where: string): void {
    const { store, world } = this.#simulator;
    const secrets = new Map([["password of the login", world.enterprise.password]]);
    for (const value of store.tokenValues.keys()) secrets.set(`token ${store.tokenValues.get(value)}`, value);
    for (const user of store.users.values())
      if (user.password) secrets.set(`password of ${user.username}`, user.password);
    const [leak] = findLeaks(text, secrets);
    if (leak) throw new Error(`${leak.secret} stands in ${where}, ${leak.as}`);
  }

  #declare(resources: string): void {
    writeFileSync(join(this.folder, "steward.yaml"), manifest(this.#served!.url, resources));
  }

  #writes(): number {
    return this.#simulator.store.mutatingCalls.length;
  }

  #surroundings(): { folder: string; env: Record<string, string> } {
    const { username, password } = this.#simulator.world.enterprise;
    const env = {
      VCO_USER: username,
      VCO_PASSWORD: password,
      STEWARD_AGE_IDENTITY: testIdentity.identity,
      USER: "tester",
    };
    return { folder: this.folder, env };
  }

  /** In this process: what needs no death of its own. */
  async #steward(words: string): Promise<Answer> {
    const answer: Answer = { code: 0, out: "", err: "", asked: [] };
    const { folder, env } = this.#surroundings();
    answer.code = await main(words.split(" "), { ...makeConsole(answer, []), folder, environmentVariables: env });
    if (answer.code !== 0) throw new Error(`steward ${words}: ${answer.code}\n${answer.out}\n${answer.err}`);
    return answer;
  }
}
