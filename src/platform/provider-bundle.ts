import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The executable of our Terraform providers in this package, and where Terraform looks for such. */

/** It lies in dist/, beside the command line or above its chunks; undefined where the package was not built. */
export function providerBundlePath(): string | undefined {
  const places = ["./terraform-provider.cjs", "../terraform-provider.cjs", "../../dist/terraform-provider.cjs"];
  return places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The folder in which Terraform finds providers without any configuration. */
export const implicitMirror = (): string => join(homedir(), ".terraform.d", "plugins");

/** This machine as Terraform names it; undefined where executables that are scripts cannot be started. */
export function terraformPlatform(): string | undefined {
  if (process.platform === "win32") return undefined;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `${process.platform}_${arch}`;
}
