import type { Actual, StateEntry, Value } from "../../resource.ts";
import { durationMs } from "../../schema.ts";
import type { SecretTarget } from "../../secret.ts";
import type { Expectation, Recording, StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { apiDraft, issueAt, personDraft } from "../drafts.ts";
import { proveDraft } from "../prove.ts";
import { markText } from "./actual-token.ts";
import { ownerOf, sessionPassword } from "./token-owner.ts";
import { isLive } from "./wire.ts";

/** Name of a token's value in the state entry. */
export const tokenSecret = "token";

/** An older token of the same resource that has to go. */
interface Leftover {
  id: string;
  name: string;
  live: boolean;
  records: Recording;
}

/** A change of a token as remote writes. A new token is proven before any old one is revoked. */
export function lowerToken(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
    case "replace":
    case "rotate":
      return issueDrafts(view);
    case "update":
      return continuation(view);
    case "delete":
      return removalDrafts(view);
    default:
      return [];
  }
}

/** Whether the value of the recorded token is in its sink; an entry may still bear the secret of the token before it. */
export function isDelivered(entry: StateEntry | undefined): boolean {
  const secret = entry?.secrets[tokenSecret];
  return secret?.delivered === true && secret.generation === entry?.generation;
}

/** Whether our log made the recorded token; an adopted one has no generation before it is rotated. */
export function isMadeByUs(entry: StateEntry | undefined): boolean {
  return entry !== undefined && (entry.origin === "created" || entry.generation > 0);
}

/** Which parts of a delivery are still to be done for the recorded token. */
export function unfinished(view: View): { download: boolean; prove: boolean } {
  const { recorded, actual } = view;
  if (!recorded || !isLive(actual?.attributes.state)) return { download: false, prove: false };
  const delivered = isDelivered(recorded);
  const download = !delivered && actual?.attributes.state === "PENDING";
  return { download, prove: download || (delivered && !recorded.secrets[tokenSecret]?.proven) };
}

/** Older tokens: what the record calls deposed, whatever became of it, and live strays of our own log. */
export function leftovers(view: View): Leftover[] {
  const deposed = (view.recorded?.deposed ?? []).map(({ id }): Leftover => {
    const actual = view.deposed.find((object) => object.id === id);
    return { id, name: nameOf(actual), live: isLive(actual?.attributes.state), records: { is: "cleared", id } };
  });
  const strays = view.strays.filter((stray) => isLive(stray.attributes.state) && !isRecorded(view, stray));
  return [...deposed, ...strays.map((stray): Leftover => leftover(stray, { is: "nothing" }))];
}

/** The steps that finish what an earlier run began. */
export function continuation(view: View): StepDraft[] {
  const { recorded } = view;
  if (!recorded || !view.desired) return [];
  const { download, prove } = unfinished(view);
  const target = targetOf(view, recorded);
  const present: Expectation = { is: "present", id: recorded.id, attributes: {} };
  return [
    ...(download ? [downloadDraft(view, target, present)] : []),
    ...(prove ? [proof(view, target)] : []),
    ...leftovers(view).map(revokeDraft),
  ];
}

function issueDrafts(view: View): StepDraft[] {
  const { recorded, actual } = view;
  const generation = view.generationNext;
  const target = issueAt(view, tokenSecret, String(view.desired?.deliver_to), generation);
  const takesPlace = recorded !== undefined && (actual !== undefined || recorded.deposed.length > 0);
  const former = takesPlace ? [formerOf(recorded, actual)] : [];
  return [
    createDraft(view, generation, takesPlace),
    downloadDraft(view, target, { is: "made-by", step: `${view.address}/create` }),
    proof(view, target),
    ...[...former, ...leftovers(view)].map(revokeDraft),
  ];
}

function createDraft(view: View, generation: number, takesPlace: boolean): StepDraft {
  const attributes = view.desired ?? {};
  const { owner = "", name = "", description } = attributes;
  const input: Record<string, Value> = { owner, name, mark: markText(view, generation) };
  if (description !== undefined) input.description = description;
  input.lifetime_ms = durationMs(String(attributes.lifetime)) ?? 0;
  return apiDraft({
    operation: "create",
    title: takesPlace ? `issue the next generation (${generation})` : "create the token",
    input,
    expects: { is: "anything" },
    records: { is: takesPlace ? "superseded" : "created", attributes, generation },
  });
}

/** In a session of the owner, or by the owner in person (VCO-10). */
function downloadDraft(view: View, target: SecretTarget & { generation: number }, expects: Expectation): StepDraft {
  const owner = ownerOf(view);
  const password = sessionPassword(view, owner);
  const draft: Omit<StepDraft, "hand" | "input"> = {
    operation: "download",
    title: `download it as ${owner.username}, once`,
    expects,
    records: { is: "delivered", secret: tokenSecret },
    delivers: { [tokenSecret]: target },
  };
  const { owner: username = "", name = "" } = view.desired ?? {};
  if (password) return apiDraft({ ...draft, input: { owner: username, password } });
  // A token that was taken over bears no mark.
  const mark = expects.is === "made-by" || isMadeByUs(view.recorded) ? markText(view, target.generation) : undefined;
  return personDraft({ ...draft, input: { owner: username, name, ...(mark === undefined ? {} : { mark }) } });
}

/** What a person told is proven as the owner's, too: any token that works would pass otherwise. */
function proof(view: View, target: SecretTarget): StepDraft {
  const owner = ownerOf(view);
  const input: StepDraft["input"] = sessionPassword(view, owner) ? {} : { owner: view.desired?.owner ?? "" };
  return proveDraft({ secret: tokenSecret, title: "prove that it works", target, input });
}

function revokeDraft({ id, name, live, records }: Leftover): StepDraft {
  return apiDraft({
    operation: "revoke",
    qualifier: id,
    title: live ? `revoke the former token "${name}" (${id})` : `drop the former token ${id}, which works no more`,
    input: { id },
    expects: { is: "anything" },
    records,
  });
}

/** The last step takes the record away, so that nothing live is forgotten. */
function removalDrafts(view: View): StepDraft[] {
  const { recorded, actual } = view;
  const own: Leftover[] = recorded ? [{ ...formerOf(recorded, actual), records: { is: "removed" } }] : [];
  return [...leftovers(view), ...own].map((object) => {
    const draft = revokeDraft(object);
    return object.records.is === "removed" && object.live
      ? { ...draft, title: `revoke the token "${object.name}" (${object.id})` }
      : draft;
  });
}

function formerOf(recorded: StateEntry, actual: Actual | undefined): Leftover {
  const records: Recording = { is: "cleared", id: recorded.id };
  return { id: recorded.id, name: nameOf(actual), live: isLive(actual?.attributes.state), records };
}

/** A token that moved to another address still bears the mark of the address that made it. */
function isRecorded(view: View, token: Actual): boolean {
  return view.world.recordedById(view.kind, token.id) !== undefined;
}

function leftover(actual: Actual, records: Recording): Leftover {
  return { id: actual.id, name: nameOf(actual), live: true, records };
}

function nameOf(actual: Actual | undefined): string {
  return String(actual?.attributes.name ?? "");
}

/** Where the recorded token's value goes or went. */
function targetOf(view: View, recorded: StateEntry): SecretTarget & { generation: number } {
  const secret = recorded.secrets[tokenSecret];
  if (secret && isDelivered(recorded)) {
    const { sink, path, issueId, generation } = secret;
    return { sink, path, issueId, generation };
  }
  const generation = recorded.generation > 0 ? recorded.generation : view.generationNext;
  return issueAt(view, tokenSecret, String(view.desired?.deliver_to), generation);
}
