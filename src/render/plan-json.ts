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
  type Step,
  type When,
} from "../step.ts";
import type { AttributeView } from "./attribute-view.ts";
import { viewAttribute } from "./attribute-view.ts";
import { stringify } from "./json.ts";
import type { PlanCounts } from "./plan-summary.ts";
import { type PlanOptions, viewPlan } from "./plan-view.ts";
import { type Roles, type StepView, viewSteps } from "./step-view.ts";

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

interface ChangeDocument {
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

interface AttributeDocument {
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

interface StepDocument {
  id: string;
  operation: string;
  hand: Hand;
  title: string;
  needs: string[];
  always: boolean;
  /** The branch that the step stands in: it runs when this is so of what step `of` showed. */
  when?: When;
  /** A question: it writes nothing. */
  asks?: true;
  /** What is borrowed on the system: this step takes it, or gives it back. */
  loan?: NonNullable<Step["loan"]>;
  /** Who does it, where that is known. */
  role?: string;
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
      .map((change) => changeDocument(change, steps.get(change.address) ?? [], options.roles))
      .filter(saysSomething),
    notices: plan.notices,
  };
}

function changeDocument(change: Change, steps: Step[], roles?: Roles): ChangeDocument {
  const views = viewSteps(steps, roles);
  return {
    ...change,
    attributes: change.attributes.map((attribute) =>
      attributeDocument(attribute, viewAttribute(attribute, change.action, steps)),
    ),
    steps: steps.map((step, index) => stepDocument(step, views[index]!, roles?.get(step.id))),
  };
}

function stepDocument(step: Step, { remarks }: StepView, role: string | undefined): StepDocument {
  const { id, operation, hand, title, needs, always, when, asks, loan } = step;
  return {
    ...{ id, operation, hand, title, needs, always: always === true },
    ...(when && { when }),
    ...(asks && { asks }),
    ...(loan && { loan }),
    ...(role !== undefined && { role }),
    remarks,
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
