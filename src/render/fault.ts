import type { Fault } from "../diagnostic.ts";
import { stringify } from "./json.ts";
import { plainStyle, type Style } from "./style.ts";
import { pad, phrase, visibleLines } from "./visible.ts";

/** What failed, where, whether it may have happened, and what to do. */
export function renderFault(fault: Fault, style: Style = plainStyle): string {
  const { happened, on, at, address, remedy } = fault.details;
  const facts: [string, string][] = [];
  if (on !== undefined) facts.push(["on", at === undefined ? on : `${on} (${at})`]);
  else if (at !== undefined) facts.push(["at", at]);
  if (address !== undefined) facts.push(["resource", address]);
  facts.push(["changed", sayHappened(happened)]);
  const lines = [`${style("bad", "Failed:")} ${visibleLines(fault.message).join("\n  ")}`, ""];
  for (const [name, text] of facts) lines.push(`  ${pad(name, 8)}  ${phrase(text)}`);
  if (remedy !== undefined) lines.push("", ...visibleLines(remedy).map((line) => `  ${line}`));
  return `${lines.join("\n")}\n`;
}

/** A fault for programs. */
export function faultJson(fault: Fault): string {
  return stringify({ formatVersion: 1, error: "failed", message: fault.message, ...fault.details });
}

function sayHappened(happened: "no" | "unknown"): string {
  if (happened === "no") return "nothing, as far as this call goes";
  return "not known: the next run reads back what happened, before anything else";
}
