import { type Address, isRef, type Plain, type Resource, type SecretRef, type Value } from "../../resource.ts";
import type { World } from "../connector.ts";
import { referenceTo, sinkReference } from "../drafts.ts";
import { isMocoServ, mocoServId } from "./api-user-settings.ts";
import { bundleSecret } from "./bundle.ts";

/** What is known of an API user by whatever needs one: its Keys, approvals of apps, questions. `user` is its ID or a reference. */

const kind = "momentus_api_user";

/** The block that declares an API user. */
export function declaredUser(world: World, user: Value): Resource | undefined {
  if (isRef(user)) return world.desired(user.$ref.address);
  return typeof user === "string" ? world.desiredByIdentity(kind, user) : undefined;
}

/** Whether it is hidden from customers (MOM-02): MOCO-SERV always, others as declared, or as told. */
export function isInternalUser(world: World, user: Value): boolean {
  const told: Plain | undefined =
    typeof user === "string" ? world.byIdentity(kind, user)?.attributes.internal : undefined;
  return isMocoServ(user) || (declaredUser(world, user)?.attributes.internal ?? told) === true;
}

/** Where its credentials are declared to be, or lie. */
export function bundleOf(world: World, user: Value): SecretRef | undefined {
  const place = declaredUser(world, user)?.attributes.deliver_to;
  if (typeof place === "string") return sinkReference(place);
  const object = typeof user === "string" ? world.byIdentity(kind, user) : undefined;
  const secret = object && world.recordedById(kind, object.id)?.secrets[bundleSecret];
  return secret?.delivered ? referenceTo(secret) : undefined;
}

/** The declared MOCO-SERV of the system comes before every approval, without a reference too (MOM-04). */
export function needsMocoServ(_resource: Resource, world: World): Address[] {
  const declared = declaredUser(world, mocoServId);
  return declared ? [declared.address] : [];
}
