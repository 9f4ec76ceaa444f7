import type { Refusal } from "../diagnostic.ts";
import { stringify } from "./json.ts";
import { plainStyle, type Style } from "./style.ts";
import { visibleLines } from "./visible.ts";

/** Why Steward refuses, and the flag or step that leads on. */
export function renderRefusal(refusal: Refusal, style: Style = plainStyle): string {
  const [first] = refusal.reasons;
  if (refusal.reasons.length === 1 && first) return `${style("bad", "Refused:")} ${reasonLines(first, 2).join("\n")}\n`;
  const lines = [`${style("bad", "Refused")} for ${refusal.reasons.length} reasons:`];
  const remedies = new Set(refusal.reasons.map((reason) => reason.remedy));
  const shared = remedies.size === 1 ? first?.remedy : undefined;
  if (shared !== undefined) lines.push("");
  for (const [index, reason] of refusal.reasons.entries()) {
    const number = `  ${index + 1}. `;
    const [head = "", ...rest] = reasonLines(shared === undefined ? reason : { ...reason, remedy: "" }, number.length);
    if (shared === undefined) lines.push("");
    lines.push(`${number}${head}`, ...rest);
  }
  if (shared) lines.push("", ...visibleLines(shared).map((line) => `  ${line}`));
  return `${lines.join("\n")}\n`;
}

/** A refusal for programs. */
export function refusalJson(refusal: Refusal): string {
  return stringify({ formatVersion: 1, error: "refused", reasons: refusal.reasons });
}

function reasonLines(reason: { message: string; remedy: string }, indent: number): string[] {
  const blank = " ".repeat(indent);
  const [head = "", ...rest] = visibleLines(reason.message);
  const lines = [head, ...rest.map((line) => `${blank}${line}`)];
  if (reason.remedy !== "") lines.push("", ...visibleLines(reason.remedy).map((line) => `${blank}${line}`));
  return lines;
}
