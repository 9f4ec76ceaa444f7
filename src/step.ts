import type { Address, Plain, Value } from "./resource.ts";
import type { SecretTarget } from "./secret.ts";

/** Who carries a step out. "mail" sends one by SMTP; "state" writes nothing but our own record. */
export type Hand = "api" | "browser" | "person" | "mail" | "state";

/** What decides, while a plan is carried out, whether a step is needed. The set is closed: `src/run.ts` says what each means. */
export type Predicate =
  | "absent"
  | "found"
  | "unlicensed"
  | "unrequested"
  | "declined"
  | "full"
  | "right-missing"
  | "refused"
  | "failed"
  | "borrowed";

/** A branch: the step is needed when this is so of what step `of` showed. A plan prints and digests every branch. */
export interface When {
  is: Predicate;
  /** Id of a step of the same change. */
  of: string;
}

export type Action =
  | "create"
  | "adopt"
  | "update"
  | "replace"
  | "rotate"
  | "move"
  | "revive"
  | "delete"
  | "forget"
  | "none";

/** One attribute of a change. `after` is absent when the attribute is no longer managed. */
export interface AttributeChange {
  path: string;
  before?: Plain;
  after?: Value;
  recorded?: Plain;
  /** Somebody changed it behind our back: desired = recorded ≠ actual. */
  drift?: true;
  /** Desired, recorded and actual all differ. */
  conflict?: true;
  /** A secret: neither value is known here. */
  secret?: true;
  /** It is only said that it is no longer managed; nothing is written. */
  unmanaged?: true;
  /** A remark for people, such as "privilege gained". */
  note?: string;
}

/** What happens to one resource, for people. */
export interface Change {
  address: Address;
  kind: string;
  system: string;
  action: Action;
  /** Why, where the action does not say it by itself. */
  because?: string;
  /** Access that somebody took away: nothing is done before `--restore ADDRESS` (law 11). */
  held?: { because: string };
  /** Left out because another run has reserved it or something it needs is held or in doubt. */
  blocked?: { because: string /** A person is at work on it, in a run that is open. */; waits?: true };
  attributes: AttributeChange[];
  /** Identity of the actual object, where there is one. */
  id?: string;
  /** Addresses whose changes come first. */
  after: Address[];
  notes: string[];
}

/** What must be so right before a step; checked against a fresh read. */
export type Expectation =
  | { is: "absent"; identity: Record<string, Plain> }
  | { is: "present"; id: string; attributes: Record<string, Plain> }
  /** The object is the outcome of an earlier step of this run. */
  | { is: "made-by"; step: string }
  | { is: "anything" };

/** What our record becomes when the step is done. */
export type Recording =
  | { is: "created"; attributes: Record<string, Value>; generation: number }
  /** A new object takes the place of the recorded one, which becomes deposed. */
  | { is: "superseded"; attributes: Record<string, Value>; generation: number }
  | { is: "updated"; attributes: Record<string, Value>; unmanaged?: string[] }
  | { is: "adopted"; id: string; attributes: Record<string, Value>; origin: "adopted" | "imported" }
  | { is: "delivered"; secret: string }
  | { is: "proven"; secret: string }
  /** One deposed or stray object is gone. */
  | { is: "cleared"; id: string }
  /** Somebody looked again: what is computed is as they say; what else differs is drift. `gone` of the outcome: it is not there. */
  | { is: "inspected"; computed: string[] }
  | { is: "moved"; from: Address }
  | { is: "removed" }
  | { is: "nothing" };

/** One remote write, one question or one proof. */
export interface Step {
  /** `ADDRESS/OPERATION` or `ADDRESS/OPERATION:QUALIFIER`. */
  id: string;
  address: Address;
  kind: string;
  system: string;
  operation: string;
  hand: Hand;
  /** For people, imperative: "download it as ci@acme.example, once". Never a secret. */
  title: string;
  /** What the operation needs; references are resolved when the step runs, secrets stay references. */
  input: Record<string, Value>;
  expects: Expectation;
  /** Ids of steps that must be done first. */
  needs: string[];
  /** Runs when what it needs is done, failed or skipped; never while that waits for a person. */
  always?: true;
  when?: When;
  /** A question: it writes nothing, and its answer decides branches. */
  asks?: true;
  /** What was answered when it was asked in an earlier run, and when (ISO 8601). It decides nothing: each run asks anew. */
  answered?: { result: string; on: string };
  /** What is borrowed on the system, one at a time: this step takes it, or gives it back. */
  loan?: { name: string; part: "take" | "return" /** Who goes without it meanwhile. */; from?: string };
  records: Recording;
  /** Secrets that this step puts into a sink, by their name in the state entry. */
  delivers?: Record<string, SecretTarget & { generation: number }>;
  /** Secrets that become `current` when this step is done. */
  promotes?: SecretTarget[];
  /** What the record keeps beside attributes; absent when the resource left the manifest. */
  meta?: EntryMeta;
}

/** What an entry keeps beside attributes. */
export interface EntryMeta {
  dependsOn: Address[];
  preventDestroy: boolean;
  onRemove: "default" | "delete" | "forget";
}

/** What a kind's `lower` makes: the engine adds the address, the id and the order between resources. */
export type StepDraft = Omit<Step, "id" | "address" | "kind" | "system" | "needs" | "meta" | "when"> & {
  qualifier?: string;
  /** `of` names an operation (with `:qualifier`) of the same change. */
  when?: When;
  /**
   * Operations (with `:qualifier`) of the same change that come first; absent: the draft before this one. ADDRESS/OPERATION of
   * another change counts where the plan has it.
   */
  needs?: string[];
};

/** What the person who planned agreed to. */
export interface Consents {
  /** Exact total of removals that is allowed. */
  allowDeletions?: number;
  /** Exact number of recorded objects that may be missing on their systems. */
  allowMissing?: number;
  restore: Address[];
  replace: Address[];
  /** Recorded objects that a person is to look at again. Absent in plan files of earlier versions: none. */
  ask?: Address[];
}

/** What a plan was made from; a plan for another basis is refused. */
interface Basis {
  manifest: string;
  lineage: string;
  /** Fingerprint per configured system. */
  targets: Record<string, string>;
  version: string;
}

export interface Notice {
  address?: Address;
  system?: string;
  message: string;
}

export interface Plan {
  formatVersion: 1;
  environment: string;
  /** ISO 8601; an input of planning. */
  now: string;
  basis: Basis;
  /** `destroy` plans the removal of everything that is recorded. */
  scope: { destroy: boolean };
  consents: Consents;
  /** State serial that was read; for people. */
  serial: number;
  declared: number;
  changes: Change[];
  steps: Step[];
  notices: Notice[];
  /** sha256 of everything above. */
  digest: string;
}

/**
 * What became of a step. "lost": it happened, and what it gave cannot be had again. "waiting": a person has been asked.
 * "not-needed": its branch was not taken. "refused": the system did not do it, and a branch of the plan says what is done then.
 */
export type StepResult =
  | "done"
  | "failed"
  | "refused"
  | "in-doubt"
  | "lost"
  | "waiting"
  | "skipped"
  | "not-needed"
  | "untouched";

/** What one apply did with one step. */
export interface StepReport {
  step: Step;
  result: StepResult;
  because?: string;
  /** What to do about it. */
  remedy?: string;
  /** That of the fault that ended it. */
  code?: string;
}

/** Whether `other` gives back what `step` takes. */
export function isReturnOf(other: Step, step: Step): boolean {
  return other.address === step.address && other.loan?.part === "return" && other.loan.name === step.loan?.name;
}

/** Whether a step gives back what was borrowed: it is owed until it is done, whatever a person says of it. */
export function isOwed({ loan }: Step): boolean {
  return loan?.part === "return";
}

/** Steps by the address of their change, in the order of the plan. */
export function groupSteps(steps: readonly Step[]): Map<Address, Step[]> {
  const groups = new Map<Address, Step[]>();
  for (const step of steps) {
    const group = groups.get(step.address);
    if (group) group.push(step);
    else groups.set(step.address, [step]);
  }
  return groups;
}
