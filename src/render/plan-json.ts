import type { Address, Plain, Value } from "../resource.ts";
import { isClear, isSecretRef } from "../resource.ts";
import {
  type Action,
  type AttributeChange,
  type Change,
  type Consents,
  groupSteps,
  type Hand,
  type Plan,
} from "../step.ts";
import type { AttributeView } from "./attribute-view.ts";
import { viewAttribute } from "./attribute-view.ts";
import { stringify } from "./json.ts";
import type { PlanCounts } from "./plan-summary.ts";
import { type PlanOptions, viewPlan } from "./plan-view.ts";
import { viewSteps } from "./step-view.ts";

/**
 * The plan for programs. `formatVersion` grows when a field changes its meaning or goes; new fields may come at any time.
 * Values are written as in a plan file: `$ref` is known only after apply, `$secret` is a secret by reference, `$clear` empties.
 */
export interface PlanDocument {
  formatVersion: 1;
  /** Version of Steward. */
  version: string;
  environment: string;
  /** ISO 8601. */
  now: string;
  serial: number;
  declared: number;
  /** Names of the configured systems, sorted. */
  systems: string[];
  /** Of the plan; `apply` refuses another. */
  digest: string;
  scope: Plan["scope"];
  consents: Consents;
  counts: PlanCounts;
  /** The summary line for people. */
  outcome: string;
  /** Resources that stay as they are are left out. */
  changes: ChangeDocument[];
  notices: { address?: Address; system?: string; message: string }[];
}

export interface ChangeDocument {
  address: Address;
  kind: string;
  system: string;
  action: Action;
  because?: string;
  held?: { because: string };
  blocked?: { because: string };
  id?: string;
  after: Address[];
  notes: string[];
  attributes: AttributeDocument[];
  steps: StepDocument[];
}

export interface AttributeDocument {
  path: string;
  /** Actual value; absent for a secret and for what did not exist. */
  before?: Plain;
  /** Desired value; absent when it is no longer managed. */
  after?: Value;
  recorded?: Plain;
  mark?: NonNullable<AttributeView["mark"]>;
  secret?: true;
  note?: string;
  /** The same for people. */
  text: string;
}

export interface StepDocument {
  id: string;
  operation: string;
  hand: Hand;
  title: string;
  needs: string[];
  always: boolean;
  remarks: string[];
}

/** A plan as JSON text, safe to print on a terminal. */
export function renderPlanJson(plan: Plan, options: PlanOptions = {}): string {
  return stringify(planDocument(plan, options));
}

/** A plan as the documented object. */
export function planDocument(plan: Plan, options: PlanOptions = {}): PlanDocument {
  const { counts, outcome } = viewPlan(plan, options);
  const steps = groupSteps(plan.steps);
  return {
    formatVersion: 1,
    version: plan.basis.version,
    environment: plan.environment,
    now: plan.now,
    serial: plan.serial,
    declared: plan.declared,
    systems: Object.keys(plan.basis.targets).sort(),
    digest: plan.digest,
    scope: plan.scope,
    consents: plan.consents,
    counts,
    outcome,
    changes: plan.changes
      .map((change) => changeDocument(change, steps.get(change.address) ?? []))
      .filter(saysSomething),
    notices: plan.notices,
  };
}

function changeDocument(change: Change, steps: Plan["steps"]): ChangeDocument {
  const views = viewSteps(steps);
  return {
    ...change,
    attributes: change.attributes.map((attribute) =>
      attributeDocument(attribute, viewAttribute(attribute, change.action, steps)),
    ),
    steps: steps.map(({ id, operation, hand, title, needs, always }, index) => {
      return { id, operation, hand, title, needs, always: always === true, remarks: views[index]!.remarks };
    }),
  };
}

function attributeDocument(change: AttributeChange, view: AttributeView): AttributeDocument {
  const document: AttributeDocument = { path: change.path, text: view.text };
  const open = change.secret !== true;
  if (open && change.before !== undefined) document.before = change.before;
  if (open && change.recorded !== undefined) document.recorded = change.recorded;
  if (change.after !== undefined && (open || isSecretRef(change.after) || isClear(change.after)))
    document.after = change.after;
  if (view.mark) document.mark = view.mark;
  if (change.secret) document.secret = true;
  if (change.note !== undefined) document.note = change.note;
  return document;
}

function saysSomething(change: ChangeDocument): boolean {
  const stopped = change.held !== undefined || change.blocked !== undefined;
  return (
    change.action !== "none" || stopped || change.attributes.length + change.steps.length + change.notes.length > 0
  );
}
