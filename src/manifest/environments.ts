import { type Entry, entryOf, keySpan, type MapNode } from "./node.ts";
import type { Report } from "./report.ts";
import { asMap } from "./sections.ts";

/** Which environment this is, and what it lays over the rest. */
interface Environments {
  name: string;
  names: string[];
  protected: boolean;
  systems?: MapNode;
  sinks?: MapNode;
  variables?: MapNode;
}

const keys = ["protected", "systems", "sinks", "variables"];

/** Checks all environments and picks the one asked for. Without any there is one, named `default`. */
export function readEnvironments(entries: Entry[], wanted: string | undefined, report: Report): Environments {
  const names = entries.map((entry) => entry.key).sort();
  const read = new Map(entries.map((entry) => [entry.key, readEnvironment(entry, names, report)]));
  const only = names.length <= 1 ? (names[0] ?? "default") : undefined;
  const name = wanted ?? only;
  if (name === undefined) {
    report.error("there are several environments, and none was chosen", undefined, {
      hint: `add --env with one of: ${names.join(", ")}`,
    });
  } else if (!read.has(name) && name !== only) {
    const hint = report.suggest(name, names.length > 0 ? names : ["default"]);
    report.error(`no environment "${name}" is declared`, undefined, { hint });
  }
  return (
    (name !== undefined && read.get(name)) || {
      name: name ?? names[0] ?? "default",
      names: names.length > 0 ? names : ["default"],
      protected: false,
    }
  );
}

function readEnvironment(entry: Entry, names: string[], report: Report): Environments {
  const result: Environments = { name: entry.key, names, protected: false };
  const map = asMap(entry, `environments.${entry.key}`, report);
  for (const part of map?.entries ?? []) {
    const name = `environments.${entry.key}.${part.key}`;
    if (part.key === "protected") {
      if (part.value.type === "scalar" && typeof part.value.value === "boolean") result.protected = part.value.value;
      else report.error(`${name} must be true or false`, keySpan(part));
    } else if (part.key === "systems" || part.key === "sinks" || part.key === "variables") {
      const value = asMap(part, name, report);
      if (value) result[part.key] = value;
    } else {
      report.hide(part.value);
      report.error(`unknown key "${part.key}" on the environment ${entry.key}`, keySpan(part), {
        hint: report.suggest(part.key, keys),
      });
    }
  }
  return result;
}

/** Names of environments that a resource is written for; undefined: all. */
export function readEnvironmentList(
  entry: Entry,
  names: string[],
  report: Report,
  address: string,
): string[] | undefined {
  const { value } = entry;
  if (value.type !== "list" || value.items.length === 0) {
    report.error("environments must be a list of names", keySpan(entry), {
      hint: `declared: ${names.join(", ")}`,
      address,
    });
    return undefined;
  }
  return value.items.flatMap((item) => {
    const name = item.type === "scalar" ? String(item.value) : "";
    if (names.includes(name)) return [name];
    report.error(`no environment "${name}" is declared`, item, { hint: report.suggest(name, names), address });
    return [];
  });
}

/** The value of one top-level key of an environment, for checks over all environments. */
export const environmentPart = (entry: Entry, part: string): MapNode | undefined => {
  const found = entry.value.type === "map" ? entryOf(entry.value, part) : undefined;
  return found?.value.type === "map" ? found.value : undefined;
};
