import { dirname, join } from "node:path";
import type { BrowserDesks } from "../../browser-desks.ts";
import type { Connector } from "../../connectors/connector.ts";
import type { Io } from "../../io.ts";
import { linklessDisk } from "../../linkless-disk.ts";
import type { Manifest, SystemConfig } from "../../manifest/manifest.ts";
import { readAgeIdentity } from "../../platform/age-identity.ts";
import { ownPid, systemHost, userName } from "../../platform/host.ts";
import { nodeIo } from "../../platform/node-io.ts";
import { Transports } from "../../platform/transport.ts";
import { openSink } from "../../sinks/open.ts";
import type { Sink } from "../../sinks/sink.ts";
import type { RunCarrier } from "../../state.ts";
import { Workspace, type WorkspaceOptions } from "../../workspace.ts";
import type { Held } from "./config-text.ts";
import { openJournal } from "./journal.ts";
import { type ProviderConfig, withOwnName } from "./provider-config.ts";
import type { ProviderParts } from "./service.ts";
import { Walk } from "./walk.ts";

/** Opens what a walk needs. Asks no system: that is left to the first resource. */
export async function openWalk(
  parts: ProviderParts,
  connector: Connector,
  { manifest: read, block, restore }: ProviderConfig,
  held: Held,
): Promise<Walk> {
  const { environmentVariables, version } = parts;
  const { manifest, system } = withOwnName(read, connector);
  const transports = new Transports(environmentVariables);
  const io: Io = parts.world?.io ?? nodeIo({ transports });
  const host = parts.world?.host ?? (await systemHost());
  const carrier: RunCarrier = {
    host: host.host,
    pidSpace: host.pidSpace,
    pid: ownPid,
    started: (await host.started(ownPid)) ?? "",
  };
  const who = environmentVariables.GITHUB_ACTOR || environmentVariables.GITLAB_USER_LOGIN || userName() || "unknown";
  const browsers = await browsersOf(manifest, system, io, parts);
  let workspace: Workspace | undefined;
  const log = openJournal({ manifest, io, host, carrier, who, workspace: () => workspace });
  workspace = await Workspace.open({
    manifest,
    connectors: [connector],
    io,
    log,
    sinks: openSinks(manifest, io, parts),
    environmentVariable: (name) => held.get(name)?.reveal() ?? environmentVariables[name],
    readFile: async () => "",
    who,
    ...(parts.world ? {} : { transportOf: (one) => transports.route(one) }),
    ...deskOf(browsers, parts),
  });
  const isSet = (variable: string) => (environmentVariables[variable] ?? "") !== "";
  const lives = async ({ pid, started }: RunCarrier) => (await host.started(pid)) === started;
  const walk = new Walk({
    workspace,
    connector,
    system,
    block,
    held,
    restore,
    version,
    carrier,
    lives,
    browsers,
    isSet,
  });
  walk.trust();
  return walk;
}

/** Browsers are opened when they are used, and what drives them is loaded only where the block says so. */
async function browsersOf(
  manifest: Manifest,
  { hand }: SystemConfig,
  { disk, clock }: Io,
  { environmentVariables, folder: packages }: ProviderParts,
): Promise<BrowserDesks | undefined> {
  if (hand !== "browser") return undefined;
  const { BrowserDesks } = await import("../../browser-desks.ts");
  const { folder, state, environment } = manifest;
  return new BrowserDesks({
    ...{ environmentVariables, manifest, disk, packages, flags: {} },
    now: () => new Date(clock.now()).toISOString(),
    // Beside the journal.
    evidenceFolder: join(folder, dirname(state.path), "evidence", environment),
  });
}

function deskOf(browsers: BrowserDesks | undefined, { world }: ProviderParts): Pick<WorkspaceOptions, "deskOf"> {
  if (world?.deskOf) return { deskOf: world.deskOf };
  return browsers ? { deskOf: (...args) => browsers.deskOf(...args) } : {};
}

function openSinks(manifest: Manifest, { disk }: Io, parts: ProviderParts): ReadonlyMap<string, Sink> {
  const { folder, environment } = manifest;
  const identity = readAgeIdentity(parts, folder);
  const surroundings = { disk: linklessDisk(disk, folder), folder, environment, ...(identity && { identity }) };
  return new Map(Object.values(manifest.sinks).map((sink) => [sink.name, openSink(sink, surroundings)]));
}
