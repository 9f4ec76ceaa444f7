import type { SecretEntry, Value } from "../../resource.ts";
import type { SecretTarget } from "../../secret.ts";
import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { expectsPresent, issueAt, referenceTo } from "../drafts.ts";
import { proveDraft } from "../prove.ts";
import { shown } from "./screens.ts";
import { byHand } from "./user-drafts.ts";

/** Name of a token's value in the state entry. */
export const tokenSecret = "token";

/** A change of a token as what is done on the panel of its owner. One user has one token, so a new one replaces it (VES-16). */
export function lowerToken(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
    case "replace":
    case "rotate":
      return issueDrafts(view);
    case "update":
      return proofDrafts(view);
    case "delete":
      return [clearDraft(view)];
    default:
      return [];
  }
}

/** The token of the record, when its value is in the sink. */
export function deliveredToken(view: View): SecretEntry | undefined {
  const secret = view.recorded?.secrets[tokenSecret];
  return secret?.delivered ? secret : undefined;
}

/** While its owner counts, where it is just made; the proof comes when it is External Access Only (VES-11). */
function issueDrafts(view: View): StepDraft[] {
  const target = issueAt(view, tokenSecret, String(view.desired?.deliver_to), view.generationNext);
  const former = deliveredToken(view);
  const attributes: Record<string, Value> = view.desired ?? {};
  const request = byHand(view, {
    operation: "request",
    title: former ? "request a new token, which ends the present one" : "request the token",
    input: { owner: view.desired?.owner ?? "", ...(former ? { former: referenceTo(former) } : {}) },
    expects: { is: "anything" },
    records: view.recorded
      ? { is: "updated", attributes: { deliver_to: attributes.deliver_to ?? "" } }
      : { is: "created", attributes, generation: view.generationNext },
    delivers: { [tokenSecret]: target },
    needs: [],
  });
  return [request, proof(view, target)];
}

function proofDrafts(view: View): StepDraft[] {
  const delivered = deliveredToken(view);
  return delivered ? [{ ...proof(view, delivered), needs: [] }] : [];
}

function proof(view: View, target: SecretTarget): StepDraft {
  const owner = view.world.desiredByIdentity("veson_user", shown(view.desired?.owner));
  const closes = owner ? [`${owner.address}/external`] : [];
  const needs = ["request", ...closes];
  return proveDraft({ secret: tokenSecret, title: "prove that it works", target, needs });
}

function clearDraft(view: View): StepDraft {
  const owner = view.actual?.id ?? view.recorded?.id ?? "";
  return byHand(view, {
    operation: "clear",
    title: `clear the token of ${owner}`,
    input: { owner },
    expects: expectsPresent(view, ["owner"]),
    records: { is: "removed" },
  });
}
