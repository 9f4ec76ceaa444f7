import { Fault } from "../../diagnostic.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Finding } from "../connector.ts";
import type { VesonReader } from "./reader.ts";
import { isSecurityAdmin, type Seen } from "./seen.ts";
import { administratorOf, licenseOf, sameName } from "./settings.ts";

/** Checks for `doctor`: the Security List, who we are on it, and how many licenses are taken. Read-only. */
export async function examine(reader: VesonReader, system: SystemConfig): Promise<Finding[]> {
  if (system.hand === "person") {
    return [{ level: "ok", message: "a person works at its console; nothing is read there" }];
  }
  try {
    const { users, groups } = await reader.list();
    const message = `the Security List can be read: ${users.length} users, ${groups.length} groups`;
    return [
      { level: "ok", message },
      ...administratorFindings(system, users, groups),
      await licenseFinding(reader, system),
    ];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { remedy } = error.details;
    return [{ level: "error", message: error.message, ...(remedy === undefined ? {} : { remedy }) }];
  }
}

/** Being made a Security Admin by a group is not enough to change other users (VES-01). */
function administratorFindings(system: SystemConfig, users: Seen[], groups: Seen[]): Finding[] {
  const me = administratorOf(system);
  const own = users.find((user) => me !== undefined && sameName(user.user_name, me));
  if (!own) return [];
  if (own.security_admin !== false) return [{ level: "ok", message: `works as ${me}` }];
  const by = isSecurityAdmin(own, groups) === true ? "only by a group" : "not";
  const remedy = `set Security Admin on ${me} itself`;
  return [
    { level: "error", message: `${me} is a Security Admin ${by}: it cannot change other users (VES-01)`, remedy },
  ];
}

async function licenseFinding(reader: VesonReader, system: SystemConfig): Promise<Finding> {
  const { limit } = licenseOf(system);
  const used = await reader.licensesUsed();
  if (limit === undefined) return { level: "ok", message: `${used} users take a license; license.limit is not known` };
  if (used < limit) return { level: "ok", message: `${used} of ${limit} licenses are taken` };
  const remedy = "a new system user borrows one from license.borrow_from; more are asked for by a Licensing Request";
  return { level: "warning", message: `${used} of ${limit} licenses are taken`, remedy };
}
