import type { Plain } from "../../resource.ts";
import type { Given, InspectDraft, Operation, Outcome, StepContext, View } from "../connector.ts";
import { inspectDraft } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { assertAbsenceSeen } from "./api-user-operations.ts";
import { anyOrganization, settingsTold } from "./api-user-settings.ts";
import { appTold } from "./app-approval-operations.ts";
import { isInternalUser } from "./known-user.ts";
import type { MomentusLabel } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import { inspectAppScreen, inspectKeyScreen, inspectUserScreen } from "./screens-inspect.ts";
import type { MomentusWriter } from "./writer.ts";

/** What only people can see is looked at again when somebody wants it: the question, and what an answer says. */

type Inspection = Operation<MomentusReader, MomentusWriter>;

/** The question about an API user. */
export function inspectUser(view: View): InspectDraft {
  const id = view.recorded?.id ?? "";
  return inspectDraft({ user_id: id, internal: isInternalUser(view.world, id) });
}

/** The question about a Key. */
export function inspectKey(view: View): InspectDraft {
  const user = String(view.recorded?.attributes.api_user ?? "");
  return inspectDraft({
    api_user: user,
    key_prefix: view.recorded?.id ?? "",
    internal: isInternalUser(view.world, user),
  });
}

/** The question about an approval. */
export function inspectApp(view: View): InspectDraft {
  return inspectDraft({ app: view.recorded?.id ?? "" });
}

/** Settings as they are seen; that the user is gone is believed only from who would see it (MOM-02). */
export const inspectUserOperation = (labels: LabelsOf<MomentusLabel>): Inspection => ({
  screen: (step, system) => inspectUserScreen(labels(system), step, system),
  accept: async (context, answer) => {
    assertAbsenceSeen(context, answer);
    return seen(answer, () => settingsSeen(context, answer));
  },
});

/** Whether the Key is listed. */
export const inspectKeyOperation = (labels: LabelsOf<MomentusLabel>): Inspection => ({
  screen: (step, system) => inspectKeyScreen(labels(system), step, system),
  accept: async (_context, answer) => seen(answer, () => ({})),
});

/** The status of the app, and the user that its approval made. */
export const inspectAppOperation = (labels: LabelsOf<MomentusLabel>): Inspection => ({
  screen: (step, system) => inspectAppScreen(labels(system), step, system),
  accept: async (_context, answer) => seen(answer, () => appTold(answer, answer.fields.status)),
});

function seen({ result }: Given, attributes: () => Record<string, Plain>): Outcome {
  if (result === "absent") return { gone: true };
  return result === "found" ? { attributes: attributes() } : {};
}

/** Where any organization will do, which one it is makes no difference (MOM-06). */
function settingsSeen({ entry }: StepContext, { fields }: Given): Record<string, Plain> {
  const { organization, ...others } = settingsTold(fields);
  const isAny = organization === undefined || entry?.attributes.organization === anyOrganization;
  return isAny ? others : { ...others, organization };
}
