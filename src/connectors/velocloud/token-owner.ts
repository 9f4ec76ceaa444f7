import {
  type Actual,
  isRef,
  isSecretRef,
  type Plain,
  type Resource,
  type SecretRef,
  type StateEntry,
  type Value,
} from "../../resource.ts";
import type { View } from "../connector.ts";
import { sinkReference } from "../drafts.ts";
import { passwordWish, recordedPassword } from "../password-wish.ts";
import { factsOf } from "./facts.ts";

/** What is known of the user whom a token is for. */
export interface TokenOwner {
  username: string;
  declared: Resource | undefined;
  actual: Actual | undefined;
  recorded: StateEntry | undefined;
}

const kind = "velocloud_admin_user";

/** The owner as the manifest names it: in words, or as a resource whose username only an apply tells. */
export function ownerOf(view: View): TokenOwner {
  const { world } = view;
  const owner = view.desired?.owner;
  if (isRef(owner)) {
    const { address } = owner.$ref;
    return {
      username: address,
      declared: world.desired(address),
      actual: undefined,
      recorded: world.recorded(address),
    };
  }
  const username = String(owner);
  const declared = world.desiredByIdentity(kind, username);
  const actual = world.byIdentity(kind, username);
  const recorded = declared ? world.recorded(declared.address) : actual && world.recordedById(kind, actual.id);
  return { username, declared, actual, recorded };
}

/** Where the password for the owner's session lies: our own when we are the owner, else what Steward set. */
function ownerPassword(view: View, owner: TokenOwner): SecretRef | undefined {
  const own = view.system.credentials.password;
  if (isSecretRef(own) && factsOf(view.facts).me?.username === owner.username) return own;
  const wish = passwordWish(owner.declared?.attributes.password);
  if (wish?.form === "generated") return sinkReference(wish.deliverTo);
  if (wish?.form === "given") return wish.value;
  return recordedPassword(owner.recorded);
}

/** What the manifest says of the owner, else what the system shows. */
export function wished(owner: TokenOwner, name: string): Value | Plain | undefined {
  return owner.declared?.attributes[name] ?? owner.actual?.attributes[name];
}

/**
 * The password for a session of the owner; undefined where the owner must download the token in person: the owner signs in
 * elsewhere (VCO-03), or nobody told Steward the password (VCO-10).
 */
export function sessionPassword(view: View, owner: TokenOwner): SecretRef | undefined {
  return wished(owner, "native") === false ? undefined : ownerPassword(view, owner);
}
