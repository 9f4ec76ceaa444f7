import { Refusal } from "../diagnostic.ts";
import { UnsafePlan } from "../guard.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { completeHints, type Said } from "../render/hints.ts";
import type { Console, SharedOptions } from "./command.ts";
import type { ConsentOptions } from "./plan-options.ts";
import { planAs } from "./print-plan.ts";

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
    if (!(error instanceof Refusal)) throw error;
    if (error instanceof UnsafePlan && options.format !== "json") {
      console.write(`${planAs(options.format, error.plan, console, { closing: false })}\n`);
    }
    const said = saidOn(options, manifest);
    throw new Refusal(error.reasons.map((reason) => ({ ...reason, remedy: completeHints(reason.remedy, said) })));
  }
}

function saidOn(options: SharedOptions & Consented, { environment, environments }: Manifest): Said {
  const { allowDeletions, allowMissing, restore, replace, ask, destroy, manifest } = options;
  const env = environments.length > 1 ? environment : undefined;
  return { env, manifest, allowDeletions, allowMissing, restore, replace, ask, destroy };
}
