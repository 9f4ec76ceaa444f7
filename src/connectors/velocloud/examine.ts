import { Fault } from "../../diagnostic.ts";
import { clockSkewMaxMs } from "../../limits.ts";
import type { Finding } from "../connector.ts";
import { factsOf, readFacts } from "./facts.ts";
import type { VelocloudReader } from "./reader.ts";

/**
 * Checks for `doctor`: credentials, who we are, what we may see, the clock. Read-only. `skewMs` tells after a call how far our
 * clock is ahead of the orchestrator's.
 */
export async function examine(reader: VelocloudReader, skewMs: () => number | undefined): Promise<Finding[]> {
  try {
    const findings = [...(await examineIdentity(reader)), ...(await examineLists(reader))];
    return [...findings, clockFinding(skewMs())];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [finding(error)];
  }
}

function clockFinding(skewMs: number | undefined): Finding {
  if (skewMs === undefined) return { level: "ok", message: "its answers bear no date: the clock was not compared" };
  const apart = `${Math.abs(Math.round(skewMs / 1000))} s ${skewMs > 0 ? "ahead of" : "behind"} the orchestrator's`;
  const isNear = Math.abs(skewMs) <= clockSkewMaxMs;
  if (isNear) return { level: "ok", message: "this machine's clock agrees with the orchestrator's" };
  const remedy = "set the clock: ages of tokens are counted by it";
  return { level: "warning", message: `this machine's clock is ${apart}`, remedy };
}

async function examineIdentity(reader: VelocloudReader): Promise<Finding[]> {
  const { me, privileges, roles } = factsOf(await readFacts(reader));
  if (!me) {
    const remedy = "give the user that Steward runs as the right to read users, or run as a super user";
    const message = "the orchestrator does not tell whom the credentials belong to: lists count as incomplete";
    return [{ level: "warning", message, remedy }];
  }
  const findings: Finding[] = [{ level: "ok", message: `runs as ${me.username} (${me.userType.toLowerCase()} user)` }];
  if (!me.super) {
    const remedy = "run as a super user to manage users, roles and tokens of others (VCO-08, VCO-17)";
    findings.push({ level: "warning", message: `${me.username} is no super user`, remedy });
  }
  if (roles) findings.push({ level: "ok", message: `roles: ${roles.map((role) => role.name).join(", ")}` });
  if (privileges) {
    const names = privileges.map((part) => part.name).join(", ");
    findings.push({ level: "ok", message: `functional roles for velocloud_role.privileges: ${names}` });
  }
  if (me.userType === "OPERATOR" && reader.scope.name === "enterprise" && (await reader.delegated()) === false) {
    const message = "the enterprise did not delegate its users and tokens to the operator (VCO-07)";
    const remedy = "let the enterprise set velocloud_user_management_delegation, or use its own credentials";
    findings.push({ level: "warning", message, remedy });
  }
  return findings;
}

async function examineLists(reader: VelocloudReader): Promise<Finding[]> {
  const lists: [string, () => Promise<unknown[]>][] = [
    ["users", () => reader.users()],
    ["API tokens", () => reader.tokens()],
    ["custom roles", () => reader.customRoles()],
  ];
  const findings: Finding[] = [];
  for (const [what, list] of lists) {
    try {
      findings.push({ level: "ok", message: `${what} can be read: ${(await list()).length}` });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      findings.push({ ...finding(error), message: `${what} cannot be read: ${error.message}` });
    }
  }
  return findings;
}

function finding(fault: Fault): Finding {
  const { remedy } = fault.details;
  return { level: "error", message: fault.message, ...(remedy === undefined ? {} : { remedy }) };
}
