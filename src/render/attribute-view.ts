import { isClear, isSecretRef } from "../resource.ts";
import type { Action, AttributeChange, Step } from "../step.ts";
import { formatPair, formatValue, isFlatList } from "./value.ts";
import { phrase } from "./visible.ts";

/** One attribute as every renderer says it. */
export interface AttributeView {
  path: string;
  /** Old and new value, or the only one that there is. */
  text: string;
  /** Why it stands out: drift, conflict, the planner's remark. */
  remarks: string[];
  mark?: "drift" | "conflict" | "unmanaged";
}

/** What a plan says about one attribute of a change. */
export function viewAttribute(change: AttributeChange, action: Action, steps: Step[]): AttributeView {
  const view: AttributeView = {
    path: phrase(change.path),
    text: textOf(change, action, steps),
    remarks: remarksOf(change),
  };
  if (change.conflict) view.mark = "conflict";
  else if (change.drift) view.mark = "drift";
  else if (change.unmanaged) view.mark = "unmanaged";
  return view;
}

function textOf(change: AttributeChange, action: Action, steps: Step[]): string {
  if (change.secret) return secretText(change, steps);
  if (change.unmanaged) return "before" in change ? formatValue(change.before) : "(value not known)";
  if (action === "delete" || action === "forget") return formatValue(change.before);
  if (!("before" in change)) return formatValue(change.after);
  if (isFlatList(change.before) && isFlatList(change.after)) return listText(change.before, change.after);
  const [before, after] = formatPair(change.before, change.after);
  return arrow(before, after);
}

/** Values that differ only where they are cut off must not look equal. */
function arrow(before: string, after: string): string {
  return before === after ? `${before} → (differs beyond what is shown)` : `${before} → ${after}`;
}

/** A secret: where it comes from or goes to, and nothing else, whatever stands in `before` and `after`. */
function secretText(change: AttributeChange, steps: Step[]): string {
  if (isSecretRef(change.after) || isClear(change.after)) return formatValue(change.after);
  const name = change.path.split(".").at(-1)!;
  const targets = steps.flatMap((step) => Object.entries(step.delivers ?? {}));
  for (const [secret, target] of targets) {
    const place = `${target.sink}:${target.path}`;
    if (secret === change.path || secret === name || place === change.after) return `(secret → ${phrase(place)})`;
  }
  return "(secret)";
}

function listText(before: unknown[], after: unknown[]): string {
  const old = new Set(before.map((entry) => JSON.stringify(entry)));
  const young = new Set(after.map((entry) => JSON.stringify(entry)));
  const added = after.filter((entry) => !old.has(JSON.stringify(entry)));
  const removed = before.filter((entry) => !young.has(JSON.stringify(entry)));
  if (added.length + removed.length === 0)
    return arrow(formatValue(before as string[]), formatValue(after as string[]));
  const parts = [];
  if (added.length > 0) parts.push(`+ ${formatValue(added as string[])}`);
  if (removed.length > 0) parts.push(`- ${formatValue(removed as string[])}`);
  if (before.length !== after.length) parts.push(`${before.length} → ${after.length} entries`);
  return parts.join("  ");
}

function remarksOf(change: AttributeChange): string[] {
  const remarks = [];
  if (change.conflict && !change.secret) remarks.push(`conflict: ${threeValues(change)}`);
  else if (change.drift && !change.secret) remarks.push("drift, changed outside Steward");
  else if (change.conflict || change.drift) remarks.push("changed outside Steward");
  if (change.unmanaged) remarks.push("no longer managed, stays as it is");
  if (change.note !== undefined) remarks.push(phrase(change.note));
  return remarks;
}

function threeValues(change: AttributeChange): string {
  return `desired ${formatValue(change.after)}, recorded ${formatValue(change.recorded)}, actual ${formatValue(change.before)}`;
}
