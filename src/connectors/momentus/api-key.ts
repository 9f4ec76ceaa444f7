import type { Diagnostic } from "../../diagnostic.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { lowerApiKey } from "./api-key-lower.ts";
import { apiKeyOperations } from "./api-key-operations.ts";
import { approvalOf } from "./api-user-assess.ts";
import { bundleProbe, deliveredBundle, deliveryReason, movedPlace } from "./delivery.ts";
import { inspectKey, inspectKeyOperation } from "./inspect.ts";
import { type MomentusKind, toldByPeople } from "./kind.ts";
import type { MomentusLabel } from "./labels.ts";

/** Further Keys of API users. How one is removed is not documented (MOM-27). */
export function apiKey(labels: LabelsOf<MomentusLabel>): MomentusKind {
  return {
    name: "momentus_api_key",
    ...toldByPeople,
    assess: assessApiKey,
    lower: lowerApiKey,
    inspect: inspectKey,
    operations: { ...apiKeyOperations(labels), inspect: inspectKeyOperation(labels) },
    probe: bundleProbe("adds a further Key"),
  };
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
