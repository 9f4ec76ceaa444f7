import type { StateEntry } from "../resource.ts";
import type { OpenRun } from "../state.ts";
import { plainStyle, type Style } from "./style.ts";
import { formatValue } from "./value.ts";
import { count, pad, phrase, width } from "./visible.ts";

/** What is recorded of one object. */
export function renderEntry(entry: StateEntry, style: Style = plainStyle): string {
  const facts: [string, string | undefined][] = [
    ["system", entry.system],
    ["id", entry.id],
    ["origin", entry.origin],
    ["status", entry.because === undefined ? entry.status : `${entry.status}: ${entry.because}`],
    ["generation", String(entry.generation)],
    ["depends on", entry.dependsOn.join(", ") || undefined],
    ["protection", entry.preventDestroy ? "prevent_destroy" : undefined],
    ["on remove", entry.onRemove === "default" ? undefined : entry.onRemove],
    ["former", entry.deposed.map(({ id }) => id).join(", ") || undefined],
    ["lost", entry.lost?.join(", ")],
    ["told by people", entry.attested && `last on ${entry.attested.slice(0, 10)}`],
    ["gone", entry.gone && `as was told on ${entry.gone.slice(0, 10)}`],
  ];
  const attributes = Object.entries(entry.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    style("strong", phrase(entry.address)),
    ...aligned(facts.flatMap(([name, text]) => (text === undefined ? [] : [[name, phrase(text)] as const]))),
    "",
    "  attributes",
    ...aligned(
      attributes.map(([name, value]) => [phrase(name), formatValue(value)] as const),
      "    ",
    ),
  ];
  const told = Object.entries(entry.told ?? {}).map(([name, value]) => [phrase(name), formatValue(value)] as const);
  if (told.length > 0) lines.push("", "  seen otherwise by a person", ...aligned(told, "    "));
  const secrets = Object.entries(entry.secrets).map(([name, secret]) => [phrase(name), saySecret(secret)] as const);
  if (secrets.length > 0) lines.push("", "  secrets", ...aligned(secrets, "    "));
  return `${lines.join("\n")}\n`;
}

function saySecret({ sink, path, generation, delivered, proven, issuedAt }: StateEntry["secrets"][string]): string {
  const far = proven ? "delivered and proven" : delivered ? "delivered, not proven yet" : "not delivered";
  return phrase(`(secret → ${sink}:${path})  generation ${generation}, ${far}, issued ${issuedAt}`);
}

function aligned(rows: (readonly [string, string])[], indent = "  "): string[] {
  const columns = Math.max(0, ...rows.map(([name]) => width(name)));
  return rows.map(([name, text]) => `${indent}${pad(name, columns)}  ${text}`);
}

/** Runs that were opened and not closed, with how far each came. Empty when there are none. */
export function renderRuns(runs: OpenRun[], style: Style = plainStyle): string {
  return runs.map((run) => renderRun(run, style)).join("");
}

function renderRun(run: OpenRun, style: Style): string {
  const { steps } = run.plan;
  const states = steps.map((step) => run.steps[step.id]?.state ?? "untouched");
  const done = states.filter((state) => state === "done").length;
  const head = `Run ${run.id} is not finished: ${done} of ${count(steps.length, "step")} done, opened ${run.openedAt} by ${run.by}`;
  const rows = steps.flatMap((step, index) => {
    const state = states[index]!;
    return state === "done" ? [] : [`  ${pad(state === "intended" ? "in doubt" : state, 9)}  ${phrase(step.id)}\n`];
  });
  const way = "  The next steward apply settles it before anything else; steward recover does only that.\n";
  return `\n${style("wait", phrase(head))}\n${rows.join("")}${way}`;
}
