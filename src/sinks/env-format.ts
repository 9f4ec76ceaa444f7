import type { Slot } from "./sink.ts";

/** One variable of an env file. */
export interface EnvEntry {
  /** Of the secret; its next value has the variable NAME__NEXT. */
  name: string;
  slot: Slot;
  issueId: string;
  value: string;
}

const title = "# Written by Steward: secrets in clear. Do not edit, do not commit.";
const mark = "# steward ";
const formatVersion = 1;

/** The file as text: a head, then for each variable a comment that says what it is, and the variable. */
export function formatEnv(environment: string, entries: EnvEntry[]): string {
  const lines = [title, `${mark}${JSON.stringify({ formatVersion, environment })}`];
  for (const entry of entries.toSorted((a, b) => (variableOf(a) < variableOf(b) ? -1 : 1))) {
    const { name, slot, issueId } = entry;
    const assignment = `${variableOf(entry)}=${quote(entry.value)}`;
    lines.push(`${mark}${JSON.stringify({ name, slot, issueId, lines: assignment.split("\n").length })}`, assignment);
  }
  return `${lines.join("\n")}\n`;
}

/** Undefined when the text is not exactly what `formatEnv` writes. */
export function parseEnv(text: string): { environment: string; entries: EnvEntry[] } | undefined {
  const lines = text.split("\n");
  try {
    const head = JSON.parse(lines[1]!.slice(mark.length));
    const entries: EnvEntry[] = [];
    for (let at = 2; at < lines.length - 1; ) {
      const { name, slot, issueId, lines: count } = JSON.parse(lines[at]!.slice(mark.length));
      const assignment = lines.slice(at + 1, at + 1 + count).join("\n");
      entries.push({ name, slot, issueId, value: assignment.slice(variableOf({ name, slot }).length + 2, -1) });
      at += 1 + count;
    }
    return formatEnv(head.environment, entries) === text ? { environment: head.environment, entries } : undefined;
  } catch {
    return undefined;
  }
}

function variableOf({ name, slot }: { name: string; slot: Slot }): string {
  return slot === "current" ? name : `${name}__NEXT`;
}

/**
 * Whether a value can be written so that `source` of a shell and readers of dotenv files both get it back. They agree on text in
 * single quotes without one inside, and on text in double quotes that a shell would not expand. A backslash before the
 * closing quote means something to dotenv only, and so does a carriage return.
 */
export function canQuote(value: string): boolean {
  if (/[\r\0]/.test(value) || value.endsWith("\\")) return false;
  return !value.includes("'") || !/["$`\\!]/.test(value);
}

function quote(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
