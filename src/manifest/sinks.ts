import type { Value } from "../resource.ts";
import type { AttributeSchema } from "../schema.ts";
import { pathProblem } from "./interpolate.ts";
import type { Manifest, SinkConfig } from "./manifest.ts";
import { type Entry, entryOf, keySpan, type Node } from "./node.ts";
import type { Reading } from "./place.ts";
import { asMap } from "./sections.ts";
import type { SideFiles } from "./systems.ts";
import { readEntries } from "./value.ts";

/** What the manifest may say about sinks of one type: the schema of its settings. */
export type SinkType = Pick<AttributeSchema, "description" | "properties" | "required">;

type Place = Omit<Reading, "holder"> & { several: boolean; side: SideFiles | undefined };

/** Reads one sink; undefined when something in it is wrong. */
export function readSink(entry: Entry, types: Record<string, SinkType>, place: Place): SinkConfig | undefined {
  const { report } = place;
  const map = asMap(entry, `sinks.${entry.key}`, report);
  if (!map) return undefined;
  const written = entryOf(map, "type")?.value;
  const name = written?.type === "scalar" ? String(written.value) : entry.key;
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (!type) {
    const names = Object.keys(types);
    const hint = report.suggest(name, names, `write type: with one of: ${names.join(", ")}`);
    report.error(`no sink type "${name}"`, written ?? keySpan(entry), { hint });
    return undefined;
  }
  const errors = report.errors;
  const holder = `the sink ${entry.key}`;
  const properties = { ...type.properties, type: { type: "string" } };
  const { type: _, ...settings } = readEntries(
    map,
    { properties, additionalProperties: false },
    { ...place, holder },
    "",
    holder,
  );
  for (const key of type.required ?? []) {
    if (!entryOf(map, key))
      report.error(`${key} is missing`, keySpan(entry), { hint: `the sink ${entry.key} needs it` });
  }
  const path = entryOf(map, "path")?.value;
  if (path) checkPath(path, settings.path, `the path of the sink ${entry.key}`, place);
  if (report.errors > errors) return undefined;
  return { name: entry.key, type: name, settings, source: entry.value.file.source(entry.at, entry.end) };
}

/** Two sinks in one place would overwrite each other's values. */
export function checkSinkPaths(sinks: SinkConfig[], entries: Entry[], report: Reading["report"]): void {
  const seen = new Map<string, string>();
  for (const { name, settings } of sinks) {
    if (typeof settings.path !== "string") continue;
    const path = settings.path
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    const first = seen.get(path);
    seen.set(path, first ?? name);
    const entry = entries.find((one) => one.key === name);
    if (first && entry) {
      const hint = "give each sink a path of its own";
      report.error(`the sink ${name} has the same path as ${first}`, keySpan(entry), { hint });
    }
  }
}

/** A path of state or sink: inside the folder, and with several environments one for each of them (law 9). */
function checkPath(node: Node, value: Value | undefined, name: string, place: Place): void {
  const { report } = place;
  if (typeof value !== "string") return;
  const problem = pathProblem(value) ?? place.side?.problem(value);
  if (problem) report.error(`${name} ${problem}`, node, { hint: "write a path inside the manifest's folder" });
  const text = node.type === "scalar" ? node.value : undefined;
  if (place.several && !(typeof text === "string" && /(?<!\$)\$\{environment\}/.test(text))) {
    report.error(`${name} must contain \${environment}`, node, {
      hint: "there are several environments, and what belongs to one must not reach another",
    });
  }
}

/** Where the log lies when the manifest does not say. */
const stateSettings: Record<string, AttributeSchema> = {
  type: { type: "string", enum: ["local"], description: "Where state lives." },
  path: { type: "string", description: "Folder of the log, inside the manifest's folder." },
};

/** Reads `state`; what is left out has a default. */
export function readState(entries: Entry[], place: Place): Manifest["state"] {
  const otherwise = { type: "local", path: `.steward/state/${place.environment}` } as const;
  const first = entries[0];
  if (!first) return otherwise;
  const map = { type: "map" as const, file: first.value.file, at: first.at, end: first.end, entries };
  const values = readEntries(
    map,
    { properties: stateSettings, additionalProperties: false },
    { ...place, holder: "state" },
    "state.",
    "state",
  );
  const path = entryOf(map, "path")?.value;
  if (path) checkPath(path, values.path, "state.path", place);
  return { type: "local", path: typeof values.path === "string" ? values.path.replace(/\/$/, "") : otherwise.path };
}

const guardSettings: Record<string, AttributeSchema> = {
  deletions_max: {
    type: "integer",
    minimum: 0,
    maximum: 1_000_000,
    description: "Removals per kind and system that need no consent.",
  },
  deletions_max_percent: {
    type: "number",
    minimum: 0,
    maximum: 100,
    description: "The same as a part of what is recorded, in percent.",
  },
};

/** Reads `guard`: 5 removals, 25 percent. */
export function readGuard(entries: Entry[], place: Place): Manifest["guard"] {
  const first = entries[0];
  const map = first && { type: "map" as const, file: first.value.file, at: first.at, end: first.end, entries };
  const schema = { properties: guardSettings, additionalProperties: false };
  const values = map ? readEntries(map, schema, { ...place, holder: "guard" }, "guard.", "guard") : {};
  return {
    deletionsMax: typeof values.deletions_max === "number" ? values.deletions_max : 5,
    deletionsMaxPercent: typeof values.deletions_max_percent === "number" ? values.deletions_max_percent : 25,
  };
}

/** Schemas of the sections without names, for editors. */
export const sectionSettings = { state: stateSettings, guard: guardSettings };
