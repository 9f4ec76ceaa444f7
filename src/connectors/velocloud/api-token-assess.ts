import { durationMs } from "../../schema.ts";
import type { AttributeChange } from "../../step.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { splitTarget } from "../drafts.ts";
import { tokenErrors } from "./api-token-errors.ts";
import { continuation, isDelivered, isMadeByUs, leftovers, tokenSecret, unfinished } from "./api-token-lower.ts";
import { isOurs } from "./owned-tokens.ts";
import { isLive } from "./wire.ts";

/** Decides by age, state and delivery, which no comparison of attributes shows, and refuses what the rules forbid. */
export function assessToken(view: View, general: Verdict): Assessment {
  if (!view.desired) return { verdict: assessLeaving(view, general) };
  const attributes = general.attributes.filter((change) => !isUnknowableLifetime(view, change));
  const action = attributes.length === 0 && ["update", "replace"].includes(general.action) ? "none" : general.action;
  const verdict = decide(view, { ...general, action, attributes });
  const isSame = verdict.action === "none" || (verdict.action === "update" && !unfinished(view).download);
  const issues = !isSame && verdict.action !== "adopt" && !verdict.held;
  return { verdict, errors: tokenErrors(view, issues) };
}

/** A token that is revoked or expired needs no write to go. */
function assessLeaving(view: View, general: Verdict): Partial<Verdict> {
  const { recorded } = view;
  const old = leftovers(view).filter((object) => object.live);
  if (!recorded) return old.length > 0 ? { action: "delete", because: "a run that was cut off made it" } : {};
  if (!isOurs(recorded)) return {};
  if (isLive(view.actual?.attributes.state) || old.length > 0)
    return view.actual || old.length > 0 ? deletion(general) : {};
  if (general.action !== "delete") return {};
  return { action: "forget", because: `it is ${String(view.actual?.attributes.state).toLowerCase()} already` };
}

function deletion(general: Verdict): Partial<Verdict> {
  return general.action === "delete" ? {} : { action: "delete", because: "former tokens of it are still live" };
}

/** An adopted token has no recorded lifetime, and the system does not keep the one that was asked for: nothing to compare. */
function isUnknowableLifetime(view: View, change: AttributeChange): boolean {
  return change.path === "lifetime" && change.before === undefined && view.actual !== undefined;
}

function decide(view: View, general: Verdict): Verdict {
  const { recorded, actual } = view;
  if (!recorded || !actual || general.action === "replace") return general;
  const because = reasonToReplace(view);
  if (because) return { ...general, action: "replace", because, attributes: [...general.attributes, ...moved(view)] };
  if (actual.attributes.state === "REVOKED") {
    const why = `somebody revoked it on ${view.system.name}`;
    return { ...general, action: "replace", because: why, held: { because: why } };
  }
  if (isTakenByOwner(view)) {
    const why = "its owner downloaded it, and not through Steward";
    return { ...general, action: "replace", because: why, held: { because: why } };
  }
  const due = reasonToRotate(view);
  if (due) return { ...general, action: "rotate", because: due };
  return finishing(view, general);
}

function reasonToReplace(view: View): string | undefined {
  if (view.replaceConsented) return "asked for by --replace";
  if (moved(view).length > 0) return "deliver_to changed, and a token can be downloaded only once (VCO-12)";
  if (!isLost(view)) return undefined;
  return "it was downloaded, and its value never reached the sink";
}

/** Our own log proves that we downloaded it and that nothing arrived (law 5): only then is it issued anew unasked. */
function isLost({ recorded, actual }: View): boolean {
  return (
    actual?.attributes.state === "ENABLED" && !isDelivered(recorded) && recorded?.lost?.includes(tokenSecret) === true
  );
}

/** We made it, and somebody else downloaded it before we could: whoever did may be using it. */
function isTakenByOwner({ recorded, actual }: View): boolean {
  return actual?.attributes.state === "ENABLED" && !isDelivered(recorded) && isMadeByUs(recorded);
}

/** The changed place of a value that was delivered already. */
function moved(view: View): AttributeChange[] {
  const secret = view.recorded?.secrets[tokenSecret];
  const place = view.desired?.deliver_to;
  if (!secret || !isDelivered(view.recorded) || typeof place !== "string") return [];
  const { sink, path } = splitTarget(place);
  if (secret.sink === sink && secret.path === path) return [];
  return [{ path: "deliver_to", before: `${secret.sink}:${secret.path}`, after: place }];
}

/** Rotation by age (VCO-18): a new token, delivered and proven, before the old one is revoked. */
function reasonToRotate(view: View): string | undefined {
  const { state, expires_at: expires } = view.actual?.attributes ?? {};
  if (state === "EXPIRED") return `it expired${typeof expires === "string" ? ` on ${expires.slice(0, 10)}` : ""}`;
  const before = view.desired?.rotate_before;
  const beforeMs = typeof before === "string" ? durationMs(before) : undefined;
  if (beforeMs === undefined || typeof expires !== "string") return undefined;
  const leftMs = Date.parse(expires) - view.now;
  if (leftMs > beforeMs) return undefined;
  return `expires in ${span(leftMs)} (rotate_before ${String(before)})`;
}

function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 120) return `${minutes} minutes`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} hours`;
  return `${Math.floor(minutes / 1440)} days`;
}

/** What an earlier run left to do. */
function finishing(view: View, general: Verdict): Verdict {
  const { download, prove } = unfinished(view);
  const isForeign =
    view.actual?.attributes.state === "ENABLED" && !isMadeByUs(view.recorded) && !isDelivered(view.recorded);
  const notes = isForeign
    ? [...general.notes, `Steward does not hold its value; --replace ${view.address} issues a new one`]
    : general.notes;
  if (continuation(view).length === 0) return { ...general, notes };
  const because = download
    ? "it was made and not downloaded yet"
    : prove
      ? "it was downloaded and not proven yet"
      : "a former token of it is still there";
  return { ...general, action: "update", because: general.because ?? because, notes };
}
