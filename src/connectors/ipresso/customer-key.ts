import type { Address } from "../../resource.ts";
import { isSecretRef, type SecretRef, type Value } from "../../resource.ts";
import type { View, World } from "../connector.ts";
import { referenceTo, sinkReference } from "../drafts.ts";
import { handOf } from "./kind.ts";

/** Where the key of the installation lies that proving a password needs (IPR-02). */

export const keySecret = "customer_key";
const settingsKind = "ipresso_api_settings";

/** The declared settings of the system, which come before its users when they deliver the key. */
export function settingsOf(world: World): { address: Address; deliverTo: Value | undefined } | undefined {
  const resource = world.desiredByIdentity(settingsKind, "");
  return resource && { address: resource.address, deliverTo: resource.attributes.deliver_to };
}

/**
 * How a proof comes by the key: by a reference, or `page` where whoever asks reads it on the page of the settings. Undefined:
 * there is no way to it.
 */
export function keyFor({ system, world }: View): SecretRef | "page" | undefined {
  const { customer_key: written } = system.credentials;
  if (isSecretRef(written)) return written;
  const place = settingsOf(world)?.deliverTo;
  if (typeof place === "string") return sinkReference(place);
  const [object] = world.objects(settingsKind);
  const recorded = object && world.recordedById(settingsKind, object.id)?.secrets[keySecret];
  if (recorded?.delivered) return referenceTo(recorded);
  return handOf(system) === "browser" ? "page" : undefined;
}
