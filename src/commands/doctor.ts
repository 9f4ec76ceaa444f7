import type { BrowserDesks } from "../browser-desks.ts";
import type { Finding } from "../connectors/connector.ts";
import { exitCodes } from "../diagnostic.ts";
import { examineSink, fromError } from "../examine/sinks.ts";
import { examineState } from "../examine/state.ts";
import { closest } from "../manifest/closest.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { countOf, type Examined, findingsJson, renderFindings } from "../render/findings.ts";
import { completeHints, type Said } from "../render/hints.ts";
import { styleFor } from "../render/style.ts";
import type { Secret } from "../secret.ts";
import { assertPinned, pinOfSink, pinOfSystem } from "../trust.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { saidHere } from "./said.ts";
import { ageIdentity, loadManifest, openSession, type Session } from "./session.ts";
import { addBrowserOptions } from "./shared-options.ts";

/** `steward doctor`. */
export const addDoctor: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Looks at everything that a run needs: credentials and privileges, the clock, sinks and keys, state, pinned addresses. Changes nothing. Exit 1 when something is wrong.",
    )
    .argument("[system...]", "only these systems (default: all)")
    .addHelpText("after", "\nExamples:\n  steward doctor --env test\n  steward doctor velocloud --format json")
    .action(run<object, [string[]]>(doctor));
};

async function doctor(console: Console, options: SharedOptions, names: string[]): Promise<number> {
  const manifest = loadManifest(console, options);
  for (const name of names) assertSystem(name, manifest);
  const found = await examineAll(console, options, names.length > 0 ? names : Object.keys(manifest.systems));
  const said = saidHere({ options, manifest });
  const all = found.map((one) => ({ ...one, findings: one.findings.map((finding) => complete(finding, said)) }));
  const text = () => renderFindings(all, Math.min(120, console.columns), styleFor(console.color));
  console.write(options.format === "json" ? findingsJson(all) : text());
  return countOf(all, "error") > 0 ? exitCodes.fault : exitCodes.done;
}

const complete = (finding: Finding, said: Said): Finding =>
  finding.remedy === undefined ? finding : { ...finding, remedy: completeHints(finding.remedy, said) };

function assertSystem(name: string, manifest: Manifest): void {
  const known = Object.keys(manifest.systems);
  if (known.includes(name)) return;
  const near = closest(name, known);
  const way = near ? `did you mean ${near}?` : `declared: ${known.join(", ")}`;
  throw new WrongUsage(`no system ${name} is declared (${way})`);
}

async function examineAll(console: Console, options: SharedOptions, names: string[]): Promise<Examined[]> {
  let session: Session;
  try {
    session = await openSession(console, options, { reads: true });
  } catch (error) {
    const rest = "systems and sinks were not looked at: what is trusted stands in the state";
    return [{ about: "state", name: "", findings: [fromError(error), { level: "warning", message: rest }] }];
  }
  try {
    const { workspace, manifest } = session;
    const state = await collect(() => examineState(workspace.state, workspace.log));
    const systems = names.sort().map((name) => examineSystem(session, name));
    const identity = ageIdentity(console, manifest.folder);
    const sinks = Object.keys(manifest.sinks)
      .sort()
      .map((name) => examineOne(session, name, identity));
    return [
      { about: "state", name: workspace.log.place, findings: state },
      ...(await Promise.all([...systems, ...sinks])),
    ];
  } finally {
    await session.close();
  }
}

/** What a check throws is a finding too. */
async function collect(examine: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examine();
  } catch (error) {
    return [fromError(error)];
  }
}

async function examineSystem({ workspace, browsers }: Session, name: string): Promise<Examined> {
  const config = workspace.config(name);
  const findings = await collect(async () => {
    const { pins } = workspace.state;
    if (pins.systems[name] === undefined) return [untrusted(name, `its credentials would go to ${config.url}`)];
    assertPinned(pins, "systems", name, pinOfSystem(config));
    const own = await workspace.system(name).examine();
    const console = config.hand === "browser" && browsers ? await examineConsole(browsers, workspace, name) : [];
    return [{ level: "ok", message: "its address is pinned" }, ...own, ...console];
  });
  return { about: "system", name: `${name}  ${config.url}`, findings };
}

const ownAuthorities: Finding = {
  level: "warning",
  message: "ca_file does not count for the browser: it takes its authorities from this machine",
  remedy: "nothing to do where the browser gets in; else let this machine trust the authority",
};

/** A browser that starts, and whether it gets in. */
async function examineConsole(
  browsers: BrowserDesks,
  workspace: Session["workspace"],
  name: string,
): Promise<Finding[]> {
  const browser = await collect(() => browsers.examine());
  if (browser.some(({ level }) => level === "error")) return browser;
  const { url, ca } = workspace.config(name);
  const signedIn = await collect(async () => {
    await workspace.console(name).look({ url, role: "", acts: [], results: [] });
    return [{ level: "ok", message: `the browser gets in at ${url}` }];
  });
  const authorities: Finding[] = ca === undefined ? [] : [ownAuthorities];
  return [...browser, ...authorities, ...signedIn];
}

async function examineOne(
  { workspace, manifest }: Session,
  name: string,
  identity: Secret | undefined,
): Promise<Examined> {
  const sink = workspace.sinks.get(name)!;
  const entries = Object.values(workspace.state.entries);
  const pinned = await collect(async () => {
    const { pins } = workspace.state;
    if (pins.sinks[name] === undefined) return [untrusted(name, "where its secrets go is not pinned")];
    assertPinned(pins, "sinks", name, pinOfSink(sink));
    return [{ level: "ok", message: "its place and recipients are pinned" }];
  });
  const rest = await collect(() => examineSink(sink, { folder: manifest.folder, identity, entries }));
  return { about: "sink", name: `${name}  (${sink.type})`, findings: [...pinned, ...rest] };
}

function untrusted(name: string, why: string): Finding {
  return { level: "error", message: `not trusted yet: ${why}`, remedy: `check it, then pin it: steward trust ${name}` };
}
