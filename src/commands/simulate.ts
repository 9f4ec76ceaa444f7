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
}

/** `steward simulate`. */
export const addSimulate: AddCommand = (command, run) => {
  command
    .description(
      "Starts a simulated VeloCloud Orchestrator on 127.0.0.1, with a user and a token to try Steward on. It holds everything in memory and runs until Ctrl-C.",
    )
    .option("--json", "print one line of JSON when ready")
    .option("--port-base <port>", "listen from this port on (default: any free port)", parseCount)
    .option("--seed <n>", "equal seeds give equal users, roles, ids and tokens (default: 1)", parseCount)
    .option("--users <n>", "this many more users", parseCount)
    .option("--latency <ms>", "wait this long before each answer", parseCount)
    .option("--fault <spec>", "let calls fail as said below; may be repeated", gather)
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
  steward simulate --fault slow:enterprise/getEnterpriseUsers:3s --fault cut-after-commit:enterprise/createApiToken:1`;
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

async function start({ portBase, seed, users, latency, fault }: SimulateFlags): Promise<RunningSimulators> {
  const options: SimulateOptions = {
    ...(portBase === undefined ? {} : { portBase }),
    ...(seed === undefined ? {} : { seed }),
    ...(users === undefined ? {} : { users }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(fault === undefined ? {} : { faults: fault }),
  };
  const { startSimulators } = await import("../simulators/simulate.ts");
  try {
    return await startSimulators(options);
  } catch (error) {
    throw startProblem(error, portBase);
  }
}

function startProblem(error: unknown, port: number | undefined): unknown {
  const { code, message } = error as { code?: string; message?: string };
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

function sayReady({ velocloud }: SimulatorsReady): string {
  const { url, enterprise_id: id, credentials, token } = velocloud;
  return `A simulated VeloCloud Orchestrator listens on ${url} (enterprise ${id}).

Paste this into another terminal:

  export VCO_URL='${url}'
  export VCO_USERNAME='${credentials.username}'
  export VCO_PASSWORD='${credentials.password}'
  export VCO_TOKEN='${token}'

and begin there with:

  steward init --url "$VCO_URL"

It is this project's reading of public documents, not the vendor's product: what passes here can still fail on a real
orchestrator. It is reached from this machine only, keeps everything in memory and forgets it at the end.
Ctrl-C ends it.
`;
}
