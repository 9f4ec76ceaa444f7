import type { Scalar } from "../resource.ts";
import { hasExpression } from "./interpolate.ts";
import { type Entry, keySpan, type MapNode, type Node } from "./node.ts";
import type { Variables } from "./place.ts";
import type { Report } from "./report.ts";

/** What the caller gives: `--var` and the process's environment variables, of which only `STEWARD_VAR_NAME` is looked at. */
export interface Given {
  variables: Record<string, string>;
  environmentVariables: Record<string, string | undefined>;
}

/**
 * `--var` wins over `STEWARD_VAR_NAME`, over `environments.X.variables`, over the default. `elsewhere` are names that code declares
 * with a default of its own.
 */
export function readVariables(
  entries: Entry[],
  over: MapNode | undefined,
  given: Given,
  report: Report,
  elsewhere: readonly string[] = [],
): Variables {
  const values = new Map<string, Scalar | undefined>();
  for (const entry of entries) declare(entry, values, report);
  for (const name of elsewhere) if (!values.has(name)) values.set(name, undefined);
  for (const entry of over?.entries ?? []) {
    if (!values.has(entry.key)) reportUndeclared(entry.key, keySpan(entry), [...values.keys()], report);
    else values.set(entry.key, plain(entry.value, `variables.${entry.key}`, report));
  }
  for (const name of values.keys()) {
    const outside = given.environmentVariables[`STEWARD_VAR_${name}`];
    if (outside !== undefined) values.set(name, outside);
  }
  for (const [name, value] of Object.entries(given.variables)) {
    if (values.has(name)) values.set(name, value);
    else reportUndeclared(name, undefined, [...values.keys()], report);
  }
  const names = [...values.keys()].sort();
  return { names, declared: (name) => values.has(name), value: (name) => values.get(name) };
}

function declare(entry: Entry, values: Map<string, Scalar | undefined>, report: Report): void {
  const name = `variables.${entry.key}`;
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(entry.key)) {
    report.error(`"${entry.key}" cannot be the name of a variable`, keySpan(entry), {
      hint: "a to z first, then also digits and _",
    });
  } else if (values.has(entry.key)) {
    report.error(`${name} stands here again`, keySpan(entry));
  } else {
    values.set(
      entry.key,
      entry.value.type === "map" ? readDeclaration(entry.value, name, report) : plain(entry.value, name, report),
    );
  }
}

function readDeclaration(node: MapNode, name: string, report: Report): Scalar | undefined {
  let value: Scalar | undefined;
  for (const entry of node.entries) {
    if (entry.key === "default") value = plain(entry.value, `${name}.default`, report);
    else if (entry.key === "description") plain(entry.value, `${name}.description`, report);
    else {
      const hint = report.suggest(entry.key, ["default", "description"]);
      report.error(`unknown key "${entry.key}" on the variable`, keySpan(entry), { hint });
    }
  }
  return value;
}

function plain(node: Node, name: string, report: Report): Scalar | undefined {
  if (node.type !== "scalar" || node.tag) return wrong(`${name} must be text, a number, true or false`, node, report);
  if (node.value === null)
    return wrong(`${name} is blank`, node, report, 'leave it out, or write "" for an empty text');
  if (typeof node.value === "string" && hasExpression(node.value)) {
    return wrong(
      `${name} must be plain`,
      node,
      report,
      "expressions cannot stand in variables; secrets stand only where they are used",
    );
  }
  return node.value;
}

function wrong(message: string, node: Node, report: Report, hint?: string): undefined {
  report.error(message, { file: node.file, at: node.at, end: Math.min(node.end, node.at + 40) }, { hint });
}

function reportUndeclared(name: string, span: Parameters<Report["error"]>[1], names: string[], report: Report): void {
  report.error(`no variable ${name} is declared`, span, {
    hint: report.suggest(name, names, "declare it under variables"),
  });
}
