import type { Actual, StateEntry } from "../../resource.ts";
import type { Verdict, View } from "../connector.ts";
import { isLive } from "./wire.ts";

/**
 * Live tokens of a user that must be revoked before the user is disabled or goes away (VCO-16), managed by us or not.
 * A token whose own block left the manifest in the same plan is revoked by its own change, which comes first.
 */
export function tokensToRevoke(view: View, verdict: Verdict): Actual[] {
  const username = view.actual?.attributes.username;
  if (typeof username !== "string") return [];
  return view.world
    .objects("velocloud_api_token")
    .filter((token) => token.attributes.owner === username && isLive(token.attributes.state))
    .filter((token) => verdict.action === "replace" || !revokesItself(view, token))
    .sort((a, b) => Number(a.id) - Number(b.id));
}

function revokesItself(view: View, token: Actual): boolean {
  const entry = view.world.recordedById("velocloud_api_token", token.id);
  return (
    entry !== undefined && !view.world.desired(entry.address) && isOurs(entry) && entry.dependsOn.includes(view.address)
  );
}

/** Whether the object goes when its block leaves the manifest. */
export function isOurs(entry: StateEntry): boolean {
  return entry.origin === "created" ? entry.onRemove !== "forget" : entry.onRemove === "delete";
}
