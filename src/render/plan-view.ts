import { type Action, type Change, groupSteps, type Notice, type Plan, type Step } from "../step.ts";
import { type AttributeView, viewAttribute } from "./attribute-view.ts";
import { completeHints, type Said } from "./hints.ts";
import { countPlan, type PlanCounts, sayClosing, sayOutcome } from "./plan-summary.ts";
import { type Roles, type StepView, stepsMatter, viewSteps } from "./step-view.ts";
import type { Tone } from "./style.ts";
import { count, phrase } from "./visible.ts";

/** What a plan has to say, in words that are safe to print. Text, markdown and JSON are made from it, so they say the same. */
export interface PlanView {
  title: string[];
  /** What people must know before they read the changes: scope and consents. */
  conditions: string[];
  changes: ChangeView[];
  notices: string[];
  counts: PlanCounts;
  /** `Plan: 2 to create, …` or `No changes.` */
  outcome: string;
  /** Estimate and next command. */
  closing: string[];
}

export interface ChangeView {
  address: string;
  symbol: string;
  tone: Tone;
  /** `rotate: expires in 9 days`. */
  what: string;
  /** Somebody loses something: such changes come first where room is short. */
  removes: boolean;
  attributes: AttributeView[];
  /** Empty when they say no more than the change does. */
  steps: StepView[];
  notes: string[];
}

export interface PlanOptions {
  /** Name of the file that the plan was kept in; the next command names it. */
  file?: string;
  /** Where the manifest was looked for, when that was said: the next command must say it too. */
  manifest?: string;
  /** Without the estimate and the next command: for a plan that is carried out at once. */
  closing?: false;
  /** Who does the steps of people; a step that is not in it waits for "person". */
  roles?: Roles;
}

const looks: Record<Action, [symbol: string, tone: Tone, verb: string]> = {
  create: ["+", "add", "create"],
  adopt: ["⊕", "add", "adopt"],
  update: ["~", "change", "update in place"],
  replace: ["±", "remove", "replace"],
  rotate: ["⟳", "change", "rotate"],
  move: ["→", "change", "move"],
  revive: ["↺", "add", "revive"],
  delete: ["-", "remove", "delete"],
  forget: ["∅", "remove", "forget (stays on the system)"],
  none: [" ", "quiet", "no change"],
};

/** Builds what a plan has to say. */
export function viewPlan(plan: Plan, options: PlanOptions = {}): PlanView {
  const steps = groupSteps(plan.steps);
  const counts = countPlan(plan);
  const said = { ...saidIn(plan), manifest: options.manifest };
  const complete = (hint: string): string => completeHints(hint, said);
  return {
    title: titleOf(plan),
    conditions: conditionsOf(plan),
    changes: plan.changes
      .map((change) => viewChange(change, steps.get(change.address) ?? [], options.roles))
      .filter(saysSomething)
      .map((view) => ({ ...view, notes: view.notes.map(complete) })),
    notices: plan.notices.map((notice) => complete(sayNotice(notice))),
    counts,
    outcome: sayOutcome(counts),
    closing: options.closing === false ? [] : sayClosing(counts, options.file, said),
  };
}

/** What a command that plans the same has to say; a manifest without environments has one that is named so. */
export function saidIn({ environment, consents, scope }: Plan): Said {
  return { env: environment === "default" ? undefined : environment, ...consents, destroy: scope.destroy };
}

function titleOf(plan: Plan): string[] {
  const systems = Object.keys(plan.basis.targets).length;
  return [
    `Steward ${phrase(plan.basis.version)}`,
    `environment ${phrase(plan.environment)}`,
    `${count(systems, "system")}, ${count(plan.declared, "resource")} declared`,
    `state serial ${plan.serial}`,
  ];
}

function conditionsOf(plan: Plan): string[] {
  const lines = [];
  if (plan.scope.destroy) lines.push("Destroy: this plan removes everything in its scope.");
  const { allowDeletions, allowMissing, restore, replace, ask = [] } = plan.consents;
  const consents = [
    ...(allowDeletions === undefined ? [] : [`--allow-deletions ${allowDeletions}`]),
    ...(allowMissing === undefined ? [] : [`--allow-missing ${allowMissing}`]),
    ...restore.map((address) => `--restore ${phrase(address)}`),
    ...replace.map((address) => `--replace ${phrase(address)}`),
    ...ask.map((address) => `--ask ${phrase(address)}`),
  ];
  if (consents.length > 0) lines.push(`Whoever planned consented to: ${consents.join(" ")}`);
  return lines;
}

function viewChange(change: Change, steps: Step[], roles?: Roles): ChangeView {
  const stopped = change.held !== undefined || change.blocked !== undefined;
  const aside = change.action === "none" ? besides(steps) : undefined;
  const [symbol, tone] = aside ?? looks[change.action];
  return {
    address: phrase(change.address),
    symbol: stopped ? "⏸" : symbol,
    tone: stopped ? "wait" : tone,
    what: sayWhat(change, (aside ?? looks[change.action])[2], aside !== undefined),
    removes: tone === "remove",
    attributes: change.attributes.map((attribute) => viewAttribute(attribute, change.action, steps)),
    steps: stepsMatter(steps) || aside ? viewSteps(steps, roles) : [],
    notes: notesOf(change),
  };
}

/** What the steps of a resource that stays as it is are for. */
function besides(steps: Step[]): (typeof looks)["none"] | undefined {
  if (steps.length === 0) return undefined;
  return steps.every(({ asks }) => asks) ? ["?", "wait", "ask what it is like"] : ["~", "change", "tidy up"];
}

function sayWhat(change: Change, verb: string, hasSteps: boolean): string {
  const isSaid = change.because === undefined || change.because === change.held?.because;
  // Of what is left out whole there is nothing to say but why.
  const isOnlyLeftOut = change.blocked !== undefined && change.action === "none" && !hasSteps;
  const parts = isOnlyLeftOut ? [] : [isSaid ? verb : `${verb}: ${phrase(change.because ?? "")}`];
  if (change.held) parts.push(`held: ${phrase(change.held.because)}`);
  if (change.blocked) parts.push(`left out: ${phrase(change.blocked.because)}`);
  if (change.after.length > 0) parts.push(`after ${change.after.map(phrase).join(", ")}`);
  if (!change.kind.startsWith(`${change.system}_`)) parts.push(`on ${phrase(change.system)}`);
  return parts.join(", ");
}

function notesOf(change: Change): string[] {
  const notes = change.notes.map(phrase);
  if (change.held) notes.push(`Nothing is done about it before:  steward plan --restore ${phrase(change.address)}`);
  return notes;
}

function saysSomething(view: ChangeView): boolean {
  return view.symbol !== " " || view.attributes.length > 0 || view.notes.length > 0;
}

function sayNotice(notice: Notice): string {
  const where = notice.address ?? notice.system;
  return where === undefined ? phrase(notice.message) : `${phrase(where)}: ${phrase(notice.message)}`;
}
