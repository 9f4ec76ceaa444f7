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
  return liveTokensOf(view.world.objects("velocloud_api_token"), username)
    .filter((token) => verdict.action === "replace" || !revokesItself(view, token))
    .sort((a, b) => Number(a.id) - Number(b.id));
}

const indexes = new WeakMap<readonly Actual[], Map<string, Actual[]>>();

/** Indexed once per list: the removal of ten thousand users must not search all tokens for each. */
function liveTokensOf(tokens: readonly Actual[], username: string): Actual[] {
  let index = indexes.get(tokens);
  if (!index) {
    index = new Map();
    for (const token of tokens) {
      const owner = token.attributes.owner;
      if (typeof owner !== "string" || !isLive(token.attributes.state)) continue;
      const known = index.get(owner);
      if (known) known.push(token);
      else index.set(owner, [token]);
    }
    indexes.set(tokens, index);
  }
  return index.get(username) ?? [];
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
