import { resolve } from "node:path";
import { Fault, Refusal } from "../diagnostic.ts";
import { nodeFiles } from "../platform/manifest-files.ts";
import type { Console } from "./command.ts";

/**
 * The text of a file that was named on the command line. Throws a Refusal when it is not there, too large, or none: a device
 * or a pipe does not say how much it will give.
 */
export function readTextFile(console: Console, name: string, bytesMax: number): string {
  const path = resolve(console.folder, name);
  const kind = nodeFiles.kind(path);
  if (kind === undefined) throw refused(`there is no file ${name}`);
  if (kind !== "file") throw refused(`${name} is ${kind === "folder" ? "a folder" : "a device or a pipe"}, not a file`);
  const bytes = readBytes(path, bytesMax);
  if (!bytes) throw refused(`the file ${name} is larger than ${bytesMax} bytes`);
  return Buffer.from(bytes).toString("utf8");
}

function readBytes(path: string, bytesMax: number): Uint8Array | undefined {
  try {
    return nodeFiles.read(path, bytesMax);
  } catch {
    const remedy = "give this user the right to read it";
    throw new Fault(`cannot read ${path}`, { happened: "no", at: path, remedy });
  }
}

function refused(message: string): Refusal {
  return new Refusal([{ message, remedy: "look at the name of the file" }]);
}
