import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Act, ListRow } from "../../screen.ts";
import type { ConsoleDescription, ConsoleView } from "../console.ts";
import { bookOf, type LabelBook, type LabelsOf } from "../labels.ts";
import type { MomentusLabel } from "./labels.ts";
import { connectUrl } from "./screens.ts";
import { openApps } from "./screens-app-approval.ts";

type SeenLabels = LabelBook<string>;

/** The screens of Enterprise and of Momentus Connect, for a browser. */
export function momentusConsole(
  labels: LabelsOf<MomentusLabel>,
  all: ConsoleDescription["labels"],
): ConsoleDescription {
  return {
    signIn: (system) => {
      const label = labels(system);
      return { userName: label("userName"), password: label("password"), button: label("signIn") };
    },
    origins: (system) => [...new Set([system.url, connectUrl(system)].map((url) => new URL(url).origin))],
    labels: all,
    pages: (system) => {
      const label = bookOf(all(system));
      return [...enterprisePages(label, system), ...connectPages(label, system)];
    },
  };
}

function enterprisePages(label: SeenLabels, { url, settings }: SystemConfig): ConsoleView[] {
  // Support users alone see these two (MOM-02).
  const special = [label("internal"), label("licenseSpecialAccess")];
  const isSupport = settings.console_rights === "support";
  const form = isSupport ? [...formLabels(label), ...special] : formLabels(label);
  const perhaps = isSupport ? [] : special;
  const toList: Act[] = [{ act: "go", path: [label("mainMenu"), label("apiUsers")] }];
  const open = ({ header }: ListRow): Act[] => [{ act: "open", row: header }];
  return [
    {
      ...{ name: "Main Menu", url, acts: [] },
      shows: [label("mainMenu"), label("apiUsers"), label("momentusConnect"), label("about"), label("signOut")],
    },
    {
      ...{ name: "About", url, acts: [{ act: "go", path: [label("mainMenu"), label("about")] }] },
      shows: [label("environmentUrl"), label("serialNumber")],
    },
    {
      ...{ name: "API Users", url, acts: toList, shows: [label("search"), label("add")] },
      perhaps: [label("previous"), label("next")],
      first: {
        acts: open,
        shows: [...form, label("secret"), label("keys"), label("tools"), label("general")],
        perhaps,
      },
    },
    {
      // An empty form; nothing is made before it is saved.
      ...{ name: "Add API User", url, acts: [...toList, { act: "press", button: label("add") }] },
      ...{ shows: [label("addApiUser"), ...form], perhaps },
    },
    {
      ...{ name: "Keys of an API user", url, acts: toList, shows: [] },
      first: {
        acts: (row) => [...open(row), { act: "go", path: [label("keys")] }],
        shows: [label("keyColumn"), label("add")],
      },
    },
    {
      // The menu is opened and nothing in it is pressed: whether the product asks before it renews a Secret is not documented.
      ...{ name: "Tools of an API user", url, acts: toList, shows: [] },
      first: {
        acts: (row) => [...open(row), { act: "press", button: label("tools") }],
        shows: [label("copySecret"), label("regenerateSecret")],
      },
    },
  ];
}

/** What everybody sees of the form of an API user, saved or new. */
function formLabels(label: SeenLabels) {
  const fields = ["displayName", "id", "description", "organization", "enforceAccessPrivileges"] as const;
  const boxes = ["allowProxyUser", "retire", "ok", "cancel"] as const;
  return [...fields, ...boxes].map((key) => label(key));
}

function connectPages(label: SeenLabels, system: SystemConfig): ConsoleView[] {
  const url = connectUrl(system);
  const toApps = openApps(label, system);
  const toDashboard = toApps.slice(
    0,
    toApps.findIndex(({ act }) => act === "go"),
  );
  const chooseTenant = toApps.slice(toDashboard.length + 1);
  const isOf =
    (...words: MomentusLabel[]) =>
    ({ cells }: ListRow): boolean =>
      words.some((word) => cells[label("status").text] === label(word).text);
  return [
    {
      ...{ name: "Customers Page", url, acts: [] },
      shows: [label("customersPage"), label("customer"), label("search"), label("marketplace")],
    },
    {
      ...{ name: "Customer Dashboard", url, acts: toDashboard },
      shows: [label("customerDashboard"), label("users"), label("apps"), label("name")],
    },
    {
      ...{ name: "Apps of a customer", url, acts: toApps },
      shows: [label("customerDashboard"), label("apps"), label("tenant"), label("requested"), label("approved")],
      perhaps: [label("show"), label("active"), label("disabled"), label("deleted")],
      first: { acts: () => [], shows: [label("app"), label("status"), label("actions")] },
    },
    {
      ...{ name: "A requested app", url, acts: toApps, shows: [] },
      first: { isMeant: isOf("requested"), acts: () => [], shows: [label("approve"), label("decline")] },
    },
    {
      ...{ name: "Configuration of an app", url, acts: toApps, shows: [] },
      first: {
        isMeant: isOf("approved", "active"),
        acts: ({ header }) => [{ act: "press", button: label("configuration"), row: header }],
        shows: [],
        // Each app has screens of its own.
        perhaps: [label("integrationName"), label("save")],
      },
    },
    {
      ...{ name: "Options of an app", url, acts: toApps, shows: [] },
      first: {
        isMeant: isOf("approved", "active", "disabled"),
        acts: ({ header }) => [{ act: "press", button: label("moreOptions"), row: header }],
        ...{ shows: [label("remove")], perhaps: [label("disable"), label("enable")] },
      },
    },
    {
      ...{ name: "Marketplace", url, acts: [{ act: "go", path: [label("marketplace")] }, ...chooseTenant] },
      ...{ shows: [label("tenant")], perhaps: [label("request")] },
    },
  ];
}
