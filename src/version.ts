import { readFileSync } from "node:fs";

let known: string | undefined;

/** The version of this package. Sources lie one folder below package.json, the bundle in dist/ or dist/chunks/. */
export function version(): string {
  known ??= readVersion();
  return known;
}

function readVersion(): string {
  for (const up of ["../package.json", "../../package.json"]) {
    const found = readPackage(new URL(up, import.meta.url));
    if (found?.name === "steward") return found.version;
  }
  throw new Error("Steward has a bug: its package.json is not in the package");
}

function readPackage(url: URL): { name: string; version: string } | undefined {
  try {
    return JSON.parse(readFileSync(url, "utf8")) as { name: string; version: string };
  } catch {
    return undefined;
  }
}
