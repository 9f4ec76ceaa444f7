import { join } from "node:path";
import { stacksMax } from "../limits.ts";
import type { ReadFiles } from "./files.ts";
import { pathProblem } from "./interpolate.ts";

/** A stack that an app synthesised. `path` is relative to the manifest's folder, with forward slashes. */
interface StackFile {
  stack: string;
  path: string;
}

/** What was found of an app's output, and what is wrong with it. */
interface AppOutput {
  files: StackFile[];
  problems: { severity: "error" | "warning"; file: string; message: string; hint: string }[];
}

/** How the libraries call the file of a stack. */
const stackFileName = "cdk.tf.json";
const outputFolderDefault = "cdktf.out";
/** The app's own list of its stacks; it bears the stack traces of every annotation. */
const listBytesMax = 16 * 1024 * 1024;
const settingsBytesMax = 1024 * 1024;

/** The settings of a CDKTF project, as far as they concern us. */
interface AppSettings {
  /** Folder of the output, relative to the project. */
  output: string;
  /** What the app is told from outside. */
  context: Record<string, unknown>;
}

/** Reads `cdktf.json` of a folder; what is not there or not readable has its default. */
export function appSettings(files: ReadFiles, folder: string): AppSettings {
  const settings = readJsonFile(files, join(folder, "cdktf.json"), settingsBytesMax);
  const { output, context } = isRecord(settings) ? settings : {};
  const isPath = typeof output === "string" && pathProblem(output) === undefined;
  return {
    output: isPath ? output.replace(/\/$/, "") : outputFolderDefault,
    context: isRecord(context) ? context : {},
  };
}

/** Whether code was synthesised in this folder. */
export function hasAppOutput(files: ReadFiles, folder: string): boolean {
  const { output } = appSettings(files, folder);
  return [stackFileName, `${output}/stacks`].some((path) => files.kind(join(folder, path)) !== undefined);
}

/** The stacks that lie in a folder: one `cdk.tf.json`, or those of an app's output folder. `isInside` tells links that lead out. */
export function findAppOutput(files: ReadFiles, folder: string, isInside: (path: string) => boolean): AppOutput {
  const { output } = appSettings(files, folder);
  const found: AppOutput = { files: [], problems: [] };
  const isAlone = files.kind(join(folder, stackFileName)) !== undefined;
  if (isAlone) found.files.push({ stack: "", path: stackFileName });
  const stacks = join(folder, output, "stacks");
  if (files.kind(stacks) === undefined) return found;
  const wrong = (file: string, message: string, hint: string): AppOutput => {
    found.problems.push({ severity: "error", file, message, hint });
    return found;
  };
  if (isAlone) return wrong(stackFileName, `the stacks of ${output} lie here too`, "keep one of both");
  if (!isInside(stacks)) {
    return wrong(`${output}/stacks`, "this link leads out of the manifest's folder", "put the files into the folder");
  }
  if (files.kind(stacks) !== "folder") return wrong(`${output}/stacks`, "this is not a folder", "synthesise again");
  const names = files.list(stacks).filter((name) => files.kind(join(stacks, name)) === "folder");
  if (names.length > stacksMax) return wrong(`${output}/stacks`, "there are too many stacks", `at most ${stacksMax}`);
  collect(files, folder, output, names.sort(), found);
  return found;
}

function collect(files: ReadFiles, folder: string, output: string, names: string[], found: AppOutput): void {
  const listed = listedStacks(files, folder, output, found);
  for (const stack of names) {
    const path = `${output}/stacks/${stack}/${stackFileName}`;
    if (listed && !listed.has(stack)) {
      const message = `the stack ${stack} is left out: the app does not synthesise it any more`;
      found.problems.push({ severity: "warning", file: path, message, hint: "remove its folder" });
    } else if (files.kind(join(folder, path)) !== undefined) {
      found.files.push({ stack, path });
    }
  }
  const missing = [...(listed ?? [])].filter((stack) => !found.files.some((file) => file.stack === stack));
  for (const stack of missing) {
    const isHcl = files.kind(join(folder, output, "stacks", stack, "cdk.tf")) !== undefined;
    const message = isHcl ? `the stack ${stack} was synthesised as HCL` : `the stack ${stack} is not here`;
    const hint = isHcl ? "synthesise JSON: without --hcl" : "the output is not whole; synthesise again";
    found.problems.push({ severity: "error", file: `${output}/manifest.json`, message, hint });
  }
}

/** Stacks of the last synthesis that came to its end, as the app listed them; undefined without a list. */
function listedStacks(files: ReadFiles, folder: string, output: string, found: AppOutput): Set<string> | undefined {
  const file = `${output}/manifest.json`;
  if (files.kind(join(folder, file)) === undefined) {
    const message = `${output} has no manifest.json: if the app failed half-way, stacks are missing here`;
    found.problems.push({ severity: "warning", file, message, hint: "synthesise again" });
    return undefined;
  }
  const list = readJsonFile(files, join(folder, file), listBytesMax);
  const stacks = isRecord(list) && isRecord(list.stacks) ? Object.keys(list.stacks) : undefined;
  if (stacks) return new Set(stacks);
  found.problems.push({
    severity: "error",
    file,
    message: "this list of stacks cannot be read",
    hint: "synthesise again",
  });
  return undefined;
}

function readJsonFile(files: ReadFiles, path: string, bytesMax: number): unknown {
  if (files.kind(path) !== "file") return undefined;
  try {
    const bytes = files.read(path, bytesMax);
    return bytes && JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
