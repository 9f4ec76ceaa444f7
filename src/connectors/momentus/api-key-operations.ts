import { Refusal } from "../../diagnostic.ts";
import type { Failed, Given, Operation, Outcome, StepContext } from "../connector.ts";
import { textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { keyPrefix } from "./bundle.ts";
import type { ApiUserCredentials } from "./jwt.ts";
import type { MomentusLabel } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import { addKeyScreen, deliverKeyScreen } from "./screens-api-key.ts";
import { bundleIn, given, prove, takeCredentials } from "./take-credentials.ts";
import type { MomentusWriter } from "./writer.ts";

type KeyOperation = Operation<MomentusReader, MomentusWriter>;

/** What can be done to a Key. */
export function apiKeyOperations(labels: LabelsOf<MomentusLabel>): Record<string, KeyOperation> {
  return {
    add: { screen: (step, system) => addKeyScreen(labels(system), step, system), accept: acceptAdded },
    deliver: { screen: (step, system) => deliverKeyScreen(labels(system), step, system), accept: acceptDelivered },
    prove,
  };
}

async function acceptAdded(context: StepContext, answer: Given, reader: MomentusReader): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const prefix = keyPrefix(given(answer.secrets, "key"));
  const { known } = context.input;
  const users = await bundleIn(context, "bundle");
  const whose =
    Array.isArray(known) && known.includes(prefix)
      ? "in use by another resource"
      : users && keyPrefix(users.key) === prefix && `the one that ${textIn(context, "api_user")} was delivered with`;
  if (whose) {
    const message = `the Key ${prefix}… is ${whose}: it is not the new one`;
    throw new Refusal([{ message, remedy: "add a further Key, and tell that one" }]);
  }
  const attributes = await take(context, answer, reader, users);
  return { id: attributes.key_prefix, attributes };
}

async function acceptDelivered(context: StepContext, answer: Given, reader: MomentusReader): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const prefix = keyPrefix(given(answer.secrets, "key"));
  const expected = textIn(context, "key_prefix");
  if (prefix !== expected) {
    const message = `the Key ${prefix}… is another one: this resource is the Key ${expected}…`;
    throw new Refusal([{ message, remedy: `copy the Key that begins with ${expected}` }]);
  }
  return { attributes: await take(context, answer, reader) };
}

/** One Secret serves all Keys of a user, so it comes out of the user's own bundle where Steward has that (MOM-10). */
async function take(
  context: StepContext,
  { secrets }: Given,
  reader: MomentusReader,
  users?: ApiUserCredentials,
): Promise<{ key_prefix: string }> {
  const known = secrets.secret ?? (users ?? (await bundleIn(context, "bundle")))?.secret;
  const credentials = { secret: known ?? given(secrets, "secret"), key: given(secrets, "key") };
  return takeCredentials(context, reader, { id: textIn(context, "api_user"), ...credentials });
}
