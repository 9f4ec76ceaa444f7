import type { Fault } from "../../diagnostic.ts";
import { notThereFault, type PageAddress, type SeenPage } from "../screen-fault.ts";
import type { Unsaid } from "../unsaid.ts";
import { type Element, textOf } from "./element.ts";
import { fieldRoles, nameOf, withRole } from "./page.ts";

/** What is said when a page of the form driver is not as expected. */

export interface Sought {
  /** A role, or `field` for whatever can be filled in. */
  role: string;
  name: string;
  /** The row or part that was searched; the whole page when absent. */
  within?: Element;
}

export interface PagePlace extends PageAddress {
  page: Element;
  unsaid?: Unsaid;
}

/** The Fault for a control that is not there, or that is there `count` times. Nothing was sent. */
export function notThere(
  { page, unsaid, ...address }: PagePlace,
  { role, name, within }: Sought,
  count: number,
): Fault {
  const clean = (text: string): string => unsaid?.clean(text) ?? text;
  const [heading] = withRole(page, "heading");
  const alerts = withRole(page, "alert")
    .map((element) => clean(textOf(element)))
    .filter((text) => text !== "");
  const [header] = within ? withRole(within, "rowheader") : [];
  const seen: SeenPage = { ...address, heading: heading && clean(textOf(heading)), alerts };
  const roles = role === "field" ? fieldRoles : [role];
  const names = roles.flatMap((one) => withRole(within ?? page, one)).map((element) => clean(nameOf(element)));
  return notThereFault(seen, { role, name, ...(header ? { row: nameOf(header) } : {}) }, count, names);
}
