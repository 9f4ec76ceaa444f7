import type { CommandEntry } from "./command.ts";

const everyDay = "Every day:";
const trustAndState = "Trust and state:";
const pullRequests = "Pull requests and reports:";

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
  {
    name: "apply",
    group: everyDay,
    summary: "carry out a plan file, or plan, ask and carry out",
    load: async () => (await import("./apply.ts")).addApply,
  },
  {
    name: "drift",
    group: everyDay,
    summary: "show what was changed outside Steward, and which credentials work",
    load: async () => (await import("./drift.ts")).addDrift,
  },
  {
    name: "destroy",
    group: everyDay,
    summary: "remove everything that is recorded",
    load: async () => (await import("./destroy.ts")).addDestroy,
  },
  {
    name: "show",
    group: pullRequests,
    summary: "print a plan file as text, markdown or JSON",
    load: async () => (await import("./show.ts")).addShow,
  },
  {
    name: "refresh",
    group: pullRequests,
    summary: "keep what the systems hold, to plan without credentials",
    load: async () => (await import("./refresh.ts")).addRefresh,
  },
  {
    name: "trust",
    group: trustAndState,
    summary: "pin where credentials and secrets may go",
    load: async () => (await import("./trust.ts")).addTrust,
  },
  {
    name: "import",
    group: trustAndState,
    summary: "record an object that exists already",
    load: async () => (await import("./import.ts")).addImport,
  },
  {
    name: "forget",
    group: trustAndState,
    summary: "take resources out of the state, leave them on their systems",
    load: async () => (await import("./forget.ts")).addForget,
  },
  {
    name: "recover",
    group: trustAndState,
    summary: "settle and close what an unfinished run left",
    load: async () => (await import("./recover.ts")).addRecover,
  },
];
