import { Fault, Refusal } from "../diagnostic.ts";
import type { SecretMeta, Slot } from "./sink.ts";

/** The two values of one secret, each with the issue that it came from. */
export type Slots<T extends { issueId: string }> = Partial<Record<Slot, T>>;

export const slotNames: Slot[] = ["current", "next"];

/** The slot that holds this issue, `current` first. */
export function slotOf<T extends { issueId: string }>(slots: Slots<T>, issueId: string): Slot | undefined {
  return slotNames.find((slot) => slots[slot]?.issueId === issueId);
}

/** The slots after `next` became current; undefined when current holds the issue already. Throws a Fault when neither does. */
export function promoted<T extends { issueId: string }>(
  sink: string,
  path: string,
  slots: Slots<T>,
  issueId: string,
): Slots<T> | undefined {
  if (slots.next?.issueId === issueId) return { current: slots.next };
  if (slots.current?.issueId === issueId) return undefined;
  const remedy = "issue it anew with `steward apply --replace ADDRESS`, or restore the sink from a backup";
  throw new Fault(`${sink}:${path} does not hold the value of issue ${issueId}`, { happened: "no", on: sink, remedy });
}

/** What lies in the slots, without values. */
export function metaOf<T extends { issueId: string }>(slots: Slots<T>): SecretMeta[] {
  return slotNames.flatMap((slot) => (slots[slot] ? [{ slot, issueId: slots[slot].issueId }] : []));
}

/** Law 9: a secret of one environment never gets near another one's sink. */
export function refuseOtherEnvironment(sink: string, file: string, found: string, ours: string): void {
  if (found === ours) return;
  const message = `${file} of sink ${sink} holds secrets of environment ${found}, this run is for ${ours}`;
  const remedy = "give each environment a path of its own: write ${environment} into the path of the sink";
  throw new Refusal([{ message, remedy }]);
}

/** The refusal of a sink file that cannot be understood. */
export function damagedFile(sink: string, file: string, what: string): Refusal {
  const remedy =
    "restore the file from version control or a backup, or delete it and issue its secrets anew with --replace ADDRESS";
  return new Refusal([{ message: `${file} of sink ${sink} ${what}`, remedy }]);
}

/** Says which sink a Fault of the disk belongs to. */
export async function onSink<T>(sink: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault && error.details.on === undefined)
      throw new Fault(error.message, { ...error.details, on: sink });
    throw error;
  }
}
