import { planSafely } from "../apply/apply.ts";
import { Refusal } from "../diagnostic.ts";
import { actualFileBytesMax } from "../limits.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { type ActualFile, parseActualFile } from "../plan/actual-file.ts";
import { digestOfPlan } from "../plan/file.ts";
import { systemClock } from "../platform/clock.ts";
import { systemDisk } from "../platform/disk.ts";
import type { Notice, Plan } from "../step.ts";
import { assertPinned, pinOfSink, pinOfSystem } from "../trust.ts";
import { version } from "../version.ts";
import type { Console, SharedOptions } from "./command.ts";
import { readTextFile } from "./files.ts";
import { type ConsentOptions, consentsOf } from "./plan-options.ts";
import { loadConnectors, openSinks } from "./session.ts";

/**
 * Plans from the manifest and a file of `steward refresh` alone: no credentials, no network, no state. What the file did not
 * read is left out of the plan, never created. Throws a Refusal when the manifest leads elsewhere than what was read.
 */
export async function planFromFile(
  console: Console,
  options: SharedOptions & ConsentOptions & { destroy?: true },
  manifest: Manifest,
  path: string,
): Promise<Plan> {
  const now = (console.world?.io?.clock ?? systemClock).now();
  const file = parseActualFile(readTextFile(console, path, actualFileBytesMax), now);
  assertSameEnvironment(file, manifest);
  const connectors = await loadConnectors(console, manifest);
  const news = await assertSameTargets(console, file, manifest, connectors);
  const kinds = new Map(connectors.flatMap((connector) => connector.kinds.map((kind) => [kind.name, kind] as const)));
  const { observation, state } = file;
  const consents = consentsOf(options, { manifest, state, kinds });
  const input = { manifest, kinds, state, observation, now, consents, destroy: options.destroy ?? false };
  const { plan } = planSafely({ ...input, version: version() });
  const age = {
    message: `actual is as of ${file.at}, ${sayAge(now - Date.parse(file.at))} ago; nothing was read since`,
  };
  const notices = [age, ...news, ...plan.notices];
  return { ...plan, notices, digest: digestOfPlan({ ...plan, notices }) };
}

function assertSameEnvironment(file: ActualFile, manifest: Manifest): void {
  if (file.environment === manifest.environment) return;
  const message = `the file was read in environment ${file.environment}, this plan is for ${manifest.environment}`;
  throw new Refusal([
    { message, remedy: `--env ${file.environment}, or a file of: steward refresh --env ${manifest.environment}` },
  ]);
}

/** What changed since it was trusted is refused; what is new is said, because apply will refuse it. */
async function assertSameTargets(
  console: Console,
  file: ActualFile,
  manifest: Manifest,
  connectors: Awaited<ReturnType<typeof loadConnectors>>,
): Promise<Notice[]> {
  const { pins } = file.state;
  const notices: Notice[] = [];
  for (const [name, system] of Object.entries(manifest.systems)) {
    if (pins.systems[name] === undefined) notices.push(newcomer("system", name));
    else assertPinned(pins, "systems", name, pinOfSystem(system));
    const read = file.observation.systems[name]?.fingerprint;
    const fingerprint = connectors.find((connector) => connector.name === system.type)?.fingerprint(system);
    if (read !== undefined && read !== fingerprint) throw otherTarget(name);
  }
  const disk = console.world?.io?.disk ?? systemDisk;
  for (const [name, sink] of openSinks(console, manifest, { disk }, "no identity")) {
    if (pins.sinks[name] === undefined) notices.push(newcomer("sink", name));
    else assertPinned(pins, "sinks", name, pinOfSink(sink));
  }
  return notices;
}

function newcomer(what: string, name: string): Notice {
  return { message: `${what} ${name} is new: apply refuses it before somebody has run steward trust ${name}` };
}

function otherTarget(name: string): Refusal {
  const message = `the settings of system ${name} mean another place than the one that the file was read from`;
  return new Refusal([{ message, remedy: "undo the change, or write the file anew: steward refresh --out FILE" }]);
}

function sayAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
