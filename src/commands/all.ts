import type { CommandEntry } from "./command.ts";

const everyDay = "Every day:";

/** Every command, in the order of the help. A command's own file is loaded only when it is called. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: "validate",
    group: everyDay,
    summary: "check the manifest; reads nothing from any system",
    load: async () => (await import("./validate.ts")).addValidate,
  },
  {
    name: "plan",
    group: everyDay,
    summary: "show what apply would do; writes nothing",
    load: async () => (await import("./plan.ts")).addPlan,
  },
];
