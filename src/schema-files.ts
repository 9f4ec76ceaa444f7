import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { KindSchema } from "./schema.ts";
import type { Label } from "./screen.ts";

/**
 * The folder schemas/ of the package. Sources lie one folder below the package, the bundle in dist/ or dist/chunks/; the
 * schemas lie beside both, so the first folder above that has them is ours.
 */
function schemasFolder(): string {
  for (const up of ["../schemas/", "../../schemas/"]) {
    const folder = fileURLToPath(new URL(up, import.meta.url));
    if (exists(folder)) return folder;
  }
  throw new Error("Steward has a bug: its schemas are not in the package");
}

function exists(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}

let loaded: readonly KindSchema[] | undefined;

/** The schemas of all kinds, sorted by the name of their file: schemas/SYSTEM/KIND.json, beside which labels.json may lie. Read once. */
export function loadKindSchemas(): readonly KindSchema[] {
  if (loaded) return loaded;
  const folder = schemasFolder();
  const systems = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = systems.flatMap((system) =>
    readdirSync(`${folder}${system.name}`)
      .filter((name) => name.endsWith(".json") && name !== "labels.json")
      .map((name) => `${folder}${system.name}/${name}`),
  );
  loaded = paths.sort().map((path) => JSON.parse(readFileSync(path, "utf8")) as KindSchema);
  return loaded;
}

/** The JSON Schema of the manifest as a whole, which is generated from the kinds, as text. */
export const manifestSchemaText = (): string => readFileSync(`${schemasFolder()}manifest.json`, "utf8");

let labels: Readonly<Record<string, readonly Label[]>> | undefined;

/** What the consoles of each system print, by the name of the system: schemas/SYSTEM/labels.json. Read once. */
export function loadLabels(): Readonly<Record<string, readonly Label[]>> {
  if (labels) return labels;
  const folder = schemasFolder();
  const systems = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const printing = systems.filter(({ name }) => readdirSync(`${folder}${name}`).includes("labels.json"));
  labels = Object.fromEntries(printing.map(({ name }) => [name, labelsIn(`${folder}${name}/labels.json`)]));
  return labels;
}

function labelsIn(path: string): Label[] {
  const file = JSON.parse(readFileSync(path, "utf8")) as { labels: (Omit<Label, "text"> & { label: string })[] };
  return file.labels.map(({ key, label, role, mark, where, secret, afterWrite }) => {
    const rest = { ...(where === undefined ? {} : { where }), ...(secret ? { secret } : {}) };
    return { key, text: label, role, mark, ...rest, ...(afterWrite ? { afterWrite } : {}) };
  });
}
