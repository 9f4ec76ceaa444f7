import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { consoleDraft, expectsPresent } from "../drafts.ts";
import { mocoServId } from "./api-user-settings.ts";
import { notYet } from "./kind.ts";
import { bundleOf } from "./known-user.ts";
import { shown } from "./screens.ts";

const anything = { is: "anything" } as const;

/** A change of an approval as what people do, with every branch. */
export function lowerAppApproval(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return approvalDrafts(view);
    case "revive":
      return [enableDraft(view)];
    case "delete":
      return [removeDraft(view)];
    default:
      return [];
  }
}

/** It is looked for first; requested when it is not listed; approved, or taken over when the manifest says so. */
function approvalDrafts(view: View): StepDraft[] {
  const adopts = view.resource?.lifecycle.adopt === true;
  const input = { app: appOf(view), adopt: adopts };
  const observe = consoleDraft(view, {
    operation: "observe",
    title: `is the app ${appOf(view)} approved?`,
    input,
    expects: anything,
    records: { is: "nothing" },
    asks: true,
    needs: [],
  });
  const request = consoleDraft(view, {
    operation: "request",
    title: "request the app",
    input,
    expects: anything,
    records: { is: "nothing" },
    when: { is: "unrequested", of: "observe" },
    needs: ["observe"],
  });
  const again = view.system.hand === "browser" ? requestAgainDrafts(view, input) : [];
  const before = ["observe", "request", ...again.map(nameOf)];
  return [observe, request, ...again, approveDraft(view, input, before), ...(adopts ? [adoptDraft(view)] : [])];
}

const nameOf = ({ operation, qualifier = "" }: StepDraft): string => `${operation}:${qualifier}`;

/** A declined app goes from the list before it is requested again. A person is told so where it is approved (MOM-29). */
function requestAgainDrafts(view: View, input: StepDraft["input"]): StepDraft[] {
  const declined = { is: "declined", of: "observe" } as const;
  const shared = { qualifier: "declined", input, expects: anything, when: declined };
  const remove = consoleDraft(view, {
    ...{ ...shared, operation: "remove", title: "take the declined app off the list" },
    ...{ records: { is: "nothing" }, needs: ["observe"] },
  });
  const request = consoleDraft(view, {
    ...{ ...shared, operation: "request", title: "request the app again" },
    ...{ records: { is: "nothing" }, needs: [nameOf(remove)] },
  });
  return [remove, request];
}

function approveDraft(view: View, input: StepDraft["input"], needs: string[]): StepDraft {
  const credentials = bundleOf(view.world, mocoServId);
  return consoleDraft(view, {
    operation: "approve",
    title: "approve the app",
    input: credentials ? { ...input, credentials } : input,
    expects: notYet(view, { app: appOf(view) }),
    records: { is: "created", attributes: view.desired ?? {}, generation: view.generationNext },
    when: { is: "absent", of: "observe" },
    needs,
  });
}

function adoptDraft(view: View): StepDraft {
  return consoleDraft(view, {
    operation: "adopt",
    title: "take the approval over as it is",
    input: { app: appOf(view) },
    expects: anything,
    records: { is: "adopted", id: appOf(view), attributes: view.desired ?? {}, origin: "adopted" },
    when: { is: "found", of: "observe" },
    needs: ["observe"],
  });
}

function enableDraft(view: View): StepDraft {
  return consoleDraft(view, {
    operation: "enable",
    title: "enable the app again",
    input: { app: appOf(view) },
    expects: expectsPresent(view, ["status"]),
    records: { is: "updated", attributes: {} },
  });
}

function removeDraft(view: View): StepDraft {
  return consoleDraft(view, {
    operation: "remove",
    title: `remove the app ${appOf(view)} from the list`,
    input: { app: appOf(view) },
    expects: expectsPresent(view),
    records: { is: "removed" },
  });
}

function appOf(view: View): string {
  return view.actual?.id ?? shown(view.desired?.app);
}
