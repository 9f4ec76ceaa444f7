import { stringify } from "./json.ts";
import { plainStyle, type Style, type Tone } from "./style.ts";
import { count, pad, phrase, width } from "./visible.ts";

/** What was looked at, and what was found. */
export interface Examined {
  /** `system`, `sink` or `state`. */
  about: string;
  name: string;
  findings: { level: "ok" | "warning" | "error"; message: string; remedy?: string }[];
}

const tones: Record<Examined["findings"][number]["level"], Tone> = { ok: "good", warning: "change", error: "bad" };
/** Columns before a message. */
const indent = 11;

/** Every finding under what it is about, with its remedy; the worst is counted at the end. */
export function renderFindings(all: Examined[], columns: number, style: Style = plainStyle): string {
  const blocks = all.map(({ about, name, findings }) => {
    const lines = findings.flatMap(({ level, message, remedy }) => {
      const [first = "", ...rest] = wrap(phrase(message), columns - indent);
      const head = `  ${style(tones[level], pad(level, indent - 4))}  ${first}`;
      const way = remedy === undefined ? [] : wrap(`→ ${phrase(remedy)}`, columns - indent);
      return [head, ...[...rest, ...way].map((line) => " ".repeat(indent) + line)];
    });
    return `${style("strong", `${about} ${phrase(name)}`.trim())}\n${lines.join("\n")}\n`;
  });
  return `${blocks.join("\n")}\n${summary(all, style)}\n`;
}

/** The same for programs. */
export function findingsJson(all: Examined[]): string {
  return stringify({
    formatVersion: 1,
    errors: countOf(all, "error"),
    warnings: countOf(all, "warning"),
    examined: all,
  });
}

/** How many findings are as bad as this. */
export function countOf(all: Examined[], level: "ok" | "warning" | "error"): number {
  return all.reduce((sum, { findings }) => sum + findings.filter((one) => one.level === level).length, 0);
}

function summary(all: Examined[], style: Style): string {
  const [errors, warnings] = [countOf(all, "error"), countOf(all, "warning")];
  const said = [errors > 0 && count(errors, "error"), warnings > 0 && count(warnings, "warning")].filter(Boolean);
  if (said.length === 0) return style("good", "All is well.");
  return `${style(errors > 0 ? "bad" : "change", said.join(", "))}. Nothing was changed.`;
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && width(`${last} ${word}`) <= Math.max(40, columns))
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
