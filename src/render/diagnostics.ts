import type { Diagnostic, InvalidManifest } from "../diagnostic.ts";
import { diagnosticsShownMax } from "../limits.ts";
import { stringify } from "./json.ts";
import { plainStyle, type Style } from "./style.ts";
import { count, pad, phrase, visible, width } from "./visible.ts";

/** Everything that is wrong with the user's text: where, the line with a caret, and the way out. At most a hundred. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  style: Style = plainStyle,
  effect: InvalidManifest["effect"] = "nothing was read from any system",
): string {
  const shown = diagnostics.slice(0, diagnosticsShownMax);
  const blocks = shown.map((diagnostic) => renderOne(diagnostic, style).join("\n"));
  return `${blocks.join("\n")}\n\n${summary(diagnostics, effect)}\n`;
}

/** The same for programs. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const shown = diagnostics.slice(0, diagnosticsShownMax);
  return stringify({ formatVersion: 1, error: "invalid", total: diagnostics.length, diagnostics: shown });
}

function renderOne(diagnostic: Diagnostic, style: Style): string[] {
  const { source, excerpt, hint, severity } = diagnostic;
  const where = source ? `${phrase(source.file)}:${source.line}:${source.column}  ` : "";
  const head = `${where}${style(severity === "error" ? "bad" : "change", severity)}  ${style("strong", phrase(diagnostic.message))}`;
  const way = hint === undefined ? "" : phrase(hint);
  const construct = source?.construct === undefined ? [] : [`construct ${phrase(source.construct)}`];
  if (!source || !excerpt) return [head, ...[way, ...construct].filter(Boolean).map((line) => `    ${line}`)];
  const number = pad(`${source.line}`.padStart(6), 6);
  const before = flat(excerpt.line.slice(0, excerpt.from));
  const marked = flat(excerpt.line.slice(excerpt.from, excerpt.from + excerpt.length));
  const after = flat(excerpt.line.slice(excerpt.from + excerpt.length));
  const caret = "^".repeat(Math.max(1, width(marked)));
  return [
    head,
    `${style("quiet", `${number} |`)} ${before}${marked}${after}`,
    `${style("quiet", `${" ".repeat(number.length)} |`)} ${" ".repeat(width(before))}${style("bad", caret)}${way ? ` ${way}` : ""}`,
    ...construct.map((line) => `${style("quiet", `${" ".repeat(number.length)} =`)} ${line}`),
  ];
}

/** A tab takes one column, so that the caret stays under its word. */
const flat = (text: string): string => visible(text.replaceAll("\t", " "));

function summary(diagnostics: readonly Diagnostic[], effect: InvalidManifest["effect"]): string {
  const errors = diagnostics.filter((one) => one.severity === "error");
  const warnings = diagnostics.length - errors.length;
  const parts = [
    errors.length > 0 ? count(errors.length, "error") : "",
    warnings > 0 ? count(warnings, "warning") : "",
  ];
  const files = new Set(diagnostics.map((one) => one.source?.file).filter((file) => file !== undefined)).size;
  const where = files > 0 ? ` in ${count(files, "file")}` : "";
  const rest = diagnostics.length - diagnosticsShownMax;
  const more = rest > 0 ? ` ${rest} more are not shown.` : "";
  const end = errors.length > 0 ? ` N${effect.slice(1)}.` : "";
  return `${parts.filter(Boolean).join(", ")}${where}.${more}${end}`;
}
