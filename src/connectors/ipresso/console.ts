import type { SystemConfig } from "../../manifest/manifest.ts";
import type { ConsoleDescription, ConsoleView } from "../connector.ts";
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

/** The forms of what is new are opened and left: nothing is saved there. */
function pages(label: IpressoLabels, system: SystemConfig): ConsoleView[] {
  const { url } = system;
  const list = (way: ConsoleView["acts"][number]): Pick<ConsoleView, "url" | "acts"> => ({ url, acts: [way] });
  return [
    {
      name: "API Users",
      ...list(toUsers(label)),
      shows: [label("loginColumn"), label("addUser"), label("userGroups")],
    },
    { name: "User groups", ...list(toGroups(label)), shows: [label("groupNameColumn"), label("addGroup")] },
    {
      name: "API Users - Settings",
      url,
      acts: toSettings(label, system),
      shows: [label("apiKey"), label("validity"), slider(label), label("save")],
    },
  ];
}
