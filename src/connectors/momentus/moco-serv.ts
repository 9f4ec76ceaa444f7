import type { Address, Resource, SecretRef } from "../../resource.ts";
import type { World } from "../connector.ts";
import { sinkReference } from "../drafts.ts";
import { mocoServId } from "./api-user-settings.ts";
import { bundleSecret } from "./bundle.ts";

const kind = "momentus_api_user";

/** The declared MOCO-SERV of the system comes before every approval, without a reference too (MOM-04). */
export function needsMocoServ(_resource: Resource, world: World): Address[] {
  const declared = world.desiredByIdentity(kind, mocoServId);
  return declared ? [declared.address] : [];
}

/** Where the credentials of MOCO-SERV are declared to be, or lie. */
export function mocoServBundle(world: World): SecretRef | undefined {
  const place = world.desiredByIdentity(kind, mocoServId)?.attributes.deliver_to;
  if (typeof place === "string") return sinkReference(place);
  const object = world.byIdentity(kind, mocoServId);
  const secret = object && world.recordedById(kind, object.id)?.secrets[bundleSecret];
  return secret?.delivered ? sinkReference(`${secret.sink}:${secret.path}`) : undefined;
}
