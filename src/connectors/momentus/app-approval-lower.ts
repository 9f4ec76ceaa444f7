import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { expectsPresent, personDraft } from "../drafts.ts";
import { mocoServId } from "./api-user-settings.ts";
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
  const observe = personDraft({
    operation: "observe",
    title: `is the app ${appOf(view)} approved?`,
    input,
    expects: anything,
    records: { is: "nothing" },
    asks: true,
    needs: [],
  });
  const request = personDraft({
    operation: "request",
    title: "request the app",
    input,
    expects: anything,
    records: { is: "nothing" },
    when: { is: "unrequested", of: "observe" },
    needs: ["observe"],
  });
  return [observe, request, approveDraft(view, input), ...(adopts ? [adoptDraft(view)] : [])];
}

function approveDraft(view: View, input: StepDraft["input"]): StepDraft {
  const credentials = bundleOf(view.world, mocoServId);
  return personDraft({
    operation: "approve",
    title: "approve the app",
    input: credentials ? { ...input, credentials } : input,
    expects: { is: "absent", identity: { app: appOf(view) } },
    records: { is: "created", attributes: view.desired ?? {}, generation: view.generationNext },
    when: { is: "absent", of: "observe" },
    needs: ["observe", "request"],
  });
}

function adoptDraft(view: View): StepDraft {
  return personDraft({
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
  return personDraft({
    operation: "enable",
    title: "enable the app again",
    input: { app: appOf(view) },
    expects: expectsPresent(view, ["status"]),
    records: { is: "updated", attributes: {} },
  });
}

function removeDraft(view: View): StepDraft {
  return personDraft({
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
