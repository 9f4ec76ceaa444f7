import { closeNames } from "./close-names.ts";
import { type FaultRule, parseFault, patternOf } from "./faults.ts";

/** Method names of each simulated system, by the system's name. */
export type MethodNames<System extends string> = Readonly<Record<System, readonly string[]>>;

function notNamed(rule: FaultRule, spec: string, names: readonly string[]): Error {
  const close = closeNames(rule.method, names);
  const families = [...new Set(names.map((name) => name.split("/")[0]!))].sort();
  const remedy =
    close.length > 0
      ? `Did you mean ${close.join(", ")}?`
      : `Methods begin with ${families.join(", ")}; * stands for any text.`;
  return new Error(`fault "${spec}": no simulated system has a method "${rule.method}". ${remedy}`);
}

/**
 * Gives each rule to the systems that have a method which it names; each counts for itself. Throws an Error, with close names,
 * for a rule that no system can ever follow.
 */
export function faultsOf<System extends string>(
  rules: readonly (FaultRule | string)[],
  methods: MethodNames<System>,
): Record<System, FaultRule[]> {
  const systems = Object.keys(methods) as System[];
  const given = Object.fromEntries(systems.map((system) => [system, [] as FaultRule[]])) as Record<System, FaultRule[]>;
  for (const written of rules) {
    const rule = typeof written === "string" ? parseFault(written) : written;
    const spec = typeof written === "string" ? written : `${rule.fault}:${rule.method}`;
    const pattern = patternOf(rule);
    const concerned = systems.filter(
      (system) => rule.method === "@writes" || methods[system].some((name) => pattern.test(name)),
    );
    if (concerned.length === 0) throw notNamed(rule, spec, Object.values<readonly string[]>(methods).flat());
    for (const system of concerned) given[system].push(rule);
  }
  return given;
}
