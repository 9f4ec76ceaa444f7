import { type Diagnostic, Fault, InvalidManifest, Refusal } from "../../diagnostic.ts";
import type { TerraformDiagnostic } from "../wire/service.ts";
import type { ConfigText } from "./config-text.ts";
import { inHcl } from "./hcl-words.ts";

/** Diagnostics, faults and refusals as Terraform shows them: a heading, what leads on, and the attribute. */

type Severity = TerraformDiagnostic["severity"];

/** A diagnostic with this heading. */
export const say = (severity: Severity, summary: string, detail?: string): TerraformDiagnostic => ({
  severity,
  summary: heading(summary),
  ...(detail ? { detail: sentence(inHcl(detail)) } : {}),
});

/** What is wrong with a configuration, at the attribute where it is. */
export function fromDiagnostic(found: Diagnostic, text: ConfigText | undefined): TerraformDiagnostic {
  const path = text?.pathOf(found.source);
  return { ...say(found.severity, found.message, found.hint), ...(path ? { path } : {}) };
}

/** What stands against carrying something out, said as Terraform shows it. */
export class Refused extends Error {
  readonly diagnostics: readonly TerraformDiagnostic[];

  constructor(diagnostics: readonly TerraformDiagnostic[]) {
    super("refused");
    this.diagnostics = diagnostics;
  }
}

/** An error as diagnostics; what is neither the user's nor the world's is thrown on. */
export function fromError(error: unknown, text?: ConfigText): TerraformDiagnostic[] {
  if (error instanceof Refused) return [...error.diagnostics];
  if (error instanceof InvalidManifest) return error.diagnostics.map((one) => fromDiagnostic(one, text));
  if (error instanceof Refusal) return error.reasons.map(({ message, remedy }) => say("error", message, remedy));
  if (error instanceof Fault) return [say("error", error.message, error.details.remedy)];
  throw error;
}

/** Whether Terraform takes the answer for a failure. */
export const hasErrors = (diagnostics: readonly TerraformDiagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");

/** A name at the beginning keeps its letters. */
const heading = (text: string): string =>
  text.replaceAll("\n", " ").replace(/^[a-z]+(?=[\s,:]|$)/, (word) => word[0]!.toUpperCase() + word.slice(1));
/** A text that is nothing but a command stays as it is typed. */
const isCommand = (text: string): boolean => /^(?:steward|terraform|npm)(?: [\w./:=@-]+){1,4}$/.test(text);
const sentence = (text: string): string => (isCommand(text) ? text : heading(text) + (/[.!?…]$/.test(text) ? "" : "."));
