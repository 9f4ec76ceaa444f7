import { Refusal } from "../../diagnostic.ts";
import type { Plain } from "../../resource.ts";
import type { Failed, Given, Operation, Outcome, StepContext } from "../connector.ts";
import { recordIn, textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { thereAlready } from "./api-user-assess.ts";
import { anyOrganization, settingsTold } from "./api-user-settings.ts";
import { settleUser } from "./api-user-settle.ts";
import { bundleSecret } from "./bundle.ts";
import type { MomentusLabel } from "./labels.ts";
import { licenseOperations } from "./license.ts";
import { licenseOf } from "./license-settings.ts";
import type { MomentusReader } from "./reader.ts";
import {
  adoptScreen,
  changeScreen,
  createScreen,
  deliverScreen,
  observeScreen,
  regenerateScreen,
} from "./screens-api-user.ts";
import {
  bundleIfAny,
  bundleIn,
  given,
  keepCredentials,
  prove,
  type TakeCredentials,
  takeCredentials,
} from "./take-credentials.ts";
import type { MomentusWriter } from "./writer.ts";

type UserOperation = Operation<MomentusReader, MomentusWriter>;

/** What can be done to an API user. All that a browser may be cut off in can be committed late, and would undo what comes after. */
export function apiUserOperations(labels: LabelsOf<MomentusLabel>): Record<string, UserOperation> {
  const settles = settleUser(labels);
  const change: UserOperation = {
    creates: true,
    screen: (step, system) => changeScreen(labels(system), step, system),
    accept: async (context, answer) => acceptChanged(context, answer),
    settle: settles.change,
  };
  return {
    observe: {
      screen: (step, system) => observeScreen(labels(system), step, system),
      accept: async (context, answer) => acceptObservation(context, answer),
    },
    ...licenseOperations,
    create: {
      creates: true,
      screen: (step, system) => createScreen(labels(system), step, system),
      accept: acceptCreated,
      settle: settles.create,
    },
    adopt: {
      screen: (step, system) => adoptScreen(labels(system), step, system),
      accept: acceptAdopted,
      settle: settles.adopt,
    },
    deliver: {
      screen: (step, system) => deliverScreen(labels(system), step, system),
      accept: acceptDelivered,
      settle: settles.deliver,
    },
    regenerate: {
      creates: true,
      screen: (step, system) => regenerateScreen(labels(system), step, system),
      accept: acceptRegenerated,
      settle: settles.regenerate,
    },
    prove,
    update: change,
    revive: change,
    retire: { ...change, accept: acceptRetired },
  };
}

/** What an answer about the list is good for (MOM-02, MOM-05, MOM-07). */
function acceptObservation(context: StepContext, { result, fields }: Given): Outcome | Failed {
  const userId = textIn(context, "user_id");
  if (result === "found" && context.input.adopt !== true) {
    return thereAlready(userId);
  }
  assertAbsenceSeen(context, { result, fields });
  if (result !== "found" && fields.licensed === "no" && !licenseOf(context.system)) {
    const { name } = context.system;
    return {
      failed: `the API is not licensed, which making ${userId} needs, and systems.${name} does not say from whom the module can be borrowed (MOM-07)`,
      remedy: `write license: { module: Basic API, mail_to: ADDRESS } on systems.${name}, and plan again`,
    };
  }
  return {};
}

/** Who is not shown internal users cannot say that one is absent (MOM-02). Throws a Refusal. */
export function assertAbsenceSeen(context: StepContext, { result, fields }: Pick<Given, "result" | "fields">): void {
  if (result === "absent" && fields.rights === "customer" && context.input.internal === true) {
    const message = `${textIn(context, "user_id")} is internal, and internal users are hidden from customers: a list made with customer rights does not show that it is absent (MOM-02)`;
    const remedy = "ask a support user to look, and answer absent with rights=support or found; until then: cannot-see";
    throw new Refusal([{ message, remedy }]);
  }
}

/** Takes in a user that was made; `take` tests its credentials and keeps them. */
export async function acceptCreated(
  context: StepContext,
  answer: Given,
  reader: MomentusReader,
  take: TakeCredentials = takeCredentials,
): Promise<Outcome | Failed> {
  if (answer.result === "found") return acceptObservation(context, answer);
  if (answer.result !== "done") return {};
  const id = textIn(context, "user_id");
  const prefix = await take(context, reader, credentialsOf(id, answer));
  return { id, attributes: { ...enteredIn(context), ...prefix } };
}

/** Settings that were entered. Which organization was chosen where any will do nobody tells. */
function enteredIn(context: StepContext): Record<string, Plain> {
  return recordIn(context, "settings") as Record<string, Plain>;
}

/** Nothing is changed here: what differs ends this branch, and the next plan shows it as an update. */
export async function acceptAdopted(
  context: StepContext,
  answer: Given,
  reader: MomentusReader,
  take: TakeCredentials = takeCredentials,
): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const id = textIn(context, "user_id");
  const told = settingsTold(answer.fields);
  const credentials = credentialsOf(id, answer);
  const isRetired = told.retired === true;
  // A retired user's credentials are refused whether right or wrong; they are tested when it is given back.
  const prefix = isRetired ? await keepCredentials(context, credentials) : await take(context, reader, credentials);
  const outcome: Outcome = { id, attributes: { ...told, ...prefix } };
  const different = differences(recordIn(context, "declared") as Record<string, Plain>, told);
  if (isRetired) return { ...outcome, ends: `${id} is retired; the next plan shows what gives it back` };
  if (different.length === 0) return outcome;
  return {
    ...outcome,
    ends: `${id} has another ${different.join(", ")} than declared; the next plan shows the update`,
  };
}

function differences(declared: Record<string, Plain>, told: Record<string, Plain>): string[] {
  const names = Object.keys(declared).filter((name) => declared[name] !== (told[name] ?? null));
  return names.filter((name) => !(name === "organization" && declared.organization === anyOrganization)).sort();
}

/** What was changed is known now, declared or not. */
export function acceptChanged(context: StepContext, answer: Given): Outcome | Failed {
  return answer.result === "done" ? { attributes: recordIn(context, "changes") as Record<string, Plain> } : {};
}

/** Whoever says that the user is retired while its key still works retired another one, or none (MOM-09). */
async function acceptRetired(context: StepContext, answer: Given, reader: MomentusReader): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const secret = context.entry?.secrets[bundleSecret];
  const bundle = secret?.delivered ? await context.secrets.recall(secret) : undefined;
  const probe = bundle && (await reader.probe(bundle, { fresh: true }));
  if (probe?.health === "working" && probe.detail === undefined) {
    const message = `the key of ${textIn(context, "user_id")} still works: it is not retired. Nothing was recorded`;
    throw new Refusal([{ message, remedy: "look at its screen once more, and answer again" }]);
  }
  return acceptChanged(context, answer);
}

/** Takes in credentials that were read once more. */
export async function acceptDelivered(
  context: StepContext,
  answer: Given,
  reader: MomentusReader,
  take: TakeCredentials = takeCredentials,
): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const attributes = await take(context, reader, credentialsOf(textIn(context, "user_id"), answer));
  return { attributes };
}

/** The Keys stay as they are: the one that was delivered goes on with the new Secret. */
export async function acceptRegenerated(
  context: StepContext,
  answer: Given,
  reader: MomentusReader,
  take: TakeCredentials = takeCredentials,
): Promise<Outcome | Failed> {
  if (answer.result !== "done") return {};
  const former = answer.secrets.key ? await bundleIfAny(context, "bundle") : await bundleIn(context, "bundle");
  if (former && former.secret.reveal() === answer.secrets.secret?.reveal()) {
    const message = "this is the former Secret: it was not renewed. Nothing was recorded";
    throw new Refusal([{ message, remedy: "renew it at its screen, and tell the new one" }]);
  }
  const key = answer.secrets.key ?? former?.key;
  const secrets = key ? { ...answer.secrets, key } : answer.secrets;
  const credentials = credentialsOf(textIn(context, "user_id"), { ...answer, secrets });
  return { attributes: await take(context, reader, credentials) };
}

function credentialsOf(id: string, { secrets }: Given) {
  return { id, secret: given(secrets, "secret"), key: given(secrets, "key") };
}
