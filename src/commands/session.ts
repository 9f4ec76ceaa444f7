import { dirname, join, resolve, sep } from "node:path";
import type { StateLog } from "../backends/backend.ts";
import { openLocalLog } from "../backends/local.ts";
import type { HostInfo } from "../backends/local-lock.ts";
import type { BrowserDesks } from "../browser-desks.ts";
import { type BuiltInConnector, builtInConnectors } from "../connectors/all.ts";
import type { Connector, Kind } from "../connectors/connector.ts";
import { Fault, Refusal } from "../diagnostic.ts";
import type { Io } from "../io.ts";
import { assertNoLink, linklessDisk } from "../linkless-disk.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read.ts";
import { readAgeIdentity } from "../platform/age-identity.ts";
import { ownPid, systemHost, userName } from "../platform/host.ts";
import { nodeFiles } from "../platform/manifest-files.ts";
import { nodeIo } from "../platform/node-io.ts";
import { Transports } from "../platform/transport.ts";
import { type Style, styleFor } from "../render/style.ts";
import { phrase } from "../render/visible.ts";
import { loadKindSchemas, loadLabels } from "../schema-files.ts";
import type { Secret } from "../secret.ts";
import { openSink, secretPathProblem, sinkSettings } from "../sinks/open.ts";
import type { Sink } from "../sinks/sink.ts";
import { Workspace, type WorkspaceOptions } from "../workspace.ts";
import type { Console, SharedOptions } from "./command.ts";
import { type Consented, withHints } from "./with-hints.ts";

/** Longest file that a reference or an identity may name. */
const secretFileBytesMax = 1024 * 1024;

/** One command's surroundings: the workspace with everything that it was opened with. */
export interface Session {
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  readonly console: Console;
  readonly options: SharedOptions;
  readonly style: Style;
  readonly host: HostInfo;
  /** Whoever shows progress listens to systems that ask us to slow down. */
  readonly pauses: { listener?: ((system: string, untilMs: number) => void) | undefined };
  /** Of systems whose hand is `browser`; absent where the manifest has none. */
  readonly browsers?: BrowserDesks;
  /** Ends sessions and connections. Never throws a Fault of a system. */
  close(): Promise<void>;
}

/** How a command uses the world. */
interface SessionUse {
  /** It only reads: Ctrl-C ends its requests. A command that writes lets what is in flight finish. */
  reads?: boolean;
}

/** Connectors that this command knows. */
export function connectorsOf(console: Console): readonly BuiltInConnector[] {
  return console.world?.connectors ?? builtInConnectors;
}

/** Finds and reads the manifest. Reads nothing from any system. Throws InvalidManifest. */
export function loadManifest(console: Console, options: SharedOptions): Manifest {
  return readManifest(
    manifestPath(console, options),
    {
      environment: options.env,
      variables: options.var,
      environmentVariables: console.environmentVariables,
      kinds: loadKindSchemas(),
      connectors: connectorsOf(console),
      labels: loadLabels,
      sinkTypes: sinkSettings,
      sinkPathProblem: secretPathProblem,
    },
    nodeFiles,
  );
}

/** Where the manifest is looked for: what is said, else the usual names in the current folder. */
export function manifestPath(console: Console, options: Pick<SharedOptions, "manifest">): string {
  if (options.manifest !== undefined) return resolve(console.folder, options.manifest);
  const usual = ["steward.yaml", "steward.yml", "steward"].map((name) => join(console.folder, name));
  return usual.find((path) => nodeFiles.kind(path) !== undefined) ?? usual[0]!;
}

/** Opens what a command needs; systems and sinks themselves are opened when they are used. */
export async function openSession(console: Console, options: SharedOptions, use: SessionUse = {}): Promise<Session> {
  const manifest = loadManifest(console, options);
  const transports = new Transports(console.environmentVariables);
  const io: Io = console.world?.io ?? nodeIo({ transports });
  const host = console.world?.host ?? (await systemHost());
  const pauses: Session["pauses"] = {};
  const browsers = await browserDesks(console, options, manifest, io);
  const workspace = await Workspace.open({
    manifest,
    connectors: await loadConnectors(console, manifest),
    io,
    log: openLog(manifest, io, host),
    sinks: openSinks(console, manifest, io),
    environmentVariable: (name) => console.environmentVariables[name],
    readFile: async (path) => readInside(manifest.folder, path),
    who: whoActs(console),
    onPause: (system, untilMs) => pauses.listener?.(system, untilMs),
    signal: console.stop,
    ...(use.reads ? { requestSignal: console.stop } : {}),
    ...(options.debug ? { trace: (line: string) => console.note(`debug  ${line}\n`) } : {}),
    ...(console.world?.io ? {} : { transportOf: (system) => transports.route(system) }),
    ...deskOf(console, browsers),
  });
  await assertSinksInPlace(workspace, manifest.folder);
  const close = async () => {
    await workspace.close();
    await browsers?.close();
    await transports.close();
  };
  const style = styleFor(console.color);
  return { workspace, manifest, console, options, style, host, pauses, close, ...(browsers ? { browsers } : {}) };
}

function deskOf({ world }: Console, browsers: BrowserDesks | undefined): Pick<WorkspaceOptions, "deskOf"> {
  if (world?.deskOf) return { deskOf: world.deskOf };
  return browsers ? { deskOf: (...args) => browsers.deskOf(...args) } : {};
}

/** Browsers are opened when they are used, and what drives them is loaded only where a system says so. */
async function browserDesks(
  console: Console,
  options: SharedOptions,
  manifest: Manifest,
  { disk, clock }: Io,
): Promise<BrowserDesks | undefined> {
  if (!Object.values(manifest.systems).some(({ hand }) => hand === "browser")) return undefined;
  const { BrowserDesks } = await import("../browser-desks.ts");
  const { environmentVariables } = console;
  const now = () => new Date(clock.now()).toISOString();
  const evidenceFolder = join(manifest.folder, ".steward", "evidence", manifest.environment);
  return new BrowserDesks({ environmentVariables, flags: options, manifest, disk, now, evidenceFolder });
}

/** Opens a session, runs the body and closes the session in every case. */
export async function withSession(
  console: Console,
  options: SharedOptions & Consented,
  use: SessionUse,
  body: (session: Session) => Promise<number>,
): Promise<number> {
  const session = await openSession(console, options, use);
  try {
    return await withHints(console, options, session.manifest, () => body(session));
  } finally {
    sayLostPictures(session);
    await session.close();
  }
}

/** What only reads keeps a picture of where it stopped; a report of a run has said already what it lost. */
function sayLostPictures({ browsers, console }: Session): void {
  const problem = browsers?.evidence.takeProblem();
  if (problem !== undefined) console.note(`Pictures are missing:  ${phrase(problem)}\n`);
}

/** Runs the body under the lock, with the state as it is then; releases the lock in every case. */
export async function withLock<T>(session: Session, command: string, body: () => Promise<T>): Promise<T> {
  assertPersistent(session);
  const { workspace, host } = session;
  const lock = await workspace.lock(command, { host: host.host, pid: ownPid });
  try {
    return await body();
  } finally {
    await lock.release();
  }
}

/** In CI the machine is thrown away, and with it a local state. */
function assertPersistent({ console, options, workspace }: Session): void {
  if (console.environmentVariables.CI !== "true" || options.stateIsPersistent) return;
  const message = `CI=true, and the state would be written to ${workspace.log.place} on this machine`;
  const remedy = "if that folder is kept after this job: --state-is-persistent";
  throw new Refusal([{ message, remedy }]);
}

/** The connectors of a manifest's systems, with their code. */
export async function loadConnectors(console: Console, manifest: Manifest): Promise<Connector[]> {
  const types = new Set(Object.values(manifest.systems).map((system) => system.type));
  return Promise.all(
    connectorsOf(console)
      .filter((connector) => types.has(connector.name))
      .map((connector) => connector.load(loadKindSchemas(), loadLabels())),
  );
}

/** The kinds of a manifest's systems, by name. */
export async function kindsOf(console: Console, manifest: Manifest): Promise<Map<string, Kind>> {
  const connectors = await loadConnectors(console, manifest);
  return new Map(connectors.flatMap((connector) => connector.kinds.map((kind) => [kind.name, kind] as const)));
}

/** Before anything is asked: a link in the way to a secret would only be found when the secret is touched. */
async function assertSinksInPlace({ io, sinks, state }: Workspace, folder: string): Promise<void> {
  const recorded = Object.values(state.entries).flatMap((entry) => Object.values(entry.secrets));
  const places = new Set<string>();
  for (const { name, target } of sinks.values()) {
    const base = join(folder, String(target.path));
    places.add(base);
    for (const secret of recorded) if (secret.sink === name) places.add(dirname(join(base, secret.path)));
  }
  for (const place of places) await assertNoLink(io.disk, folder, place);
}

function openLog({ folder, state }: Manifest, { disk, clock }: Io, host: HostInfo): StateLog {
  return openLocalLog({ folder: join(folder, state.path), disk: linklessDisk(disk, folder), clock, host });
}

/** The sinks of a manifest, not touched yet. Without an identity they tell their targets and cannot be read. */
export function openSinks(
  console: Console,
  manifest: Manifest,
  { disk }: Pick<Io, "disk">,
  use: "with identity" | "no identity" = "with identity",
): ReadonlyMap<string, Sink> {
  const { folder, environment } = manifest;
  const identity = use === "with identity" ? ageIdentity(console, folder) : undefined;
  const surroundings = { disk: linklessDisk(disk, folder), folder, environment, ...(identity ? { identity } : {}) };
  return new Map(Object.values(manifest.sinks).map((sink) => [sink.name, openSink(sink, surroundings)]));
}

/** The private key of the age sinks, where one is at hand. Throws a Fault when a file is named and cannot be read. */
export const ageIdentity = (console: Console, folder: string): Secret | undefined => readAgeIdentity(console, folder);

/** A file inside the manifest's folder, also after links are followed. */
function readInside(folder: string, path: string): string {
  const real = nodeFiles.real(join(folder, path));
  const inside = real?.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  const text = real !== undefined && inside ? readText(real) : undefined;
  if (text !== undefined) return text;
  const remedy = `put it there; the manifest reads it as \${file:${path}}`;
  throw new Fault(`the file ${path} is not there or cannot be read`, { happened: "no", code: "absent", remedy });
}

function readText(path: string): string | undefined {
  try {
    const bytes = nodeFiles.read(path, secretFileBytesMax);
    return bytes && Buffer.from(bytes).toString("utf8");
  } catch {
    return undefined;
  }
}

/** Who acts, for the log: in a pipeline whoever started it. */
function whoActs({ environmentVariables: variables }: Console): string {
  const { GITHUB_ACTOR, GITLAB_USER_LOGIN, USER, LOGNAME } = variables;
  return GITHUB_ACTOR || GITLAB_USER_LOGIN || USER || LOGNAME || userName() || "unknown";
}
