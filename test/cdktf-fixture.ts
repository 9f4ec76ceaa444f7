import { createRequire } from "node:module";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { expect } from "vitest";
import type { BuiltPackage } from "./world/built-package.ts";

/** The two libraries that CDKTF apps are written with. */
export const libraryNames = ["cdktf", "cdktn"] as const;

/** A library, and our entry for it as an app would get it. cdktn has the API of cdktf, and is used here with its types. */
export interface Library {
  name: (typeof libraryNames)[number];
  cdktf: typeof import("cdktf");
  ours: typeof import("../src/cdktf/index.ts");
}

/** Both libraries with our entries out of a built package. */
export function librariesOf(built: BuiltPackage): Library[] {
  const require = createRequire(join(built.folder, "package.json"));
  return libraryNames.map((name) => ({ name, cdktf: require(name), ours: require(`steward/${name}`) }));
}

/** The matchers that the libraries bring, for what `synth` gives. */
interface Matchers {
  toHaveResource(resource: { tfResourceType: string }): void;
  toHaveResourceWithProperties(resource: { tfResourceType: string }, properties: object): void;
  toBeValidTerraform(): void;
}

/** `expect` with the matchers of a library. They are written for Jest, whose `expect` has the same way to add some. */
export function expectStack({ cdktf }: Library, synthesised: string): Matchers & { not: Matchers } {
  Object.assign(globalThis, { expect });
  cdktf.Testing.setupJest();
  return expect(synthesised) as unknown as Matchers & { not: Matchers };
}

/** A stack with both of our providers. */
export function makeStack({ cdktf, ours }: Library): TerraformStack {
  const stack = new cdktf.TerraformStack(cdktf.Testing.app(), "access");
  new ours.velocloud.VelocloudProvider(stack, "velocloud");
  new ours.momentus.MomentusProvider(stack, "momentus");
  return stack;
}

/** The resources of a stack as they are synthesised, by kind and name. */
export function resourcesOf(
  { cdktf }: Library,
  stack: TerraformStack,
): Record<string, Record<string, Record<string, unknown>>> {
  return JSON.parse(cdktf.Testing.synth(stack, true)).resource ?? {};
}

/** The addresses of all resources of a stack, sorted. */
export const addressesOf = (library: Library, stack: TerraformStack): string[] =>
  Object.entries(resourcesOf(library, stack))
    .flatMap(([kind, resources]) => Object.keys(resources).map((name) => `${kind}.${name}`))
    .sort();
