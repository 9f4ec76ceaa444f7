import type { Value } from "../../resource.ts";
import type { Recording, StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { expectsPresent, issueAt, writesOf } from "../drafts.ts";
import { passwordSecret, passwordWish } from "../password.ts";
import { profileNames } from "./screens-user.ts";
import { beforeOf, byHand, nameOf, subjectOf } from "./user-drafts.ts";
import { asTold, type Entrance, windowDrafts } from "./user-window.ts";

const anything = { is: "anything" } as const;

/** A change of a system user as what is done at the console, in order, with every branch. */
export function lowerUser(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return createDrafts(view);
    case "update":
    case "revive":
      return [
        ...profileDrafts(view, verdict, verdict.action),
        ...passwordDrafts(view, verdict),
        ...grantDrafts(view, verdict),
      ];
    case "delete":
      return [retireDraft(view)];
    default:
      return [];
  }
}

function createDrafts(view: View): StepDraft[] {
  const observe = view.system.hand === "person" ? [observeDraft(view)] : [];
  const asked: Partial<Entrance> =
    observe.length > 0 ? { when: { is: "absent", of: "observe" }, needs: ["observe"] } : {};
  return [...observe, ...windowDrafts(view, { ...createDraft(view), ...asked })];
}

/** A browser sees the whole list; a person is asked. */
function observeDraft(view: View): StepDraft {
  return byHand(view, {
    operation: "observe",
    title: `is there a user ${nameOf(view)}?`,
    input: subjectOf(view),
    expects: anything,
    records: { is: "nothing" },
    asks: true,
    needs: [],
  });
}

function createDraft(view: View): Entrance {
  const { api_permission: _later, password, ...attributes } = view.desired ?? {};
  const { email = defaultEmail(view) } = attributes;
  const settings = { ...attributes, ...(email === undefined ? {} : { email }) };
  const { input, ...delivery } = delivering(view, password);
  return {
    operation: "create",
    title: `create the user ${nameOf(view)}`,
    input: { ...subjectOf(view), settings, ...input },
    expects: { is: "absent", identity: { user_name: nameOf(view) } },
    records: {
      is: "created",
      attributes: { ...attributes, ...(password === undefined ? {} : { password }) },
      generation: view.generationNext,
    },
    ...delivery,
  };
}

/** It need not be a real one: the User Name at the company's domain (VES-04). */
function defaultEmail({ system, desired }: View): Value | undefined {
  const { company_domain: domain } = system.settings;
  return typeof domain === "string" ? `${String(desired?.user_name)}@${domain}` : undefined;
}

/** A generated password is in its sink before it is entered, and current once the user is there. */
function delivering(view: View, password: Value | undefined): Pick<StepDraft, "input" | "delivers" | "promotes"> {
  const wish = passwordWish(password);
  if (wish?.form === "given") return { input: { password: wish.value } };
  if (wish?.form !== "generated") return { input: {} };
  const target = issueAt(view, passwordSecret, wish.deliverTo, view.generationNext);
  const { generation: _generation, ...promoted } = target;
  return { input: {}, delivers: { [passwordSecret]: target }, promotes: [promoted] };
}

/** Everything of the tab Profile in one save. */
function profileDrafts(view: View, verdict: Verdict, operation: "update" | "revive"): StepDraft[] {
  const written = Object.entries(writesOf(verdict)).filter(([name]) => profileNames.includes(name));
  if (written.length === 0) return [];
  const changes: Record<string, Value> = Object.fromEntries(written);
  const names = Object.keys(changes).sort();
  const recorded = Object.fromEntries(written.filter(([name]) => name in (view.desired ?? {})));
  return [
    byHand(view, {
      operation,
      title: operation === "revive" ? `give the user ${nameOf(view)} back` : `change ${names.join(", ")}`,
      input: {
        ...subjectOf(view),
        changes: withLeftGroups(view, changes),
        before: beforeOf(view, names),
      },
      expects: expectsPresent(
        view,
        names.filter((name) => name !== "external_access_only"),
      ),
      records: view.recorded ? { is: "updated", attributes: recorded } : takenOver(view, recorded),
      needs: [],
    }),
  ];
}

/** What is given back and was forgotten is recorded as found. */
function takenOver(view: View, written: Record<string, Value>): Recording {
  const { password: _password, ...desired } = view.desired ?? {};
  const isShown = ([name]: [string, unknown]): boolean => name in written || name !== "api_permission";
  const attributes = Object.fromEntries(Object.entries(desired).filter(isShown));
  return { is: "adopted", id: nameOf(view), attributes, origin: "adopted" };
}

/** Another password, for whoever wants one: the account may not sign in with it. */
function passwordDrafts(view: View, verdict: Verdict): StepDraft[] {
  const { password } = view.desired ?? {};
  if (password === undefined || !verdict.attributes.some(({ path }) => path === "password")) return [];
  const { input, ...delivery } = delivering(view, password);
  return [
    byHand(view, {
      operation: "set_password",
      title: "set the password",
      input: { ...subjectOf(view), ...input },
      expects: anything,
      records: { is: "updated", attributes: { password } },
      ...delivery,
    }),
  ];
}

/** Groups are check boxes: those that are left must be cleared. */
function withLeftGroups(view: View, changes: Record<string, Value>): Record<string, Value> {
  const { groups } = changes;
  if (!Array.isArray(groups)) return changes;
  const before = view.actual?.attributes.groups;
  const left = (Array.isArray(before) ? before : []).filter((name) => !groups.includes(name as string));
  return { ...changes, groups_left: left as Value[] };
}

/** Rights can be set only while the user counts, so External Access Only is taken off meanwhile (VES-12). */
function grantDrafts(view: View, verdict: Verdict): StepDraft[] {
  if (!verdict.attributes.some(({ path, unmanaged }) => path === "api_permission" && !unmanaged)) return [];
  const paths = verdict.attributes.map(({ path }) => path);
  const before = paths.includes("password")
    ? ["set_password"]
    : paths.some((path) => profileNames.includes(path))
      ? [operationBefore(verdict)]
      : [];
  if (view.actual?.attributes.external_access_only !== true && verdict.action !== "revive") {
    return needing(windowDrafts(view, undefined), "permissions", before);
  }
  const admit: Entrance = {
    operation: "admit",
    title: `clear External Access Only of ${nameOf(view)} for a while: it counts, and could sign in`,
    input: { ...subjectOf(view), changes: { external_access_only: false } },
    expects: anything,
    records: asTold,
    needs: before,
  };
  return windowDrafts(view, admit);
}

const operationBefore = ({ action }: Verdict): string => (action === "revive" ? "revive" : "update");

function needing(drafts: StepDraft[], operation: string, needs: string[]): StepDraft[] {
  return drafts.map((draft) =>
    draft.operation === operation ? { ...draft, needs: [...(draft.needs ?? []), ...needs] } : draft,
  );
}

/** Users are never deleted: they stay for audit (VES-03). */
function retireDraft(view: View): StepDraft {
  return byHand(view, {
    operation: "retire",
    title: `make the user ${nameOf(view)} inactive`,
    input: { ...subjectOf(view), changes: { inactive: true }, before: beforeOf(view, ["inactive"]) },
    expects: expectsPresent(view, ["full_name", "inactive"]),
    records: { is: "removed" },
  });
}
