import type { Value } from "../../resource.ts";
import type { Recording, StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { apiDraft, expectsPresent, issueAt, writesOf } from "../drafts.ts";
import { passwordSecret, passwordWish } from "../password-wish.ts";
import { disables, setsPassword } from "./admin-user-assess.ts";
import { tokensToRevoke } from "./owned-tokens.ts";

/** A change of a user as remote writes: tokens first when the user is switched off or goes away (VCO-16). */
export function lowerUser(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return [createDraft(view)];
    case "replace":
      return [...revokeDrafts(view, verdict), deleteDraft(view), createDraft(view)];
    case "delete":
      return [...revokeDrafts(view, verdict), deleteDraft(view)];
    case "update":
      return updateDrafts(view, verdict);
    default:
      return [];
  }
}

function updateDrafts(view: View, verdict: Verdict): StepDraft[] {
  const writes = writesOf(verdict);
  const update = Object.keys(writes).length > 0 ? [updateDraft(view, writes)] : [];
  const password = setsPassword(view, verdict) ? [passwordDraft(view)] : [];
  // Whether a password works shows only while its user is enabled.
  if (disables(verdict)) return [...password, ...revokeDrafts(view, verdict), ...update];
  return [...update, ...password];
}

function createDraft(view: View): StepDraft {
  const { password, take_over: _takeOver, ...attributes } = view.desired ?? {};
  const { input, ...delivery } = delivering(view, password);
  return apiDraft({
    operation: "create",
    title: `create the user ${String(view.desired?.username)}`,
    input: { attributes, ...input },
    expects: { is: "absent", identity: { username: String(view.desired?.username) } },
    records: created(view),
    ...delivery,
  });
}

function created(view: View): Recording {
  const { take_over: _takeOver, ...attributes } = view.desired ?? {};
  return { is: "created", attributes, generation: view.generationNext };
}

function updateDraft(view: View, writes: Record<string, Value>): StepDraft {
  return apiDraft({
    operation: "update",
    title: `change ${Object.keys(writes).sort().join(", ")}`,
    input: { id: idOf(view), changes: writes },
    expects: expectsPresent(view),
    records: { is: "updated", attributes: writes },
  });
}

function passwordDraft(view: View): StepDraft {
  const password = view.desired?.password;
  const { input, ...delivery } = delivering(view, password);
  return apiDraft({
    operation: "set_password",
    title: "set the password",
    input: { id: idOf(view), username: String(view.actual?.attributes.username), ...input },
    expects: expectsPresent(view, ["username", "native"]),
    records: { is: "updated", attributes: password === undefined ? {} : { password } },
    ...delivery,
  });
}

/** A generated password goes to its sink and is current once the write is accepted; a given one stays a reference. */
function delivering(
  view: View,
  password: Value | undefined,
): { input: Record<string, Value> } & Pick<StepDraft, "delivers" | "promotes"> {
  const wish = passwordWish(password);
  if (wish?.form === "given") return { input: { password: wish.value } };
  if (wish?.form !== "generated") return { input: {} };
  const target = issueAt(view, passwordSecret, wish.deliverTo, view.generationNext);
  const { generation: _generation, ...promoted } = target;
  return { input: {}, delivers: { [passwordSecret]: target }, promotes: [promoted] };
}

function revokeDrafts(view: View, verdict: Verdict): StepDraft[] {
  return tokensToRevoke(view, verdict).map((token) =>
    apiDraft({
      operation: "revoke_token",
      qualifier: token.id,
      title: `revoke the token "${String(token.attributes.name)}" (${token.id}) of the user`,
      input: { id: token.id },
      expects: { is: "anything" },
      records: { is: "nothing" },
    }),
  );
}

function deleteDraft(view: View): StepDraft {
  return apiDraft({
    operation: "delete",
    title: `delete the user ${String(view.actual?.attributes.username)}`,
    input: { id: idOf(view) },
    expects: expectsPresent(view),
    records: { is: "removed" },
  });
}

function idOf(view: View): string {
  return view.actual?.id ?? view.recorded?.id ?? "";
}
