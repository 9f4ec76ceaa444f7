import type { Diagnostic } from "../diagnostic.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import { issueIdOf } from "../mark.ts";
import { isClear, type Plain, type SecretEntry, type SecretRef, type Value } from "../resource.ts";
import type { SecretTarget } from "../secret.ts";
import type { Expectation, StepDraft } from "../step.ts";
import type { InspectDraft, Verdict, View } from "./connector.ts";

/** An error about one resource, at the place of the attribute. */
export function errorAt(view: View, path: string | undefined, message: string, hint: string): Diagnostic {
  const source = view.locate(path) ?? view.locate();
  return { severity: "error", message, hint, address: view.address, ...(source ? { source } : {}) };
}

/** The verdict with one more note, where there is one. */
export function withNote(general: Verdict, note: string | undefined): Verdict {
  return note === undefined ? general : { ...general, notes: [...general.notes, note] };
}

/** The object as planned: its identity and the managed attributes that the system shows. */
export function expectsPresent(view: View, names?: readonly string[]): Expectation {
  const { actual } = view;
  if (!actual) return { is: "anything" };
  const managed = names ?? (view.desired ? Object.keys(view.desired) : (view.recorded?.managed ?? []));
  const shown = managed.filter((name) => name in actual.attributes && !actual.unobservable.includes(name));
  const attributes: Record<string, Plain> = {};
  for (const name of shown.sort()) attributes[name] = actual.attributes[name] ?? null;
  return { is: "present", id: actual.id, attributes };
}

/** What a change writes, without what only people or Steward see. */
export function writesOf(verdict: Verdict): Record<string, Value> {
  const writes: Record<string, Value> = {};
  for (const { path, after, secret, unmanaged } of verdict.attributes) {
    if (after !== undefined && !secret && !unmanaged) writes[path] = after;
  }
  return writes;
}

/** A value for the wire: what is cleared is null. */
export function wireValue(value: Value): unknown {
  return isClear(value) ? null : value;
}

/** A step by the API. */
export function apiDraft(draft: Omit<StepDraft, "hand">): StepDraft {
  return { hand: "api", ...draft };
}

/** A step by a person. Its operation has a screen. */
export function personDraft(draft: Omit<StepDraft, "hand">): StepDraft {
  return { hand: "person", ...draft };
}

/** Who works at the console of a system. */
export function consoleHand({ hand }: Pick<SystemConfig, "hand">): "browser" | "person" {
  return hand === "browser" ? "browser" : "person";
}

/** A step at the console of the view's system, by a browser or a person. Its operation has a screen. */
export function consoleDraft({ system }: View, draft: Omit<StepDraft, "hand">): StepDraft {
  return { hand: consoleHand(system), ...draft };
}

/** The question that has a person look again at what is recorded. */
export function inspectDraft(input: StepDraft["input"]): InspectDraft {
  return { title: "look at it again", input };
}

/** Splits `SINK:PATH`. */
export function splitTarget(text: string): { sink: string; path: string } {
  const colon = text.indexOf(":");
  return { sink: text.slice(0, colon), path: text.slice(colon + 1) };
}

/** A new issue of a secret at a place. */
export function issueAt(
  view: View,
  secret: string,
  place: string,
  generation: number,
): SecretTarget & { generation: number } {
  const issueId = issueIdOf(view.lineage, view.address, secret, generation);
  return { ...splitTarget(place), issueId, generation };
}

/** A reference to a secret that was delivered. */
export function referenceTo({ sink, path }: SecretEntry): SecretRef {
  return sinkReference(`${sink}:${path}`);
}

/** A reference to what a sink holds. */
export function sinkReference(place: string): SecretRef {
  return { $secret: { from: "sink", name: place } };
}
