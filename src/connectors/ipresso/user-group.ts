import type { InspectDraft, View } from "../connector.ts";
import { inspectDraft } from "../drafts.ts";
import { listingOf } from "../listing.ts";
import { groupInFull, groupsInRows, permissionsOffered } from "./actual.ts";
import { handOf, type IpressoKind } from "./kind.ts";
import type { LabelsOfIpresso } from "./labels.ts";
import { assessGroup } from "./user-group-assess.ts";
import { lowerGroup } from "./user-group-lower.ts";
import { groupOperations } from "./user-group-operations.ts";

/** Groups of API users. Their permissions stand on their forms only. */
export function userGroup(labels: LabelsOfIpresso): IpressoKind {
  return {
    name: "ipresso_user_group",
    hand: handOf,
    list: (reader) => listingOf(async () => groupsInRows(reader, await reader.rows("groups"))),
    details: { attributes: ["permissions"], read: groupInFull },
    offers: { attribute: "permissions", read: permissionsOffered },
    assess: assessGroup,
    lower: lowerGroup,
    inspect: (view: View): InspectDraft => inspectDraft({ name: view.recorded?.id ?? "" }),
    operations: groupOperations(labels),
  };
}
