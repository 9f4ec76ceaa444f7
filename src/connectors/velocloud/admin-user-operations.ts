import { Fault } from "../../diagnostic.ts";
import { isClear, isSecretRef, type Value } from "../../resource.ts";
import type { Secret, SecretTarget } from "../../secret.ts";
import type { Operation, StepContext } from "../connector.ts";
import { wireValue } from "../drafts.ts";
import { idIn, isWritten, recordIn, settledBy, textIn } from "../inputs.ts";
import { passwordSecret } from "../password-wish.ts";
import { actualUser } from "./actual-user.ts";
import type { Params } from "./client.ts";
import type { VelocloudReader } from "./reader.ts";
import { revokeOperation } from "./revoke.ts";
import type { VelocloudWriter } from "./writer.ts";

type UserOperation = Operation<VelocloudReader, VelocloudWriter>;

/** Our names and the wire's. `role` is looked up by name when the step runs (VCO-28). */
const wireNames: Readonly<Record<string, string>> = {
  username: "username",
  enabled: "isActive",
  native: "isNative",
  second_factor_disabled: "disableSecondFactor",
  access_level: "accessLevel",
  first_name: "firstName",
  last_name: "lastName",
  email: "email",
  office_phone: "officePhone",
  mobile_phone: "mobilePhone",
};

const create: UserOperation = {
  creates: true,
  async run(context, writer) {
    const attributes = recordIn(context, "attributes");
    const given = Object.entries(attributes).filter(([, value]) => !isClear(value));
    const fields = await fieldsOf(writer.reader, Object.fromEntries(given));
    const password = await passwordToSend(context);
    const native = attributes.native !== false;
    const id = await writer.createUser({ isNative: native, isActive: true, ...fields, password });
    return { id: String(id) };
  },
  async settle(context, reader) {
    const { username } = recordIn(context, "attributes");
    const user = (await reader.users({ fresh: true })).find((candidate) => candidate.username === username);
    return user ? { verdict: "done", outcome: { id: String(user.id) } } : { verdict: "not-done" };
  },
};

const update: UserOperation = {
  async run(context, writer) {
    await writer.updateUser(idIn(context), await fieldsOf(writer.reader, recordIn(context, "changes")));
    return {};
  },
  async settle(context, reader) {
    const user = await reader.user(idIn(context));
    if (!user) return { verdict: "not-done" };
    const { attributes } = await actualUser(reader, user);
    const changes = Object.entries(recordIn(context, "changes"));
    return settledBy(changes.every(([name, value]) => isWritten(attributes[name], value)));
  },
};

const setPassword: UserOperation = {
  // Nothing would show that a late commit undid a later password, so that its time must be over before another is set.
  creates: true,
  async run(context, writer) {
    await writer.updateUser(idIn(context), { password: await passwordToSend(context) });
    return {};
  },
  async settle(context, reader) {
    const target = targetIn(context);
    const password = target ? await context.secrets.recall(target) : await givenPassword(context);
    if (password) return settledBy(await reader.passwordWorks(textIn(context, "username"), password));
    if (!target || !(await context.secrets.has(target))) return { verdict: "not-done" };
    return { verdict: "unknown", because: "the sink cannot be read here, so nobody can log in to ask" };
  },
};

const remove: UserOperation = {
  async run(context, writer) {
    if (await writer.reader.user(idIn(context))) await writer.deleteUser(idIn(context));
    return {};
  },
  async settle(context, reader) {
    const id = idIn(context);
    return settledBy(!(await reader.users({ fresh: true })).some((user) => user.id === id));
  },
};

/** What can be done to a user. */
export const userOperations: Record<string, UserOperation> = {
  create,
  update,
  set_password: setPassword,
  revoke_token: revokeOperation,
  delete: remove,
};

async function fieldsOf(reader: VelocloudReader, attributes: Record<string, Value>): Promise<Params> {
  const fields: Params = {};
  for (const [name, value] of Object.entries(attributes)) {
    const wire = wireNames[name];
    if (wire) fields[wire] = wireValue(value);
    if (name === "role") fields.roleId = await roleIdOf(reader, String(value));
  }
  return fields;
}

/** A role made in this run is not in the catalogue that was read before it. */
async function roleIdOf(reader: VelocloudReader, name: string): Promise<number> {
  const find = async (fresh: boolean) => (await reader.roles({ fresh })).find((role) => role.name === name);
  const role = (await find(false)) ?? (await find(true));
  if (role) return role.id;
  const remedy = "declare the role, or name one that the orchestrator has: steward doctor lists them";
  throw new Fault(`there is no role "${name}" for ${reader.scope.name} users`, {
    happened: "no",
    code: "absent",
    remedy,
  });
}

/**
 * The password of this step: from its reference, or generated and in the sink before it is sent. A value that an earlier try
 * left in the sink is used again, so that a write that came late is still the right one. A user without one gets a random
 * password that nobody keeps: the call requires it (VCO-32).
 */
async function passwordToSend(context: StepContext): Promise<Secret> {
  const given = await givenPassword(context);
  if (given) return given;
  const target = targetIn(context);
  const earlier = target && (await context.secrets.recall(target));
  if (earlier) return earlier;
  const made = context.secrets.generatePassword();
  if (target) await context.secrets.put(target, made);
  return made;
}

async function givenPassword(context: StepContext): Promise<Secret | undefined> {
  const { password } = context.input;
  return isSecretRef(password) ? context.secrets.read(password) : undefined;
}

function targetIn(context: StepContext): SecretTarget | undefined {
  return context.step.delivers?.[passwordSecret];
}
