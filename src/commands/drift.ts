import { settleDoubts } from "../apply/settle.ts";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { type Drift, findDrift, type ToldObjects, toldObjects } from "../drift.ts";
import type { Observation } from "../observation.ts";
import { probeEvents } from "../probe-events.ts";
import { refresh, whyNotProbed } from "../refresh.ts";
import { stringify } from "../render/json.ts";
import { renderTable } from "../render/table.ts";
import { formatPair } from "../render/value.ts";
import { count, pad, phrase } from "../render/visible.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { noteDoubts } from "./print-plan.ts";
import { watchProgress } from "./progress.ts";
import { sayPlace } from "./said.ts";
import { type Session, withLock, withSession } from "./session.ts";
import { addBrowserOptions } from "./shared-options.ts";

interface DriftFlags {
  probe?: true;
  detailedExitcode?: true;
}

/** `steward drift`. */
export const addDrift: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Shows what somebody changed on the systems since Steward last wrote there, and whether the recorded credentials still work. Writes nothing; only what --probe finds working again counts no longer as refused, or as not proven.",
    )
    .option("--probe", "probe every credential, also where a probe is not free of effects on the system")
    .option("--detailed-exitcode", "exit 2 when something differs or a credential is refused")
    .addHelpText(
      "after",
      "\nExamples:\n  steward drift --env prod\n  steward drift --env prod --probe --detailed-exitcode",
    )
    .action(run<DriftFlags, []>(drift));
};

async function drift(console: Console, options: SharedOptions & DriftFlags): Promise<number> {
  return withSession(console, options, { reads: true }, async (session) => {
    const { workspace } = session;
    const observation = await look(session, options.probe ?? false);
    if (options.probe) await rememberWorking(session, observation);
    const found = findDrift(workspace.state, observation, workspace.kinds);
    console.write(
      options.format === "json"
        ? documentOf(session, found, observation)
        : sayDrift(session, found, observation, options.probe ?? false),
    );
    const refused = Object.values(observation.probes).some((probe) => probe.health === "refused");
    return options.detailedExitcode && (found.length > 0 || refused) ? exitCodes.changes : exitCodes.done;
  });
}

/** What works is not held for refused, or for not proven, any longer. Whoever cannot write that down has looked all the same. */
async function rememberWorking(session: Session, observation: Observation): Promise<void> {
  const { workspace, console } = session;
  if (!probeEvents(workspace, observation).some(({ health }) => health === "working")) return;
  try {
    await withLock(session, "drift", async () => {
      const events = probeEvents(workspace, observation).filter(({ health }) => health === "working");
      if (events.length > 0) await workspace.append(events);
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const why = error.reasons.map(({ message }) => message).join("; ");
    console.note(`What works again is not remembered: ${phrase(why)}\n`);
  }
}

async function look(session: Session, all: boolean): Promise<Observation> {
  const { workspace, console } = session;
  const watch = watchProgress(session);
  try {
    const doubts = await settleDoubts(workspace, { into: "memory", wait: false });
    noteDoubts(console, doubts);
    return await refresh(workspace, { probe: all ? "all" : "harmless", watch: watch.refresh });
  } finally {
    watch.close();
  }
}

function documentOf({ workspace, manifest }: Session, drift: Drift[], observation: Observation): string {
  const recorded = Object.keys(workspace.state.entries).length;
  const told = toldObjects(workspace.state, observation);
  const { at, probes } = observation;
  const { environment } = manifest;
  return stringify({ formatVersion: 1, environment, at, recorded, told, drift, credentials: probes });
}

function sayDrift(session: Session, found: Drift[], observation: Observation, all: boolean): string {
  const { style } = session;
  const blocks = found.map((one) => sayOne(one, session));
  const probes = Object.entries(observation.probes).sort();
  if (probes.length > 0) {
    const rows = probes.map(([address, { health, detail }]) => [address, health, detail]);
    blocks.push(renderTable(["credential", "health", "detail"], rows, style));
  }
  const unprobed = whyUnprobed(session, all);
  const reasons = [...unprobed].map(([why, amount]) => `  ! ${count(amount, "credential")} not probed: ${why}\n`);
  const told = toldObjects(session.workspace.state, observation);
  const outcome = sayOutcome(session, found, sayCredentials(observation, unprobed), told);
  blocks.push(`${outcome}${reasons.join("")}`);
  return blocks.join("\n");
}

function sayOutcome(session: Session, found: Drift[], credentials: string, told: ToldObjects): string {
  return `${sayRead(session, found, credentials, told)}${sayTold(told)}`;
}

/** What is said of the objects that were read. */
function sayRead(
  { style, workspace, manifest, options }: Session,
  found: Drift[],
  credentials: string,
  told: ToldObjects,
): string {
  const recorded = Object.keys(workspace.state.entries).length;
  const also = credentials === "" ? "" : `; ${credentials}`;
  if (found.length > 0) {
    const differ = `${found.length} of ${count(recorded, "recorded object")} differ${found.length === 1 ? "s" : ""}`;
    return `${differ} from what Steward left${also}. To see how it would be repaired:  steward plan${sayPlace({ manifest, options })}\n`;
  }
  const read = recorded - told.addresses.length;
  if (read === 0 && recorded > 0) return `No recorded object was read${also}.\n`;
  const objects = `${count(read, "recorded object")} as Steward left ${read === 1 ? "it" : "them"}`;
  if (also !== "") return `${objects}${also}.\n`;
  return `${style("good", told.addresses.length > 0 ? "No drift in what was read:" : "No drift:")} ${objects}.\n`;
}

/** Of what only people can see, nothing is claimed. */
function sayTold({ addresses, lastOn }: ToldObjects): string {
  if (addresses.length === 0) return "";
  const were = count(addresses.length, "recorded object was", "recorded objects were");
  const last = lastOn === undefined ? "" : `, last on ${lastOn.slice(0, 10)}`;
  return `${were} only told by people${last}; nobody looked since. To ask again:  steward plan --ask ADDRESS\n`;
}

/** `1 credential is refused, 2 credentials are inconclusive`; empty when each was probed and works. */
function sayCredentials({ probes }: Observation, unprobed: ReadonlyMap<string, number>): string {
  const healths = Object.values(probes).map((probe) => probe.health);
  const refused = healths.filter((health) => health === "refused").length;
  const unclear = healths.filter((health) => health === "inconclusive").length;
  const silent = [...unprobed.values()].reduce((sum, amount) => sum + amount, 0);
  return [
    ...(refused > 0 ? [`${count(refused, "credential is", "credentials are")} refused`] : []),
    ...(unclear > 0 ? [`${count(unclear, "credential is", "credentials are")} inconclusive`] : []),
    ...(silent > 0 ? [`${count(silent, "credential was", "credentials were")} not probed`] : []),
  ].join(", ");
}

/** How many recorded credentials were not probed, for each reason. */
function whyUnprobed({ workspace }: Session, all: boolean): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const entry of Object.values(workspace.state.entries)) {
    const why = whyNotProbed(workspace, entry, all);
    if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  return reasons;
}

function sayOne(one: Drift, { style }: Session): string {
  const looks = {
    changed: ["~", "change", "changed outside Steward"],
    gone: ["-", "remove", `gone from ${one.system}`],
    unknown: ["?", "wait", `not known: ${one.because ?? ""}`],
  } as const;
  const [symbol, tone, what] = looks[one.what];
  const column = Math.max(0, ...one.attributes.map(({ path }) => path.length));
  const lines = one.attributes.map(({ path, recorded, actual }) => {
    const [before, after] = formatPair(recorded, actual);
    return `      ${pad(phrase(path), column)}  ${before} → ${after}\n`;
  });
  return `  ${style(tone, symbol)} ${phrase(one.address)}  ${style(tone, phrase(what))}\n${lines.join("")}`;
}
