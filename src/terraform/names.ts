import type { Address } from "../resource.ts";

/** Longest name of a resource in an address. */
const nameLengthMax = 63;

/**
 * The name of a Terraform resource as the name in our address: in small letters, `_` for `-`. CDKTF ends the names of nested
 * constructs in capital hex digits. Undefined when nothing in our grammar can stand for it: it is longer than 63 characters or does
 * not begin with a letter. Two names may become one; whoever reads them reports that.
 */
export function addressName(name: string): string | undefined {
  const small = name.toLowerCase().replaceAll("-", "_");
  return small.length <= nameLengthMax && /^[a-z][a-z0-9_]*$/.test(small) ? small : undefined;
}

/** Our address of a resource that Terraform calls `kind.name`, plain or as an expression; undefined when the text is none. */
export function addressIn(text: string): Address | undefined {
  const plain = /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;
  const [, kind, name = ""] = /^([a-z][a-z0-9_]{0,99})\.([A-Za-z][\w-]*)$/.exec(plain) ?? [];
  const ours = addressName(name);
  return kind === undefined || ours === undefined ? undefined : `${kind}.${ours}`;
}

/**
 * Name of the manifest that a provider writes for whoever tells what was done, in the folder of its paths. `system` is the name of the
 * system in the journal.
 */
export const writtenManifestName = (system: string): string => `.steward-${system}.yaml`;
