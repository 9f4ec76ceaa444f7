import { Fault, Refusal } from "../../diagnostic.ts";
import { isSecretRef } from "../../resource.ts";
import type { Failed, Given, Outcome, StepContext } from "../connector.ts";
import { recordIn, settledBy, textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { asShown } from "../read-back.ts";
import type { VesonLabel } from "./labels.ts";
import { keptFlags, whyUntouchable } from "./lending.ts";
import { passwordLacks } from "./password-policy.ts";
import { grantedIn, seenUser, type VesonReader } from "./reader.ts";
import { isForWantOfLicense } from "./refusal.ts";
import { namesOfInput, type ScreenOf } from "./screens.ts";
import { permissionsScreen, rightsScreen, veslinkScreen } from "./screens-rights.ts";
import {
  changeUserScreen,
  createUserScreen,
  inspectUserScreen,
  licensesScreen,
  observeUserScreen,
  parkScreen,
  passwordScreen,
  passwordStays,
  unparkScreen,
} from "./screens-user.ts";
import { isSecurityAdmin } from "./seen.ts";
import { administratorOf, licenseOf } from "./settings.ts";
import { readBack, readOrUndone, type Settle, shows, type VesonOperation } from "./verify.ts";

/** What can be done to a user. */
export function userOperations(labels: LabelsOf<VesonLabel>): Record<string, VesonOperation> {
  const by = (screen: ScreenOf): Pick<VesonOperation, "screen"> => ({
    screen: (step, system) => screen(labels(system), step, system),
  });
  const change: VesonOperation = { ...by(changeUserScreen), ...changing, creates: true };
  return {
    observe: { ...by(observeUserScreen), accept: async (context, given) => acceptObserved(context, given) },
    licenses: { ...by(licensesScreen), answer: answerLicenses },
    park: { ...by(parkScreen), creates: true, prepare: preparePark, ...readBack(settleFlag(true)) },
    create: { ...by(createUserScreen), ...creation },
    admit: { ...change, isRefusal: isForWantOfLicense },
    permissions: by(permissionsScreen),
    veslink: { ...by(veslinkScreen), creates: true, ...readBack(settleVeslink) },
    rights: {
      ...by(rightsScreen),
      accept: acceptRights,
      settle: settleRights,
    },
    external: { ...change, creates: false },
    deactivate: { ...change, creates: false },
    unpark: { ...by(unparkScreen), prepare: prepareUnpark, ...readBack(settleFlag(false)) },
    set_password: {
      ...by(passwordScreen),
      ...{ creates: true, chooses: ["password"], prepare: async (context) => checkPassword(context) },
      accept: async (context, given) => acceptPassword(context, given),
      // Nobody can read it back. Entering the very same again changes nothing, so it counts as not entered.
      settle: async () => ({ verdict: "not-done" }),
    },
    update: change,
    revive: change,
    retire: change,
    inspect: { ...by(inspectUserScreen), accept: async (context, given) => acceptInspected(context, given) },
  };
}

const settleCreated: Settle = async (context, reader) => {
  const user = await reader.user(nameIn(context), { rights: false, groups: false });
  return user ? { verdict: "done", outcome: { id: user.id } } : { verdict: "not-done" };
};
// It counts until it is closed: where only a person looks, nothing but the record says so (VES-05).
const created = readBack(settleCreated, (context) => {
  return { id: nameIn(context), attributes: { external_access_only: false } };
});

const creation: Omit<VesonOperation, "screen"> = {
  creates: true,
  chooses: ["password"],
  isRefusal: isForWantOfLicense,
  prepare: async (context) => checkPassword(context),
  settle: settleCreated,
  accept: async (context, given, reader) =>
    given.result === "found" ? acceptObserved(context, given) : created.accept(context, given, reader),
};

const nameIn = (context: StepContext): string => textIn(context, "user_name");

function acceptObserved(context: StepContext, { result }: Given): Outcome | Failed {
  if (result !== "found") return {};
  return {
    failed: `the user ${nameIn(context)} is there already, and Steward did not make it`,
    remedy:
      "declare a system user of another name; one that an earlier run made, and that is External Access Only, is taken over with lifecycle: { adopt: true } where a browser reads the console",
  };
}

/** Refused before anything is sent (VES-17). */
async function checkPassword(context: StepContext): Promise<undefined> {
  const { password } = context.input;
  if (!isSecretRef(password)) return undefined;
  const lacks = passwordLacks(await context.secrets.read(password));
  if (lacks === undefined) return undefined;
  const remedy = "choose another one, or write password: { generate: true, deliver_to: SINK:PATH }";
  throw new Fault(`the password of ${nameIn(context)} must have ${lacks} (VES-17)`, { happened: "no", remedy });
}

/** Counts who takes a license (VES-09). */
async function answerLicenses({ system }: StepContext, reader: VesonReader): Promise<Given> {
  const { limit } = licenseOf(system);
  const isFree = limit === undefined || (await reader.licensesUsed()) < limit;
  return { result: isFree ? "found" : "absent", fields: {}, secrets: {} };
}

/** Nobody is parked who must not be, and nobody who was meant by another look of the world (VES-08). */
async function preparePark(context: StepContext, reader: VesonReader): Promise<undefined> {
  const name = nameIn(context);
  const user = await reader.user(name, { rights: false });
  const groups = await reader.groupsInFull((await reader.list()).groups);
  const why = user ? whyUntouchable(user.attributes, groups, administratorOf(context.system)) : "is not there any more";
  if (why === undefined) return undefined;
  throw new Fault(`${name} ${why}: nobody was deactivated (VES-08)`, { happened: "no", remedy: "plan again" });
}

function settleFlag(isInactive: boolean): Settle {
  return async (context, reader) => {
    const user = await reader.user(nameIn(context), { rights: false, groups: false });
    if (!user) return { verdict: "unknown", because: `${nameIn(context)} is not on the Security List` };
    return settledBy(user.attributes.inactive === isInactive);
  };
}

/**
 * Only what we changed is changed back, and only where nobody else has changed it since (VES-08). Nobody was parked who was a
 * Security Admin or had a flag that the panel must not show, so whoever has by now got it from somebody else.
 */
async function prepareUnpark(context: StepContext, reader: VesonReader): Promise<Outcome | undefined> {
  const name = nameIn(context);
  const user = await reader.user(name, { rights: false });
  if (!user) throw lenderGone(name);
  if (user.attributes.inactive !== true) return { says: `somebody else has activated ${name} already` };
  const changed: string[] = keptFlags.filter((flag) => user.attributes[flag] === true);
  const groups = await reader.groupsInFull((await reader.list()).groups);
  const isAdmin = isSecurityAdmin(user.attributes, groups) === true;
  if (isAdmin && !changed.includes("security_admin")) changed.push("security_admin by a group");
  if (changed.length === 0) return undefined;
  return { says: `somebody else has changed ${changed.join(", ")} of ${name}, who is left inactive as they are` };
}

/** Accounts are never deleted (VES-03): whoever is not there any more has another name, and still cannot work. */
function lenderGone(name: string): Fault {
  const remedy = `look for them on the Security List under another name, give them the User Name ${name} back, then: steward recover`;
  return new Fault(`${name} is not on the Security List any more: they are still inactive, under whatever name`, {
    ...{ happened: "no", remedy },
  });
}

/** Changes of the panel, as they show. */
const settleChanges: Settle = async (context, reader) => {
  const { groups_left: _left, ...changes } = recordIn(context, "changes");
  const user = await reader.user(nameIn(context), { rights: false, fresh: true, groups: "groups" in changes });
  if (!user) return { verdict: "not-done" };
  return settledBy(Object.entries(changes).every(([name, value]) => shows(user, name, value)));
};

/** Whether it counts is recorded as it is told. */
function saidOf(context: StepContext): Outcome {
  const { external_access_only: isClosed } = recordIn(context, "changes");
  return typeof isClosed === "boolean" ? { attributes: { external_access_only: isClosed } } : {};
}

const changed = readBack(settleChanges, saidOf);
const changing: typeof changed = {
  ...changed,
  accept: async (context, given, reader) =>
    given.result === "absent" ? acceptUnmade(context) : changed.accept(context, given, reader),
};

/** Nothing is left to be closed, unless it was told before that it was made. */
function acceptUnmade(context: StepContext): Outcome | Failed {
  if (!context.entry) return {};
  const remedy = `plan with --ask ${context.step.address}, and tell what is there`;
  return { failed: `${nameIn(context)} was told to be made, and now not to be there`, remedy };
}

/** With the account the permissions show; without it they may have come by themselves, which is as good. */
const settleVeslink: Settle = readOrUndone(async (context, reader) => {
  return settledBy(await reader.showsPermissions(nameIn(context)));
});

/** A console that loses the save and says nothing looks the same, so that is said, and the password is not recorded as proven. */
const unconfirmed: Outcome = {
  says: "nothing on the console confirms a new password: it counts because nothing was said against it (VES-21)",
  unproven: true,
};

/** Where the fields stand open after the save with nothing said, nobody can tell; entering the very same again changes nothing. */
function acceptPassword({ step }: StepContext, { fields }: Given): Outcome | Failed {
  if (step.hand !== "browser" || fields[passwordStays] !== "on") return unconfirmed;
  const remedy = "open the console and look, then plan again: the same password is entered once more";
  return { failed: "after the save the fields of the new password are still open: it may not be saved", remedy };
}

/** What the screen says of each permission after the save, in words, decides (VES-06), and so it must when it is opened anew. */
async function acceptRights(
  context: StepContext,
  { result, fields }: Given,
  reader: VesonReader,
): Promise<Outcome | Failed> {
  if (result !== "done") return {};
  const wanted = textIn(context, "api_permission");
  const granted = grantedIn(fields);
  if (granted === wanted) return context.step.hand === "browser" ? asShown(await settleRights(context, reader)) : {};
  const remedy = "look at its Access Rights on the console; a permission that is denied must be allowed there first";
  const failed = `after the save ${nameIn(context)} has the API permission ${granted ?? "none"}, not ${wanted}`;
  if (context.step.hand !== "person") return { failed, remedy };
  // A slip in one word ends nothing: whoever cannot grant it says so.
  throw new Refusal([{ message: failed, remedy: `${remedy}; then tell it again, or that it cannot be done` }]);
}

const settleRights: Settle = readOrUndone(async (context, reader) => {
  const user = await reader.user(nameIn(context), { groups: false });
  return settledBy(user?.attributes.api_permission === textIn(context, "api_permission"));
});

/** What a person saw who looked again. */
function acceptInspected({ step }: StepContext, { result, fields }: Given): Outcome {
  if (result === "absent") return { gone: true };
  if (result !== "found") return {};
  const { user_name: _name, ...seen } = seenUser("", fields, namesOfInput(step, "groups"));
  return { attributes: seen };
}
