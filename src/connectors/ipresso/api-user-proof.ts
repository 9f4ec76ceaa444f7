import type { Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { View } from "../connector.ts";
import { apiDraft } from "../drafts.ts";
import { passwordSecret, passwordTarget, passwordWish } from "../password.ts";
import { proveDraft } from "../prove.ts";
import { keyFor, keySecret } from "./customer-key.ts";

/** The proof of a password: an authorization, as the user's own program does it (IPR-04). */

/** Whether there is a way to the key of the installation, without which nothing can be proven (IPR-02). */
export const mayProve = (view: View): boolean => keyFor(view) !== undefined;

/** Whether a password that was delivered still waits for its proof. One that nobody could ask about from here waits for other addresses. */
export function isUnproven(view: View, { opens }: { opens: boolean } = { opens: false }): boolean {
  const secret = view.recorded?.secrets[passwordSecret];
  const isOurs = passwordWish(view.desired?.password)?.form === "generated";
  const isOpen = secret?.delivered === true && !secret.proven && (opens || !secret.proofOpen);
  return isOurs && isOpen && mayProve(view);
}

/** The key for whoever asks; where it is read on the page, nothing is said of it. */
export function keyInput(view: View): Record<string, Value> {
  const key = keyFor(view);
  return key === undefined || key === "page" ? {} : { [keySecret]: key };
}

/** Proves the password that this change sets, or the recorded one that an earlier run left unproven (`isKept`). */
export function proofDrafts(view: View, when: Pick<StepDraft, "needs" | "when">, isKept?: "isKept"): StepDraft[] {
  if (!mayProve(view)) return [];
  // The password is set, and proven, before a login is changed.
  const login = view.actual?.id ?? view.desired?.login ?? "";
  return proofOf(view, login, isKept !== undefined, when);
}

/** Proves that the password goes with another login. Only one that Steward knows can be proven. */
export function proofOfRenamed(view: View, sets: boolean): StepDraft[] {
  if (!mayProve(view)) return [];
  const proof = proofOf(view, view.desired?.login ?? "", !sets, {});
  return proof.map((draft) => ({ ...draft, qualifier: "renamed" }));
}

/** `isKept`: the password is the one that is recorded. */
function proofOf(view: View, login: Value, isKept: boolean, when: Pick<StepDraft, "needs" | "when">): StepDraft[] {
  const title = "prove that login and password are accepted";
  const wish = passwordWish(view.desired?.password);
  const input = { login, ...keyInput(view) };
  if (wish?.form === "given") {
    const given = { ...input, [passwordSecret]: wish.value };
    const draft = { operation: "prove", title, input: given, expects: { is: "anything" }, records: { is: "nothing" } };
    return [{ ...apiDraft(draft as Parameters<typeof apiDraft>[0]), ...when }];
  }
  const recorded = view.recorded?.secrets[passwordSecret];
  const target = isKept ? recorded : passwordTarget(view);
  if (!target || (isKept && !recorded?.delivered)) return [];
  return [{ ...proveDraft({ secret: passwordSecret, title, target, input }), ...when }];
}
