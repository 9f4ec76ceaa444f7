import { Refusal } from "../../diagnostic.ts";
import type { Plain } from "../../resource.ts";
import type { Failed, Given, Operation, Outcome, StepContext } from "../connector.ts";
import { textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { isMocoServ } from "./api-user-settings.ts";
import type { MomentusLabel } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import {
  adoptAppScreen,
  approveScreen,
  enableScreen,
  observeAppScreen,
  removeScreen,
  requestScreen,
} from "./screens-app-approval.ts";
import { confirmed, notDoneYet, readBack } from "./settle.ts";
import type { MomentusWriter } from "./writer.ts";

type ApprovalOperation = Operation<MomentusReader, MomentusWriter>;

/** What can be done to an approval. What a browser may be cut off in can be committed late. */
export function appApprovalOperations(labels: LabelsOf<MomentusLabel>): Record<string, ApprovalOperation> {
  return {
    observe: {
      screen: (step, system) => observeAppScreen(labels(system), step, system),
      accept: async (context, answer) => acceptFound(context, answer) ?? {},
    },
    request: confirmed({
      creates: true,
      screen: (step, system) => requestScreen(labels(system), step, system),
      settle: settledWhen((status) => status === "requested" || isApproved(status)),
    }),
    approve: confirmed({
      creates: true,
      screen: (step, system) => approveScreen(labels(system), step, system),
      accept: async (context, answer) => acceptFound(context, answer) ?? acceptState(context, answer, "approved"),
      settle: settledWhen(isApproved),
    }),
    adopt: {
      screen: (step, system) => adoptAppScreen(labels(system), step, system),
      accept: async (context, answer) => acceptState(context, answer, answer.fields.status),
      settle: settledWhen(isApproved),
    },
    enable: confirmed({
      creates: true,
      screen: (step, system) => enableScreen(labels(system), step, system),
      accept: async (context, answer) => acceptState(context, answer, "active"),
      settle: settledWhen((status) => status === "active"),
    }),
    remove: confirmed({
      creates: true,
      screen: (step, system) => removeScreen(labels(system), step, system),
      settle: settledWhen((status) => status === undefined),
    }),
  };
}

/** Told by what the list says of the app: undefined where it is not listed (MOM-29, MOM-31). */
function settledWhen(isDone: (status: string | undefined) => boolean): NonNullable<ApprovalOperation["settle"]> {
  return readBack(async (context, console) => {
    const app = textIn(context, "app");
    const status = (await console.apps()).get(app);
    if (!isDone(status)) return notDoneYet;
    const attributes = isApproved(status) && status !== undefined ? { status } : {};
    return { verdict: "done", outcome: { id: app, attributes } };
  });
}

/** What somebody else approved is taken over only when the manifest says so. */
function acceptFound(context: StepContext, { result }: Given): Failed | undefined {
  if (result !== "found" || context.input.adopt === true) return undefined;
  return approvedAlready(textIn(context, "app"));
}

/** Why an app is not approved, and what leads on. */
export function approvedAlready(app: string): Failed {
  return {
    failed: `the app ${app} is approved already, and Steward did not ask for it`,
    remedy: "write lifecycle: { adopt: true }, in code adopt: true, to take the approval over, and plan again",
  };
}

/** Whether an app with this status was approved. */
export function isApproved(status: string | undefined): boolean {
  return status === "approved" || status === "active" || status === "disabled";
}

function acceptState(context: StepContext, answer: Given, status: string | undefined): Outcome {
  if (answer.result !== "done") return {};
  return { id: textIn(context, "app"), attributes: appTold(answer, status) };
}

/** What was told of an app. The user that its approval made is never the one of Connect itself (MOM-01). Throws a Refusal. */
export function appTold({ fields: { api_user: user } }: Given, status: string | undefined): Record<string, Plain> {
  if (isMocoServ(user)) {
    const message = `${user} is the API user of Momentus Connect, not the one that this approval made (MOM-01)`;
    throw new Refusal([{ message, remedy: "leave api_user out where none shows" }]);
  }
  return { ...(status ? { status } : {}), ...(user ? { api_user_id: user } : {}) };
}
