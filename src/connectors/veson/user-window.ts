import { isRef, type Value } from "../../resource.ts";
import type { StepDraft, When } from "../../step.ts";
import type { View } from "../connector.ts";
import { lenderFor } from "./lending.ts";
import { licenseOf, sameName } from "./settings.ts";
import { byHand, nameOf, subjectOf } from "./user-drafts.ts";

/**
 * The window in which a user counts against the license limit, because only then can its rights be set (VES-07): a license
 * borrowed where none is free, the user let in, its rights, its token, External Access Only, and the license given back. The
 * order is that of the vendor's document.
 */

const anything = { is: "anything" } as const;
const nothing = { is: "nothing" } as const;
/** What its outcome tells, such as whether the user counts. */
export const asTold = { is: "updated", attributes: {} } as const;

/** What lets the user in: New User, or External Access Only taken off for a while. It takes a license, so it can be refused. */
export type Entrance = Pick<
  StepDraft,
  "operation" | "title" | "input" | "expects" | "records" | "delivers" | "promotes"
> & {
  when?: When;
  needs?: string[];
};

/** The whole window. `entrance` is absent for a user who counts already. */
export function windowDrafts(view: View, entrance: Entrance | undefined): StepDraft[] {
  const doors = entrance ? doorDrafts(view, entrance) : [];
  const made = entrance ? [entrance.operation, ...late(view, entrance.operation)] : [];
  return [...doors, ...rightsDrafts(view, made), ...closingDrafts(view, entrance?.operation, made)];
}

const late = (view: View, operation: string): string[] => (lends(view) ? [`${operation}:late`] : []);

/** Whether anybody can be asked for a license, by what is known now. A person is not refused by a page. */
function lends(view: View): boolean {
  return view.system.hand !== "person" && lenderFor(view, view.system.hand).name !== undefined;
}

function doorDrafts(view: View, entrance: Entrance): StepDraft[] {
  const { name: lender } = lenderFor(view, view.system.hand);
  const { operation, needs = [] } = entrance;
  const asks = lender !== undefined && (licenseOf(view.system).limit !== undefined || view.system.hand === "person");
  const enter = byHand(view, { ...entrance, needs: [...needs, ...(asks ? ["licenses", "park"] : [])] });
  if (lender === undefined) return [enter];
  const first = asks
    ? [
        licensesDraft(view, needs),
        parkDraft(view, lender, { when: { is: "full", of: "licenses" }, needs: ["licenses"] }),
      ]
    : [];
  if (!lends(view)) return [...first, enter];
  const refused: When = { is: "refused", of: operation };
  return [
    ...first,
    enter,
    parkDraft(view, lender, { qualifier: "late", when: refused, needs: [operation] }),
    byHand(view, { ...entrance, qualifier: "late", when: refused, needs: ["park:late"] }),
  ];
}

function licensesDraft(view: View, needs: string[]): StepDraft {
  const { limit } = licenseOf(view.system);
  return byHand(view, {
    operation: "licenses",
    title: limit === undefined ? "is a license free?" : `is one of the ${limit} licenses free?`,
    input: limit === undefined ? {} : { limit },
    expects: anything,
    records: nothing,
    asks: true,
    needs,
  });
}

/** Who is parked stands in the plan, so that it is in the log before anything is done to them. */
function parkDraft(view: View, lender: string, rest: Pick<StepDraft, "qualifier" | "when" | "needs">): StepDraft {
  return byHand(view, {
    operation: "park",
    title: `deactivate ${lender} for a while, to borrow the license`,
    input: { user_name: lender },
    expects: anything,
    records: nothing,
    loan: { name: "license", part: "take", from: lender },
    ...rest,
  });
}

/** Permissions may show late; a Veslink account makes them show (VES-13). Then they are granted and saved (VES-06). */
function rightsDrafts(view: View, made: string[]): StepDraft[] {
  const { api_permission: permission = "" } = view.desired ?? {};
  const shared = { expects: anything, input: subjectOf(view) };
  return [
    byHand(view, {
      ...shared,
      operation: "permissions",
      title: "do the Veslink API permissions show?",
      records: nothing,
      asks: true,
      needs: made,
    }),
    byHand(view, {
      ...shared,
      operation: "veslink",
      title: "create its Veslink account, so that they show",
      input: { ...subjectOf(view), ...passwordOf(view) },
      records: nothing,
      when: { is: "right-missing", of: "permissions" },
      needs: ["permissions"],
    }),
    byHand(view, {
      ...shared,
      operation: "rights",
      title: `grant the API permission ${String(permission)}`,
      input: { ...subjectOf(view), api_permission: permission },
      records: { is: "updated", attributes: { api_permission: permission } },
      needs: ["permissions", "veslink"],
    }),
  ];
}

/** The password again, from where it was kept or comes from: the Veslink account has the same. */
function passwordOf(view: View): Record<string, Value> {
  const { value, deliver_to: place } = (view.desired?.password ?? {}) as Record<string, Value>;
  if (value !== undefined) return { password: value };
  return typeof place === "string" ? { password: { $secret: { from: "sink", name: place } } } : {};
}

/**
 * Frees the license, and gives the borrowed one back, whatever became of the rest. External Access Only comes after the token of
 * a resource of its own (VES-11).
 */
function closingDrafts(view: View, entrance: string | undefined, made: string[]): StepDraft[] {
  const { name: lender } = lenderFor(view, view.system.hand);
  const user = subjectOf(view);
  const entered: Pick<StepDraft, "when"> = entrance === undefined ? {} : { when: { is: "borrowed", of: entrance } };
  const external = byHand(view, {
    operation: "external",
    title: `set External Access Only of ${nameOf(view)}, which frees its license`,
    input: { ...user, changes: { external_access_only: true } },
    expects: anything,
    records: asTold,
    always: true,
    ...entered,
    needs: [...made, "rights", ...tokenRequests(view)],
  });
  const inactive = byHand(view, {
    operation: "deactivate",
    title: `make ${nameOf(view)} inactive, which frees its license too`,
    input: { ...user, changes: { inactive: true } },
    expects: anything,
    // So that the next plan knows that it was us, and gives it back unasked.
    records: { is: "updated", attributes: { inactive: true } },
    always: true,
    when: { is: "failed", of: "external" },
    needs: ["external"],
  });
  const isLent = lender !== undefined && entrance !== undefined;
  return [external, inactive, ...(isLent ? [unparkDraft(view, lender, made)] : [])];
}

function unparkDraft(view: View, lender: string, made: string[]): StepDraft {
  const asks = licenseOf(view.system).limit !== undefined || view.system.hand === "person";
  const parks = [...(asks ? ["park"] : []), ...(lends(view) ? ["park:late"] : [])];
  return byHand(view, {
    operation: "unpark",
    title: `activate ${lender} again`,
    input: { user_name: lender },
    expects: anything,
    records: nothing,
    always: true,
    when: { is: "borrowed", of: parks[0] ?? "" },
    loan: { name: "license", part: "return", from: lender },
    needs: [...parks, ...made, "external", "deactivate"],
  });
}

/** The token is requested while its owner still counts. */
function tokenRequests(view: View): string[] {
  const tokens = view.world.declared("veson_api_token").filter(({ attributes: { owner } }) => {
    return isRef(owner) ? owner.$ref.address === view.address : sameName(owner, view.desired?.user_name);
  });
  return tokens.map(({ address }) => `${address}/request`);
}
