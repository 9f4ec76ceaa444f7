import { createRequire } from "node:module";
import { join } from "node:path";

/** npm packages that are optional: they lie where the user works, or beside this program. */

/** Where a package begins: looked for in `folder` and upwards, then beside this program. Undefined where it is not installed. */
export function pathOfPackage(name: string, folder?: string): string | undefined {
  const from = [...(folder === undefined ? [] : [join(folder, "package.json")]), import.meta.url];
  for (const place of from) {
    try {
      return createRequire(place).resolve(name);
    } catch {
      // Not there.
    }
  }
  return undefined;
}
