import { type Diagnostic, Fault, InvalidManifest, Refusal } from "../diagnostic.ts";
import { UnsafePlan } from "../guard.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { completeHints, type Said } from "../render/hints.ts";
import type { Console, SharedOptions } from "./command.ts";
import type { ConsentOptions } from "./plan-options.ts";
import { planAs } from "./print-plan.ts";
import { saidHere } from "./said.ts";

/** Options of some commands that a suggested command must bear again. */
export type Consented = ConsentOptions & { destroy?: boolean };

/**
 * Runs the body. What it refuses gets hints that can be pasted: with the environment and the consents of this command. A plan
 * that the guard refuses is shown before, except to programs, which take one document.
 */
export async function withHints<T>(
  console: Console,
  options: SharedOptions & Consented,
  manifest: Manifest,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const said = saidOn(options, manifest);
    if (error instanceof InvalidManifest) throw new InvalidManifest(complete(error.diagnostics, said), error.effect);
    if (error instanceof Fault) throw completed(error, said);
    if (!(error instanceof Refusal)) throw error;
    if (error instanceof UnsafePlan && options.format !== "json") {
      console.write(`${planAs(options.format, error.plan, console, { closing: false })}\n`);
    }
    throw new Refusal(error.reasons.map((reason) => ({ ...reason, remedy: completeHints(reason.remedy, said) })));
  }
}

const complete = (diagnostics: readonly Diagnostic[], said: Said): Diagnostic[] =>
  diagnostics.map((one) => (one.hint === undefined ? one : { ...one, hint: completeHints(one.hint, said) }));

function completed(fault: Fault, said: Said): Fault {
  const { remedy } = fault.details;
  if (remedy === undefined) return fault;
  const other = new Fault(fault.message, { ...fault.details, remedy: completeHints(remedy, said) });
  return Object.assign(other, { stack: fault.stack });
}

function saidOn(options: SharedOptions & Consented, manifest: Manifest): Said {
  const { allowDeletions, allowMissing, restore, replace, ask, destroy } = options;
  return { ...saidHere({ options, manifest }), allowDeletions, allowMissing, restore, replace, ask, destroy };
}
