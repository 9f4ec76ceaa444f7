import { canonicalJson } from "../../canonical.ts";
import type { Plain } from "../../resource.ts";
import type { Failed, Given, Outcome, StepContext } from "../connector.ts";
import { recordIn, textIn } from "../inputs.ts";

/** What people answer to the question whether something is there, and what they tell of what is there. */

/** What was found and is not ours is taken over only where the manifest says so. */
export function acceptObserved(context: StepContext, { result }: Given, what: string): Outcome | Failed {
  if (result !== "found" || context.input.adopt === true) return {};
  return {
    failed: `the ${what} ${nameIn(context)} is there already, and Steward did not make it`,
    remedy: "write lifecycle: { adopt: true }, in code adopt: true, to take it over, and plan again",
  };
}

/** Nothing is changed here: what differs ends this branch, and the next plan shows it as an update. */
export function acceptTold(context: StepContext, { result }: Given, told: Record<string, Plain>): Outcome {
  if (result !== "done") return {};
  const declared = recordIn(context, "declared") as Record<string, Plain>;
  const different = Object.keys(declared).filter(
    (name) => canonicalJson(declared[name]) !== canonicalJson(told[name] ?? null),
  );
  const outcome: Outcome = { id: nameIn(context), attributes: told };
  if (different.length === 0) return outcome;
  const names = different.sort().join(", ");
  return { ...outcome, ends: `${nameIn(context)} has another ${names} than declared; the next plan shows the update` };
}

const nameIn = (context: StepContext): string =>
  context.input.login === undefined ? textIn(context, "name") : textIn(context, "login");
