import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { builtInConnectors } from "../../connectors/all.ts";
import type { ProviderProcess } from "../../platform/provider-process.ts";
import { loadKindSchemas, loadLabels } from "../../schema-files.ts";
import { version } from "../../version.ts";
import { providerSource } from "../provider-schema.ts";
import type { ProviderProgram } from "../wire/run.ts";

/** The program of a provider: one bundle, which its name makes the provider of one type of system. */

/** The provider that an executable of this name is; undefined when it is none of ours. */
function providerOf(script: string): string | undefined {
  const name = /^terraform-provider-([a-z0-9]+)/.exec(basename(script))?.[1];
  return builtInConnectors.some((connector) => connector.name === name) ? name : undefined;
}

/** What this process is to run. Throws when its name says no provider. */
export function providerProgram(own: Pick<ProviderProcess, "script" | "folder" | "environment">): ProviderProgram {
  const name = providerOf(own.script);
  const connector = builtInConnectors.find((one) => one.name === name);
  if (!connector) {
    const known = builtInConnectors.map((one) => `terraform-provider-${one.name}`);
    throw new Error(`${basename(own.script)} is no provider: its name must be one of ${known.join(", ")}`);
  }
  const load = async () => {
    const { providerService } = await import("./service.ts");
    return providerService({
      connector,
      schemas: loadKindSchemas(),
      labels: loadLabels(),
      // Where state and secrets go is trusted by its path, so that the path must be the real one.
      folder: realpathSync(own.folder),
      environmentVariables: own.environment,
      version: version(),
    });
  };
  return { source: providerSource(connector.name), load };
}
