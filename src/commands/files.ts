import { resolve } from "node:path";
import { Refusal } from "../diagnostic.ts";
import type { Disk } from "../io.ts";
import type { Console } from "./command.ts";

/** The text of a file that was named on the command line. Throws a Refusal when it is not there or too large. */
export async function readTextFile(console: Console, disk: Disk, name: string, bytesMax: number): Promise<string> {
  const path = resolve(console.folder, name);
  const size = await disk.size(path);
  const bytes = size === undefined || size > bytesMax ? undefined : await disk.read(path);
  if (bytes) return Buffer.from(bytes).toString("utf8");
  const message = size === undefined ? `there is no file ${name}` : `the file ${name} is larger than ${bytesMax} bytes`;
  throw new Refusal([{ message, remedy: "look at the name of the file" }]);
}
