import { createHash } from "node:crypto";
import { type ApplyOptions, type ApplyReport, applyPlan, planNow } from "../../src/apply/apply.ts";
import { type AbandonReport, abandonRun, recover } from "../../src/apply/runs.ts";
import { type Doubt, settleDoubts } from "../../src/apply/settle.ts";
import { openLocalLog } from "../../src/backends/local.ts";
import type { Connector } from "../../src/connectors/connector.ts";
import { ipressoConnector } from "../../src/connectors/ipresso/connector.ts";
import { momentusConnector } from "../../src/connectors/momentus/connector.ts";
import { velocloudConnector } from "../../src/connectors/velocloud/connector.ts";
import { vesonConnector } from "../../src/connectors/veson/connector.ts";
import type { Io, Random, Transport } from "../../src/io.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { refresh } from "../../src/refresh.ts";
import { loadKindSchemas, loadLabels } from "../../src/schema-files.ts";
import { Secret } from "../../src/secret.ts";
import { VelocloudSimulator } from "../../src/simulators/velocloud/simulator.ts";
import { openSink, secretPathProblem, sinkSettings } from "../../src/sinks/open.ts";
import type { Sink } from "../../src/sinks/sink.ts";
import type { Consents, Plan } from "../../src/step.ts";
import { pinOfSink, pinOfSystem } from "../../src/trust.ts";
import { Workspace, type WorkspaceOptions } from "../../src/workspace.ts";
import { Crash, CrashDisk } from "./crash-disk.ts";
import { formsDesk } from "./forms-desk.ts";
import { Outbox } from "./outbox.ts";
import { SimTransport, type Simulated } from "./sim-transport.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const noConsents: Consents = { restore: [], replace: [] };
export const version = "0.0.0-test";
const builtIn = [velocloudConnector, momentusConnector, ipressoConnector, vesonConnector].map(
  (make) => make(loadKindSchemas(), loadLabels()) as unknown as Connector,
);

/** An age key pair that tests share; making one takes longer than a crash run. */
export const testIdentity = {
  identity: "AGE-SECRET-KEY-1GJ20H7252GY8GKPKXQ2Y9RNZUP2L89T4JHMMNNETFXV9N54MFGYQA9LJRW",
  recipient: "age1gy58eas4k2y4xku8u3uvh94qs3jvxdxl5ke8zvyrcwzyla45s37s5smmm7",
};

/** Systems, sink and guard of the usual test manifest; resources follow. */
export function manifestWith(resources: string, rest = ""): string {
  return `
systems:
  velocloud:
    url: https://vco.test
    enterprise_id: 1
    credentials: { username: "\${env.VCO_USER}", password: "\${env.VCO_PASSWORD}" }
sinks:
  local: { type: age, path: "secrets/\${environment}", recipients: [${testIdentity.recipient}] }
${rest}
resources:
${resources}`;
}

/** The same manifest with secrets in one plain file, without encryption; paths must be names of variables. */
export function withEnvFile(text: string): string {
  return text.replace(/local: \{.*\}/, 'local: { type: env-file, path: "secrets/${environment}.env" }');
}

/** A deterministic source of bytes. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  return {
    bytes: (count) => {
      const chunks: Buffer[] = [];
      for (let length = 0; length < count; length += 32) {
        chunks.push(createHash("sha256").update(`${seed}/${counter++}`).digest());
      }
      return new Uint8Array(Buffer.concat(chunks).subarray(0, count));
    },
  };
}

/**
 * Steward's whole world in one process: simulator, disk, clock and random are the test's. `crashAt` counts I/O points
 * (before and after each request, mail, disk call and sink call) and kills the process at that one.
 */
export class TestWorld {
  readonly clock: VirtualClock;
  readonly simulator: VelocloudSimulator;
  /** Whose credentials `VCO_USER`, `VCO_PASSWORD` and `VCO_TOKEN` are. */
  account: "enterprise" | "partner" | "operator" = "enterprise";
  disk: CrashDisk;
  /** Where mails arrive, whatever server the manifest names. */
  readonly outbox = new Outbox();
  /** Environment variables beside the credentials. */
  moreVariables: Record<string, string> = {};
  /** What opens a console; without a browser, by forms. */
  deskOf: NonNullable<WorkspaceOptions["deskOf"]> = formsDesk;
  points = 0;
  crashAt: number | undefined;
  /** The name of every point that was passed, when a test wants to know. */
  trail: string[] | undefined;
  /** Every line that `--debug` would print. */
  readonly traces: string[] = [];
  #dead = false;
  #pid = 1;
  #random: Random;

  constructor(seed = 1, simulator?: VelocloudSimulator) {
    this.clock = new VirtualClock();
    const now = (): number => this.clock.now();
    const sleep = (ms: number): Promise<void> => this.clock.sleep(ms);
    this.simulator = simulator?.clone({ now, sleep }) ?? new VelocloudSimulator({ seed, now, sleep });
    this.disk = new CrashDisk({ onPoint: (name) => this.point(name) });
    this.outbox.onPoint = (name) => this.point(name);
    this.#random = seededRandom(String(seed));
  }

  /** Whether the process died, also where the code under test swallowed it (ending a session never throws). */
  get dead(): boolean {
    return this.#dead;
  }

  point(name: string): void {
    if (this.#dead) throw new Crash("the process is gone");
    this.points++;
    this.trail?.push(name);
    if (this.points !== this.crashAt) return;
    this.#dead = true;
    throw new Crash(name);
  }

  /** The next process after a crash, on what the disk kept. */
  restart(keep: "nothing" | "some" | "everything" = "nothing", seed = 1): void {
    this.disk = this.disk.crash({ keep, seed });
    this.disk.onPoint = (name) => this.point(name);
    this.#dead = false;
    this.#pid++;
    this.crashAt = undefined;
    this.points = 0;
  }

  connectors(): readonly Connector[] {
    return builtIn;
  }

  manifest(text: string): Manifest {
    const connectors = this.connectors();
    return parseManifest({
      files: [{ path: "steward.yaml", text }],
      folder: "/repo",
      variables: {},
      environmentVariables: {},
      kinds: connectors.flatMap((connector) => connector.kinds.map((kind) => kind.schema)),
      connectors: connectors.map(({ name, settings }) => ({ name, settings })),
      sinkTypes: sinkSettings,
      sinkPathProblem: secretPathProblem,
    });
  }

  async open(text: string): Promise<Workspace> {
    const manifest = this.manifest(text);
    const pid = this.#pid;
    const started = async (other: number): Promise<string | undefined> => (other === pid ? `start-${pid}` : undefined);
    const host = { host: "test", pidSpace: "", started };
    const folder = `/repo/${manifest.state.path}`;
    return Workspace.open({
      manifest,
      connectors: this.connectors(),
      io: this.io(),
      log: openLocalLog({ folder, disk: this.disk, clock: this.clock, host }),
      sinks: this.sinks(manifest),
      environmentVariable: (name) => this.environmentVariables()[name],
      readFile: async () => "",
      who: "test",
      deskOf: this.deskOf,
      trace: (line) => this.traces.push(line),
    });
  }

  environmentVariables(): Record<string, string> {
    const { username, password, token } = this.simulator.world[this.account];
    return { VCO_USER: username, VCO_PASSWORD: password, VCO_TOKEN: token, ...this.moreVariables };
  }

  io(): Io {
    const { clock, disk, outbox: mailer } = this;
    return { clock, random: this.#random, disk, transport: this.#transport(), mailer };
  }

  /** Who answers, by origin. */
  simulated(): Record<string, Simulated> {
    return { "https://vco.test": this.simulator };
  }

  /** A crash before a request leaves the simulator untouched; one after it loses the answer to what was done. */
  #transport(): Transport {
    const inner = new SimTransport(this.simulated());
    return {
      send: async (request) => {
        const name = new URL(request.url).pathname;
        this.point(`before ${name}`);
        const answer = await inner.send(request).catch((error: unknown) => {
          this.point(`after ${name}`);
          throw error;
        });
        this.point(`after ${name}`);
        return answer;
      },
    };
  }

  sinks(manifest: Manifest): Map<string, Sink> {
    const identity = new Secret(testIdentity.identity);
    const surroundings = { disk: this.disk, folder: "/repo", environment: manifest.environment, identity };
    const opened = Object.values(manifest.sinks).map((config): [string, Sink] => [
      config.name,
      this.#withPoints(openSink(config, surroundings)),
    ]);
    return new Map(opened);
  }

  #withPoints(sink: Sink): Sink {
    const around = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
      this.point(`before ${name} ${sink.name}`);
      const result = await call();
      this.point(`after ${name} ${sink.name}`);
      return result;
    };
    return {
      name: sink.name,
      type: sink.type,
      target: sink.target,
      readable: sink.readable,
      put: (path, issueId, secret) => around("put", () => sink.put(path, issueId, secret)),
      promote: (path, issueId) => around("promote", () => sink.promote(path, issueId)),
      has: (path, issueId) => sink.has(path, issueId),
      read: (path, slot) => sink.read(path, slot),
      inspect: (path) => sink.inspect(path),
    };
  }

  async withLock<T>(text: string, command: string, body: (workspace: Workspace) => Promise<T>): Promise<T> {
    const workspace = await this.open(text);
    const lock = await workspace.lock(command, { host: "test", pid: this.#pid });
    try {
      return await body(workspace);
    } finally {
      // A killed process releases nothing.
      if (!this.#dead) {
        await workspace.close();
        await lock.release();
      }
    }
  }

  /** Pins every system and sink of the manifest. */
  async trust(text: string): Promise<void> {
    await this.withLock(text, "trust", async (workspace) => {
      workspace.begin();
      const base = { type: "pin" as const, at: workspace.timestamp(), by: "test" };
      const systems = Object.values(workspace.manifest.systems).map((system) => ({
        ...base,
        of: "systems" as const,
        name: system.name,
        pin: pinOfSystem(system),
      }));
      const sinks = [...workspace.sinks.values()].map((sink) => ({
        ...base,
        of: "sinks" as const,
        name: sink.name,
        pin: pinOfSink(sink),
      }));
      await workspace.append([...systems, ...sinks]);
    });
  }

  /** As the command does it: doubts are settled in memory only. */
  async plan(text: string, consents: Partial<Consents> = {}, destroy = false): Promise<Plan> {
    const workspace = await this.open(text);
    await settleDoubts(workspace, { into: "memory", wait: false });
    const observation = await refresh(workspace, { probe: "none" });
    const { plan } = planNow(workspace, observation, this.request(consents, destroy));
    await workspace.close();
    return plan;
  }

  async apply(
    text: string,
    options: { file?: Plan; consents?: Partial<Consents>; destroy?: boolean } & ApplyOptions = {},
  ): Promise<ApplyReport> {
    const { file, consents, destroy, ...rest } = options;
    return this.withLock(text, "apply", (workspace) =>
      applyPlan(workspace, file, this.request(consents ?? {}, destroy ?? false), rest),
    );
  }

  abandon(text: string, run: string): Promise<AbandonReport> {
    return this.withLock(text, "apply --abandon", (workspace) => abandonRun(workspace, run));
  }

  recover(text: string): Promise<Doubt[]> {
    return this.withLock(text, "recover", (workspace) => recover(workspace));
  }

  request(consents: Partial<Consents>, destroy: boolean): Parameters<typeof planNow>[2] {
    return { consents: { ...noConsents, ...consents }, destroy, version, now: this.clock.now() };
  }

  /** The value that a consumer would take from the sink. */
  async secret(text: string, path: string): Promise<string | undefined> {
    const sink = this.sinks(this.manifest(text)).get("local");
    return (await sink?.read(path, "current"))?.reveal();
  }
}
