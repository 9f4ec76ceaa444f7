import { Fault } from "../../diagnostic.ts";
import type { Finding } from "../connector.ts";
import type { IpressoReader, ListName } from "./reader.ts";

const lists: readonly (readonly [ListName, string])[] = [
  ["users", "API users"],
  ["groups", "user groups"],
];

/** Checks for `doctor`, read-only: whether the account gets to the lists of the console. */
export async function examine(reader: IpressoReader): Promise<Finding[]> {
  const { name } = reader.system;
  if (!reader.seesConsole) {
    const message = `nobody works at the console of ${name} by machine: what is recorded is as people told it`;
    return [{ level: "ok", message }];
  }
  const findings: Finding[] = [];
  for (const [list, what] of lists) {
    try {
      findings.push({ level: "ok", message: `${what} can be read: ${(await reader.rows(list)).length}` });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { remedy } = error.details;
      findings.push({ level: "error", message: error.message, ...(remedy === undefined ? {} : { remedy }) });
    }
  }
  return findings;
}
