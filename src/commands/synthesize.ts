import { dirname, join, resolve } from "node:path";
import { Fault, Refusal } from "../diagnostic.ts";
import { appTimeoutMs } from "../limits.ts";
import { appSettings } from "../manifest/app-output.ts";
import { type AppEnd, runApp, writtenAt } from "../platform/app-process.ts";
import { nodeFiles } from "../platform/manifest-files.ts";
import { count, phrase } from "../render/visible.ts";
import type { Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";

/** Options of commands that may run an app first. */
export interface AppFlags {
  app?: string;
}

/**
 * What an app gets of our environment: where programs, modules and temporary files are, and how to write. Everything else stays here,
 * because it may be a secret: tokens of CI systems, proxies with passwords, and whatever the manifest names as `${env.NAME}`.
 */
const handedOn = new Set([
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "TMPDIR", "TMP", "TEMP", "TZ", "LANG", "LANGUAGE", "TERM"],
  ...["CI", "NO_COLOR", "FORCE_COLOR", "NODE_ENV", "NODE_PATH", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"],
  ...["NVM_DIR", "VOLTA_HOME", "PNPM_HOME", "COREPACK_HOME", "npm_config_cache", "npm_config_offline"],
  ...["SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"],
]);
const handedOnPrefix = /^(?:LC_|XDG_)/;

/** Linux takes 128 KiB for one variable, its name included. */
const contextBytesMax = 120 * 1024;

/** The environment of an app: what it needs to run, the folder for its output, and its context as `cdktf.json` says it. */
export function appEnvironment(
  all: Record<string, string | undefined>,
  output: string,
  context: Record<string, unknown>,
): Record<string, string | undefined> {
  const kept = Object.entries(all).filter(([name]) => handedOn.has(name) || isHandedOn(name));
  const told = Object.keys(context).length > 0 ? { CDKTF_CONTEXT_JSON: JSON.stringify(context) } : {};
  return { ...Object.fromEntries(kept), CDKTF_OUTDIR: output, ...told };
}

/** Windows does not tell letter case apart. */
const isHandedOn = (name: string): boolean => handedOnPrefix.test(name) || handedOn.has(name.toUpperCase());

/**
 * Runs the app in the folder of the manifest and sees to it that it synthesised. Its output goes to standard error. Throws a Refusal
 * under --untrusted, and a Fault when the app fails, takes too long, or writes nothing.
 */
export async function synthesize(console: Console, options: SharedOptions, app: string): Promise<void> {
  if (options.untrusted) {
    const message = "--app runs code that the manifest's folder brings along, and --untrusted says never to";
    const remedy =
      "synthesise on a machine without secrets, and plan from what it wrote: steward plan FOLDER --untrusted, where FOLDER holds steward.yaml and cdktf.out";
    throw new Refusal([{ message, remedy }]);
  }
  if (app.trim() === "") throw new WrongUsage('--app needs a command, as in: --app "npx tsx main.ts"');
  const folder = folderOf(console, options);
  const { output, context } = appSettings(nodeFiles, folder);
  assertContextFits(context);
  const list = join(folder, output, "manifest.json");
  const before = writtenAt(list);
  const environment = appEnvironment(console.environmentVariables, output, context);
  const { stop: signal } = console;
  const onOutput = (text: string) => console.note(text);
  const end = await runApp(app, { folder, environment, timeoutMs: appTimeoutMs, signal, onOutput });
  if (end.is !== "ended" || end.code !== 0) throw failed(end, signal);
  const after = writtenAt(list);
  if (after === undefined || after === before) throw wroteNothing(output);
}

/** The folder that the manifest is in. An app is never run in another one than was meant. */
function folderOf(console: Console, { manifest }: SharedOptions): string {
  const path = resolve(console.folder, manifest ?? ".");
  const kind = nodeFiles.kind(path);
  if (kind === undefined) throw new WrongUsage(`there is no folder ${phrase(manifest ?? ".")} to run the app in`);
  return kind === "folder" ? path : dirname(path);
}

/** Systems bound how long one variable of an environment may be. */
function assertContextFits(context: Record<string, unknown>): void {
  const bytes = Buffer.byteLength(JSON.stringify(context));
  if (bytes <= contextBytesMax) return;
  const message = `the context in cdktf.json has ${bytes} bytes, and an app can be told at most ${contextBytesMax}`;
  throw new Fault(message, { happened: "no", code: "app", remedy: "let the app read a file of its own" });
}

function failed(end: AppEnd, signal: AbortSignal): Error {
  if (end.is === "stopped" && signal.reason instanceof Error) return signal.reason;
  const minutes = count(appTimeoutMs / 60_000, "minute");
  const messages: Record<AppEnd["is"], string> = {
    ended: `the app ended with code ${end.is === "ended" ? end.code : 0}`,
    timeout: `the app did not end within ${minutes}`,
    stopped: "the app was stopped",
    absent: "the app could not be started",
  };
  const remedy = "what it printed stands above; it runs in the manifest's folder, with few environment variables";
  return new Fault(messages[end.is], { happened: "no", code: "app", remedy });
}

function wroteNothing(output: string): Fault {
  const remedy = `it must call app.synth() and leave the output folder as it is, or name it as "output" in cdktf.json`;
  return new Fault(`the app ended well and wrote nothing to ${output}`, { happened: "no", code: "app", remedy });
}
