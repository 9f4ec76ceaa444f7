import type { Diagnostic } from "../../diagnostic.ts";
import { type Actual, isRef } from "../../resource.ts";
import type { Assessment, Listing, UsedObjects, Verdict, View } from "../connector.ts";
import { consoleHand, errorAt } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { seenNow } from "../listing.ts";
import { lowerApiKey } from "./api-key-lower.ts";
import { apiKeyOperations } from "./api-key-operations.ts";
import { approvalOf } from "./api-user-assess.ts";
import { keyPrefix } from "./bundle.ts";
import type { MomentusConsole } from "./console-reader.ts";
import { bundleProbe, deliveredBundle, deliveryReason, movedPlace } from "./delivery.ts";
import { inspectKey, inspectKeyOperation } from "./inspect.ts";
import { consoleListing, type MomentusKind } from "./kind.ts";
import type { MomentusLabel } from "./labels.ts";
import { sameId } from "./wire.ts";

const name = "momentus_api_key";

/** Further Keys of API users. How one is removed is not documented (MOM-27). */
export function apiKey(labels: LabelsOf<MomentusLabel>): MomentusKind {
  return {
    name,
    hand: consoleHand,
    list: (reader, used) => consoleListing(reader, used, [name], (console) => listKeys(console, used)),
    assess: assessApiKey,
    lower: lowerApiKey,
    inspect: inspectKey,
    operations: { ...apiKeyOperations(labels), inspect: inspectKeyOperation(labels) },
    probe: bundleProbe("adds a further Key"),
  };
}

/** The Keys of the users of which Keys are declared or recorded. Our names of them nobody shows (MOM-26). */
async function listKeys(console: MomentusConsole, used?: UsedObjects): Promise<Listing> {
  const wanted = usersWithKeys(used);
  const there = await console.users();
  const objects: Actual[] = [];
  let isComplete = used !== undefined;
  for (const user of wanted) {
    const listed = there.find(({ id }) => sameId(id, user));
    // Of a user that is not shown nobody can tell whether a Key that is recorded is gone; a new one can be added all the same.
    if (!listed && !console.seesAll && isRecorded(user, used)) isComplete = false;
    for (const key of listed ? await console.keys(listed.id) : []) {
      const prefix = keyPrefix(key);
      objects.push(seenNow(prefix, { api_user: user, key_prefix: prefix }, ["name"]));
    }
  }
  if (isComplete) return { objects, complete: true };
  return { objects, complete: false, because: "Keys are looked up at users that are declared, and seen (MOM-30)" };
}

const isRecorded = (user: string, used: UsedObjects | undefined): boolean =>
  used?.entries.some(({ kind, attributes }) => kind === name && sameId(attributes.api_user, user)) ?? false;

/** IDs as they are recorded, so that a Key is the same in any letter case; of a user that is declared, what its block says. */
function usersWithKeys({ resources, entries }: UsedObjects = { resources: [], entries: [] }): string[] {
  const isKey = ({ kind }: { kind: string }): boolean => kind === name;
  const declared = resources.filter(isKey).map(({ attributes: { api_user: user } }) => {
    if (!isRef(user)) return user;
    return resources.find(({ address }) => address === user?.$ref.address)?.attributes.user_id;
  });
  const users = [...entries.filter(isKey).map(({ attributes }) => attributes.api_user), ...declared];
  const byId = new Map<string, string>();
  for (const user of users) {
    if (typeof user === "string" && !byId.has(user.toLowerCase())) byId.set(user.toLowerCase(), user);
  }
  return [...byId.values()];
}

function assessApiKey(view: View, general: Verdict): Assessment {
  if (!view.desired) return {};
  return { verdict: decide(view, general), errors: [...permanentErrors(view, general), ...userErrors(view)] };
}

function decide(view: View, general: Verdict): Verdict {
  // One that is gone is added anew, or held.
  if (!view.recorded || general.action === "replace" || general.action === "create") return general;
  const attributes = [...general.attributes, ...movedPlace(view)];
  if (view.replaceConsented && deliveredBundle(view)?.proven !== false) {
    const note = `the former Key ${view.recorded.id}… stays live: how one is removed is not documented (MOM-27)`;
    const because = "asked for by --replace";
    return { ...general, action: "rotate", because, attributes, notes: [...general.notes, note] };
  }
  const reason = deliveryReason(view);
  return reason === undefined ? general : { ...general, action: "update", because: reason, attributes };
}

/** Another user or name would be another Key, and this one cannot go (MOM-27). */
function permanentErrors(view: View, general: Verdict): Diagnostic[] {
  if (general.action !== "replace") return [];
  const changed = general.attributes.map(({ path }) => path).join(", ");
  const message = `${changed} of a Key cannot be changed, and how a Key is removed is not documented (MOM-27)`;
  const hint = `declare the new Key as a resource of its own, and let Steward forget this one: steward forget ${view.address}`;
  return [errorAt(view, general.attributes[0]?.path, message, hint)];
}

function userErrors(view: View): Diagnostic[] {
  const user = view.desired?.api_user;
  if (typeof user !== "string") return [];
  const app = approvalOf(view, user);
  if (app !== undefined) {
    const message = `${user} is the API user that the approval of ${app} made; its Keys are the app's own (MOM-01)`;
    return [errorAt(view, "api_user", message, "add Keys to API users of your own")];
  }
  const declared = view.world.desiredByIdentity("momentus_api_user", user);
  const actual = view.world.byIdentity("momentus_api_user", user);
  // A declared user that is to be alive is given back first.
  const isRetired = declared ? declared.attributes.retired === true : actual?.attributes.retired === true;
  if (!isRetired) return [];
  const message = `${user} is retired, and a retired API user cannot be used (MOM-09)`;
  return [errorAt(view, "api_user", message, "give the user back first, or take the Key out")];
}
