import { Refusal } from "../../diagnostic.ts";
import type { Failed, Given, Operation, Outcome, StepContext } from "../connector.ts";
import { textIn } from "../inputs.ts";
import { keyPrefix } from "./bundle.ts";
import type { MomentusLabels } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import { addKeyScreen, deliverKeyScreen } from "./screens-api-key.ts";
import { bundleIn, given, prove, takeCredentials } from "./take-credentials.ts";
import type { MomentusWriter } from "./writer.ts";

type KeyOperation = Operation<MomentusReader, MomentusWriter>;

/** What can be done to a Key. */
export function apiKeyOperations(label: MomentusLabels): Record<string, KeyOperation> {
  return {
    add: { screen: (step, system) => addKeyScreen(label, step, system), accept: acceptAdded },
    deliver: { screen: (step, system) => deliverKeyScreen(label, step, system), accept: acceptDelivered },
    prove,
  };
}

async function acceptAdded(context: StepContext, answer: Given, reader: MomentusReader): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const prefix = keyPrefix(given(answer.secrets, "key"));
  const { taken } = context.input;
  if (Array.isArray(taken) && taken.includes(prefix)) {
    const message = `the Key ${prefix}… of ${textIn(context, "api_user")} is in use by another resource: it is not the new one`;
    throw new Refusal([{ message, remedy: "add a further Key, and tell that one" }]);
  }
  const attributes = await take(context, answer, reader);
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
async function take(context: StepContext, { secrets }: Given, reader: MomentusReader): Promise<{ key_prefix: string }> {
  const secret = secrets.secret ?? (await bundleIn(context, "bundle"))?.secret ?? given(secrets, "secret");
  return takeCredentials(context, reader, { id: textIn(context, "api_user"), secret, key: given(secrets, "key") });
}
