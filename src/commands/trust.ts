import { canonicalJson } from "../canonical.ts";
import { exitCodes } from "../diagnostic.ts";
import { closest } from "../manifest/closest.ts";
import { stringify } from "../render/json.ts";
import { formatValue } from "../render/value.ts";
import { count, pad, phrase } from "../render/visible.ts";
import type { Plain } from "../resource.ts";
import { pinOfSink, pinOfSystem } from "../trust.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { sayPlace } from "./said.ts";
import { type Session, withLock, withSession } from "./session.ts";

interface TrustFlags {
  all?: true;
}

/** One place where credentials or secrets go: what is pinned of it, and what the manifest says. */
interface Target {
  of: "systems" | "sinks";
  name: string;
  pinned: Plain | undefined;
  today: Plain;
  status: "trusted" | "new" | "changed";
}

/** `steward trust`. */
export const addTrust: AddCommand = (command, run) => {
  command
    .description(
      "Pins where credentials, secrets and mails may go: URL, proxy, authorities, mail server and mail addresses of systems, target and recipients of sinks. Whatever is new or changed in the manifest is refused until it was pinned. Without a name it shows what is pinned.",
    )
    .argument("[name...]", "systems and sinks of the manifest")
    .option("--all", "every system and sink of the manifest")
    .addHelpText(
      "after",
      "\nExamples:\n  steward trust --env test                     show what is pinned\n  steward trust --env test velocloud local     pin a system and a sink",
    )
    .action(run<TrustFlags, [string[]]>(trust));
};

async function trust(console: Console, options: SharedOptions & TrustFlags, names: string[]): Promise<number> {
  return withSession(console, options, { reads: true }, async (session) => {
    if (names.length === 0 && !options.all) return listTargets(session);
    const wanted = await withLock(session, "trust", () => pinTargets(session, names, options.all ?? false));
    const { serial } = session.workspace.state;
    if (options.format === "json") console.write(stringify({ formatVersion: 1, pinned: wanted, serial }));
    else console.write(sayPinned(session, wanted));
    return exitCodes.done;
  });
}

function listTargets(session: Session): number {
  const { console, options } = session;
  const targets = targetsOf(session);
  if (options.format === "json") console.write(stringify({ formatVersion: 1, targets }));
  else {
    for (const target of targets) console.write(sayTarget(target, session));
    const open = targets.filter((target) => target.status !== "trusted");
    const next = `Check what is new or changed above, then pin it:  steward trust${sayPlace(session)} ${open.map(({ name }) => name).join(" ")}`;
    console.write(open.length === 0 ? "Everything is trusted.\n" : `${next}\n`);
  }
  return exitCodes.done;
}

async function pinTargets(session: Session, names: string[], all: boolean): Promise<Target[]> {
  const { workspace } = session;
  const targets = targetsOf(session);
  for (const name of names) assertTarget(name, targets);
  const wanted = targets.filter((target) => all || names.includes(target.name));
  workspace.begin();
  const base = { type: "pin" as const, at: workspace.timestamp(), by: workspace.who };
  const events = wanted
    .filter((target) => target.status !== "trusted")
    .map(({ of, name, today }) => ({ ...base, of, name, pin: today }));
  if (events.length > 0) await workspace.append(events);
  return wanted;
}

function assertTarget(name: string, targets: Target[]): void {
  const known = targets.map((target) => target.name);
  if (known.includes(name)) return;
  const near = closest(name, known);
  throw new WrongUsage(
    `no system or sink ${name} is declared${near ? ` (did you mean ${near}?)` : `; declared: ${known.join(", ")}`}`,
  );
}

function targetsOf({ workspace, manifest }: Session): Target[] {
  const { pins } = workspace.state;
  const target = (of: Target["of"], name: string, today: Plain): Target => {
    const pinned = pins[of][name];
    const same = pinned !== undefined && canonicalJson(pinned) === canonicalJson(today);
    return { of, name, pinned, today, status: pinned === undefined ? "new" : same ? "trusted" : "changed" };
  };
  const systems = Object.values(manifest.systems).map((system) => target("systems", system.name, pinOfSystem(system)));
  const sinks = [...workspace.sinks.values()].map((sink) => target("sinks", sink.name, pinOfSink(sink)));
  return [...systems, ...sinks];
}

/** A target with each of its parts; where it changed, what was pinned before. */
function sayTarget({ of, name, pinned, today, status }: Target, { style }: Session): string {
  const tone = { trusted: "good", new: "add", changed: "wait" } as const;
  const parts = Object.entries(today as Record<string, Plain>).filter(([, value]) => value !== null);
  const before = (pinned ?? {}) as Record<string, Plain>;
  const gone = Object.entries(before).filter(([key, value]) => value !== null && !parts.some(([part]) => part === key));
  const all = [...parts, ...gone.map(([key]): [string, Plain] => [key, null])];
  const columns = Math.max(10, ...all.map(([key]) => key.length));
  const lines = all.map(([key, value]) => {
    const differs = status === "changed" && canonicalJson(before[key] ?? null) !== canonicalJson(value);
    const text = differs ? `${formatValue(before[key] ?? null)} → ${formatValue(value)}` : formatValue(value);
    return `      ${pad(phrase(key), columns)}  ${text}\n`;
  });
  const what = of === "systems" ? "system" : "sink";
  return `  ${what} ${phrase(name)}  ${style(tone[status], status)}\n${lines.join("")}`;
}

function sayPinned(session: Session, wanted: Target[]): string {
  const { workspace, style } = session;
  const fresh = wanted.filter((target) => target.status !== "trusted");
  const shown = wanted.map((target) => sayTarget(target, session)).join("");
  if (fresh.length === 0) return `${shown}Nothing new: all of it was trusted already.\n`;
  const head = `${style("good", "Pinned:")} ${count(fresh.length, "target")}. State serial ${workspace.state.serial}.`;
  return `${shown}${head} From here on a change of them is refused.\nNext:  steward plan${sayPlace(session)}\n`;
}
