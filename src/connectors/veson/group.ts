import type { StepDraft } from "../../step.ts";
import type { Assessment, Outcome, Verdict, View } from "../connector.ts";
import { errorAt, expectsPresent, inspectDraft, withNote, writesOf } from "../drafts.ts";
import { recordIn, settledBy, textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { onConsole, type VesonKind } from "./kind.ts";
import type { VesonLabel } from "./labels.ts";
import { seenGroup } from "./reader.ts";
import type { ScreenOf } from "./screens.ts";
import { changeGroupScreen, createGroupScreen, inspectGroupScreen, observeGroupScreen } from "./screens-group.ts";
import { actualOf } from "./seen.ts";
import { beforeOf, byHand } from "./user-drafts.ts";
import { protectsGroup } from "./user-protects.ts";
import { readBack, shows, type VesonOperation } from "./verify.ts";

/** Groups of the Security List. Who belongs to one, its users say. */
export function group(labels: LabelsOf<VesonLabel>): VesonKind {
  return {
    name: "veson_group",
    retiredBy: "inactive",
    ...onConsole,
    async list(reader) {
      const { groups } = await reader.list();
      return { objects: groups.map((seen) => actualOf(seen, "group_name")), complete: true };
    },
    details: {
      attributes: ["description", "security_admin", "authentication_only"],
      // The list shows it all where it has the columns.
      read: async (reader, listed) =>
        ["description", "security_admin", "authentication_only"].every((name) => name in listed.attributes)
          ? listed
          : reader.group(listed.id),
    },
    assess: assessGroup,
    lower: lowerGroup,
    protects: protectsGroup,
    inspect: (view) => inspectDraft({ group_name: view.recorded?.id ?? "" }),
    operations: groupOperations(labels),
  };
}

const retiredNote = "it is made inactive, not deleted, and so are the users in it (VES-03)";

function assessGroup(view: View, general: Verdict): Assessment {
  if (!view.desired) return { verdict: general.action === "delete" ? withNote(general, retiredNote) : {} };
  if (general.action !== "replace") return {};
  const hint = "declare the new group as a resource of its own; what becomes of the old one, its own block says";
  return { errors: [errorAt(view, "group_name", "Steward does not rename groups", hint)] };
}

const nameOf = (view: View): string => view.actual?.id ?? view.recorded?.id ?? String(view.desired?.group_name);
const anything = { is: "anything" } as const;

function lowerGroup(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return createDrafts(view);
    case "update":
    case "revive":
      return [changeDraft(view, verdict, verdict.action)];
    case "delete":
      return [retireDraft(view)];
    default:
      return [];
  }
}

function createDrafts(view: View): StepDraft[] {
  const name = nameOf(view);
  const asks = view.system.hand === "person";
  const observe = byHand(view, {
    ...{ operation: "observe", title: `is there a group ${name}?`, input: { group_name: name } },
    ...{ expects: anything, records: { is: "nothing" }, asks: true, needs: [] },
  });
  const create = byHand(view, {
    operation: "create",
    title: `create the group ${name}`,
    input: { group_name: name, settings: view.desired ?? {} },
    expects: { is: "absent", identity: { group_name: name } },
    records: { is: "created", attributes: view.desired ?? {}, generation: view.generationNext },
    ...(asks ? { when: { is: "absent", of: "observe" }, needs: ["observe"] } : { needs: [] }),
  });
  return asks ? [observe, create] : [create];
}

function changeDraft(view: View, verdict: Verdict, operation: "update" | "revive"): StepDraft {
  const changes = writesOf(verdict);
  const names = Object.keys(changes).sort();
  const own = Object.fromEntries(Object.entries(changes).filter(([name]) => name in (view.desired ?? {})));
  return byHand(view, {
    operation,
    title: operation === "revive" ? `give the group ${nameOf(view)} back` : `change ${names.join(", ")}`,
    input: { group_name: nameOf(view), changes, before: beforeOf(view, names) },
    expects: expectsPresent(view, names),
    // What is given back and was forgotten is recorded as found.
    records: view.recorded
      ? { is: "updated", attributes: own }
      : { is: "adopted", id: nameOf(view), attributes: view.desired ?? {}, origin: "adopted" },
    needs: [],
  });
}

function retireDraft(view: View): StepDraft {
  return byHand(view, {
    operation: "retire",
    title: `make the group ${nameOf(view)} inactive`,
    input: { group_name: nameOf(view), changes: { inactive: true }, before: beforeOf(view, ["inactive"]) },
    expects: expectsPresent(view, ["inactive"]),
    records: { is: "removed" },
  });
}

function groupOperations(labels: LabelsOf<VesonLabel>): Record<string, VesonOperation> {
  const by = (screen: ScreenOf): Pick<VesonOperation, "screen"> => ({
    screen: (step, system) => screen(labels(system), step, system),
  });
  const created = readBack(
    async (context, reader) => {
      const seen = await reader.group(textIn(context, "group_name"));
      return seen ? { verdict: "done", outcome: { id: seen.id } } : { verdict: "not-done" };
    },
    (context) => ({ id: textIn(context, "group_name") }),
  );
  const change: VesonOperation = {
    ...by(changeGroupScreen),
    creates: true,
    ...readBack(async (context, reader) => {
      const seen = await reader.group(textIn(context, "group_name"));
      const changes = Object.entries(recordIn(context, "changes"));
      return settledBy(seen !== undefined && changes.every(([name, value]) => shows(seen, name, value)));
    }),
  };
  return {
    observe: {
      ...by(observeGroupScreen),
      accept: async (context, { result }) => whenThere(textIn(context, "group_name"), result),
    },
    create: {
      ...by(createGroupScreen),
      creates: true,
      ...created,
      accept: async (context, given, reader) =>
        given.result === "found"
          ? whenThere(textIn(context, "group_name"), given.result)
          : created.accept(context, given, reader),
    },
    update: change,
    revive: change,
    retire: change,
    inspect: {
      ...by(inspectGroupScreen),
      accept: async (_context, { result, fields }): Promise<Outcome> => {
        if (result === "absent") return { gone: true };
        return result === "found" ? { attributes: seenGroup(fields) } : {};
      },
    },
  };
}

function whenThere(name: string, result: string): Outcome | { failed: string; remedy: string } {
  if (result !== "found") return {};
  return {
    failed: `the group ${name} is there already, and Steward did not make it`,
    remedy: "declare a group of another name; where a browser reads the console, one that is there can be taken over",
  };
}
