import { markOwner } from "../../mark.ts";
import type { Actual, Plain } from "../../resource.ts";
import type { Mark, View } from "../connector.ts";
import { seenNow } from "../listing.ts";
import { unlessForbidden } from "./envelope.ts";
import type { VelocloudReader } from "./reader.ts";
import { isLive, type WireToken } from "./wire.ts";

const marked = /^([\s\S]*?) ?\[stw:([0-9a-f]{8}\.[1-9]\d{0,8})\]$/;

/** All tokens in the words of our schema. The mark is taken out of the description and shown as an attribute of its own. */
export async function actualTokens(reader: VelocloudReader): Promise<Actual[]> {
  const tokens = await reader.tokens();
  const users = tokens.length > 0 ? await unlessForbidden(() => reader.users()) : [];
  const names = users && new Map(users.map((user) => [user.id, user.username]));
  return tokens.map((token) => actualToken(token, names));
}

/** `names` are usernames by id; undefined where users cannot be read, so that nothing is concluded about owners. */
function actualToken(token: WireToken, names: ReadonlyMap<number, string> | undefined): Actual {
  const { description, mark } = splitDescription(token.description);
  const attributes: Record<string, Plain> = {
    owner: names?.get(token.ownerId ?? Number.NaN) ?? null,
    name: token.name,
    description,
    lifetime: lifetimeOf(token),
    id: token.id,
    token_uuid: token.uuid,
    state: token.state,
    mark,
    created_at: isoTime(token.createdAtMs),
    expires_at: isoTime(token.expiresAtMs),
  };
  const unobservable = ["lifetime", "deliver_to", ...(names ? [] : ["owner"])];
  return seenNow(String(token.id), attributes, unobservable);
}

/** What stands before the mark, and the mark: `xxxxxxxx.N`. */
function splitDescription(text: string): { description: string | null; mark: string | null } {
  const match = marked.exec(text);
  if (!match) return { description: text || null, mark: null };
  return { description: match[1] || null, mark: match[2] ?? null };
}

/** The mark that Steward left on a token. */
export function markOf(actual: Actual): Mark | undefined {
  const { mark, state } = actual.attributes;
  if (typeof mark !== "string") return undefined;
  const [owner = "", generation = ""] = mark.split(".");
  const found = { owner, generation: Number(generation) };
  return isLive(state) ? found : { ...found, dead: true };
}

/** The mark of one generation, as it stands at the end of the description. */
export function markText(view: View, generation: number): string {
  return `[stw:${markOwner(view.lineage, view.address)}.${generation}]`;
}

/** For people: what the dates make of it. The orchestrator does not keep the lifetime that was asked for. */
function lifetimeOf({ createdAtMs, expiresAtMs }: WireToken): string | null {
  if (createdAtMs === undefined || expiresAtMs === undefined) return null;
  const seconds = Math.round((expiresAtMs - createdAtMs) / 1000);
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
