import type { Diagnostic } from "../../diagnostic.ts";
import { isRef, type Resource, type Value } from "../../resource.ts";
import { durationMs } from "../../schema.ts";
import type { AttributeChange } from "../../step.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt, splitTarget, withNote } from "../drafts.ts";
import { deliveredToken, tokenSecret } from "./token-lower.ts";

/** Decides by delivery, proof and age, which no comparison of attributes shows, and refuses what the rules forbid. */
export function assessToken(view: View, general: Verdict): Assessment {
  if (!view.desired) return { verdict: general.action === "delete" ? withNote(general, clearedNote) : {} };
  const verdict = withOutage(view, decide(view, general));
  return { verdict, errors: errorsOf(view, general, verdict) };
}

const clearedNote = "whatever uses it stops at once (VES-16)";

function decide(view: View, general: Verdict): Verdict {
  const { recorded, actual } = view;
  if (!recorded || !actual || general.action === "replace") return general;
  const because = reasonToReplace(view);
  if (because) return { ...general, action: "replace", because, attributes: [...general.attributes, ...moved(view)] };
  const due = reasonToRotate(view);
  if (due) return { ...general, action: "rotate", because: due };
  const delivered = deliveredToken(view);
  if (!delivered || delivered.proven) return general;
  return { ...general, action: "update", because: "its token is not proven yet" };
}

function reasonToReplace(view: View): string | undefined {
  if (view.replaceConsented) return "asked for by --replace";
  if (moved(view).length > 0) return "deliver_to changed, and a token is not read twice (VES-16)";
  // Only our own log proves that it was ours (law 5).
  const isLost = !deliveredToken(view) && view.recorded?.lost?.includes(tokenSecret) === true;
  return isLost ? "it was requested, and its value never reached the sink" : undefined;
}

/** The changed place of a value that was delivered already. */
function moved(view: View): AttributeChange[] {
  const secret = deliveredToken(view);
  const place = view.desired?.deliver_to;
  if (!secret || typeof place !== "string") return [];
  const { sink, path } = splitTarget(place);
  if (secret.sink === sink && secret.path === path) return [];
  return [{ path: "deliver_to", before: `${secret.sink}:${secret.path}`, after: place }];
}

/** A token has no expiry, so only its age is a reason (VES-16). */
function reasonToRotate(view: View): string | undefined {
  const every = view.desired?.rotate_every;
  const everyMs = typeof every === "string" ? durationMs(every) : undefined;
  const issuedAt = deliveredToken(view)?.issuedAt;
  if (everyMs === undefined || issuedAt === undefined) return undefined;
  if (view.now - Date.parse(issuedAt) < everyMs) return undefined;
  return `issued on ${issuedAt.slice(0, 10)} (rotate_every ${String(every)})`;
}

/** One token for each user: whoever uses it is cut off until the new one has reached them (VES-16). */
function withOutage(view: View, verdict: Verdict): Verdict {
  const replaces = verdict.action === "replace" || verdict.action === "rotate" || isForeign(view);
  if (!replaces) return verdict;
  const outage =
    "outage: the present token stops working at the save, and the new one must reach whoever uses it (VES-16)";
  return withNote(verdict, outage);
}

/** A token that is there, and that this state never asked for. */
function isForeign({ recorded, desired, world, generationNext }: View): boolean {
  const owner = desired?.owner;
  if (recorded || typeof owner !== "string" || generationNext > 1) return false;
  return world.byIdentity("veson_user", owner)?.attributes.has_token === true;
}

function errorsOf(view: View, general: Verdict, verdict: Verdict): Diagnostic[] {
  const errors = ownerErrors(view, verdict);
  if (general.action === "replace" && general.attributes.some(({ path }) => path === "owner")) {
    const hint =
      "declare the token of the other user as a resource of its own; this one's block clears it when it goes";
    errors.push(errorAt(view, "owner", "a token belongs to its user (VES-16)", hint));
  }
  if (verdict.action === "create" && isForeign(view) && !view.replaceConsented) {
    const message = `${String(view.desired?.owner)} has a token that Steward did not request; a new one would end it (VES-16)`;
    const hint = `if nobody uses it, or whoever does is told: --replace ${view.address}`;
    errors.push(errorAt(view, "owner", message, hint));
  }
  return errors;
}

/** Integrations must not use tokens of business users (VES-02). */
function ownerErrors(view: View, verdict: Verdict): Diagnostic[] {
  const owner = view.desired?.owner;
  if (verdict.action === "none" || owner === undefined) return [];
  const declared = declaredOwner(view, owner);
  if (declared) return permissionErrors(view, declared);
  const attributes = typeof owner === "string" ? view.world.byIdentity("veson_user", owner)?.attributes : undefined;
  if (attributes?.external_access_only === true) return [];
  const isPerson = view.system.hand === "person" && attributes === undefined;
  const message = attributes
    ? `${String(owner)} is a business user: integrations must not use a person's token (VES-02)`
    : `nothing shows that ${String(owner)} is a system user (VES-02)`;
  const hint = isPerson
    ? "declare its veson_user, and refer to it"
    : "declare a veson_user for the integration, and refer to it";
  return [errorAt(view, "owner", message, hint)];
}

function declaredOwner({ world }: View, owner: Value): Resource | undefined {
  if (isRef(owner)) return world.desired(owner.$ref.address);
  return typeof owner === "string" ? world.desiredByIdentity("veson_user", owner) : undefined;
}

function permissionErrors(view: View, { attributes }: Resource): Diagnostic[] {
  if (attributes.inactive !== true || view.recorded) return [];
  const message = "the owner is declared inactive: its token could not be proven";
  return [errorAt(view, "owner", message, "request it while the owner is active")];
}
