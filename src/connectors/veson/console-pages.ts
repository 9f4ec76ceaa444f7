import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Act, Label, ListRow } from "../../screen.ts";
import type { ConsoleView } from "../console.ts";
import { bookOf } from "../labels.ts";
import type { VesonLabels } from "./labels.ts";
import { goToList, wholeList } from "./screens.ts";
import { goToRights } from "./screens-user.ts";

/**
 * The pages that `console check` walks through. Panels are opened and left: nothing counts there before Save, which is not
 * pressed (IMOS - Creating a System User). A panel on which a token shows is not opened: it may show only once (VES-14).
 */
export function vesonPages(all: readonly Label[], label: VesonLabels, { url }: SystemConfig): ConsoleView[] {
  const seen = bookOf(all);
  const many = (...keys: string[]): Label[] => keys.map(seen);
  return [
    {
      ...{ name: "Main menu", url, acts: [{ act: "go", path: [label("mainMenu")] }] },
      shows: many("mainMenu", "signOut", "dataCenter", "security"),
      // Voyage Reporting Security is for whoever administers the company account.
      perhaps: many("operations", "setup", "about"),
    },
    {
      ...{ name: "About", url, isOptional: true, acts: [{ act: "go", path: many("mainMenu", "about") }] },
      shows: many("licenseLimit"),
    },
    ...listPages(many, label, url),
    ...panelPages(many, label, url),
    ...voyagePages(many, url),
  ];
}

type Many = (...keys: string[]) => Label[];

function listPages(many: Many, label: VesonLabels, url: string): ConsoleView[] {
  const { acts } = wholeList(label, url);
  const turn: Act = { act: "press", button: label("next"), optional: true };
  const report: Act = { act: "press", button: many("report")[0] as Label };
  return [
    {
      ...{ name: "Security List", url, acts },
      shows: many("securityList", "search", "status", "type", "name", "add", "report"),
      // The options of a field are not seen before it is open.
      perhaps: many("all", "active", "yes", "no", "next"),
    },
    { name: "Security List, its second page", url, acts: [...acts, turn], shows: [], perhaps: many("previous") },
    { name: "Report", url, isOptional: true, acts: [goToList(label), report], shows: many("userGroupReport") },
  ];
}

const flags = ["inactive", "securityAdmin", "authenticationOnly"] as const;
const userFields = ["userDetails", "userName", "fullName", "initials", "email", "phone", "readOnly"] as const;
const userParts = ["externalAccessOnly", "authentication", "groupMembership", "veslinkApi"] as const;
const panelParts = ["profile", "accessRights", "save", "close"] as const;
const rightBoxes = ["veslinkModule", "networkingModule", "apiRead", "apiWrite", "apiImosMessage"] as const;
const rightMenus = ["rightsOfApiRead", "rightsOfApiWrite", "rightsOfApiImosMessage"] as const;
const rightWords = ["rightDelete", "rightWrite", "rightRead", "rightDenied", "rightNone"] as const;

function panelPages(many: Many, label: VesonLabels, url: string): ConsoleView[] {
  const { acts } = wholeList(label, url);
  const open = ({ header }: ListRow): Act => ({ act: "open", row: header });
  // A list that has no column for it does not say that somebody has none.
  const isMeant = ({ cells }: ListRow): boolean =>
    cells[label("type").text] !== label("group").text && cells[label("apiToken").text] === label("no").text;
  const whyNone = `no row says in a column ${label("apiToken").text} that a user has none, and a token may show only once (VES-14)`;
  const menu: Act = {
    ...{ act: "press", button: label("rightsOfApiRead"), row: label("apiRead").text },
    optional: true,
  };
  return [
    {
      ...{ name: "New User", url, acts: [goToList(label), { act: "go", path: many("add", "newUser") }] },
      shows: [
        ...many("user", ...panelParts, ...userFields, ...flags, ...userParts),
        ...many("password", "newPasswordConfirm", "requestToken"),
      ],
    },
    {
      ...{ name: "New Group", url, acts: [goToList(label), { act: "go", path: many("add", "newGroup") }] },
      shows: many("group", "groupDetails", "groupName", "description", "members", ...flags),
    },
    {
      ...{ name: "Panel of a user", url, acts, shows: [] },
      first: {
        isMeant,
        whyNone,
        acts: (row) => [open(row), { act: "press", button: label("changePassword"), optional: true }],
        shows: many("user", "userDetails"),
        // For users with IMOS Authentication.
        perhaps: many("changePassword", "newPassword", "confirm"),
      },
    },
    {
      ...{ name: "Access Rights of a user", url, acts, shows: [] },
      first: {
        isMeant,
        whyNone,
        acts: (row) => [open(row), goToRights(label), menu],
        shows: many("moduleRights", "objectRights", "veslinkModule"),
        // The API permissions may come late (VES-13), and what a right says depends on the user.
        perhaps: many(...rightBoxes, ...rightMenus, ...rightWords, "rightMixed"),
      },
    },
  ];
}

function voyagePages(many: Many, url: string): ConsoleView[] {
  const toList: Act = { act: "go", path: many("mainMenu", "voyageReportingSecurity") };
  return [
    {
      ...{ name: "Voyage Reporting Security", url, acts: [toList] },
      shows: many("voyageSecurity", "addVeslinkUser", "authType"),
    },
    {
      ...{ name: "A new Veslink user", url, acts: [toList, { act: "go", path: many("addVeslinkUser") }] },
      shows: many("userInformationPage", "userInformation", "permissions", "userName", "password", "save"),
    },
    {
      ...{ name: "Permissions of a Veslink user", url, acts: [toList], shows: [] },
      first: {
        acts: ({ header }) => [
          { act: "open", row: header },
          { act: "go", path: many("permissions") },
        ],
        shows: many("permissionsPage", "generalPermissions", "administerCompany", "vesselAccess"),
        perhaps: many("viewApiPermissions", "restrictVesselAccess", "hasAccess"),
      },
    },
  ];
}
