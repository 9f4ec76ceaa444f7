import { SeededRandom } from "./random.ts";

/** Every fault that a simulator can play, with one line for help texts. */
export const faultDescriptions = {
  "cut-after-commit": "the call is performed, then the connection is cut without an answer",
  "cut-before": "the connection is cut, nothing is done",
  "commit-after": "the connection is cut at once, the call is performed MS later",
  "list-lags": "lists answer as they were MS ago",
  "429": "HTTP 429 for MS (5000 when not given), without Retry-After; nothing is done",
  "500": "HTTP 500 without an envelope, nothing is done",
  slow: "the call is performed and answered after MS",
  truncated: "the call is performed, its answer is cut short",
  html: "HTTP 200 with an HTML login page, nothing is done",
  "session-ends": "the session that the call comes with has just ended; a call with a token or key goes on",
} as const;

export type FaultName = keyof typeof faultDescriptions;
export const faultNames = Object.keys(faultDescriptions).sort() as FaultName[];

/** Faults that mean nothing without a duration. */
const needDuration: readonly FaultName[] = ["commit-after", "list-lags", "slow"];
const allowDuration: readonly FaultName[] = [...needDuration, "429"];
const durationMsMax = 24 * 60 * 60 * 1000;

/** How the rule's grammar reads; printed by `--help` and by each error about a rule. */
export const faultGrammar =
  "FAULT[:METHOD[:OPTION]…] with OPTION = COUNT, 1500ms, 2s, every=N, p=0.2, seed=N; METHOD may hold * and @writes means every mutating method";

/**
 * One rule. `method` is a glob over method names (`*` matches anything, also a slash) or `@writes`.
 * With `times` it fires that often, with `every` on each Nth matching call, with `probability` by its own seeded dice;
 * with none of them on every matching call. `ms` is the duration of faults that have one.
 */
export type FaultRule = {
  fault: FaultName;
  method: string;
  times?: number;
  every?: number;
  probability?: number;
  seed?: number;
  ms?: number;
};

function fail(spec: string, reason: string): never {
  throw new Error(`fault "${spec}": ${reason}. Expected ${faultGrammar}. Faults: ${faultNames.join(", ")}`);
}

function wholeNumber(spec: string, text: string, what: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max) fail(spec, `${what} must be a whole number from 1 to ${max}`);
  return value;
}

function addOption(rule: FaultRule, spec: string, option: string): void {
  const duration = /^(\d+)(ms|s)$/.exec(option);
  const pair = /^(every|p|seed)=(.+)$/.exec(option);
  if (duration) {
    rule.ms = Number(duration[1]) * (duration[2] === "s" ? 1000 : 1);
  } else if (pair?.[1] === "every") {
    rule.every = wholeNumber(spec, pair[2]!, "every", 1_000_000);
  } else if (pair?.[1] === "seed") {
    rule.seed = wholeNumber(spec, pair[2]!, "seed", 0xffffffff);
  } else if (pair?.[1] === "p") {
    rule.probability = Number(pair[2]);
  } else {
    rule.times = wholeNumber(spec, option, "the count", 1_000_000);
  }
}

/** Throws an Error that names the rule, what is wrong with it and what is allowed. */
function checkFault(rule: FaultRule, spec = `${rule.fault}:${rule.method}`): FaultRule {
  if (!Object.hasOwn(faultDescriptions, rule.fault)) fail(spec, `there is no fault "${rule.fault}"`);
  if (!/^(@writes|[A-Za-z0-9/*]+)$/.test(rule.method)) fail(spec, `"${rule.method}" is no method name`);
  if (needDuration.includes(rule.fault) && rule.ms === undefined) fail(spec, `${rule.fault} needs a duration`);
  if (rule.ms !== undefined && !allowDuration.includes(rule.fault)) fail(spec, `${rule.fault} takes no duration`);
  if (rule.ms !== undefined && !(rule.ms >= 0 && rule.ms <= durationMsMax)) fail(spec, "the duration is above 24 h");
  const chance = rule.probability;
  if (chance !== undefined && !(chance > 0 && chance <= 1)) fail(spec, "p must be above 0 and at most 1");
  return rule;
}

/** Reads one `--fault` value, for example `cut-after-commit:enterprise/createApiToken:1`. */
export function parseFault(spec: string): FaultRule {
  const [fault = "", method = "*", ...options] = spec.split(":");
  const rule: FaultRule = { fault: fault as FaultName, method: method === "" ? "*" : method };
  for (const option of options) addOption(rule, spec, option);
  return checkFault(rule, spec);
}

/** What a rule is matched against. */
export type FaultTarget = { method: string; isWrite: boolean; isList: boolean };

type ArmedRule = { rule: FaultRule; pattern: RegExp; left: number; seen: number; dice: SeededRandom };

/** What method names a rule means; `@writes` is no pattern. */
export function patternOf({ method }: Pick<FaultRule, "method">): RegExp {
  return new RegExp(`^${method.split("*").join(".*")}$`);
}

function arm(rule: FaultRule, seed: number): ArmedRule {
  return {
    rule,
    pattern: patternOf(rule),
    left: rule.times ?? Infinity,
    seen: 0,
    dice: new SeededRandom(rule.seed ?? seed),
  };
}

function concerns(armed: ArmedRule, target: FaultTarget): boolean {
  if (armed.rule.fault === "list-lags" && !target.isList) return false;
  return armed.rule.method === "@writes" ? target.isWrite : armed.pattern.test(target.method);
}

function fires(armed: ArmedRule): boolean {
  armed.seen += 1;
  if (armed.left <= 0) return false;
  if (armed.rule.every !== undefined && armed.seen % armed.rule.every !== 0) return false;
  if (armed.rule.probability !== undefined && armed.dice.next() >= armed.rule.probability) return false;
  armed.left -= 1;
  return true;
}

/** The rules of one simulator. At most one rule fires per call: the first, in the order they were added, that is due. */
export class FaultSchedule {
  private armed: ArmedRule[] = [];
  private readonly seed: number;

  constructor(rules: readonly FaultRule[] = [], seed = 1) {
    this.seed = seed;
    for (const rule of rules) this.add(rule);
  }

  add(rule: FaultRule | string): void {
    const checked = typeof rule === "string" ? parseFault(rule) : checkFault(rule);
    this.armed.push(arm(checked, this.seed + this.armed.length));
  }

  clear(): void {
    this.armed = [];
  }

  /** The rule that hits this call, if any. Counts the call. */
  take(target: FaultTarget): FaultRule | undefined {
    for (const armed of this.armed) if (concerns(armed, target) && fires(armed)) return armed.rule;
    return undefined;
  }

  clone(): FaultSchedule {
    const copy = new FaultSchedule([], this.seed);
    copy.armed = this.armed.map((armed) => ({ ...armed, dice: armed.dice.clone() }));
    return copy;
  }
}
