import { isSecretRef, type SecretRef } from "../resource.ts";
import type { Step } from "../step.ts";

/** The secrets that a step's input refers to, by their name there. */
export function inputSecrets({ input }: Step): Record<string, SecretRef> {
  const found = Object.entries(input).flatMap(([name, value]) => (isSecretRef(value) ? [[name, value] as const] : []));
  return Object.fromEntries(found);
}
