import type { Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { consoleDraft } from "../drafts.ts";
import { bundleSecret } from "./bundle.ts";
import { deliveryDrafts, newTarget, proof } from "./delivery.ts";
import { bundleOf, declaredUser, isInternalUser } from "./known-user.ts";
import { sameId } from "./wire.ts";

const userKind = "momentus_api_user";

/** A change of a Key as what people do. */
export function lowerApiKey(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
    case "rotate":
      return addDrafts(view, verdict.action === "rotate");
    case "update":
      return deliveryDrafts(view, {
        what: "the Key",
        input: { ...subjectOf(view), key_prefix: view.recorded?.id ?? "" },
        needs: [],
      });
    default:
      return [];
  }
}

/** Keys overlap, so the way to a new one is to add it (MOM-10). */
function addDrafts(view: View, takesPlace: boolean): StepDraft[] {
  const attributes = view.desired ?? {};
  const generation = view.generationNext;
  const target = newTarget(view);
  const add = consoleDraft(view, {
    operation: "add",
    title: takesPlace ? "add a further Key, which takes the place of the former one" : "add a Key",
    input: {
      ...subjectOf(view),
      known: knownPrefixes(view),
      ...(takesPlace ? { former: view.recorded?.id ?? "" } : {}),
    },
    expects: { is: "anything" },
    records: { is: takesPlace ? "superseded" : "created", attributes, generation },
    delivers: { [bundleSecret]: target },
    needs: [],
  });
  return [add, proof(target)];
}

/** Whose Key it is, and where the Secret of that user lies when Steward delivered it. */
function subjectOf(view: View): Record<string, Value> {
  const user = view.desired?.api_user ?? "";
  const bundle = bundleOf(view.world, user);
  return { api_user: user, internal: isInternalUser(view.world, user), ...(bundle ? { bundle } : {}) };
}

/**
 * Keys of the user that have a resource already, or get one from a user that this plan makes first: none of them can be the new
 * one.
 */
function knownPrefixes({ world, desired }: View): Value[] {
  const user = desired?.api_user ?? "";
  const object = typeof user === "string" ? world.byIdentity(userKind, user) : undefined;
  const declared = object ? undefined : declaredUser(world, user);
  const first: Value[] = declared ? [{ $ref: { address: declared.address, attribute: "key_prefix" } }] : [];
  if (typeof user !== "string") return first;
  const keys = world.objects("momentus_api_key").filter(({ attributes }) => sameId(attributes.api_user, user));
  // A list shows the user without the Key that was delivered; the record has it.
  const recorded = object && world.recordedById(userKind, object.id)?.attributes.key_prefix;
  const prefixes = [recorded, ...[object, ...keys].map((one) => one?.attributes.key_prefix)];
  return [...[...new Set(prefixes)].filter((prefix) => typeof prefix === "string").sort(), ...first];
}
