import { exitCodes, Fault, InvalidManifest, Refusal } from "../diagnostic.ts";
import { diagnosticsJson, renderDiagnostics } from "../render/diagnostics.ts";
import { faultJson, renderFault } from "../render/fault.ts";
import { stringify } from "../render/json.ts";
import { refusalJson, renderRefusal } from "../render/refusal.ts";
import { type Style, styleFor } from "../render/style.ts";
import type { Console } from "./command.ts";

/** Wrong usage that commander cannot see (exit 64). */
export class WrongUsage extends Error {}

/** How errors are to be printed. */
export interface ErrorOptions {
  format?: string | undefined;
  debug?: boolean | undefined;
}

/** Prints an error in its channel, on standard error or, for programs, as JSON on standard output. Returns the exit code. */
export function reportError(error: unknown, console: Console, options: ErrorOptions): number {
  const style = styleFor(console.color);
  const { text, json, code } = describe(error, style, options.debug ?? false);
  if (options.format === "json") console.write(json);
  else console.note(text);
  return code;
}

function describe(error: unknown, style: Style, debug: boolean): { text: string; json: string; code: number } {
  if (error instanceof InvalidManifest) {
    const text = renderDiagnostics(error.diagnostics, style, error.effect);
    return { text, json: diagnosticsJson(error.diagnostics), code: exitCodes.invalid };
  }
  if (error instanceof Fault) {
    // Nothing is wrong: a person has to sign in.
    const code = error.details.code === "sign-in" ? exitCodes.waiting : exitCodes.fault;
    return { text: renderFault(error, style), json: faultJson(error), code };
  }
  if (error instanceof Refusal) {
    return { text: renderRefusal(error, style), json: refusalJson(error), code: exitCodes.refused };
  }
  if (error instanceof WrongUsage) {
    const json = stringify({ formatVersion: 1, error: "usage", message: error.message });
    return { text: `error: ${error.message}\n`, json, code: exitCodes.usage };
  }
  const message = sayBug(error);
  const json = stringify({ formatVersion: 1, error: "bug", message });
  return { text: bugText(message, error, style, debug), json, code: exitCodes.bug };
}

/**
 * Only our own words: the text of an unexpected error may hold a piece of what was being read, and that may be a secret.
 */
function sayBug(error: unknown): string {
  const ours = "Steward has a bug: ";
  if (!(error instanceof Error)) return `${ours}something that is no error was thrown`;
  if (error.message.startsWith(ours)) return error.message;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  const details = [code, syscall].filter((part) => typeof part === "string" && /^\w{1,40}$/.test(part));
  return `${ours}unexpected ${error.name}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}

function bugText(message: string, error: unknown, style: Style, debug: boolean): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const details = debug ? frames : ["  Run it again with --debug and report what it prints, please."];
  return `${style("bad", message)}\n${details.join("\n")}\n`;
}
