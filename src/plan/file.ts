import { canonicalJson, digestOf, isDeeperThan } from "../canonical.ts";
import { Refusal } from "../diagnostic.ts";
import { clockSkewMaxMs, fileDepthMax, planAgeMaxMs, planBytesMax } from "../limits.ts";
import type { Change, Plan, Step } from "../step.ts";

const again = "make a new plan: steward plan --out FILE";

/** The text of a plan file. It holds no secret. */
export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}

/** The digest covers everything but itself. */
export function digestOfPlan(plan: Plan): string {
  const { digest: _digest, ...body } = plan;
  return digestOf(body);
}

/**
 * Reads a plan file. A file that is empty, too large, damaged or edited is refused; it is never taken for "0 changes".
 * Nothing of it is believed beyond its form: apply derives the plan again and compares.
 */
export function parsePlan(text: string): Plan {
  if (text.trim() === "") throw new Refusal([{ message: "the plan file is empty", remedy: again }]);
  if (text.length > planBytesMax) {
    throw new Refusal([{ message: `the plan file is larger than ${planBytesMax} bytes`, remedy: again }]);
  }
  let plan: Plan;
  try {
    plan = JSON.parse(text) as Plan;
  } catch {
    throw new Refusal([{ message: "the plan file is damaged: it is not JSON", remedy: again }]);
  }
  const missing = missingParts(plan);
  if (missing.length > 0) {
    throw new Refusal([
      { message: `the plan file is damaged: ${missing.join(", ")} missing or of the wrong form`, remedy: again },
    ]);
  }
  if (digestOfPlan(plan) !== plan.digest) {
    throw new Refusal([{ message: "the plan file was edited: its digest does not fit its content", remedy: again }]);
  }
  return plan;
}

/** The plan that a text is; undefined for any other text. */
export function planIn(text: string): Plan | undefined {
  try {
    return parsePlan(text);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function missingParts(plan: unknown): string[] {
  if (!isRecord(plan) || isDeeperThan(plan, fileDepthMax)) return ["everything"];
  const parts = plan;
  const forms: Record<string, (value: unknown) => boolean> = {
    formatVersion: (value) => value === 1,
    environment: isText,
    now: (value) => isText(value) && !Number.isNaN(Date.parse(value)),
    basis: isRecord,
    scope: isRecord,
    consents: isConsents,
    serial: (value) => Number.isInteger(value),
    changes: (value) => isRecords(value) && value.every(isChange),
    steps: (value) => isRecords(value) && value.every(isStep),
    notices: (value) => isRecords(value) && value.every((notice) => isText(notice.message)),
    digest: isText,
  };
  return Object.entries(forms).flatMap(([name, hasForm]) => (hasForm(parts[name]) ? [] : [name]));
}

const isText = (value: unknown): value is string => typeof value === "string";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isRecords = (value: unknown): value is Record<string, unknown>[] => Array.isArray(value) && value.every(isRecord);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** What is shown of a change before anything of it is compared. */
function isChange({ address, kind, system, action, attributes, after, notes }: Record<string, unknown>): boolean {
  const texts = [address, kind, system, action].every(isText);
  return (
    texts && isRecords(attributes) && attributes.every(({ path }) => isText(path)) && isTexts(after) && isTexts(notes)
  );
}

function isStep({ id, address, title, input, expects, records, needs, delivers }: Record<string, unknown>): boolean {
  const parts = [input, expects, records, delivers ?? {}].every(isRecord);
  return [id, address, title].every(isText) && parts && isTexts(needs);
}

function isConsents(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { restore, replace, ask = [], allowDeletions = 0, allowMissing = 0 } = value;
  return (
    isTexts(restore) &&
    isTexts(replace) &&
    isTexts(ask) &&
    Number.isInteger(allowDeletions) &&
    Number.isInteger(allowMissing)
  );
}

/** Refuses a plan from the future or older than the tool allows, whatever the file says. */
export function assertFresh(plan: Plan, nowMs: number): void {
  const ageMs = nowMs - Date.parse(plan.now);
  if (ageMs < -clockSkewMaxMs) {
    throw new Refusal([{ message: `the plan was made in the future (${plan.now}); a clock is wrong`, remedy: again }]);
  }
  if (ageMs > planAgeMaxMs) {
    const days = Math.floor(ageMs / 86_400_000);
    throw new Refusal([{ message: `the plan is ${days} days old (${plan.now}); the limit is 7`, remedy: again }]);
  }
}

/** Refuses a plan file that differs from what would be planned now, and says in what (law 2). */
export function assertSamePlan(file: Plan, fresh: Plan): void {
  const headReasons = headDifferences(file, fresh);
  if (headReasons.length === 0 && file.steps.length > 0 && isSettled(fresh)) {
    const message = "the plan is stale: everything in it is done already";
    throw new Refusal([{ message, remedy: `nothing is left to do; for what comes later ${again}` }]);
  }
  const changed = differences("change", byKey(file.changes, changeKey), byKey(fresh.changes, changeKey));
  const others = differences("step", byKey(file.steps, stepKey), byKey(fresh.steps, stepKey));
  const reasons = [...headReasons, ...changed, ...others];
  if (reasons.length === 0 && canonicalJson(file.changes) !== canonicalJson(fresh.changes))
    reasons.push("the order of changes differs");
  if (reasons.length === 0 && canonicalJson(file.steps) !== canonicalJson(fresh.steps))
    reasons.push("the order of steps differs");
  if (reasons.length === 0) return;
  throw new Refusal(reasons.map((message) => ({ message: `the plan is stale: ${message}`, remedy: again })));
}

const isSettled = ({ steps, changes }: Plan): boolean =>
  steps.length === 0 && changes.every(({ action, held, blocked }) => action === "none" && !held && !blocked);

/** In what the plan was made from, and for, both differ; a part that is not told apart in words is named. */
function headDifferences(file: Plan, fresh: Plan): string[] {
  const reasons: string[] = [];
  for (const part of ["environment", "scope", "consents"] as const) {
    if (canonicalJson(file[part]) !== canonicalJson(fresh[part])) reasons.push(`${part} differs from what it says`);
  }
  return canonicalJson(file.basis) === canonicalJson(fresh.basis)
    ? reasons
    : [...reasons, ...basisDifferences(file, fresh)];
}

function basisDifferences({ basis: file }: Plan, { basis: fresh }: Plan): string[] {
  const reasons: string[] = [];
  if (file.manifest !== fresh.manifest) reasons.push("the manifest changed since");
  if (file.lineage !== fresh.lineage) reasons.push("it was made from another state");
  if (file.version !== fresh.version)
    reasons.push(`it was planned with Steward ${file.version}, and this is ${fresh.version}`);
  const targets = new Map(Object.entries(isRecord(file.targets) ? file.targets : {}));
  for (const name of new Set([...targets.keys(), ...Object.keys(fresh.targets)])) {
    const now = Object.hasOwn(fresh.targets, name) ? fresh.targets[name] : undefined;
    if (targets.get(name) === now) continue;
    if (now === undefined) reasons.push(`system ${name} is not declared any more`);
    else reasons.push(targets.has(name) ? `system ${name} leads elsewhere` : `system ${name} is new`);
  }
  return reasons.length > 0 ? reasons : ["its basis differs"];
}

const changeKey = (change: Change): string => change.address;
const stepKey = (step: Step): string => step.id;

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, string> {
  return new Map(items.map((item) => [String(keyOf(item)), canonicalJson(item)]));
}

function differences(what: string, file: Map<string, string>, fresh: Map<string, string>): string[] {
  const only = [...file.keys()].filter((key) => !fresh.has(key)).map((key) => `${what} ${key} is not needed any more`);
  const more = [...fresh.keys()].filter((key) => !file.has(key)).map((key) => `${what} ${key} is new`);
  const other = [...file]
    .filter(([key, text]) => fresh.has(key) && fresh.get(key) !== text)
    .map(([key]) => `${what} ${key} differs`);
  return [...only, ...more, ...other];
}
