import { Fault, InvalidManifest, Refusal } from "../../src/diagnostic.ts";
import type { Consents, Plan } from "../../src/step.ts";
import type { TestWorld } from "./test-world.ts";

/** Plans, with each consent that a refusal or a held change asks for, until the plan is accepted. */
export async function planWithConsents(world: TestWorld, text: string): Promise<{ plan: Plan; consents: Consents }> {
  const consents: Consents = { restore: [], replace: [] };
  for (let round = 0; round < 6; round++) {
    try {
      const plan = await world.plan(text, consents);
      const held = plan.changes.filter((change) => change.held).map((change) => change.address);
      if (held.length === 0) return { plan, consents };
      consents.restore = [...consents.restore, ...held];
      delete consents.allowDeletions;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      grant(consents, error);
    }
  }
  throw new Error(`no consent leads to a plan: ${JSON.stringify(consents)}`);
}

/** Does what the refusal says leads on. */
function grant(consents: Consents, refusal: Refusal): void {
  for (const { remedy } of refusal.reasons) {
    const deletions = /--allow-deletions (\d+)/.exec(remedy);
    const missing = /--allow-missing (\d+)/.exec(remedy);
    if (deletions) consents.allowDeletions = Number(deletions[1]);
    else if (missing) consents.allowMissing = Number(missing[1]);
    else throw refusal;
  }
}

/** Applies until nothing is left; answers how many applies it took. At most `roundsMax`. */
export async function converge(world: TestWorld, text: string, roundsMax = 5): Promise<number> {
  for (let round = 1; round <= roundsMax; round++) {
    await world.recover(text);
    const { plan, consents } = await planWithConsents(world, text);
    if (plan.changes.length === 0) return round - 1;
    await world.apply(text, { consents });
  }
  const { plan } = await planWithConsents(world, text);
  if (plan.changes.length === 0) return roundsMax;
  throw new Error(`still to do after ${roundsMax} applies: ${JSON.stringify(plan.changes, null, 1)}`);
}

/** An apply in bad weather: whatever it throws must be one of the three channels. */
export async function applyInBadWeather(world: TestWorld, text: string): Promise<void> {
  try {
    await world.recover(text);
    const { consents } = await planWithConsents(world, text);
    await world.apply(text, { consents });
  } catch (error) {
    if (error instanceof Fault || error instanceof Refusal || error instanceof InvalidManifest) return;
    throw error;
  }
}
