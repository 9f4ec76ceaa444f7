import type { Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { expectsPresent, writesOf } from "../drafts.ts";
import { asksFirst, consoleDraft } from "./kind.ts";

const anything = { is: "anything" } as const;

/** A change of a group as what is done at the console. */
export function lowerGroup(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return asksFirst(view) ? askedDrafts(view) : [createDraft(view, {})];
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
  const name = view.desired?.name ?? "";
  const adopt = view.resource?.lifecycle.adopt === true;
  const observe = consoleDraft(view, {
    operation: "observe",
    title: `is there a user group ${String(name)}?`,
    input: { name, adopt },
    expects: anything,
    records: { is: "nothing" },
    asks: true,
    needs: [],
  });
  const made = createDraft(view, { needs: ["observe"], when: { is: "absent", of: "observe" } });
  return [observe, { ...made, input: { ...made.input, adopt } }, ...(adopt ? [adoptDraft(view)] : [])];
}

function createDraft(view: View, when: Pick<StepDraft, "needs" | "when">): StepDraft {
  const { name = "", permissions = [] } = view.desired ?? {};
  return consoleDraft(view, {
    operation: "create",
    title: `create the user group ${String(name)}`,
    input: { name, permissions },
    expects: typeof name === "string" ? { is: "absent", identity: { name } } : anything,
    records: { is: "created", attributes: view.desired ?? {}, generation: view.generationNext },
    ...when,
  });
}

function adoptDraft(view: View): StepDraft {
  const { name = "", ...declared } = view.desired ?? {};
  return consoleDraft(view, {
    operation: "adopt",
    title: "take it over as it is",
    input: { name, declared },
    expects: anything,
    records: { is: "adopted", id: String(name), attributes: view.desired ?? {}, origin: "adopted" },
    when: { is: "found", of: "observe" },
    needs: ["observe"],
  });
}

function updateDrafts(view: View, verdict: Verdict): StepDraft[] {
  const changes = writesOf(verdict);
  if (Object.keys(changes).length === 0) return [];
  const before: Record<string, Value> =
    changes.permissions === undefined ? {} : { permissions_before: permissionsBefore(view) };
  return [
    consoleDraft(view, {
      operation: "update",
      title: `change ${Object.keys(changes).sort().join(", ")}`,
      input: { name: nameOf(view), changes, ...before },
      expects: expectsPresent(view),
      records: { is: "updated", attributes: changes },
      needs: [],
    }),
  ];
}

/** Irreversible (IPR-11). */
function deleteDraft(view: View): StepDraft {
  return consoleDraft(view, {
    operation: "delete",
    title: `delete the user group ${nameOf(view)}`,
    input: { name: nameOf(view) },
    expects: expectsPresent(view, ["name"]),
    records: { is: "removed" },
  });
}

/** The name that it has on the console. */
function nameOf(view: View): string {
  return view.actual?.id ?? view.recorded?.id ?? "";
}

function permissionsBefore({ actual }: View): Value {
  const { permissions } = actual?.attributes ?? {};
  return Array.isArray(permissions) ? (permissions as Value) : [];
}
