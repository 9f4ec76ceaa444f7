import type { Plain } from "../../resource.ts";
import { isSecretRef } from "../../resource.ts";
import type { Secret } from "../../secret.ts";
import type { Given, Outcome, Settled, StepContext } from "../connector.ts";
import { isWritten, recordIn, settledBy, textIn } from "../inputs.ts";
import { passwordSecret } from "../password.ts";
import { proveOperation } from "../prove.ts";
import { userNow } from "./actual.ts";
import type { Authentication } from "./answer.ts";
import { fieldValue, userFieldNames } from "./api-user-fields.ts";
import { waysOf } from "./console-ways.ts";
import { keySecret } from "./customer-key.ts";
import { inspectUser } from "./inspect.ts";
import type { IpressoOperation } from "./kind.ts";
import type { LabelsOfIpresso } from "./labels.ts";
import { acceptObserved, acceptTold } from "./observed.ts";
import type { IpressoReader } from "./reader.ts";
import { goneWord, seen } from "./screens.ts";
import {
  adoptUserScreen,
  changeUserScreen,
  createUserScreen,
  deleteUserScreen,
  observeUserScreen,
  passwordScreen,
} from "./screens-api-user.ts";
import { fieldsTold, sameTexts } from "./told.ts";
import { readBack } from "./verify.ts";
import type { IpressoWriter } from "./writer.ts";

/** What can be done to a user. */
export function userOperations(labels: LabelsOfIpresso): Record<string, IpressoOperation> {
  return {
    observe: {
      screen: (step, system) => observeUserScreen(labels(system), step, system),
      accept: async (context, given) => acceptObserved(context, given, "API user"),
    },
    create: {
      creates: true,
      chooses: [passwordSecret],
      screen: (step, system) => createUserScreen(labels(system), step, system),
      ...readBack(
        settleCreated,
        (context) => ({ id: textIn(context, "login") }),
        (context, fields) => fields[seen] === textIn(context, "login"),
      ),
    },
    adopt: {
      screen: (step, system) => adoptUserScreen(labels(system), step, system),
      accept: async (context, given) => {
        const told = { login: textIn(context, "login"), ...fieldsTold(given.fields) };
        return acceptTold(context, given, told);
      },
    },
    update: {
      // A login that changes late would leave a user that nobody knows any more.
      creates: true,
      screen: (step, system) => changeUserScreen(labels(system), step, system),
      ...readBack(settleUpdated, (context) => ({ id: loginAfter(context) }), seesChanges),
    },
    set_password: {
      // Nothing would show that a late save undid a later password, so that its time must be over before another is set.
      creates: true,
      chooses: [passwordSecret],
      screen: (step, system) => passwordScreen(labels(system), step, system),
      accept: async (context, { result }) => (result === "done" ? acceptPassword(context) : {}),
      settle: settlePassword,
    },
    delete: {
      screen: (step, system) => deleteUserScreen(labels(system), step, system),
      ...readBack(
        settleDeleted,
        () => ({}),
        (_context, fields) => fields[seen] === goneWord,
      ),
    },
    prove,
    inspect: inspectUser(labels),
  };
}

/** Logins are unique: a user of this login is the one that was made, unless it has an e-mail address that is not ours (IPR-05). */
async function settleCreated(context: StepContext, reader: IpressoReader): Promise<Settled> {
  const login = textIn(context, "login");
  const email = (await userNow(reader, login))?.attributes.email;
  const wanted = recordIn(context, "fields").email;
  const isOurs = String(email).toLowerCase() === String(wanted).toLowerCase();
  return isOurs ? { verdict: "done", outcome: { id: login } } : { verdict: "not-done" };
}

async function settleUpdated(context: StepContext, reader: IpressoReader): Promise<Settled> {
  const after = loginAfter(context);
  const user = await userNow(reader, after);
  if (!user || !isAsChanged(context, user.attributes)) return { verdict: "not-done" };
  return { verdict: "done", outcome: { id: after } };
}

/** The row of the list shows it. One that lacks a column shows less than there is. */
function seesChanges(context: StepContext, fields: Given["fields"], reader: IpressoReader): boolean {
  if (fields[seen] !== loginAfter(context) || Object.values(fields).includes(goneWord)) return false;
  const { groups } = waysOf(reader.system);
  const shown = userFieldNames.map((name) => [name, fieldValue(name, fields[name] ?? "", groups)]);
  return isAsChanged(context, Object.fromEntries(shown));
}

function isAsChanged(context: StepContext, now: Record<string, Plain>): boolean {
  const changes = recordIn(context, "changes");
  return userFieldNames.every((name) => {
    const value = changes[name];
    if (value === undefined) return true;
    return Array.isArray(value) ? sameTexts(value, now[name]) : isWritten(now[name], value);
  });
}

function loginAfter(context: StepContext): string {
  const { login } = recordIn(context, "changes");
  return typeof login === "string" ? login : textIn(context, "login");
}

async function settleDeleted(context: StepContext, reader: IpressoReader): Promise<Settled> {
  return settledBy((await userNow(reader, textIn(context, "login"))) === undefined);
}

/** Where no proof comes after it, nothing tells whether the form was saved (IPR-07). */
function acceptPassword({ step }: StepContext): Outcome {
  if (step.promotes === undefined) return {};
  const says =
    "nothing confirms that the new password was saved: without the key of the installation it cannot be proven (IPR-07)";
  return { says, unproven: true };
}

/** Only an authorization tells (IPR-07). Where none can tell, another password is set: that does no harm. */
async function settlePassword(context: StepContext, reader: IpressoReader): Promise<Settled> {
  const target = context.step.delivers?.[passwordSecret];
  const password = target ? await context.secrets.recall(target) : await givenIn(context);
  if (!password) return { verdict: "not-done" };
  const { health, detail = "", because } = await authenticate(reader, password, context);
  if (health === "working") return { verdict: "done", outcome: {} };
  const mayNeverTell = because !== undefined;
  return health === "refused" || mayNeverTell ? { verdict: "not-done" } : { verdict: "unknown", because: detail };
}

async function givenIn({ input, secrets }: StepContext): Promise<Secret | undefined> {
  const reference = input[passwordSecret];
  return isSecretRef(reference) ? secrets.read(reference) : undefined;
}

function authenticate(reader: IpressoReader, password: Secret, context: StepContext): Promise<Authentication> {
  const key = context.input[keySecret];
  return reader.authenticate(textIn(context, "login"), password, isSecretRef(key) ? key : undefined);
}

/** Whoever may not ask from here learns nothing: the password was accepted when it was saved (IPR-08). */
/** What is known where the address of this machine is not allowed: the form took the password, and nothing more (IPR-08). */
const unprovenFromHere = ({ detail = "" }: Authentication): string =>
  `not proven: ${detail}. The console took the password at the save; whether the API accepts it can be seen only from an allowed address (IPR-08)`;

const prove = proveOperation<IpressoReader, IpressoWriter>({
  secret: passwordSecret,
  what: "password",
  ask: async (writer, password, context) => {
    const answer = await authenticate(writer.reader, password, context);
    const isBarred = answer.because === "address";
    return isBarred ? { health: "working", says: unprovenFromHere(answer), unproven: true } : answer;
  },
  refused: "look at the API user at the console; to have its password set anew: steward plan --replace ADDRESS",
  inconclusive: "apply again",
});
