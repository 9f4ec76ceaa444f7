import type { SecretEntry } from "../../resource.ts";
import type { SecretTarget } from "../../secret.ts";
import type { AttributeChange, Recording, StepDraft } from "../../step.ts";
import type { View } from "../connector.ts";
import { consoleDraft, issueAt, splitTarget } from "../drafts.ts";
import { proveDraft } from "../prove.ts";
import { bundleSecret } from "./bundle.ts";
import type { MomentusKind } from "./kind.ts";
import { alike } from "./reader.ts";

/** How far the bundle of a recorded API user or Key is on its way, and what brings it there. */

/** Asks with the bundle; without effect (MOM-19). `renewal` says what `--replace` does, which is never the first thing to try. */
export function bundleProbe(renewal: string): NonNullable<MomentusKind["probe"]> {
  return {
    secret: bundleSecret,
    harmless: true,
    ask: (reader, _entry, bundle) => reader.probe(bundle),
    advice: (address, { detail = "" }) => {
      const look = detail.includes(alike) ? "look at its screen first" : `${alike}: look at its screen first`;
      return `${look}; only then --replace ${address}, which ${renewal} (MOM-10)`;
    },
  };
}

/** A new issue of the bundle, at the place that is declared. */
export function newTarget(view: View): SecretTarget & { generation: number } {
  return issueAt(view, bundleSecret, String(view.desired?.deliver_to), view.generationNext);
}

/** The bundle of the record, when it is in its sink. */
export function deliveredBundle(view: View): SecretEntry | undefined {
  const secret = view.recorded?.secrets[bundleSecret];
  return secret?.delivered ? secret : undefined;
}

/** The changed place of a bundle that was delivered already. */
export function movedPlace(view: View): AttributeChange[] {
  const secret = deliveredBundle(view);
  const place = view.desired?.deliver_to;
  if (!secret || typeof place !== "string") return [];
  const { sink, path } = splitTarget(place);
  if (secret.sink === sink && secret.path === path) return [];
  return [{ path: "deliver_to", before: `${secret.sink}:${secret.path}`, after: place, secret: true }];
}

/** What is still to be done: a delivery, a proof, or nothing. Both can be had again at any time, unlike a token's value. */
function unfinishedDelivery(view: View): "deliver" | "prove" | undefined {
  // Credentials of a retired user cannot be tested.
  if (!view.recorded || !view.desired || view.desired.retired === true) return undefined;
  const secret = deliveredBundle(view);
  if (!secret || movedPlace(view).length > 0) return "deliver";
  if (secret.proven) return undefined;
  // What was told and never worked is told anew on demand; nothing is renewed for it.
  return view.replaceConsented ? "deliver" : "prove";
}

/** The proof of a delivered bundle. */
export function proof(target: SecretTarget, needs?: string[]): StepDraft {
  return proveDraft({ secret: bundleSecret, title: "prove that its key works", target, ...(needs ? { needs } : {}) });
}

/** The record learns where the bundle is declared to be. */
export function placed(view: View): Recording {
  return { is: "updated", attributes: { deliver_to: view.desired?.deliver_to ?? "" } };
}

/** What an earlier run left to do, or another place for the bundle. `needs`: absent, whatever stands before it. */
export function deliveryDrafts(view: View, copy: { what: string; input: StepDraft["input"]; needs?: [] }): StepDraft[] {
  const unfinished = unfinishedDelivery(view);
  if (unfinished === undefined) return [];
  const secret = deliveredBundle(view);
  if (unfinished === "prove" && secret) return [proof(secret)];
  const target = newTarget(view);
  const deliver = consoleDraft(view, {
    operation: "deliver",
    title: `copy ${copy.what} to ${target.sink}:${target.path}`,
    input: copy.input,
    expects: { is: "anything" },
    records: placed(view),
    delivers: { [bundleSecret]: target },
    ...(copy.needs ? { needs: copy.needs } : {}),
  });
  return [deliver, proof(target)];
}

/** Why a plan has something to do although no attribute differs. */
export function deliveryReason(view: View): string | undefined {
  if (movedPlace(view).length > 0) return "deliver_to changed";
  const unfinished = unfinishedDelivery(view);
  if (unfinished === undefined) return undefined;
  return unfinished === "deliver" ? "its credentials are not in the sink" : "its credentials are not proven yet";
}
