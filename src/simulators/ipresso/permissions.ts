/** What a group of API users may be allowed: an operation type and an area of the API. */

/** GET downloads, POST uploads, PUT edits, DELETE deletes (in the page API Users Groups). */
export const verbs = ["GET", "POST", "PUT", "DELETE"] as const;
export type Verb = (typeof verbs)[number];

/** The first part of the paths that the vendor's public client calls, and with which verbs it does. */
const calledWith = {
  action: verbs,
  activity: verbs,
  agreement: verbs,
  anonymous: ["POST"],
  attribute: verbs,
  campaign: ["POST"],
  category: verbs,
  contact: verbs,
  origin: ["GET"],
  scenario: ["POST"],
  segmentation: ["POST", "DELETE"],
  tag: verbs,
  type: ["GET", "POST"],
  www: ["GET", "POST", "DELETE"],
} as const satisfies Readonly<Record<string, readonly Verb[]>>;

export type Area = keyof typeof calledWith;
export type Permission = `${Verb} ${Area}`;

export const areas = Object.keys(calledWith) as Area[];

/** The areas that a verb can be allowed for. That permissions are named after them is assumed: no document prints their names. */
export function areasOf(verb: Verb): Area[] {
  return areas.filter((area) => (calledWith[area] as readonly Verb[]).includes(verb));
}

/** All that can be allowed, by operation type. */
export const everyPermission: readonly Permission[] = verbs.flatMap((verb) =>
  areasOf(verb).map((area): Permission => `${verb} ${area}`),
);

/** The area that a path begins with, if there is one. */
export function areaNamed(name: string): Area | undefined {
  return areas.find((area) => area === name);
}

/** The permission that a call needs, or undefined where the client makes no such call. */
export function permissionFor(verb: string, area: Area): Permission | undefined {
  return everyPermission.find((permission) => permission === `${verb} ${area}`);
}
