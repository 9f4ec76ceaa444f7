import { hash } from "node:crypto";
import { canonicalJson } from "../canonical.ts";
import type { Manifest } from "./manifest.ts";

type Digested = Pick<
  Manifest,
  "environment" | "protected" | "systems" | "sinks" | "state" | "guard" | "resources" | "moved"
>;
type Value = Manifest["resources"][number]["attributes"][string];

/** sha256 over the meaning: equal whatever the order of keys, files and sets, the spelling, and the places in the text. */
export function digestOf(manifest: Digested, isUnordered: (kind: string, attribute: string) => boolean): string {
  const { environment, protected: isProtected, state, guard } = manifest;
  const systems = withoutPlaces(manifest.systems);
  const sinks = withoutPlaces(manifest.sinks);
  const moved = manifest.moved?.length ? { moved: manifest.moved } : {};
  let text = canonicalJson({ environment, protected: isProtected, systems, sinks, state, guard, ...moved });
  for (const { source: _source, attributes, ...meaning } of manifest.resources) {
    const sets = Object.entries(attributes).filter(
      ([name, value]) => Array.isArray(value) && isUnordered(meaning.kind, name),
    );
    const sorted = sets.map(([name, items]) => [name, (items as Value[]).map(canonicalJson).sort()]);
    text += canonicalJson(meaning);
    text += canonicalJson(sets.length === 0 ? attributes : { ...attributes, ...Object.fromEntries(sorted) });
  }
  return hash("sha256", text);
}

function withoutPlaces<T extends { source: unknown }>(all: Record<string, T>): Record<string, Omit<T, "source">> {
  return Object.fromEntries(Object.entries(all).map(([name, { source: _source, ...meaning }]) => [name, meaning]));
}
