import { join, resolve } from "node:path";
import { Fault } from "../diagnostic.ts";
import { Secret } from "../secret.ts";
import { nodeFiles } from "./manifest-files.ts";

/** Longest file that an identity may be in. */
const identityBytesMax = 1024 * 1024;

interface Surroundings {
  environmentVariables: Readonly<Record<string, string | undefined>>;
  /** Where we run: what STEWARD_AGE_IDENTITY_FILE is relative to. Absolute. */
  folder: string;
}

/**
 * The private key of the age sinks, where one is at hand: in STEWARD_AGE_IDENTITY, in the file of STEWARD_AGE_IDENTITY_FILE, or in
 * .steward/identity.txt beside the manifest. Throws a Fault when a file is named and cannot be read.
 */
export function readAgeIdentity(
  { environmentVariables, folder }: Surroundings,
  manifestFolder: string,
): Secret | undefined {
  const { STEWARD_AGE_IDENTITY: text, STEWARD_AGE_IDENTITY_FILE: file } = environmentVariables;
  if (text) return new Secret(text);
  if (file) {
    const found = readText(resolve(folder, file));
    if (found !== undefined) return new Secret(found);
    const remedy = "STEWARD_AGE_IDENTITY_FILE must name a text file with the AGE-SECRET-KEY";
    throw new Fault("the age identity cannot be read", { happened: "no", remedy, code: "absent" });
  }
  const beside = readText(join(manifestFolder, ".steward", "identity.txt"));
  return beside === undefined ? undefined : new Secret(beside);
}

function readText(path: string): string | undefined {
  try {
    const bytes = nodeFiles.read(path, identityBytesMax);
    return bytes && Buffer.from(bytes).toString("utf8");
  } catch {
    return undefined;
  }
}
