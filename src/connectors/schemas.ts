import { assert } from "../diagnostic.ts";
import type { KindSchema } from "../schema.ts";

/** Kinds with their schemas, which are files beside the code. One that has no file is our bug. */
export function withSchemas<K extends { readonly name: string }>(
  kinds: readonly K[],
  schemas: readonly KindSchema[],
): (K & { schema: KindSchema })[] {
  return kinds.map((kind) => {
    const schema = schemas.find((candidate) => candidate.$id.endsWith(`/${kind.name}.json`));
    assert(schema, `there is no schema of ${kind.name}`);
    return { ...kind, schema };
  });
}
