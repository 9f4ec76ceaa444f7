import { isRef, type SecretRef, type Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { personDraft, sinkReference } from "../drafts.ts";
import { isMocoServ } from "./api-user-settings.ts";
import { bundleSecret } from "./bundle.ts";
import { deliveredBundle, newTarget, unfinishedDelivery } from "./delivery.ts";
import { proof } from "./take-credentials.ts";
import { sameId } from "./wire.ts";

const anything = { is: "anything" } as const;
const userKind = "momentus_api_user";

/** A change of a Key as what people do. */
export function lowerApiKey(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
    case "rotate":
      return addDrafts(view, verdict.action === "rotate");
    case "update":
      return deliveryDrafts(view);
    default:
      return [];
  }
}

/** Keys overlap, so the way to a new one is to add it (MOM-10). */
function addDrafts(view: View, takesPlace: boolean): StepDraft[] {
  const attributes = view.desired ?? {};
  const generation = view.generationNext;
  const target = newTarget(view);
  const add = personDraft({
    operation: "add",
    title: takesPlace ? "add a further Key, which takes the place of the former one" : "add a Key",
    input: {
      ...subjectOf(view),
      taken: takenPrefixes(view),
      known: knownPrefixes(view),
      ...(takesPlace ? { former: view.recorded?.id ?? "" } : {}),
    },
    expects: anything,
    records: { is: takesPlace ? "superseded" : "created", attributes, generation },
    delivers: { [bundleSecret]: target },
    needs: [],
  });
  return [add, proof(target)];
}

function deliveryDrafts(view: View): StepDraft[] {
  const unfinished = unfinishedDelivery(view);
  if (unfinished === undefined) return [];
  const secret = deliveredBundle(view);
  if (unfinished === "prove" && secret) return [proof(secret)];
  const target = newTarget(view);
  const deliver = personDraft({
    operation: "deliver",
    title: `copy the Key to ${target.sink}:${target.path}`,
    input: { ...subjectOf(view), key_prefix: view.recorded?.id ?? "" },
    expects: anything,
    records: { is: "updated", attributes: { deliver_to: view.desired?.deliver_to ?? "" } },
    delivers: { [bundleSecret]: target },
    needs: [],
  });
  return [deliver, proof(target)];
}

/** Whose Key it is, and where the Secret of that user lies when Steward delivered it. */
function subjectOf(view: View): Record<string, Value> {
  const user = view.desired?.api_user ?? "";
  const bundle = bundleOf(view, user);
  const internal = isMocoServ(user) || attributeOf(view, user, "internal") === true;
  return { api_user: user, internal, ...(bundle ? { bundle } : {}) };
}

function bundleOf(view: View, user: Value): SecretRef | undefined {
  const { world } = view;
  const declared = declaredUser(view, user);
  const place = declared?.attributes.deliver_to;
  if (typeof place === "string") return sinkReference(place);
  const object = typeof user === "string" ? world.byIdentity(userKind, user) : undefined;
  const secret = object && world.recordedById(userKind, object.id)?.secrets[bundleSecret];
  return secret?.delivered ? sinkReference(`${secret.sink}:${secret.path}`) : undefined;
}

function declaredUser({ world }: View, user: Value) {
  if (isRef(user)) return world.desired(user.$ref.address);
  return typeof user === "string" ? world.desiredByIdentity(userKind, user) : undefined;
}

function attributeOf(view: View, user: Value, name: string) {
  const actual = typeof user === "string" ? view.world.byIdentity(userKind, user) : undefined;
  return declaredUser(view, user)?.attributes[name] ?? actual?.attributes[name];
}

/** Keys of the user that have a resource already: none of them can be the new one. */
function takenPrefixes({ world, desired }: View): string[] {
  const user = desired?.api_user;
  if (typeof user !== "string") return [];
  const keys = world.objects("momentus_api_key").filter(({ attributes }) => sameId(attributes.api_user, user));
  const prefixes = [world.byIdentity(userKind, user), ...keys].map((object) => object?.attributes.key_prefix);
  return [...new Set(prefixes)].filter((prefix): prefix is string => typeof prefix === "string").sort();
}

/** The same, with the Key of a user that this plan makes first: known when somebody is asked to add another. */
function knownPrefixes(view: View): Value[] {
  const { world, desired } = view;
  const user = desired?.api_user ?? "";
  const isThere = typeof user === "string" && world.byIdentity(userKind, user) !== undefined;
  const declared = isThere ? undefined : declaredUser(view, user);
  const first: Value[] = declared ? [{ $ref: { address: declared.address, attribute: "key_prefix" } }] : [];
  return [...takenPrefixes(view), ...first];
}
