import { stringify } from "../render/json.ts";
import { phrase } from "../render/visible.ts";
import type { Plain } from "../resource.ts";
import type { DumpBlock, DumpSection, DumpValue } from "./draft.ts";

/** A dump as a manifest. `head` are lines of the comment at its top. */
export function dumpYaml(sections: readonly DumpSection[], head: readonly string[]): string {
  const hasResources = sections.some(({ blocks }) => blocks.some((block) => !block.isComment));
  const top = [...head.map((line) => comment(line)), ...(hasResources ? ["", "resources:"] : [])];
  const lines = sections.flatMap((section) => ["", ...sectionLines(section)]);
  return `${[...top, ...lines].join("\n")}\n`;
}

const comment = (text: string): string => `# ${phrase(text)}`;
const indented = (line: string): string => (line === "" ? "" : `  ${line}`);

function sectionLines({ kind, notes, blocks }: DumpSection): string[] {
  const active = blocks.filter((block) => !block.isComment);
  const passive = blocks.filter((block) => block.isComment);
  const asComment = (lines: string[]) => lines.map((line) => (line.startsWith("#") ? line : `# ${line}`));
  const inner = [...active.flatMap(blockLines), ...asComment(passive.flatMap(blockLines))].map(indented);
  const key =
    active.length > 0 ? `${kind}:` : passive.length > 0 ? `# ${kind}:` : comment(`${kind}: none to be taken over`);
  return [...notes.map(comment), key, ...inner].map(indented);
}

function blockLines({ name, attributes, meta, notes }: DumpBlock): string[] {
  return [
    ...notes.map(comment),
    `${name}:`,
    ...[...attributes, ...meta].map(([key, value]) => indented(`${key}: ${valueText(value)}`)),
  ];
}

/** A value on one line, as our loader reads it back. */
function valueText(value: DumpValue): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value === "string") return scalar(value);
  if (typeof value !== "object" || value === null) return String(value);
  if ("redacted" in value) return "!redacted";
  if ("reference" in value) return `\${${String(value.reference)}}`;
  const entries = Object.entries(value as Record<string, Plain>);
  return `{ ${entries.map(([key, inner]) => `${key}: ${valueText(inner)}`).join(", ")} }`;
}

const words = /^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

/** Plain where everybody reads it as text, else in double quotes with everything unusual escaped. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][\w@./+-]*( [\w@./+-]+)*$/.test(text) && !words.test(text);
  return isPlain ? text : stringify(text.replaceAll("${", () => "$${")).trimEnd();
}
