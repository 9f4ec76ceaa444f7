import { type Address, isRef, isTemplate, type Value } from "../resource.ts";
import { splitTarget, targetProblem } from "./interpolate.ts";
import { type Entry, entryOf, keySpan, type Span } from "./node.ts";
import type { Report } from "./report.ts";
import { type Draft, kindName } from "./resources.ts";
import { place } from "./sections.ts";

/** Reports two resources that would be one object on the system. */
export function checkIdentities(drafts: Map<Address, Draft>, report: Report): void {
  const seen = new Map<string, Draft>();
  for (const draft of drafts.values()) {
    if (draft.absent || draft.kind["x-unique"] === false) continue;
    const names = draft.kind["x-identity"];
    const values = names.map((name) => identityValue(draft, name, drafts, 0));
    if (values.includes(undefined)) continue;
    const key = JSON.stringify([kindName(draft.kind), draft.system, values]);
    const first = seen.get(key);
    if (!first) {
      seen.set(key, draft);
      continue;
    }
    const shown = names.map((name, index) => `${name} ${values[index]}`).join(", ");
    const message = shown
      ? `${first.address} has the same ${shown}`
      : `the system ${draft.system} can have one ${kindName(draft.kind)} only`;
    const span =
      names[0] !== undefined ? (entryOf(draft.node, names[0])?.value ?? keySpan(draft.entry)) : keySpan(draft.entry);
    report.error(message, span, {
      hint: `the first is at ${place(first.entry)}; keep one of them`,
      address: draft.address,
    });
  }
}

/** Reports two resources whose attributes are the same although the system wants each to be unique. */
export function checkUniqueAttributes(drafts: Map<Address, Draft>, report: Report): void {
  const seen = new Map<string, Draft>();
  for (const draft of drafts.values()) {
    if (draft.absent) continue;
    for (const [name, schema] of Object.entries(draft.kind.properties)) {
      const value = schema["x-unique"] ? identityValue(draft, name, drafts, 0) : undefined;
      if (value === undefined) continue;
      const key = JSON.stringify([kindName(draft.kind), draft.system, name, value]);
      const first = seen.get(key);
      seen.set(key, first ?? draft);
      if (!first) continue;
      report.error(`${first.address} has the same ${name}`, entryOf(draft.node, name)?.value ?? keySpan(draft.entry), {
        hint: `the system ${draft.system} takes each ${name} once; the first is at ${place(first.entry)}`,
        address: draft.address,
      });
    }
  }
}

/** The text of an attribute with references to declared attributes followed; references that stay count as they are written. */
function identityValue(draft: Draft, name: string, drafts: Map<Address, Draft>, depth: number): string | undefined {
  const value = draft.attributes[name];
  if (value === undefined) return undefined;
  const schema = draft.kind.properties[name];
  const text = plain(value, draft.kind.properties[name]?.["x-ref"]?.attribute, drafts, depth);
  return schema?.["x-caseless"] ? text.toLowerCase() : text;
}

function plain(value: Value, natural: string | undefined, drafts: Map<Address, Draft>, depth: number): string {
  if (isTemplate(value))
    return value.$template
      .map((part) => (typeof part === "string" ? part : plain(part, undefined, drafts, depth)))
      .join("");
  if (!isRef(value)) return typeof value === "string" ? value : JSON.stringify(value);
  const { address, attribute } = value.$ref;
  const target = drafts.get(address);
  const name = attribute || natural || target?.kind["x-identity"][0];
  const followed = target && name && depth < 8 ? identityValue(target, name, drafts, depth + 1) : undefined;
  return followed ?? `\${${address}.${name ?? ""}}`;
}

/** Reports a `deliver_to` or `console_session` whose sink is not declared, and two secrets that would overwrite each other. */
export function checkTargets(
  drafts: Map<Address, Draft>,
  systems: readonly Entry[],
  sinks: Map<string, string>,
  pathProblem: ((type: string, path: string) => string | undefined) | undefined,
  report: Report,
): void {
  const seen = new Map<string, { of: string; span: Span }>();
  for (const { target, span, of, address } of [
    ...[...drafts.values()].flatMap(targets),
    ...systems.flatMap(sessionOf),
  ]) {
    const { sink, path } = splitTarget(target);
    const type = sinks.get(sink);
    if (type === undefined) {
      const hint = report.suggest(sink, [...sinks.keys()], `declare it: sinks: { ${sink}: { type: age, … } }`);
      report.error(`no sink "${sink}" is declared`, span, { hint, address });
      continue;
    }
    const problem = pathProblem?.(type, path);
    if (problem) report.error(`the sink ${sink} cannot take the path ${path}`, span, { hint: problem, address });
    const first = seen.get(target);
    if (!first) {
      seen.set(target, { of, span });
      continue;
    }
    const source = first.span.file.source(first.span.at, first.span.end);
    const hint = `the first is ${first.of} at ${source.file}:${source.line}; give each secret a path of its own`;
    report.error(`another secret is delivered to ${target} too`, span, { hint, address });
  }
}

/** Where a secret goes, and whose it is. */
interface Target {
  target: string;
  span: Span;
  of: string;
  address?: Address;
}

/** Where the session of a system's console goes. A target that is none was reported when it was read. */
function sessionOf({ key, value }: Entry): Target[] {
  const node = value.type === "map" ? entryOf(value, "console_session")?.value : undefined;
  if (node?.type !== "scalar" || typeof node.value !== "string" || targetProblem(node.value) !== undefined) return [];
  return [{ target: node.value, span: node, of: `the system ${key}` }];
}

function targets(draft: Draft): Target[] {
  if (draft.absent) return [];
  const found: { target: string; span: Span }[] = [];
  for (const entry of draft.node.entries) {
    const value = draft.attributes[entry.key];
    if (entry.key === "deliver_to" && typeof value === "string") found.push({ target: value, span: entry.value });
    if (entry.value.type !== "map" || typeof value !== "object" || Array.isArray(value)) continue;
    const inner = (value as Record<string, Value>).deliver_to;
    const span = entryOf(entry.value, "deliver_to")?.value;
    if (typeof inner === "string" && span) found.push({ target: inner, span });
  }
  return found.map((one) => ({ ...one, of: draft.address, address: draft.address }));
}
