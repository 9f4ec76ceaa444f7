import { type Entry, entryOf, keySpan, type MapNode, mergeNodes, type Node } from "./node.ts";
import type { Report } from "./report.ts";

/** The top-level keys of a manifest. */
const sectionNames = ["systems", "environments", "sinks", "state", "guard", "variables", "resources"] as const;
type SectionName = (typeof sectionNames)[number];

/** One entry per name, files taken together. */
type Sections = Record<SectionName, Entry[]>;

const namePattern = /^[a-z][a-z0-9_-]{0,62}$/;

/** Takes the top-level keys of all files together: `state` and `guard` stand once, the names of the others are unique. */
export function readSections(roots: Node[], report: Report): Sections {
  const sections = Object.fromEntries(sectionNames.map((name) => [name, []])) as unknown as Sections;
  const once = new Map<string, Entry>();
  for (const root of roots) {
    if (root.type !== "map") {
      const hint = `a manifest begins with one of: ${sectionNames.join(", ")}`;
      report.error("a manifest is a map", { file: root.file, at: root.at, end: root.at + 1 }, { hint });
      continue;
    }
    for (const entry of root.entries) addSection(entry, sections, once, report);
  }
  for (const name of ["systems", "environments", "sinks"] as const)
    sections[name] = named(sections[name], name, report);
  return sections;
}

function addSection(entry: Entry, sections: Sections, once: Map<string, Entry>, report: Report): void {
  const name = sectionNames.find((known) => known === entry.key);
  if (!name) {
    report.hide(entry.value);
    report.error(`unknown key "${entry.key}"`, keySpan(entry), { hint: report.suggest(entry.key, sectionNames) });
    return;
  }
  const map = asMap(entry, name, report);
  if (!map) return;
  const first = once.get(name);
  if ((name === "state" || name === "guard") && first) {
    report.error(`${name} stands in two files`, keySpan(entry), {
      hint: `the first is at ${place(first)}; keep one of them`,
    });
    return;
  }
  once.set(name, entry);
  // A call takes fewer arguments than a hostile section may have entries.
  for (const part of map.entries) sections[name].push(part);
}

/** The map behind a key; a key with nothing behind it is an error. */
export function asMap(entry: Entry, name: string, report: Report): MapNode | undefined {
  if (entry.value.type === "map") return entry.value;
  const blank = entry.value.type === "scalar" && entry.value.value === null;
  report.hide(entry.value);
  report.error(blank ? `${name} is blank` : `${name} must be a map`, keySpan(entry), {
    hint: blank ? "leave the key out, or write {}" : undefined,
  });
  return undefined;
}

function named(entries: Entry[], section: string, report: Report): Entry[] {
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    const first = seen.get(entry.key);
    if (first) {
      report.error(`${section}.${entry.key} stands here again`, keySpan(entry), {
        hint: `the first is at ${place(first)}`,
      });
    } else if (!namePattern.test(entry.key)) {
      report.error(`"${entry.key}" cannot be a name in ${section}`, keySpan(entry), {
        hint: "a to z first, then also digits, _ and -",
      });
    } else {
      seen.set(entry.key, entry);
    }
  }
  return [...seen.values()];
}

/** `file:line` of an entry, for hints. */
export function place(entry: Entry): string {
  const source = entry.value.file.source(entry.at, entry.end);
  return `${source.file}:${source.line}`;
}

/** The entries with what `environments.X.SECTION` lays over them. */
export function override(entries: Entry[], over: MapNode | undefined, section: string, report: Report): Entry[] {
  for (const entry of over?.entries ?? []) {
    if (entries.some((known) => known.key === entry.key)) continue;
    const names = entries.map((known) => known.key);
    const hint = report.suggest(entry.key, names, `only what stands under ${section} can be changed here`);
    report.error(`no ${section.slice(0, -1)} "${entry.key}"`, keySpan(entry), { hint });
  }
  return entries.map((entry) => {
    const changed = over && entryOf(over, entry.key);
    return changed ? { ...entry, value: mergeNodes(entry.value, changed.value) } : entry;
  });
}
