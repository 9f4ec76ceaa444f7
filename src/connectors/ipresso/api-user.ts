import type { AttributeChange } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { inspectDraft } from "../drafts.ts";
import { listingOf } from "../listing.ts";
import { passwordSecret } from "../password.ts";
import { userInFull, userInRow } from "./actual.ts";
import { isEverywhere, textsIn } from "./addresses.ts";
import { assessUser } from "./api-user-assess.ts";
import { userFieldNames } from "./api-user-fields.ts";
import { lowerUser } from "./api-user-lower.ts";
import { userOperations } from "./api-user-operations.ts";
import { settingsOf } from "./customer-key.ts";
import { handOf, type IpressoKind } from "./kind.ts";
import type { LabelsOfIpresso } from "./labels.ts";
import { groupKind, userKind } from "./membership.ts";

/** API users. What the list of users does not show stands on their forms. */
export function apiUser(labels: LabelsOfIpresso): IpressoKind {
  return {
    name: userKind,
    hand: handOf,
    needs: (resource, world) => {
      const groups = textsIn(resource.attributes.groups).flatMap((name) => {
        return world.desiredByIdentity(groupKind, name)?.address ?? [];
      });
      // A proof needs the key that the settings deliver.
      const settings = resource.attributes.password === undefined ? undefined : settingsOf(world);
      return [...groups, ...(settings?.deliverTo === undefined ? [] : [settings.address])];
    },
    list: (reader) => listingOf(async () => (await reader.rows("users")).map((row) => userInRow(reader, row))),
    details: { attributes: userFieldNames, read: userInFull },

    assess: assessUser,
    widens,
    lower: lowerUser,
    protects: protectsUser,
    inspect: (view) => inspectDraft({ login: view.recorded?.id ?? "" }),
    operations: userOperations(labels),
    probe: {
      secret: passwordSecret,
      harmless: false,
      ask: (reader, entry, password) => reader.authenticate(entry.id, password),
      advice: (address, { detail = "" }) => {
        const look = detail === "" ? "look at the user at the console first" : "look at it at the console first";
        return `${look}; only then --replace ${address}, which sets another password`;
      },
    },
  };
}

/** Repairing drift from everywhere to some addresses takes access away; any other new address gives some (law 11). */
function widens(_view: View, { path, before }: AttributeChange): boolean | undefined {
  return path === "allowed_addresses" && isEverywhere(before) ? false : undefined;
}

/** Whether API users may sign in at the console is not documented: the one that Steward signs in as stays as it is (IPR-27). */
function protectsUser(view: View, { action, attributes }: Verdict): string | undefined {
  const { me } = view.facts;
  const username = typeof me === "object" && me !== null && !Array.isArray(me) ? me.username : undefined;
  const { actual } = view;
  if (typeof username !== "string" || !actual) return undefined;
  const names = [actual.id, String(actual.attributes.email ?? "")].map((name) => name.toLowerCase());
  if (!names.includes(username.toLowerCase())) return undefined;
  const isCut = action === "delete" || attributes.some(({ path }) => path === "login" || path === passwordSecret);
  return isCut ? `${actual.id} bears the name of the account that Steward signs in with` : undefined;
}
