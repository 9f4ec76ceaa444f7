import type { Actual } from "../../resource.ts";
import { seenNow } from "../listing.ts";
import type { VelocloudReader } from "./reader.ts";
import type { WireUser } from "./wire.ts";

/** A user in the words of our schema. The password is never shown by the orchestrator, not even its hash here. */
export async function actualUser(reader: VelocloudReader, user: WireUser): Promise<Actual> {
  return seenNow(
    String(user.id),
    {
      username: user.username,
      role: user.roleName ?? (await roleName(reader, user.roleId)),
      enabled: user.isActive,
      native: user.isNative,
      second_factor_disabled: user.secondFactorDisabled,
      access_level: user.accessLevel,
      first_name: user.firstName,
      last_name: user.lastName,
      email: user.email,
      office_phone: user.officePhone,
      mobile_phone: user.mobilePhone,
      id: user.id,
      locked: user.isLocked,
      ssh_username: user.sshUsername,
    },
    ["password"],
  );
}

async function roleName(reader: VelocloudReader, id: number | undefined): Promise<string | null> {
  if (id === undefined) return null;
  return (await reader.roles()).find((role) => role.id === id)?.name ?? null;
}
