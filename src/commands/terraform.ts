import { join, resolve } from "node:path";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { systemDisk } from "../platform/disk.ts";
import { implicitMirror, providerBundlePath, terraformPlatform } from "../platform/provider-bundle.ts";
import { stringify } from "../render/json.ts";
import { phrase } from "../render/visible.ts";
import { loadKindSchemas } from "../schema-files.ts";
import { providerNames, providerSource } from "../terraform/provider-schema.ts";
import { version } from "../version.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";

interface InstallFlags {
  dir?: string;
}

/** `steward terraform`. */
export const addTerraform: AddCommand = (command, run) => {
  command.description("For teams that run Terraform: the same kinds through providers of ours.");
  command
    .command("install")
    .summary("put our providers where terraform init finds them")
    .description(
      "Puts the Terraform providers of this package where terraform init finds them without any configuration, or into a folder that a filesystem_mirror names. Needs no manifest.",
    )
    .option("--dir <folder>", "folder of a filesystem_mirror (default: ~/.terraform.d/plugins)")
    .addHelpText(
      "after",
      "\nExamples:\n  steward terraform install\n  steward terraform install --dir terraform-mirror",
    )
    .action(run<InstallFlags, []>(install));
};

async function install(console: Console, options: SharedOptions & InstallFlags): Promise<number> {
  const platform = terraformPlatform();
  const bundle = providerBundlePath();
  if (platform === undefined) throw refused("Windows starts no scripts, and our providers are such", "run it in WSL");
  const bytes = bundle && (await systemDisk.read(bundle));
  if (!bytes) throw refused("the providers are not in this package", "build them: npm run build");
  const mirror = options.dir === undefined ? implicitMirror() : resolve(console.folder, options.dir);
  const installed = providerNames(loadKindSchemas()).map((name) => {
    const source = providerSource(name);
    const path = join(mirror, source, version(), platform, `terraform-provider-${name}_v${version()}`);
    return { name, source, version: version(), path };
  });
  for (const { path } of installed) await writeExecutable(path, bytes);
  if (options.format === "json") console.write(stringify({ formatVersion: 1, installed }));
  else console.write(sayInstalled(mirror, installed));
  return exitCodes.done;
}

const refused = (message: string, remedy: string): Refusal => new Refusal([{ message, remedy }]);

/** Under another name first, so that a Terraform that starts just now finds the old one or the new one. */
async function writeExecutable(path: string, bytes: Uint8Array): Promise<void> {
  await systemDisk.makeFolder(join(path, ".."));
  const temporary = `${path}.tmp`;
  await systemDisk.remove(temporary);
  await systemDisk.write(temporary, bytes, { mode: 0o755 });
  await systemDisk.rename(temporary, path);
}

function sayInstalled(mirror: string, installed: readonly { name: string; source: string; version: string }[]): string {
  const lines = installed.map(({ source, version: of }) => `  ${source} ${of}`);
  const [first] = installed;
  const example = `    ${first?.name} = { source = "${first?.source}", version = "${first?.version}" }`;
  return [
    `Installed into ${phrase(mirror)}:`,
    ...lines,
    "",
    "In Terraform, for example:",
    "  terraform { required_providers {",
    example,
    "  } }",
    "",
  ].join("\n");
}
