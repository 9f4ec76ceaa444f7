import { isSecretRef, type Value } from "../../resource.ts";
import type { Step } from "../../step.ts";
import type { TerraformDiagnostic } from "../wire/service.ts";
import { secretPrefix } from "./config-text.ts";
import { say } from "./diagnostics.ts";

/**
 * Secrets that a user chose by a write-only word. Terraform keeps them nowhere: while it plans it tells them all, and while it applies only
 * those of resources that change. A step of another resource may need one, as when the owner of a token has to sign in.
 */

/** Whether the secret of this name will be known when the step is carried out. */
type IsTold = (name: string) => boolean;

/** What is missing for these steps, said before anything is begun. */
export function sayUntold(steps: readonly Step[], isTold: IsTold): TerraformDiagnostic[] {
  const missing = new Map<string, Step>();
  // A resource that is applied brings its own.
  for (const step of steps)
    for (const name of Object.values(step.input).flatMap(namesIn))
      if (!name.startsWith(secretPrefix(step.address)) && !isTold(name)) missing.set(name, step);
  return [...missing].map(([name, step]) =>
    say(
      "error",
      `${step.id} needs a secret that another resource has by value_wo, and that resource does not change`,
      `Terraform tells such a secret only where its resource changes. Set the environment variable ${name} to it where terraform runs; or raise value_wo_version of that resource in the same apply; or have Steward make the password, so that a sink keeps it: password = { generate = true, deliver_to = "SINK:PATH" }`,
    ),
  );
}

function namesIn(value: Value): string[] {
  if (isSecretRef(value)) return value.$secret.from === "env" ? [value.$secret.name] : [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(namesIn) : [];
}
