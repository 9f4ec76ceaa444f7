import type { Failed, Outcome, Settled } from "./connector.ts";

/** What reading back after a save makes of it: no document says what confirms one, so it counts only when it shows. */
export function asShown(settled: Settled): Outcome | Failed {
  if (settled.verdict === "done") return settled.outcome;
  const { because = "the console does not show it" } = settled as { because?: string };
  return { failed: `it was carried out, and ${because}`, remedy: "open the console and look, then plan again" };
}
