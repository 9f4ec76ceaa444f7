import { createHash } from "node:crypto";
import type { Manifest } from "./manifest.ts";

type Digested = Pick<Manifest, "environment" | "protected" | "systems" | "sinks" | "state" | "guard" | "resources">;

/** sha256 over the meaning: equal whatever the order of keys and files, the spelling, and the places in the text. */
export function digestOf({
  environment,
  protected: isProtected,
  systems,
  sinks,
  state,
  guard,
  resources,
}: Digested): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(sorted({ environment, protected: isProtected, systems, sinks, state, guard })));
  for (const resource of resources) hash.update(JSON.stringify(sorted(resource)));
  return hash.digest("hex");
}

/** A copy with sorted keys and without places. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const copy: Record<string, unknown> = {};
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object).sort()) {
    if (key !== "source") copy[key] = sorted(object[key]);
  }
  return copy;
}
