import type { CommandEntry } from "./command.ts";

const begin = "Begin:";
const everyDay = "Every day:";
const people = "Steps of people:";
const secretsAndState = "Secrets and state:";
const pullRequests = "Pull requests and reports:";
const lookAndTry = "Look up and try out:";

/** Every command, in the order of the help. A command's own file is loaded only when it is called. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: "init",
    group: begin,
    summary: "write a starter manifest, a key pair and .gitignore",
    load: async () => (await import("./init.ts")).addInit,
  },
  {
    name: "trust",
    group: begin,
    summary: "pin where credentials and secrets may go",
    load: async () => (await import("./trust.ts")).addTrust,
  },
  {
    name: "doctor",
    group: begin,
    summary: "check credentials, privileges, clock, sinks and state",
    load: async () => (await import("./doctor.ts")).addDoctor,
  },
  {
    name: "dump",
    group: begin,
    summary: "write what exists on a system as a manifest",
    load: async () => (await import("./dump.ts")).addDump,
  },
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
    name: "tokens",
    group: everyDay,
    summary: "show every token: its state, expiry and next rotation",
    load: async () => (await import("./tokens.ts")).addTokens,
  },
  {
    name: "destroy",
    group: everyDay,
    summary: "remove everything that is recorded",
    load: async () => (await import("./destroy.ts")).addDestroy,
  },
  {
    name: "status",
    group: people,
    summary: "show what waits for a person, and what is borrowed",
    load: async () => (await import("./status.ts")).addStatus,
  },
  {
    name: "do",
    group: people,
    summary: "do a step that waits for you: instruction, secrets, results",
    load: async () => (await import("./do.ts")).addDo,
  },
  {
    name: "confirm",
    group: people,
    summary: "say how a person's step ended, without a terminal",
    load: async () => (await import("./confirm.ts")).addConfirm,
  },
  {
    name: "console",
    group: people,
    summary: "sign in to an admin console, compare its words with ours",
    load: async () => (await import("./console.ts")).addConsole,
  },
  {
    name: "secret",
    group: secretsAndState,
    summary: "take a secret out of its sink, for a terminal or one program",
    load: async () => (await import("./secret.ts")).addSecret,
  },
  {
    name: "state",
    group: secretsAndState,
    summary: "look into the state, take a lock away",
    load: async () => (await import("./state.ts")).addState,
  },
  {
    name: "import",
    group: secretsAndState,
    summary: "record an object that exists already",
    load: async () => (await import("./import.ts")).addImport,
  },
  {
    name: "forget",
    group: secretsAndState,
    summary: "take resources out of the state, leave them on their systems",
    load: async () => (await import("./forget.ts")).addForget,
  },
  {
    name: "recover",
    group: secretsAndState,
    summary: "settle and close what an unfinished run left",
    load: async () => (await import("./recover.ts")).addRecover,
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
    name: "graph",
    group: pullRequests,
    summary: "show which resource needs which",
    load: async () => (await import("./graph.ts")).addGraph,
  },
  {
    name: "kinds",
    group: lookAndTry,
    summary: "list the kinds of resources, and the attributes of one",
    load: async () => (await import("./kinds.ts")).addKinds,
  },
  {
    name: "schema",
    group: lookAndTry,
    summary: "print the schema of the manifest, or of our Terraform providers",
    load: async () => (await import("./schema.ts")).addSchema,
  },
  {
    name: "terraform",
    group: lookAndTry,
    summary: "install our Terraform providers",
    load: async () => (await import("./terraform.ts")).addTerraform,
  },
  {
    name: "demo",
    group: lookAndTry,
    summary: "the whole job in a minute, against a simulated orchestrator",
    load: async () => (await import("./demo.ts")).addDemo,
  },
  {
    name: "simulate",
    group: lookAndTry,
    summary: "run simulated systems on this machine",
    load: async () => (await import("./simulate.ts")).addSimulate,
  },
  {
    name: "completion",
    group: lookAndTry,
    summary: "print a completion script for bash, zsh or fish",
    load: async () => (await import("./completion.ts")).addCompletion,
  },
];
