import type { ConsoleDescription } from "../console.ts";
import { ipressoPages } from "./console-pages.ts";
import type { LabelsOfIpresso } from "./labels.ts";

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
    pages: (system) => ipressoPages(all(system), labels(system), system),
  };
}
