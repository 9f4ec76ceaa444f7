import { exitCodes, Fault } from "../diagnostic.ts";
import { faultDescriptions, faultGrammar } from "../simulators/faults.ts";
import type { RunningSimulators, SimulateOptions, SimulatorsReady } from "../simulators/simulate.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { gather, parseCount } from "./shared-options.ts";

interface SimulateFlags {
  json?: true;
  portBase?: number;
  seed?: number;
  users?: number;
  latency?: number;
  fault?: string[];
  unlicensed?: true;
}

/** `steward simulate`. */
export const addSimulate: AddCommand = (command, run) => {
  command
    .description(
      "Starts a simulated VeloCloud Orchestrator, Momentus Enterprise, iPresso panel and Veson IMOS Platform on 127.0.0.1, with credentials to try Steward on. They hold everything in memory and run until Ctrl-C.",
    )
    .option("--json", "print one line of JSON when ready")
    .option("--port-base <port>", "listen on this port and those after it (default: any free ports)", parseCount)
    .option("--seed <n>", "equal seeds give equal users, roles, ids and tokens (default: 1)", parseCount)
    .option("--users <n>", "this many more users in each system", parseCount)
    .option("--latency <ms>", "wait this long before each answer", parseCount)
    .option("--fault <spec>", "let calls fail as said below; may be repeated", gather)
    .option("--unlicensed", "Momentus without the API module, which its licensing team adds when asked by mail")
    .addHelpText("after", faultHelp())
    .action(run<SimulateFlags, []>(simulate));
};

function faultHelp(): string {
  const lines = Object.entries(faultDescriptions).map(([name, text]) => `  ${name.padEnd(16)}  ${text}`);
  return `
Faults:  ${faultGrammar}
${lines.join("\n")}

Examples:
  steward simulate
  steward simulate --json --seed 7 --users 100
  steward simulate --unlicensed
  steward simulate --fault slow:enterprise/getEnterpriseUsers:3s --fault cut-after-commit:enterprise/createApiToken:1
  steward simulate --fault cut-after-commit:console/apiUsers/add:1 --fault 429:users/*:p=0.2
  steward simulate --fault cut-after-commit:console/groups/add:1

A fault counts in each system apart. Methods are those of the systems' APIs, and console/… the pages of Momentus, iPresso and Veson.`;
}

async function simulate(console: Console, options: SharedOptions & SimulateFlags): Promise<number> {
  const simulators = await start(options);
  try {
    const json = options.json || options.format === "json";
    console.write(json ? `${JSON.stringify(simulators.ready)}\n` : sayReady(simulators.ready));
    await untilStopped(console.stop);
  } finally {
    await simulators.close();
  }
  return exitCodes.done;
}

async function start({ portBase, seed, users, latency, fault, unlicensed }: SimulateFlags): Promise<RunningSimulators> {
  const options: SimulateOptions = {
    ...(portBase === undefined ? {} : { portBase }),
    ...(seed === undefined ? {} : { seed }),
    ...(users === undefined ? {} : { users }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(fault === undefined ? {} : { faults: fault }),
    ...(unlicensed ? { isUnlicensed: true } : {}),
  };
  const { startSimulators } = await import("../simulators/simulate.ts");
  try {
    return await startSimulators(options);
  } catch (error) {
    throw startProblem(error);
  }
}

function startProblem(error: unknown): unknown {
  const { code, message, port } = error as { code?: string; message?: string; port?: number };
  if (code === "EADDRINUSE" || code === "EACCES" || code === "ERR_SOCKET_BAD_PORT") {
    const why = code === "EADDRINUSE" ? "is taken" : code === "EACCES" ? "may not be used" : "is no port";
    const remedy = "choose another --port-base, or leave it out";
    return new Fault(`port ${port} of 127.0.0.1 ${why}`, { happened: "no", remedy });
  }
  return message?.startsWith("fault ") ? new WrongUsage(message) : error;
}

function untilStopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
}

/** Lines that a shell understands, one for each value. */
function exportLines(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `  export ${name}='${value}'\n`)
    .join("");
}

/** A system as a manifest says it, for production; the test environment differs in three lines. */
function momentusBlock({
  url,
  serial_number,
  console: site,
  customer,
  smtp_url,
  ...test
}: SimulatorsReady["momentus"]) {
  return `  momentus:
    url: ${url} # test: ${test.test_url}
    hand: person
    serial_number: "${serial_number}" # test: "${test.test_serial_number}"
    connect_url: ${site.url}
    customer: ${customer}
    tenant: prod # test: test
    license: { mail_from: iam@acme.example, smtp: "${smtp_url}" }
    credentials: # of production; only users and roles need them
      api_user_id: "\${env.MOMENTUS_API_USER_ID}"
      secret: "\${env.MOMENTUS_SECRET}"
      key: "\${env.MOMENTUS_KEY}"
`;
}

/** The panel as a manifest says it: a browser works at its console. */
function ipressoBlock({ url, console: site }: SimulatorsReady["ipresso"]): string {
  return `  ipresso:
    url: ${url}
    credentials: # of its console; the key of the installation is read there
      username: ${site.username}
      password: "\${env.IPRESSO_PASSWORD}"
`;
}

/** A browser works here too. */
function vesonBlock({ url, api_url, credentials, license }: SimulatorsReady["veson"]): string {
  return `  veson:
    url: ${url}
    api_url: ${api_url}
    company_domain: acme.example
    license: { limit: ${license.limit}, borrow_from: [${license.borrow_from.join(", ")}] } # all licenses are taken
    credentials: { username: ${credentials.username}, password: "\${env.VESON_PASSWORD}" }
`;
}

/** The systems that are managed at a console, each as a block below `systems`. */
function consoleBlocks({ momentus, ipresso, veson }: SimulatorsReady): string {
  return `systems:\n${[momentusBlock(momentus), ipressoBlock(ipresso), vesonBlock(veson)].join("")}`;
}

/** A console, for whoever wants to look at it. */
function consoleLines(
  name: string,
  url: string,
  { username, password }: { username: string; password: string },
): string {
  return `The console of ${name}, for a browser:

  ${url}
  user name  ${username}
  password   ${password}
`;
}

function sayReady(ready: SimulatorsReady): string {
  const { velocloud, momentus, ipresso, veson } = ready;
  const { console: site, credentials } = momentus;
  return `A simulated VeloCloud Orchestrator listens on ${velocloud.url} (enterprise ${velocloud.enterprise_id}),
a simulated Momentus Enterprise on ${momentus.url} (serial number ${momentus.serial_number}),
with a test environment on ${momentus.test_url},
a simulated iPresso panel on ${ipresso.url} (key of its API ${ipresso.customer_key}),
and a simulated Veson IMOS Platform on ${veson.url}.

${consoleLines("Momentus", site.url, site)}
${consoleLines("iPresso", ipresso.url, ipresso.console)}
${consoleLines("Veson", `${veson.url}/`, veson.credentials)}
Mails to the licensing team of Momentus, licensing@gomomentus.com, go to ${momentus.smtp_url}; it answers at once.

Paste this into another terminal:

${exportLines({
  VCO_URL: velocloud.url,
  VCO_USERNAME: velocloud.credentials.username,
  VCO_PASSWORD: velocloud.credentials.password,
  VCO_TOKEN: velocloud.token,
  MOMENTUS_URL: momentus.url,
  MOMENTUS_SERIAL_NUMBER: momentus.serial_number,
  MOMENTUS_API_USER_ID: credentials.api_user_id,
  MOMENTUS_SECRET: credentials.secret,
  MOMENTUS_KEY: credentials.key,
  MOMENTUS_SMTP_URL: momentus.smtp_url,
  IPRESSO_URL: ipresso.url,
  IPRESSO_USERNAME: ipresso.console.username,
  IPRESSO_PASSWORD: ipresso.console.password,
  IPRESSO_CUSTOMER_KEY: ipresso.customer_key,
  VESON_URL: veson.url,
  VESON_USERNAME: veson.credentials.username,
  VESON_PASSWORD: veson.credentials.password,
})}
and begin there with:

  steward init --url "$VCO_URL"
  steward init --system momentus --url "$MOMENTUS_URL"
  steward init --system ipresso --url "$IPRESSO_URL"
  steward init --system veson --url "$VESON_URL"

A manifest for work at consoles, of people at Momentus and of a browser at the others, has this in place of its systems:

${consoleBlocks(ready)}
They are this project's reading of public documents, not the vendors' products: what passes here can still fail on a real
system. They are reached from this machine only, keep everything in memory and forget it at the end.
Ctrl-C ends them.
`;
}
