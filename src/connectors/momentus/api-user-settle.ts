import type { Plain, Value } from "../../resource.ts";
import type { Given } from "../../screen.ts";
import type { Operation, Settled, StepContext } from "../connector.ts";
import { isWritten, recordIn, textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import {
  acceptAdopted,
  acceptChanged,
  acceptCreated,
  acceptDelivered,
  acceptRegenerated,
} from "./api-user-operations.ts";
import { anyOrganization } from "./api-user-settings.ts";
import type { MomentusConsole } from "./console-reader.ts";
import type { MomentusLabel } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import { adoptScreen, deliverScreen } from "./screens-api-user.ts";
import { keepUntested, notDoneYet, readBack, settledAs, settledByReading } from "./settle.ts";
import { bundleIn } from "./take-credentials.ts";
import type { MomentusWriter } from "./writer.ts";

type Settle = NonNullable<Operation<MomentusReader, MomentusWriter>["settle"]>;

const done: Given = { result: "done", fields: {}, secrets: {} };

/** How each operation on an API user is read back: Secret and Keys can be read again at any time (MOM-26, MOM-31). */
export function settleUser(
  labels: LabelsOf<MomentusLabel>,
): Record<"create" | "adopt" | "change" | "deliver" | "regenerate", Settle> {
  const deliveryOf = ({ step, system, input }: StepContext) =>
    deliverScreen(labels(system), { ...step, input }, system);
  return {
    create: readBack(async (context, console, reader) => {
      const entered = recordIn(context, "settings");
      const actual = await seenUser(context, console);
      // Somebody else's user with this ID: ours was refused.
      if (!actual || !shows(actual, entered)) return notDoneYet;
      return settledAs(await acceptCreated(context, await console.look(deliveryOf(context)), reader, keepUntested));
    }),
    adopt: readBack((context, console, reader) => {
      const screen = adoptScreen(labels(context.system), { ...context.step, input: context.input }, context.system);
      return settledByReading(console, screen, (given) => acceptAdopted(context, given, reader, keepUntested));
    }),
    deliver: readBack((context, console, reader) =>
      settledByReading(console, deliveryOf(context), (given) => acceptDelivered(context, given, reader, keepUntested)),
    ),
    change: readBack(async (context, console) => {
      const actual = await seenUser(context, console);
      return actual && shows(actual, recordIn(context, "changes"))
        ? settledAs(acceptChanged(context, done))
        : notDoneYet;
    }),
    regenerate: readBack((context, console, reader) => settleRegenerated(context, console, reader, deliveryOf)),
  };
}

/** Told by the former Secret; where nobody has that, nobody has the new one either, and it is read again anyway. */
async function settleRegenerated(
  context: StepContext,
  console: MomentusConsole,
  reader: MomentusReader,
  deliveryOf: (context: StepContext) => ReturnType<typeof deliverScreen>,
): Promise<Settled> {
  const former = await bundleIn(context, "bundle");
  const { secrets } = await console.look(deliveryOf(context));
  if (!former || !secrets.secret || former.secret.reveal() === secrets.secret.reveal()) return notDoneYet;
  // The Key that was delivered goes on with the new Secret.
  const given: Given = { ...done, secrets: { secret: secrets.secret } };
  return settledAs(await acceptRegenerated(context, given, reader, keepUntested));
}

async function seenUser(context: StepContext, console: MomentusConsole): Promise<Record<string, Plain> | undefined> {
  const actual = await console.user(textIn(context, "user_id"), context.input.internal === true);
  return actual?.attributes;
}

/** Whether the page shows what was entered. A box that it does not have was left unchecked (MOM-02). */
function shows(actual: Record<string, Plain>, entered: Record<string, Value>): boolean {
  return Object.entries(entered).every(([name, value]) => {
    if (name === "organization" && value === anyOrganization) return true;
    return isWritten(actual[name] ?? (typeof value === "boolean" ? false : null), value);
  });
}
