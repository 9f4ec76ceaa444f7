import type { SystemConfig } from "../../manifest/manifest.ts";
import type { ConsoleDescription, ConsoleView } from "../connector.ts";
import type { LabelsOf } from "../labels.ts";
import type { MomentusLabel } from "./labels.ts";
import { connectUrl } from "./screens.ts";
import { openApps } from "./screens-app-approval.ts";

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
    pages: (system) => pages(labels, system),
  };
}

function pages(labels: LabelsOf<MomentusLabel>, system: SystemConfig): ConsoleView[] {
  const label = labels(system);
  return [
    {
      name: "API Users",
      url: system.url,
      acts: [{ act: "go", path: [label("mainMenu"), label("apiUsers")] }],
      shows: [label("mainMenu"), label("apiUsers"), label("search"), label("add")],
    },
    {
      name: "Apps of a customer",
      url: connectUrl(system),
      acts: openApps(label, system),
      shows: [label("customerDashboard"), label("apps"), label("tenant"), label("requested"), label("approved")],
    },
  ];
}
