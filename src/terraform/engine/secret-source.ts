import { targetProblem } from "../../manifest/interpolate.ts";
import type { TerraformBlock } from "../form.ts";
import type { TerraformDiagnostic } from "../wire/service.ts";
import type { ObjectValue } from "../wire/value.ts";
import { fromError, say } from "./diagnostics.ts";
import type { Walk } from "./walk.ts";

/** The ephemeral resource that reads a secret from a sink, for write-only attributes of other providers. Terraform keeps nothing of it. */

/** Its name in the provider of a system. */
export const secretSourceName = (system: string): string => `${system}_secret`;

const words = (description: string) => ({ description, description_kind: "plain" as const });

/** Its schema. */
export const secretSourceBlock: TerraformBlock = {
  ...words(
    "A secret that a sink holds, for write-only attributes of other providers. It is in neither plan nor state.",
  ),
  attributes: {
    from: {
      type: "string",
      ...words("Where it lies, as SINK:PATH: the deliver_to of what brought it."),
      required: true,
    },
    after: {
      type: "string",
      ...words(
        "Any value that is known when the secret is there, such as the id of the token: until then Terraform opens nothing.",
      ),
      optional: true,
    },
    value: { type: "string", ...words("The secret."), computed: true, sensitive: true },
  },
};

/** What is wrong with a place. */
export function secretSourceProblems({ from }: ObjectValue): TerraformDiagnostic[] {
  const problem = typeof from === "string" ? targetProblem(from) : undefined;
  return problem === undefined ? [] : [{ ...say("error", `from: ${problem}`, "write SINK:PATH"), path: ["from"] }];
}

/** Takes it out. */
export async function openSecretSource(
  walk: Walk,
  config: ObjectValue,
): Promise<{ result?: ObjectValue; diagnostics?: readonly TerraformDiagnostic[] }> {
  try {
    const value = await walk.workspace.secrets.read({ $secret: { from: "sink", name: String(config.from) } });
    return { result: { ...config, value } };
  } catch (error) {
    return { diagnostics: fromError(error) };
  }
}
