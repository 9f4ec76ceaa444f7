import type { KindSchema } from "../schema.ts";
import { type TerraformBlock, terraformForm } from "./form.ts";

/** A schema with its version, as `terraform providers schema -json` prints it. */
interface VersionedBlock {
  version: 0;
  block: TerraformBlock;
}

/** What a provider offers. */
interface ProviderSchema {
  provider: VersionedBlock;
  resource_schemas: Record<string, VersionedBlock>;
}

/** The output of `terraform providers schema -json` for our providers. */
interface ProviderSchemas {
  format_version: "1.0";
  provider_schemas: Record<string, ProviderSchema>;
}

/**
 * Where Terraform looks for a provider of ours. The name of the host is reserved for examples and never resolves: the provider comes
 * from the package, not from a registry.
 */
export const providerSource = (system: string): string => `steward.example/steward/${system}`;

/** The names of our providers, which are those of the system types that have kinds; sorted. */
export const providerNames = (kinds: readonly KindSchema[]): string[] =>
  [...new Set(kinds.map((kind) => kind["x-system"]))].sort();

/** The schemas of some providers, each with all kinds of its system type. `blockOf` gives the provider block of a system type. */
export function providerSchemas(
  kinds: readonly KindSchema[],
  providers: readonly string[],
  blockOf: (system: string) => TerraformBlock,
): ProviderSchemas {
  return {
    format_version: "1.0",
    provider_schemas: Object.fromEntries(
      providers.map((name) => [
        providerSource(name),
        providerSchema(
          kinds.filter((kind) => kind["x-system"] === name),
          blockOf(name),
        ),
      ]),
    ),
  };
}

function providerSchema(kinds: readonly KindSchema[], block: TerraformBlock): ProviderSchema {
  const resources = kinds.map(terraformForm).sort((a, b) => (a.kind < b.kind ? -1 : 1));
  return {
    provider: { version: 0, block },
    resource_schemas: Object.fromEntries(resources.map(({ kind, block }) => [kind, { version: 0, block }])),
  };
}
