import type { LabelBook, LabelsOf } from "../labels.ts";

/** Controls that the screens name; the words stand in schemas/ipresso/labels.json. */
export type IpressoLabel =
  | "signIn"
  | "userName"
  | "signInPassword"
  | "signInCode"
  | "verify"
  | "modules"
  | "system"
  | "systemAccesses"
  | "apiUsersSection"
  | "apiUsers"
  | "userGroups"
  | "settings"
  | "apiKey"
  | "validity"
  | "differentToken"
  | "yes"
  | "no"
  | "save"
  | "next"
  | "addUser"
  | "login"
  | "password"
  | "name"
  | "surname"
  | "email"
  | "groupsOfUser"
  | "allowedAddresses"
  | "loginColumn"
  | "nameColumn"
  | "surnameColumn"
  | "emailColumn"
  | "groupsColumn"
  | "addressesColumn"
  | "moreOptions"
  | "editUser"
  | "deleteUser"
  | "deleteUserHeading"
  | "confirm"
  | "addGroup"
  | "groupName"
  | "permissions"
  | Lowercase<Verb>
  | Area
  | "groupNameColumn"
  | "usersColumn"
  | "editGroup"
  | "deleteGroup"
  | "deleteGroupHeading";

/** Types of operations of the API (IPR-13). */
export const verbs = ["GET", "POST", "PUT", "DELETE"] as const;
type Verb = (typeof verbs)[number];

/** Accesses that the public client calls; their names on the form are assumed. Others may be there (IPR-13). */
export const areas = [
  "action",
  "activity",
  "agreement",
  "anonymous",
  "attribute",
  "campaign",
  "category",
  "contact",
  "origin",
  "scenario",
  "segmentation",
  "tag",
  "type",
  "www",
] as const;
type Area = (typeof areas)[number];

/** The labels of one system. */
export type IpressoLabels = LabelBook<IpressoLabel>;
/** The labels by system. */
export type LabelsOfIpresso = LabelsOf<IpressoLabel>;
