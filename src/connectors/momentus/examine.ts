import { Fault } from "../../diagnostic.ts";
import { momentusClockSkewMaxMs } from "../../limits.ts";
import type { Finding } from "../connector.ts";
import type { MomentusReader } from "./reader.ts";

const subjects = [
  ["Users", "users"],
  ["Roles", "roles"],
  ["UserRoles", "memberships"],
] as const;

/** Checks for `doctor`: credentials, lists, the clock. Read-only. `skewMs` tells after a call how far our clock is ahead. */
export async function examine(
  reader: MomentusReader,
  apiUserId: () => Promise<string>,
  skewMs: () => number | undefined,
): Promise<Finding[]> {
  try {
    await reader.initialize();
  } catch (error) {
    return [findingOf(error)];
  }
  const findings: Finding[] = [{ level: "ok", message: `runs as the API user ${await apiUserId()}` }];
  for (const [subject, what] of subjects) {
    try {
      const { rows, complete, because } = await reader.all(subject);
      const message = `${what} can be read: ${rows.length}`;
      if (complete) findings.push({ level: "ok", message });
      else findings.push({ level: "warning", message: `${message}, and not all: ${because}`, remedy: incomplete });
    } catch (error) {
      findings.push(findingOf(error));
    }
  }
  return [...findings, clockFinding(skewMs())];
}

const incomplete =
  "look for a proxy that takes headers away or cuts lists; absence is believed of no object until then";

/** Tokens are judged by the system's clock and live two minutes (MOM-17). */
function clockFinding(skewMs: number | undefined): Finding {
  if (skewMs === undefined) return { level: "ok", message: "its answers bear no date: the clock was not compared" };
  if (Math.abs(skewMs) <= momentusClockSkewMaxMs) {
    return { level: "ok", message: "this machine's clock agrees with the system's" };
  }
  const apart = `${Math.abs(Math.round(skewMs / 1000))} s ${skewMs > 0 ? "ahead of" : "behind"} the system's`;
  const remedy = "set the clock: the token of each call is good for two minutes by the system's clock (MOM-17)";
  return { level: "warning", message: `this machine's clock is ${apart}`, remedy };
}

function findingOf(error: unknown): Finding {
  if (!(error instanceof Fault)) throw error;
  const { remedy } = error.details;
  return { level: "error", message: error.message, ...(remedy === undefined ? {} : { remedy }) };
}
