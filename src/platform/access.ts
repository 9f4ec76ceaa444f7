import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Whether a file or folder can be written or made at a path: asks the nearest one that exists, and writes nothing.
 * Resolves with what stands in the way, undefined when nothing does.
 */
export async function writeProblem(path: string): Promise<string | undefined> {
  for (let at = path; ; at = dirname(at)) {
    const present = await stat(at).catch(() => undefined);
    if (!present && at !== dirname(at)) continue;
    if (at !== path && !present?.isDirectory()) return `${at} is no folder`;
    return access(at, constants.W_OK).then(
      () => undefined,
      () => `this user may not write ${at}`,
    );
  }
}
