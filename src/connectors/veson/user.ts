import { inspectDraft } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { onConsole, type VesonKind } from "./kind.ts";
import type { VesonLabel } from "./labels.ts";
import { actualOf } from "./seen.ts";
import { assessUser, widensUser } from "./user-assess.ts";
import { strayFlags } from "./user-flags.ts";
import { lowerUser } from "./user-lower.ts";
import { userOperations } from "./user-operations.ts";
import { protectsUser } from "./user-protects.ts";

/** System users: everybody on the Security List is listed, and only External Access Only users can be managed. */
export function user(labels: LabelsOf<VesonLabel>): VesonKind {
  return {
    name: "veson_user",
    retiredBy: "inactive",
    ...onConsole,
    async list(reader) {
      const { users } = await reader.list();
      return { objects: users.map((seen) => actualOf(seen, "user_name")), complete: true };
    },
    details: {
      attributes: ["initials", "phone", "api_permission"],
      read: (reader, listed) => reader.user(listed.id),
      whyNotRead: ({ attributes: { has_token: has } }) =>
        has === false
          ? undefined
          : `its panel is not opened: ${has === true ? "it has a token, which" : "the list does not say whether it has a token, and one"} may show only once (VES-14)`,
    },
    whyNotAdopted: ({ attributes }) =>
      attributes.external_access_only === false ? "somebody's account and no system user (VES-02)" : undefined,
    strays: strayFlags,
    assess: assessUser,
    widens: widensUser,
    lower: lowerUser,
    protects: protectsUser,
    inspect: (view) =>
      inspectDraft({
        user_name: view.recorded?.id ?? "",
        groups: [...new Set([view.recorded?.attributes.groups ?? []].flat().map(String))],
      }),
    operations: userOperations(labels),
  };
}
