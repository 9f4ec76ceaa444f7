import { Refusal } from "../../diagnostic.ts";
import type { Step } from "../../step.ts";
import type { Failed, Given, Operation, Outcome, Settled, StepContext } from "../connector.ts";
import { textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { keyPrefix } from "./bundle.ts";
import type { MomentusConsole } from "./console-reader.ts";
import type { ApiUserCredentials } from "./jwt.ts";
import type { MomentusLabel } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import { addKeyScreen, deliverKeyScreen } from "./screens-api-key.ts";
import { keepUntested, notDoneYet, readBack, settledAs, settledByReading } from "./settle.ts";
import { bundleIn, given, prove, type TakeCredentials, takeCredentials } from "./take-credentials.ts";
import type { MomentusWriter } from "./writer.ts";

type KeyOperation = Operation<MomentusReader, MomentusWriter>;

/** What can be done to a Key. */
export function apiKeyOperations(labels: LabelsOf<MomentusLabel>): Record<string, KeyOperation> {
  return {
    add: {
      creates: true,
      screen: (step, system) => addKeyScreen(labels(system), step, system),
      accept: (context, answer, reader) => acceptAdded(context, answer, reader),
      settle: readBack((context, console, reader) => settleAdded(labels, context, console, reader)),
    },
    deliver: {
      screen: (step, system) => deliverKeyScreen(labels(system), step, system),
      accept: (context, answer, reader) => acceptDelivered(context, answer, reader),
      settle: readBack((context, console, reader) => {
        const screen = deliverKeyScreen(labels(context.system), resolved(context), context.system);
        const accept = (given: Given) => acceptDelivered(context, given, reader, keepUntested);
        return settledByReading(console, screen, accept);
      }),
    },
    prove,
  };
}

const resolved = ({ step, input }: StepContext): Step => ({ ...step, input });

/**
 * Whether a Key is there that none was before. Of several none is taken: whoever added the others uses them. Which one is left over
 * then people must find out, as none can be removed (MOM-27).
 */
async function settleAdded(
  labels: LabelsOf<MomentusLabel>,
  context: StepContext,
  console: MomentusConsole,
  reader: MomentusReader,
): Promise<Settled> {
  const user = textIn(context, "api_user");
  const { known } = context.input;
  const first = await bundleIn(context, "bundle");
  const before = [...(Array.isArray(known) ? known : []), ...(first ? [keyPrefix(first.key)] : [])];
  const added = (await console.keys(user)).map(keyPrefix).filter((prefix) => !before.includes(prefix));
  const [prefix] = added;
  if (prefix === undefined) return notDoneYet;
  if (added.length > 1) return { verdict: "lost", because: severalKeys(user, added) };
  const step = resolved(context);
  const screen = deliverKeyScreen(
    labels(context.system),
    { ...step, input: { ...step.input, key_prefix: prefix } },
    context.system,
  );
  return settledAs(await acceptAdded(context, await console.look(screen), reader, keepUntested));
}

function severalKeys(user: string, prefixes: string[]): string {
  const listed = prefixes.map((prefix) => `${prefix}…`).join(", ");
  return `${user} has ${prefixes.length} Keys that nothing here knows (${listed}), and which one was added nobody tells (MOM-27)`;
}

async function acceptAdded(
  context: StepContext,
  answer: Given,
  reader: MomentusReader,
  taken: TakeCredentials = takeCredentials,
): Promise<Outcome | Failed> {
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
  const attributes = await take(context, answer, reader, taken, users);
  return { id: attributes.key_prefix, attributes };
}

async function acceptDelivered(
  context: StepContext,
  answer: Given,
  reader: MomentusReader,
  taken: TakeCredentials = takeCredentials,
): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const prefix = keyPrefix(given(answer.secrets, "key"));
  const expected = textIn(context, "key_prefix");
  if (prefix !== expected) {
    const message = `the Key ${prefix}… is another one: this resource is the Key ${expected}…`;
    throw new Refusal([{ message, remedy: `copy the Key that begins with ${expected}` }]);
  }
  return { attributes: await take(context, answer, reader, taken) };
}

/** One Secret serves all Keys of a user, so it comes out of the user's own bundle where Steward has that (MOM-10). */
async function take(
  context: StepContext,
  { secrets }: Given,
  reader: MomentusReader,
  taken: TakeCredentials,
  users?: ApiUserCredentials,
): Promise<{ key_prefix: string }> {
  const known = secrets.secret ?? (users ?? (await bundleIn(context, "bundle")))?.secret;
  const credentials = { secret: known ?? given(secrets, "secret"), key: given(secrets, "key") };
  return taken(context, reader, { id: textIn(context, "api_user"), ...credentials });
}
