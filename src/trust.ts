import { canonicalJson, digestOf } from "./canonical.ts";
import { Refusal } from "./diagnostic.ts";
import type { SystemConfig } from "./manifest/manifest.ts";
import type { Plain } from "./resource.ts";
import type { Sink } from "./sinks/sink.ts";
import type { Pins } from "./state.ts";

/** What is pinned of a system: where its requests and credentials go, and what its settings say of other places. */
export function pinOfSystem(system: SystemConfig): Plain {
  return {
    type: system.type,
    url: system.url,
    proxy: system.proxy ?? null,
    ca: system.ca === undefined ? null : digestOf(system.ca),
    ...(system.consoleSession === undefined ? {} : { console_session: system.consoleSession }),
    // Other words would lead what is filled in into other fields.
    ...(system.screens === undefined ? {} : { screens: system.screens }),
    ...system.pinned,
  };
}

/** What is pinned of a sink: where secrets go, and who can read them. */
export function pinOfSink(sink: Sink): Plain {
  return sink.target;
}

/** Throws a Refusal when what the manifest says today is not what was pinned. */
export function assertPinned(pins: Pins, of: "systems" | "sinks", name: string, today: Plain): void {
  const distrust = distrustOf(pins, of, name, today);
  if (distrust) throw new Refusal([distrust]);
}

/** Throws one Refusal with every system and sink that is not as it was pinned. */
export function assertAllPinned(pins: Pins, systems: Iterable<SystemConfig>, sinks: Iterable<Sink>): void {
  const reasons = [
    ...[...systems].map((system) => distrustOf(pins, "systems", system.name, pinOfSystem(system))),
    ...[...sinks].map((sink) => distrustOf(pins, "sinks", sink.name, pinOfSink(sink))),
  ].filter((reason) => reason !== undefined);
  if (reasons.length > 0) throw new Refusal(reasons);
}

function distrustOf(
  pins: Pins,
  of: "systems" | "sinks",
  name: string,
  today: Plain,
): Refusal["reasons"][number] | undefined {
  const pinned = Object.hasOwn(pins[of], name) ? pins[of][name] : undefined;
  if (pinned !== undefined && canonicalJson(pinned) === canonicalJson(today)) return undefined;
  const what = of === "systems" ? "system" : "sink";
  const message =
    pinned === undefined
      ? `${what} ${name} is not trusted yet: ${sayParts(today)}`
      : `${what} ${name} changed since it was trusted: ${sayChanges(pinned, today)}`;
  return { message, remedy: `check it, then pin it: steward trust ${name}` };
}

type Parts = Record<string, Plain>;

function sayParts(today: Plain): string {
  const parts = Object.entries(today as Parts).filter(([, value]) => value !== null);
  return parts.map(([name, value]) => `${name} ${sayPart(value)}`).join(", ");
}

/** Only what differs, old → new. */
function sayChanges(pinned: Plain, today: Plain): string {
  const [before, now] = [pinned as Parts, today as Parts];
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  return names
    .filter((name) => canonicalJson(before[name] ?? null) !== canonicalJson(now[name] ?? null))
    .map((name) => `${name} ${sayPart(before[name] ?? null)} → ${sayPart(now[name] ?? null)}`)
    .join(", ");
}

function sayPart(value: Plain): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.map(sayPart).join(" and ");
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? value : canonicalJson(value);
}
