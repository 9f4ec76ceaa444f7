import type { Verdict, View } from "../connector.ts";
import type { LabelsOf } from "../labels.ts";
import { assessApiUser, isAnyOrganization } from "./api-user-assess.ts";
import { lowerApiUser } from "./api-user-lower.ts";
import { apiUserOperations } from "./api-user-operations.ts";
import { bundleProbe } from "./delivery.ts";
import { inspectUser, inspectUserOperation } from "./inspect.ts";
import { type MomentusKind, toldByPeople } from "./kind.ts";
import type { MomentusLabel } from "./labels.ts";
import { meOf } from "./rows.ts";
import { sameId } from "./wire.ts";

/** API users. No public API knows them: people look, make and change, and tell. */
export function apiUser(labels: LabelsOf<MomentusLabel>): MomentusKind {
  return {
    name: "momentus_api_user",
    retiredBy: "retired",
    ...toldByPeople,
    assess: assessApiUser,
    lower: lowerApiUser,
    protects: protectsApiUser,
    inspect: inspectUser,
    widens: (view, drift) => (isAnyOrganization(view, drift) ? false : undefined),
    operations: { ...apiUserOperations(labels), inspect: inspectUserOperation(labels) },
    probe: bundleProbe("renews its Secret and breaks every Key of it"),
  };
}

/** Whoever retires the API user that it runs as, or renews its Secret, locks itself out. */
function protectsApiUser(view: View, verdict: Verdict): string | undefined {
  const me = meOf(view.facts);
  if (!view.actual || me === undefined || !sameId(me, view.actual.id)) return undefined;
  const retires = verdict.attributes.some(({ path, after }) => path === "retired" && after === true);
  const isCut = retires || verdict.action === "delete" || verdict.action === "replace";
  return isCut ? `${me} is the API user that Steward runs as` : undefined;
}
