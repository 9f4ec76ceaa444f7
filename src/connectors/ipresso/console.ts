import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Act, Label } from "../../screen.ts";
import type { ConsoleDescription, ConsoleView } from "../connector.ts";
import { waysOf } from "./console-ways.ts";
import type { IpressoLabels, LabelsOfIpresso } from "./labels.ts";
import { toGroups, toUsers } from "./screens.ts";
import { slider, toSettings } from "./screens-look.ts";

/** The console of a panel, for a browser. */
export function ipressoConsole(labels: LabelsOfIpresso, all: ConsoleDescription["labels"]): ConsoleDescription {
  return {
    signIn: (system) => {
      const label = labels(system);
      return {
        ...{ userName: label("userName"), password: label("signInPassword"), button: label("signIn") },
        code: { field: label("signInCode"), button: label("verify") },
      };
    },
    origins: ({ url }) => [new URL(url).origin],
    labels: all,
    pages: (system) => pages(labels(system), system),
  };
}

/** The lists, the settings, and the forms of what is new, which are looked at and left: nothing is saved there. */
function pages(label: IpressoLabels, system: SystemConfig): ConsoleView[] {
  const { url } = system;
  const several = waysOf(system).groups === "several";
  const groups = several ? { ...label("groupsOfUser"), role: "group" } : label("groupsOfUser");
  const text = (["login", "password", "name", "surname", "email", "allowedAddresses", "save"] as const).map(label);
  return [
    {
      ...{ name: "API Users", url, acts: [toUsers(label)] },
      shows: [label("loginColumn"), label("addUser"), label("userGroups")],
    },
    { name: "Add an API user", url, acts: [toUsers(label), onTo(label("addUser"))], shows: [...text, groups] },
    { name: "User groups", url, acts: [toGroups(label)], shows: [label("groupNameColumn"), label("addGroup")] },
    {
      ...{ name: "Add a user group", url, acts: [toGroups(label), onTo(label("addGroup"))] },
      shows: [label("groupName"), label("permissions"), label("save")],
    },
    {
      ...{ name: "API Users - Settings", url, acts: toSettings(label, system) },
      shows: [label("apiKey"), label("validity"), slider(label), label("save")],
    },
  ];
}

const onTo = (control: Label): Act => ({ act: "go", path: [control] });
