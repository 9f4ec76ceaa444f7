import type { LabelsOf } from "../labels.ts";
import { listingOf } from "../listing.ts";
import { actualTokens, markOf } from "./actual-token.ts";
import { assessToken } from "./api-token-assess.ts";
import { lowerToken, tokenSecret } from "./api-token-lower.ts";
import { tokenOperations } from "./api-token-operations.ts";
import type { VelocloudLabel } from "./download-screen.ts";
import type { VelocloudKind } from "./kind.ts";

/** API tokens of one scope. There is no read of one token, and nothing about a token can be changed. */
export function apiToken(labels: LabelsOf<VelocloudLabel>): VelocloudKind {
  return {
    name: "velocloud_api_token",
    async list(reader) {
      const listing = await listingOf(() => actualTokens(reader));
      const me = await reader.me();
      if (!listing.complete || me?.isSuper) return listing;
      const because = me
        ? `${me.username} is no super user and may see only its own tokens (VCO-08)`
        : "the orchestrator does not tell whom the credentials belong to";
      return { ...listing, complete: false, because };
    },
    mark: markOf,
    assess: assessToken,
    lower: lowerToken,
    operations: tokenOperations(labels),
    probe: {
      secret: tokenSecret,
      harmless: true,
      ask: (reader, _entry, secret) => reader.probe(secret),
    },
  };
}
