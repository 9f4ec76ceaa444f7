import { type TerraformElement, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";

/** Logical ids that were given in each stack, and the path of the construct that has one. */
const given = new WeakMap<TerraformStack, Map<string, string>>();

/**
 * Gives a resource the address `KIND.NAME`, wherever its construct stands: one that is moved into another construct stays the same
 * resource. Without it the address follows from the path of the construct. Returns the resource. Throws when the name is not one
 * (a to z first, then also digits and `_`, at most 63 characters) or belongs to another resource of this kind in the stack.
 */
export function named<T extends TerraformElement & { readonly terraformResourceType: string }>(
  resource: T,
  name: string,
): T {
  const { path } = resource.node;
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name))
    throw new Error(
      `${path}: "${name}" cannot be the name of a resource; a to z first, then also digits and _, at most 63`,
    );
  const stack = TerraformStack.of(resource);
  const names = given.get(stack) ?? new Map<string, string>();
  given.set(stack, names);
  const address = `${resource.terraformResourceType}.${name}`;
  const other = names.get(address);
  // The library would write both into one resource without a word.
  if (other !== undefined && other !== path)
    throw new Error(`${path}: ${address} is ${other} already; give one of both another name`);
  names.set(address, path);
  resource.overrideLogicalId(name);
  return resource;
}

/**
 * A name for an address out of what names the object on its system, as `ci_acme_example` of `ci@acme.example`: the same object has
 * the same address. Throws when the text is known only later, or has no letter to begin with.
 */
export function nameFor(scope: Construct, text: string): string {
  if (Token.isUnresolved(text))
    throw new Error(`${scope.node.path}: what names the object is known only later; give the construct a name`);
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 63);
  if (name === "") throw new Error(`${scope.node.path}: no name can be made of "${text}"; give the construct a name`);
  return name;
}
