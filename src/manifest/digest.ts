import { createHash } from "node:crypto";
import type { Manifest } from "./manifest.ts";

type Digested = Pick<Manifest, "environment" | "protected" | "systems" | "sinks" | "state" | "guard" | "resources">;

/** sha256 over the meaning: equal whatever the order of keys, files and sets, the spelling, and the places in the text. */
export function digestOf(manifest: Digested, isUnordered: (kind: string, attribute: string) => boolean): string {
  const { environment, protected: isProtected, systems, sinks, state, guard, resources } = manifest;
  const hash = createHash("sha256");
  hash.update(JSON.stringify(sorted({ environment, protected: isProtected, systems, sinks, state, guard })));
  for (const resource of resources) {
    const attributes = Object.entries(resource.attributes).map(([name, value]): [string, unknown] => {
      const isSet = Array.isArray(value) && isUnordered(resource.kind, name);
      return [name, isSet ? value.map((item) => JSON.stringify(sorted(item))).sort() : value];
    });
    hash.update(JSON.stringify(sorted({ ...resource, attributes: Object.fromEntries(attributes) })));
  }
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
