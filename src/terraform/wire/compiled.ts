import {
  type CompiledIdentity,
  type CompiledSchema,
  compileIdentity,
  compileSchema,
  type VersionedSchema,
} from "./schema.ts";
import type { ProviderService } from "./service.ts";

/** All schemas of a service by the names that requests use. */

/** The kinds of one part of a provider, each compiled when it is first needed. */
interface CompiledKinds {
  names(): string[];
  /** Throws `WrongRequest` for a kind that the provider does not have. */
  get(kind: string): CompiledSchema;
}

/** Schemas of a service. Terraform may ask for anything first, even in a process that never sent a schema. */
export interface CompiledService {
  provider(): CompiledSchema;
  resources: CompiledKinds;
  dataSources: CompiledKinds;
  ephemerals: CompiledKinds;
  /** Undefined for a kind without an identity. */
  identity(kind: string): CompiledIdentity | undefined;
}

/** The request names what we do not have: Terraform and provider do not fit together. */
export class WrongRequest extends Error {}

/** The schemas of a service, each compiled once. */
export function compileService({ provider, resources, dataSources, ephemerals }: ProviderService): CompiledService {
  const block = compiledKinds("provider block", () => ({ provider: provider.schema() }));
  const identity = onceEach(
    () => resources.schemas(),
    (schema, kind) => schema.identity && compileIdentity(schema.identity, `the identity of ${kind}`),
  );
  return {
    provider: () => block.get("provider"),
    resources: compiledKinds("resource", () => resources.schemas()),
    dataSources: compiledKinds("data source", () => dataSources?.schemas() ?? {}),
    ephemerals: compiledKinds("ephemeral resource", () => ephemerals?.schemas() ?? {}),
    identity,
  };
}

function compiledKinds(what: string, schemas: () => Readonly<Record<string, VersionedSchema>>): CompiledKinds {
  const get = onceEach(schemas, compileSchema);
  return {
    names: () => Object.keys(schemas()),
    get(kind) {
      const compiled = get(kind);
      if (!compiled) throw new WrongRequest(`this provider has no ${what} ${kind}`);
      return compiled;
    },
  };
}

/** Makes of each named source what is made of it, when it is first asked for; undefined when there is no such source. */
function onceEach<S, T>(
  sources: () => Readonly<Record<string, S>>,
  make: (source: S, name: string) => T,
): (name: string) => T | undefined {
  const made = new Map<string, T>();
  return (name) => {
    const all = made.has(name) ? {} : sources();
    if (Object.hasOwn(all, name)) made.set(name, make(all[name]!, name));
    return made.get(name);
  };
}
