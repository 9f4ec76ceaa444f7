import type { Label } from "../screen.ts";
import { stringify } from "./json.ts";
import { plainStyle, type Style, type Tone } from "./style.ts";
import { count, pad, phrase } from "./visible.ts";

/** What became of the labels of one console. */
interface CheckedLabels {
  system: string;
  url: string;
  findings: readonly FoundLabel[];
}

interface FoundLabel {
  label: Label;
  is: "found" | "missing" | "not-reached" | "needs-write";
  /** Name of the page where it is, or was looked for. */
  on?: string;
  because?: string;
  picture?: string;
}

const words: Record<FoundLabel["is"], [said: string, tone: Tone]> = {
  found: ["found", "good"],
  missing: ["missing", "bad"],
  "not-reached": ["not seen", "wait"],
  "needs-write": ["not seen", "wait"],
};

/** One line for each label, what was there in place of those that are missing, and a summary. */
export function renderLabels(
  { system, url, findings }: CheckedLabels,
  columns: number,
  style: Style = plainStyle,
): string {
  const nameWidth = Math.max(...findings.map(({ label }) => nameOf(label).length));
  const lines = findings.map((finding) => {
    const [said, tone] = words[finding.is];
    const head = `  ${style(tone, pad(said, 8))}  ${pad(phrase(nameOf(finding.label)), Math.min(nameWidth, 60))}`;
    const details = finding.is === "missing" ? detailsOf(finding, columns, style) : [];
    return [`${head}  ${phrase(finding.label.key)}${whereOf(finding)}`, ...details].join("\n");
  });
  return `${style("strong", `console of ${phrase(system)}  ${phrase(url)}`)}\n${lines.join("\n")}\n\n${summary(system, findings, style)}\n`;
}

/** The same for programs. */
export function labelsJson({ system, url, findings }: CheckedLabels): string {
  const counts = Object.fromEntries(
    Object.keys(words).map((is) => [is, findings.filter((one) => one.is === is).length]),
  );
  const labels = findings.map(({ label: { key, text, role, mark, where, via }, ...rest }) => ({
    ...{ key, text, role, mark, where, via },
    ...rest,
  }));
  return stringify({ formatVersion: 1, system, url, counts, labels });
}

const nameOf = ({ role, text, via = [] }: Label): string => `${role} ${JSON.stringify([...via, text].join(" > "))}`;

function whereOf({ is, on, because, label: { where } }: FoundLabel): string {
  if (is === "found") return ` · ${phrase(on ?? "")}`;
  if (is === "missing") return ` · ${phrase(on ?? "")}`;
  const place = where === undefined ? "" : ` (${phrase(where)})`;
  return is === "needs-write"
    ? ` · not reachable without a write${place}`
    : ` · not reached: ${phrase(because ?? "")}${place}`;
}

function detailsOf({ because, picture }: FoundLabel, _columns: number, style: Style): string[] {
  const lines = [because ?? "", ...(picture === undefined ? [] : [`the page as it was: ${picture}`])];
  return lines.map((line) => `            ${style("quiet", phrase(line))}`);
}

function summary(system: string, findings: readonly FoundLabel[], style: Style): string {
  const of = (...kinds: FoundLabel["is"][]): FoundLabel[] => findings.filter(({ is }) => kinds.includes(is));
  const missing = of("missing");
  const rest = of("not-reached", "needs-write").length;
  const seen = `${of("found").length} of ${count(findings.length, "label")} found`;
  const tail = rest > 0 ? `, ${rest} not seen` : "";
  if (missing.length === 0) return `${style("good", "Nothing is missing:")} ${seen}${tail}. Nothing was changed.`;
  const example = missing[0]?.label.key ?? "KEY";
  return [
    `${style("bad", `${missing.length} missing:`)} ${seen}${tail}. Nothing was changed.`,
    "",
    `  Where the console has other words, say so for ${phrase(system)} in the manifest:  screens: { ${phrase(example)}: "WORDS" }`,
  ].join("\n");
}
