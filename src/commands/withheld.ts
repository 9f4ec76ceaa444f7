import { join } from "node:path";
import { manifestBytesMax } from "../limits.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { nodeFiles } from "../platform/manifest-files.ts";
import { isSecretRef } from "../resource.ts";

/** Variables that open sinks: a child that is given one secret is not given the key to all. */
const keyVariables = ["STEWARD_AGE_IDENTITY", "STEWARD_AGE_IDENTITY_FILE"];

/** Variables that no child gets: keys of sinks, and those that the manifest reads secrets from, in any environment. */
export function withheldVariables(manifest: Manifest): Set<string> {
  const { systems, resources } = manifest;
  const used = [...Object.values(systems).map((system) => system.credentials), ...resources].flatMap(variablesIn);
  return new Set([...keyVariables, ...used, ...manifest.files.flatMap((file) => writtenIn(manifest.folder, file))]);
}

function variablesIn(value: unknown): string[] {
  if (isSecretRef(value)) return value.$secret.from === "env" ? [value.$secret.name] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(variablesIn) : [];
}

/** The manifest was read for one environment; the text names the variables of the others too. */
function writtenIn(folder: string, file: string): string[] {
  const bytes = nodeFiles.read(join(folder, file), manifestBytesMax);
  const text = bytes ? Buffer.from(bytes).toString("utf8") : "";
  return [...text.matchAll(/\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name = ""]) => name);
}
