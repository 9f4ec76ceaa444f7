import type { ConsoleDescription } from "../console.ts";
import type { LabelsOf } from "../labels.ts";
import { vesonPages } from "./console-pages.ts";
import type { VesonLabel } from "./labels.ts";

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
    pages: (system) => vesonPages(all(system), labels(system), system),
  };
}
