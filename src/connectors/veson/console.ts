import type { SystemConfig } from "../../manifest/manifest.ts";
import type { ConsoleDescription, ConsoleView } from "../connector.ts";
import type { LabelsOf } from "../labels.ts";
import type { VesonLabel } from "./labels.ts";
import { goToList, wholeList } from "./screens.ts";

/** The console of the platform, for a browser. How one signs in is not documented. */
export function vesonConsole(labels: LabelsOf<VesonLabel>, all: ConsoleDescription["labels"]): ConsoleDescription {
  return {
    signIn: (system) => {
      const label = labels(system);
      return {
        userName: label("signInUserName"),
        password: label("signInPassword"),
        button: label("signIn"),
        code: { field: label("signInCode"), button: label("verify") },
      };
    },
    origins: ({ url }) => [new URL(url).origin],
    labels: all,
    pages: (system) => pages(labels, system),
  };
}

function pages(labels: LabelsOf<VesonLabel>, system: SystemConfig): ConsoleView[] {
  const label = labels(system);
  return [
    {
      name: "Security List",
      url: system.url,
      acts: wholeList(label, system.url).acts,
      shows: (["mainMenu", "security", "search", "status", "type", "name", "add"] as const).map(label),
    },
    {
      name: "New User",
      url: system.url,
      acts: [goToList(label), { act: "go", path: [label("add"), label("newUser")] }],
      shows: (["userDetails", "userName", "fullName", "password", "newPasswordConfirm", "inactive"] as const).map(
        label,
      ),
    },
    {
      name: "Voyage Reporting Security",
      url: system.url,
      acts: [{ act: "go", path: [label("mainMenu"), label("voyageReportingSecurity")] }],
      shows: (["voyageSecurity", "addVeslinkUser"] as const).map(label),
    },
  ];
}
