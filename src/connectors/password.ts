import { isSecretRef, type Plain, type SecretEntry, type SecretRef, type StateEntry, type Value } from "../resource.ts";
import type { SecretTarget } from "../secret.ts";
import type { Verdict, View } from "./connector.ts";
import { issueAt, referenceTo, splitTarget } from "./drafts.ts";

/** Name of a user's password in the state entry. */
export const passwordSecret = "password";

/** What the attribute `password` of a user says. `generation` is 1 when it does not say. */
type PasswordWish =
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

/**
 * Whether the password of a user that exists is to be set: it was never set by us, is declared otherwise than recorded, was
 * lost on the way, or `--replace` asks for it. What the system holds cannot be compared.
 */
export function setsPassword(view: View, verdict: Verdict): boolean {
  const wish = passwordWish(view.desired?.password);
  if (!wish || wish.form === "wrong" || !view.actual) return false;
  if (["create", "replace", "delete", "forget"].includes(verdict.action)) return false;
  if (!passwordWasSet(view.recorded) || view.recorded?.lost?.includes(passwordSecret)) return true;
  if (wish.form === "generated" && view.replaceConsented) return true;
  const recorded = passwordWish(view.recorded?.attributes.password);
  if (recorded) return !samePassword(recorded, wish);
  const secret = view.recorded?.secrets[passwordSecret];
  if (wish.form === "given" || !secret) return true;
  const { sink, path } = splitTarget(wish.deliverTo);
  return secret.sink !== sink || secret.path !== path;
}

/** Where a generated password goes as a new issue; undefined for one that is given by reference. */
export function passwordTarget(view: View): (SecretTarget & { generation: number }) | undefined {
  const wish = passwordWish(view.desired?.password);
  return wish?.form === "generated" ? issueAt(view, passwordSecret, wish.deliverTo, view.generationNext) : undefined;
}
