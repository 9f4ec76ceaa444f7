import { join } from "node:path";
import type { StateLog } from "../../backends/backend.ts";
import { openLocalLog } from "../../backends/local.ts";
import type { HostInfo } from "../../backends/local-lock.ts";
import { sharedLog } from "../../backends/shared.ts";
import { Refusal } from "../../diagnostic.ts";
import type { Io } from "../../io.ts";
import { linklessDisk } from "../../linkless-disk.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import type { RunCarrier } from "../../state.ts";
import { pinOfSink, pinOfSystem } from "../../trust.ts";
import type { Workspace } from "../../workspace.ts";

/** The journal of providers: a state log of Steward that several processes keep together. */

interface JournalOptions {
  manifest: Manifest;
  io: Io;
  host: HostInfo;
  carrier: RunCarrier;
  who: string;
  /** The workspace that folds it; asked for when it is there. */
  workspace(): Workspace | undefined;
}

/** Several processes may begin a journal at the same moment; one of them does. */
const beginTriesMax = 5;

/** Opens it without touching it. */
export function openJournal({ manifest, io, host, carrier, who, workspace }: JournalOptions): StateLog {
  const { folder, state } = manifest;
  const log = openLocalLog({
    folder: join(folder, state.path),
    disk: linklessDisk(io.disk, folder),
    clock: io.clock,
    host,
  });
  return sharedLog({
    log,
    clock: io.clock,
    owner: () => ({
      who,
      host: carrier.host,
      pid: carrier.pid,
      command: "(a Terraform provider)",
      since: new Date(io.clock.now()).toISOString(),
      id: Buffer.from(io.random.bytes(8)).toString("hex"),
    }),
    onOthers: (records) => workspace()?.learn(records),
  });
}

/** Gives the journal its lineage and notes what the provider block trusts, where that is not noted yet. */
export async function beginJournal(walk: { workspace: Workspace; reload(): Promise<void> }): Promise<void> {
  const { workspace } = walk;
  for (let tries = 1; ; tries++) {
    const { lineage } = await workspace.log.read();
    await walk.reload();
    if (lineage === undefined) workspace.begin();
    try {
      return await workspace.append(pinEvents(workspace));
    } catch (error) {
      if (!(error instanceof Refusal) || tries === beginTriesMax) throw error;
    }
  }
}

function pinEvents(workspace: Workspace): Parameters<Workspace["append"]>[0] {
  const base = { type: "pin" as const, at: workspace.timestamp(), by: workspace.who, journal: true as const };
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
  return [...systems, ...sinks];
}
