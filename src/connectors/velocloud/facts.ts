import type { Plain } from "../../resource.ts";
import type { Facts } from "../connector.ts";
import { isRecord, unlessForbidden } from "./envelope.ts";
import type { VelocloudReader } from "./reader.ts";
import type { WireRole } from "./wire.ts";

/** A role as the catalogue shows it. */
export type RoleFact = {
  id: number;
  name: string;
  super: boolean;
  builtin: boolean;
};

interface MeFact {
  id: number;
  username: string;
  userType: string;
  super: boolean;
}

/** What kinds need beside their objects. Undefined parts could not be read; nothing is concluded from them. */
interface VelocloudFacts {
  me: MeFact | undefined;
  roles: RoleFact[] | undefined;
  /** Functional roles, by name. */
  privileges: { id: number; name: string }[] | undefined;
}

/** Reads the facts of one tenant; a missing privilege leaves its part out. */
export async function readFacts(reader: VelocloudReader): Promise<Facts> {
  const me = await reader.me();
  const roles = await unlessForbidden(() => reader.roles());
  const parts = await unlessForbidden(() => reader.functionalRoles());
  const own = me && {
    id: me.id,
    username: me.username,
    user_type: me.userType ?? "",
    super: me.isSuper ?? roles?.find((role) => role.id === me.roleId)?.isSuper ?? false,
  };
  return {
    me: own ?? null,
    scope: reader.scope.name,
    tenant: (await reader.tenantParams()) as Record<string, Plain>,
    roles: roles ? roles.map(roleFact) : null,
    privileges: parts ? parts.map(({ id, name }) => ({ id, name })) : null,
  };
}

/** Facts as they were written by `readFacts`, perhaps on another machine. */
export function factsOf(facts: Facts): VelocloudFacts {
  const { me, roles, privileges } = facts;
  return {
    me: isRecord(me) ? meOf(me) : undefined,
    roles: Array.isArray(roles) ? (roles as unknown as RoleFact[]) : undefined,
    privileges: Array.isArray(privileges) ? (privileges as unknown as { id: number; name: string }[]) : undefined,
  };
}

function roleFact(role: WireRole): RoleFact {
  return { id: role.id, name: role.name, super: role.isSuper, builtin: !role.isCustom };
}

function meOf(me: Record<string, unknown>): MeFact {
  return {
    id: Number(me.id),
    username: String(me.username),
    userType: String(me.user_type),
    super: me.super === true,
  };
}
