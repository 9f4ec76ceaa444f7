import { assert } from "../../diagnostic.ts";
import type { Actual } from "../../resource.ts";
import type { Listing, Verdict, View } from "../connector.ts";
import { consoleHand } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { assessApiUser, isAnyOrganization } from "./api-user-assess.ts";
import { lowerApiUser } from "./api-user-lower.ts";
import { apiUserOperations } from "./api-user-operations.ts";
import { isMocoServ } from "./api-user-settings.ts";
import { detailed, type MomentusConsole } from "./console-reader.ts";
import { bundleProbe } from "./delivery.ts";
import { inspectUser, inspectUserOperation } from "./inspect.ts";
import { consoleListing, type MomentusKind } from "./kind.ts";
import type { MomentusLabel } from "./labels.ts";
import type { MomentusReader } from "./reader.ts";
import { meOf } from "./rows.ts";
import { sameId } from "./wire.ts";

const name = "momentus_api_user";

/** API users. No public API knows them: people or a browser look, make and change, and tell. */
export function apiUser(labels: LabelsOf<MomentusLabel>): MomentusKind {
  return {
    name,
    retiredBy: "retired",
    hand: consoleHand,
    list: (reader, used) => consoleListing(reader, used, [name, "momentus_api_key"], listUsers),
    details: { attributes: detailed, read: readUser },
    assess: assessApiUser,
    lower: lowerApiUser,
    protects: protectsApiUser,
    inspect: inspectUser,
    widens: (view, drift) => (isAnyOrganization(view, drift) ? false : undefined),
    operations: { ...apiUserOperations(labels), inspect: inspectUserOperation(labels) },
    probe: bundleProbe("renews its Secret and breaks every Key of it"),
  };
}

/** Who is not shown internal users cannot say that one is absent (MOM-02). */
async function listUsers(console: MomentusConsole): Promise<Listing> {
  const objects = await console.users();
  if (console.seesAll) return { objects, complete: true };
  return { objects, complete: false, because: "internal API users are hidden from customers (MOM-02)" };
}

async function readUser({ console }: MomentusReader, { id, attributes }: Actual): Promise<Actual | undefined> {
  assert(console, "details are read where the list was read");
  return console.user(id, isMocoServ(id) || attributes.internal === true);
}

/** Whoever retires the API user that it runs as, or renews its Secret, locks itself out. */
function protectsApiUser(view: View, verdict: Verdict): string | undefined {
  const me = meOf(view.facts);
  if (!view.actual || me === undefined || !sameId(me, view.actual.id)) return undefined;
  const retires = verdict.attributes.some(({ path, after }) => path === "retired" && after === true);
  const isCut = retires || verdict.action === "delete" || verdict.action === "replace";
  return isCut ? `${me} is the API user that Steward runs as` : undefined;
}
