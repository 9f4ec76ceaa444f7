import type { Refusal } from "../diagnostic.ts";
import { stringify } from "./json.ts";
import { plainStyle, type Style } from "./style.ts";
import { visibleLines } from "./visible.ts";

/** Why Steward refuses, and the flag or step that leads on. */
export function renderRefusal(refusal: Refusal, style: Style = plainStyle): string {
  const [first] = refusal.reasons;
  if (refusal.reasons.length === 1 && first) return `${style("bad", "Refused:")} ${reasonLines(first, 2).join("\n")}\n`;
  const lines = [`${style("bad", "Refused")} for ${refusal.reasons.length} reasons:`];
  for (const [index, reason] of refusal.reasons.entries()) {
    const number = `  ${index + 1}. `;
    const [head = "", ...rest] = reasonLines(reason, number.length);
    lines.push("", `${number}${head}`, ...rest);
  }
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
