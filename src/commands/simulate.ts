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
      "Starts a simulated VeloCloud Orchestrator, a simulated Momentus Enterprise and a simulated Veson IMOS Platform on 127.0.0.1, with credentials to try Steward on. They hold everything in memory and run until Ctrl-C.",
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

A fault counts in each system apart. Methods are those of the systems' APIs, and console/… the pages of Momentus and Veson.`;
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
  return `systems:
  momentus:
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

/** A system as a manifest says it; a browser works there. */
function vesonBlock({ url, api_url, credentials, license }: SimulatorsReady["veson"]): string {
  return `systems:
  veson:
    url: ${url}
    api_url: ${api_url}
    company_domain: acme.example
    license: { limit: ${license.limit}, borrow_from: [${license.borrow_from.join(", ")}] } # all licenses are taken
    credentials: { username: ${credentials.username}, password: "\${env.VESON_PASSWORD}" }
`;
}

function sayReady({ velocloud, momentus, veson }: SimulatorsReady): string {
  const { console: site, credentials } = momentus;
  return `A simulated VeloCloud Orchestrator listens on ${velocloud.url} (enterprise ${velocloud.enterprise_id}),
a simulated Momentus Enterprise on ${momentus.url} (serial number ${momentus.serial_number}),
with a test environment on ${momentus.test_url},
and a simulated Veson IMOS Platform on ${veson.url}.

The console of Momentus, for a browser:

  ${site.url}
  user name  ${site.username}
  password   ${site.password}

That of Veson:

  ${veson.url}/
  user name  ${veson.credentials.username}
  password   ${veson.credentials.password}

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
  VESON_URL: veson.url,
  VESON_PASSWORD: veson.credentials.password,
})}
and begin there with:

  steward init --url "$VCO_URL"
  steward init --system momentus --url "$MOMENTUS_URL"

A manifest for the work of people at Momentus has this in place of its systems:

${momentusBlock(momentus)}
and one for Veson this:

${vesonBlock(veson)}
They are this project's reading of public documents, not the vendors' products: what passes here can still fail on a real
system. They are reached from this machine only, keep everything in memory and forget it at the end.
Ctrl-C ends them.
`;
}
