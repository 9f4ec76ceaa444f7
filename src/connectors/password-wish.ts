import { isSecretRef, type Plain, type SecretEntry, type SecretRef, type StateEntry, type Value } from "../resource.ts";
import { referenceTo } from "./drafts.ts";

/** Name of a user's password in the state entry. */
export const passwordSecret = "password";

/** What `password` of an administrator says. `generation` is 1 when it does not say. */
export type PasswordWish =
  | { form: "generated"; deliverTo: string; generation: number }
  | { form: "given"; value: SecretRef; generation: number }
  | { form: "wrong"; because: string; hint: string };

/** Reads the attribute; undefined when Steward does not manage the password. */
export function passwordWish(value: Value | Plain | undefined): PasswordWish | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { generate, deliver_to: deliverTo, value: given, generation: wanted } = value as Record<string, Value>;
  const generation = typeof wanted === "number" ? wanted : 1;
  const hint = "write password: { generate: true, deliver_to: SINK:PATH } or password: { value: a reference }";
  if (given !== undefined) {
    if (generate !== undefined || deliverTo !== undefined) {
      return { form: "wrong", because: "password has both a value and generate or deliver_to", hint };
    }
    if (isSecretRef(given)) return { form: "given", value: given, generation };
    return { form: "wrong", because: "the password's value must be a reference", hint };
  }
  if (generate === true && typeof deliverTo === "string") return { form: "generated", deliverTo, generation };
  return { form: "wrong", because: "password needs generate: true together with deliver_to", hint };
}

/** Whether two ways of writing `password` mean the same password. */
export function samePassword(a: PasswordWish, b: PasswordWish): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether Steward ever set this user's password, by generating it or from a reference. */
export function passwordWasSet(entry: StateEntry | undefined): boolean {
  return entry?.secrets[passwordSecret] !== undefined || passwordWish(entry?.attributes.password) !== undefined;
}

/** Where the password of a user that is recorded lies. */
export function recordedPassword(entry: StateEntry | undefined): SecretRef | undefined {
  const secret: SecretEntry | undefined = entry?.secrets[passwordSecret];
  const wish = passwordWish(entry?.attributes.password);
  if (wish?.form === "given") return wish.value;
  return secret?.delivered ? referenceTo(secret) : undefined;
}
