import { Refusal } from "../diagnostic.ts";
import { isSecretRef, type Value } from "../resource.ts";
import type { Plan, Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";

/**
 * What a sink would refuse, it refuses before there is anything to lose: a secret, say because its file is damaged, and a
 * reading for want of an identity. Throws a Refusal.
 */
export async function assertDeliverable(workspace: Workspace, { steps }: Plan): Promise<void> {
  assertReadable(workspace, steps);
  for (const target of steps.flatMap((step) => Object.values(step.delivers ?? {}))) await workspace.secrets.has(target);
}

/** What a step takes out of a sink: SINK:PATH, and the issue where it must be a certain one. */
interface Reading {
  step: Step;
  place: string;
  issueId?: string;
}

/** A value that this run puts is remembered until it ends, so that only the others need an identity. */
function assertReadable({ sinks, manifest }: Workspace, steps: readonly Step[]): void {
  const targets = steps.flatMap((step) => Object.values(step.delivers ?? {}));
  const places = new Set(targets.map(({ sink, path }) => `${sink}:${path}`));
  const issues = new Set(targets.map(({ issueId }) => issueId));
  const blocked = new Map<string, Step[]>();
  for (const { step, place, issueId } of steps.flatMap(readingsOf)) {
    const sink = place.slice(0, place.indexOf(":"));
    const isMade = issueId === undefined ? places.has(place) : issues.has(issueId);
    if (!isMade && sinks.get(sink)?.readable === false) blocked.set(sink, [...(blocked.get(sink) ?? []), step]);
  }
  if (blocked.size === 0) return;
  const remedy = `set STEWARD_AGE_IDENTITY, or name its file in STEWARD_AGE_IDENTITY_FILE, or put it into .steward/identity.txt (looked for in ${manifest.folder})`;
  throw new Refusal([...blocked].map(([sink, readers]) => ({ message: sayBlocked(sink, readers), remedy })));
}

function sayBlocked(sink: string, readers: readonly Step[]): string {
  const [first] = readers;
  const others = readers.length > 1 ? ` (and ${readers.length - 1} more)` : "";
  return `${first?.id}${others} must read sink ${sink}, and no age identity is at hand; nothing was begun`;
}

function readingsOf(step: Step): Reading[] {
  const used = Object.values(step.input)
    .flatMap(placesIn)
    .map((place) => ({ step, place }));
  if (step.records.is !== "proven") return used;
  // A proof takes the very issue out that it promotes.
  const proven = (step.promotes ?? []).map(({ sink, path, issueId }) => ({ step, place: `${sink}:${path}`, issueId }));
  return [...used, ...proven];
}

function placesIn(value: Value): string[] {
  if (isSecretRef(value)) return value.$secret.from === "sink" ? [value.$secret.name] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(placesIn) : [];
}
