import type { Operation, SecretDesk } from "../connectors/connector.ts";
import { Fault } from "../diagnostic.ts";
import { isSecretRef } from "../resource.ts";
import { Secret } from "../secret.ts";
import type { Step } from "../step.ts";

/** The secrets that are filled in at a console, by a person or by a browser. */

/** Secrets that Steward chooses are durable before anybody sees them. One that an earlier try kept is used again. */
export async function chooseSecrets({ chooses = [] }: Operation, step: Step, secrets: SecretDesk): Promise<void> {
  for (const name of chooses) {
    const target = step.delivers?.[name];
    if (target && !(await secrets.recall(target))) await secrets.put(target, secrets.generatePassword());
  }
}

/** What goes into a field: a secret that the step's input refers to, a part of a bundle, or one that was chosen for the step. */
export async function filledSecret(
  step: Step,
  secrets: SecretDesk,
  { secret: name, part }: { secret: string; part?: string },
): Promise<Secret> {
  const value = await wholeSecret(step, secrets, name);
  if (part === undefined) return value;
  const found = (JSON.parse(value.reveal()) as Record<string, unknown>)[part];
  if (typeof found === "string") return new Secret(found);
  throw new Fault(`the bundle ${name} has no ${part}`, { happened: "no", address: step.address });
}

async function wholeSecret(step: Step, secrets: SecretDesk, name: string): Promise<Secret> {
  const reference = step.input[name];
  if (isSecretRef(reference)) return secrets.read(reference);
  const target = step.delivers?.[name];
  const chosen = target && (await secrets.recall(target));
  if (chosen) return chosen;
  const remedy = target
    ? `run where sink ${target.sink} can be read`
    : `declare where it lies, or look it up on ${step.system}`;
  throw new Fault(`no sink holds ${name} for ${step.id}`, { happened: "no", address: step.address, remedy });
}
