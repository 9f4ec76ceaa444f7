import type { Value } from "../../resource.ts";
import type { Hand, StepDraft } from "../../step.ts";
import type { View } from "../connector.ts";
import { shown } from "./screens.ts";

/** A step on the console, by whoever works there. */
export function byHand(view: View, draft: Omit<StepDraft, "hand">): StepDraft {
  const hand: Hand = view.system.hand === "person" ? "person" : "browser";
  return { hand, ...draft };
}

/** The user that a change is about. */
export function subjectOf(view: View): Record<string, Value> {
  return { user_name: nameOf(view) };
}

/** Its User Name: as the console shows it, else as it is declared. */
export function nameOf(view: View): string {
  return view.actual?.id ?? view.recorded?.id ?? shown(view.desired?.user_name);
}

/** Values as they were planned from, for what is to be seen before anything is changed. */
export function beforeOf(view: View, names: readonly string[]): Record<string, Value> {
  const known = names.flatMap((name): [string, Value][] => {
    const value = view.actual?.unobservable.includes(name) ? undefined : view.actual?.attributes[name];
    return typeof value === "string" || typeof value === "boolean" ? [[name, value]] : [];
  });
  return Object.fromEntries(known);
}
