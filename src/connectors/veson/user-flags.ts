import type { Actual } from "../../resource.ts";
import type { Stray } from "../connector.ts";
import { isSecurityAdmin, type Seen } from "./seen.ts";

/** Flags that are not declared, because every system user has them alike. */

/** External Access Only is set on each (VES-05), and none is ever made a Security Admin, by a group either (VES-01). */
export function strayFlags({ attributes }: Actual, objects: (kind: string) => readonly Actual[]): Stray[] {
  const admin = adminBy(attributes, objects);
  return [
    ...(attributes.external_access_only === false
      ? [{ path: "external_access_only", recorded: true, actual: false }]
      : []),
    ...(admin === undefined
      ? []
      : [{ path: "security_admin", recorded: false, actual: admin, notice: adminNotice(admin) }]),
  ];
}

/** Steward takes nothing away that it did not give. */
function adminNotice(admin: true | string): string {
  const how =
    admin === true ? "by itself: clear Security Admin on its panel" : `${admin}: take it out of there on its panel`;
  return `somebody made it a Security Admin, ${how}; who signs in as it could change every user (VES-01)`;
}

/** True where the user is one by itself, the groups that make it one in words, undefined where none was seen. */
function adminBy(user: Seen, objects: (kind: string) => readonly Actual[]): true | string | undefined {
  const groups = objects("veson_group").map(({ attributes }) => attributes);
  if (user.security_admin === true) return true;
  const own = groups.filter((group) => isSecurityAdmin({ ...user, security_admin: false }, [group]) === true);
  return own.length > 0 ? `by ${own.map((group) => `the group ${String(group.group_name)}`).join(", ")}` : undefined;
}
