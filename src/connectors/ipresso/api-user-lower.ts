import { isClear, type Plain, type Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { expectsPresent, sinkReference, writesOf } from "../drafts.ts";
import { passwordSecret, passwordTarget, passwordWish, recordedPassword, setsPassword } from "../password.ts";
import { userFieldNames } from "./api-user-fields.ts";
import { isUnproven, keyInput, mayProve, proofDrafts, proofOfRenamed } from "./api-user-proof.ts";
import { waysOf } from "./console-ways.ts";
import { asksFirst, consoleDraft } from "./kind.ts";
import { groupsToBe } from "./membership.ts";
import { sameTexts } from "./told.ts";

const anything = { is: "anything" } as const;

/** A change of a user as what is done at the console, and the proof of its password. */
export function lowerUser(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return asksFirst(view) ? askedDrafts(view) : [createDraft(view, {}), ...proofDrafts(view, {})];
    case "update":
      return updateDrafts(view, verdict);
    case "delete":
      return [deleteDraft(view)];
    default:
      return [];
  }
}

/** A person is asked whether it is there: it is made or taken over, and the plan prints both. */
function askedDrafts(view: View): StepDraft[] {
  const { login = "", email = "" } = view.desired ?? {};
  const adopt = view.resource?.lifecycle.adopt === true;
  const observe = consoleDraft(view, {
    operation: "observe",
    title: `is there an API user ${String(login)}?`,
    input: { login, email, adopt },
    expects: anything,
    records: { is: "nothing" },
    asks: true,
    needs: [],
  });
  const when = { is: "absent", of: "observe" } as const;
  const create = createDraft(view, { needs: ["observe"], when });
  const made = { ...create, input: { ...create.input, adopt } };
  return [observe, made, ...proofDrafts(view, { needs: ["create"], when }), ...(adopt ? [adoptDraft(view)] : [])];
}

function createDraft(view: View, when: Pick<StepDraft, "needs" | "when">): StepDraft {
  const { take_over: _takeOver, ...attributes } = view.desired ?? {};
  const { login = "", email = "" } = attributes;
  const fields = userFieldNames.flatMap((name): [string, Value][] => {
    const value = attributes[name];
    return value === undefined || isClear(value) ? [] : [[name, value]];
  });
  const { input, ...delivery } = delivering(view);
  return consoleDraft(view, {
    operation: "create",
    title: `create the API user ${String(login)}`,
    input: { login, email, fields: Object.fromEntries(fields), ...input },
    expects: typeof login === "string" ? { is: "absent", identity: { login } } : anything,
    records: { is: "created", attributes, generation: view.generationNext },
    ...delivery,
    ...when,
  });
}

function adoptDraft(view: View): StepDraft {
  // The password that it has nobody knows: it counts as one that Steward did not set.
  const { login = "", password: _password, take_over: _takeOver, ...declared } = view.desired ?? {};
  return consoleDraft(view, {
    operation: "adopt",
    title: "take it over as it is",
    input: { login, declared },
    expects: anything,
    records: { is: "adopted", id: String(login), attributes: { login, ...declared }, origin: "adopted" },
    when: { is: "found", of: "observe" },
    needs: ["observe"],
  });
}

/**
 * The password first: where the form wants it with each change, it is the one that is current by then (IPR-07). Addresses come
 * before a proof that they may open (IPR-08).
 */
function updateDrafts(view: View, verdict: Verdict): StepDraft[] {
  const sets = setsPassword(view, verdict);
  const written = writesOf(verdict);
  const changes = Object.fromEntries(Object.entries(written).filter(([name]) => isOnForm(name)));
  const opens = changes.allowed_addresses !== undefined && changes.login === undefined;
  const proofs = sets ? proofDrafts(view, {}) : isUnproven(view, { opens }) ? proofDrafts(view, {}, "isKept") : [];
  const updates = Object.keys(changes).length > 0 ? [updateDraft(view, changes, sets)] : [];
  const passwords = sets ? [passwordDraft(view)] : [];
  const drafts = opens ? inOrderOfAddresses(view, passwords, updates, proofs) : [...passwords, ...proofs, ...updates];
  if (changes.login !== undefined) drafts.push(...proofOfRenamed(view, sets));
  const [first, ...others] = drafts;
  return first ? [{ ...first, needs: [] }, ...others] : [];
}

/** The proof is last; where the form wants the password with a change, the new one is current only after its own proof. */
function inOrderOfAddresses(
  view: View,
  passwords: StepDraft[],
  updates: StepDraft[],
  proofs: StepDraft[],
): StepDraft[] {
  const isWanted = waysOf(view.system).password_on_edit === "required";
  if (!isWanted || passwords.length === 0) return [...updates, ...passwords, ...proofs];
  const again = proofs.map((draft) => ({ ...draft, qualifier: "opened" }));
  return [...passwords, ...proofs, ...updates, ...again];
}

const isOnForm = (name: string): boolean => name === "login" || (userFieldNames as string[]).includes(name);

function updateDraft(view: View, changes: Record<string, Value>, sets: boolean): StepDraft {
  const isWanted = waysOf(view.system).password_on_edit === "required";
  const known = isWanted ? passwordKnown(view, sets) : undefined;
  const groups = view.actual?.attributes.groups;
  return consoleDraft(view, {
    operation: "update",
    title: `change ${Object.keys(changes).sort().join(", ")}`,
    input: {
      ...{ login: loginOf(view), changes, before: beforeOf(view, Object.keys(changes)) },
      ...(changes.groups === undefined ? {} : { groups_before: groupsToBe(view, groups) }),
      ...(known ? { [passwordSecret]: known } : {}),
    },
    expects: expectsPresent(view, expectedNames(view)),
    records: { is: "updated", attributes: changes },
  });
}

/** Where the password lies when the update is carried out. */
export function passwordKnown(view: View, sets: boolean): Value | undefined {
  const wish = sets ? passwordWish(view.desired?.password) : undefined;
  if (wish?.form === "given") return wish.value;
  if (wish?.form === "generated") return sinkReference(wish.deliverTo);
  return recordedPassword(view.recorded);
}

/** A group that is renamed in the same plan has another name by then. */
function expectedNames(view: View): string[] {
  const groups = view.actual?.attributes.groups;
  const isRenamed = groups !== undefined && !sameTexts(groups, groupsToBe(view, groups));
  return Object.keys(view.desired ?? {}).filter((name) => isOnForm(name) && !(isRenamed && name === "groups"));
}

function passwordDraft(view: View): StepDraft {
  const password = view.desired?.password;
  const { input, ...delivery } = delivering(view);
  return consoleDraft(view, {
    operation: "set_password",
    title: "set the password",
    input: { login: loginOf(view), ...keyInput(view), ...input },
    expects: expectsPresent(view, ["login"]),
    records: { is: "updated", attributes: password === undefined ? {} : { password } },
    ...delivery,
  });
}

/** A generated password is current when it is proven, or with the write where nothing can prove it; a given one stays a reference. */
function delivering(view: View): { input: Record<string, Value> } & Pick<StepDraft, "delivers" | "promotes"> {
  const wish = passwordWish(view.desired?.password);
  if (wish?.form === "given") return { input: { [passwordSecret]: wish.value } };
  const target = passwordTarget(view);
  if (!target) return { input: {} };
  const { generation: _generation, ...promoted } = target;
  const promotes = mayProve(view) ? {} : { promotes: [promoted] };
  return { input: {}, delivers: { [passwordSecret]: target }, ...promotes };
}

function deleteDraft(view: View): StepDraft {
  return consoleDraft(view, {
    operation: "delete",
    title: `delete the API user ${loginOf(view)}`,
    input: { login: loginOf(view) },
    expects: expectsPresent(view, ["login"]),
    records: { is: "removed" },
  });
}

/** The login that it has on the console. */
function loginOf(view: View): string {
  return view.actual?.id ?? view.recorded?.id ?? "";
}

/** What the form should show before it is changed, for a person to compare. */
function beforeOf(view: View, names: string[]): Record<string, Value> {
  const { actual } = view;
  const known = names.flatMap((name): [string, Value][] => {
    if (!actual || actual.unobservable.includes(name) || name === "allowed_addresses") return [];
    const value: Plain | undefined = actual.attributes[name];
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.length === 1 ? [[name, String(value[0])]] : [];
    return [[name, value === null ? "" : String(value)]];
  });
  return Object.fromEntries(known);
}
