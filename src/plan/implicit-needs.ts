import type { Kind } from "../connectors/connector.ts";
import type { Resource } from "../resource.ts";
import { emptyState } from "../state.ts";
import { Declared, Worlds } from "./world.ts";

/** A plain name of a declared object is as good as a reference: that object comes first. */
export function withImplicitNeeds(resource: Resource, kinds: ReadonlyMap<string, Kind>, worlds: Worlds): Resource {
  const properties = kinds.get(resource.kind)?.schema.properties ?? {};
  const world = worlds.of(resource.system);
  const needs = new Set(resource.dependsOn);
  for (const [name, value] of Object.entries(resource.attributes)) {
    const target = properties[name]?.["x-ref"];
    const other = target && typeof value === "string" ? world.desiredByIdentity(target.kind, value) : undefined;
    if (other && other.address !== resource.address) needs.add(other.address);
  }
  for (const address of kinds.get(resource.kind)?.needs?.(resource, world) ?? []) needs.add(address);
  return needs.size === resource.dependsOn.length ? resource : { ...resource, dependsOn: [...needs].sort() };
}

/** Every resource with all that comes before it, as a plan orders them: from the manifest alone. */
export function orderedByManifest(resources: readonly Resource[], kinds: ReadonlyMap<string, Kind>): Resource[] {
  const nothingRead = { at: "", environment: "", systems: {}, probes: {} };
  const worlds = new Worlds(kinds, emptyState(""), nothingRead, new Declared(kinds, resources));
  return resources.map((resource) => withImplicitNeeds(resource, kinds, worlds));
}
