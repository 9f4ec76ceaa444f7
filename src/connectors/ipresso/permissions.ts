import type { Label } from "../../screen.ts";
import { areas, type IpressoLabels, verbs } from "./labels.ts";

/** A permission is written as the type of the operation and the access, `GET contact`, and has a check box of that name (IPR-13). */

/** The check box of a permission. An access that no list of ours has is called as it is written. */
export function boxOf(label: IpressoLabels, permission: string): Label {
  const [type = "", access = ""] = partsOf(permission);
  const verb = verbs.find((known) => known === type);
  const area = areas.find((known) => known === access);
  const known = area && label(area);
  const text = `${verb ? label(lower(verb)).text : type} ${known?.text ?? access}`;
  return { key: known?.key ?? "permissions", text, role: "checkbox", mark: "assumed" };
}

/** The permissions of check boxes, by their names on the screen. */
export function permissionsNamed(label: IpressoLabels, names: readonly string[]): string[] {
  const permissions = names.map((name) => {
    const verb = verbs.find((known) => name.startsWith(`${label(lower(known)).text} `));
    if (!verb) return name;
    const access = name.slice(label(lower(verb)).text.length + 1);
    return `${verb} ${areas.find((known) => label(known).text === access) ?? access}`;
  });
  return permissions.sort();
}

const lower = (verb: (typeof verbs)[number]) => verb.toLowerCase() as Lowercase<typeof verb>;

function partsOf(permission: string): [string, string] {
  const blank = permission.indexOf(" ");
  return [permission.slice(0, blank), permission.slice(blank + 1)];
}
