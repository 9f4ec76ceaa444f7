import { type BuiltInConnector, builtInConnectors } from "../connectors/all.ts";
import { assert, exitCodes } from "../diagnostic.ts";
import { closest } from "../manifest/closest.ts";
import { stringify } from "../render/json.ts";
import { loadKindSchemas, manifestSchemaText } from "../schema-files.ts";
import { providerBlock } from "../terraform/engine/provider-block.ts";
import { providerNames, providerSchemas } from "../terraform/provider-schema.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";

interface SchemaOptions {
  terraform?: boolean;
}

/** `steward schema`. */
export const addSchema: AddCommand = (command, run) => {
  command
    .description(
      "Prints the JSON Schema of the manifest, for editors; with --terraform the schemas of our providers, as `terraform providers schema -json` does. Needs no manifest.",
    )
    .argument("[provider...]", "with --terraform: only these, for example velocloud")
    .option("--terraform", "the Terraform form of every kind")
    .addHelpText(
      "after",
      "\nExamples:\n  steward schema > manifest.schema.json\n  steward schema --terraform velocloud",
    )
    .action(run<SchemaOptions, [string[]]>(schema));
};

async function schema(console: Console, options: SharedOptions & SchemaOptions, providers: string[]): Promise<number> {
  if (!options.terraform && providers.length > 0) throw new WrongUsage("a provider is named only with --terraform");
  console.write(options.terraform ? stringify(terraformSchemas(providers)) : manifestSchemaText());
  return exitCodes.done;
}

/** Every provider is one of a connector of ours. */
function typeOf(system: string): BuiltInConnector {
  const type = builtInConnectors.find(({ name }) => name === system);
  assert(type, `no connector for the provider ${system}`);
  return type;
}

function terraformSchemas(providers: readonly string[]) {
  const kinds = loadKindSchemas();
  const all = providerNames(kinds);
  for (const name of providers) {
    if (all.includes(name)) continue;
    const near = closest(name, all);
    const hint = near ? `did you mean ${near}?` : `there are: ${all.join(", ")}`;
    throw new WrongUsage(`there is no provider ${name} (${hint})`);
  }
  const wanted = providers.length > 0 ? all.filter((name) => providers.includes(name)) : all;
  return providerSchemas(kinds, wanted, (system) => providerBlock(typeOf(system)));
}
