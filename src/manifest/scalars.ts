import { parseDocument } from "yaml";
import type { ScalarNode } from "./node.ts";

/** Keys that mean something to the language that we are written in; no attribute has such a name. */
export const reservedKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Plain texts that begin so may be a number, a boolean or null. */
const special = /^[-+.~0-9tTfFnN]/;

/** What YAML does not let a plain text begin with. */
const forbidden = /^[@`%|>,&*!?#\t]/;

/** The value of a plain scalar on one line by the core schema of YAML 1.2; undefined when it is none. */
export function plainScalar(source: string): ScalarNode["value"] | undefined {
  if (source === "" || forbidden.test(source)) return undefined;
  if (!special.test(source)) return source;
  if (source === "true") return true;
  if (source === "false") return false;
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(source)) return Number(source);
  if (/^[A-Za-z]/.test(source) && !/^(?:true|false|null)$/i.test(source)) return source;
  return asked(source);
}

/** The rare rest is asked of the library, as the entry of a list: at the start of a line some texts mean something else. */
function asked(source: string): ScalarNode["value"] | undefined {
  const document = parseDocument(`- ${source}`, { prettyErrors: false, version: "1.2" });
  const list: unknown = document.errors.length > 0 ? undefined : document.toJS();
  const value: unknown = Array.isArray(list) ? list[0] : undefined;
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  return value === source ? source : undefined;
}
