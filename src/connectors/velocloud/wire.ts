import { assert } from "../../diagnostic.ts";
import { isRecord } from "./envelope.ts";
import type { Scope } from "./scopes.ts";

/** Objects as the portal API answers them, read tolerantly: what we do not need is dropped, above all `password` and `salt`. */

export interface WireUser {
  id: number;
  username: string;
  userType: string | undefined;
  roleId: number | undefined;
  roleName: string | undefined;
  isSuper: boolean | undefined;
  isActive: boolean;
  isNative: boolean;
  isLocked: boolean;
  secondFactorDisabled: boolean;
  accessLevel: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  officePhone: string | null;
  mobilePhone: string | null;
  sshUsername: string | null;
  tenantIds: { enterpriseId?: number; enterpriseProxyId?: number; networkId?: number };
}

export type TokenState = "PENDING" | "ENABLED" | "REVOKED" | "EXPIRED";

export interface WireToken {
  id: number;
  uuid: string | null;
  name: string;
  description: string;
  ownerId: number | undefined;
  createdAtMs: number | undefined;
  expiresAtMs: number | undefined;
  state: TokenState;
}

export interface WireRole {
  id: number;
  name: string;
  description: string | null;
  isSuper: boolean;
  isCustom: boolean;
  /** Undefined when the answer does not show them. */
  functionalRoleIds: number[] | undefined;
}

/**
 * The members of a list; one object alone counts as a list of one (VCO-25). Undefined when anything in it is no object: what
 * cannot be read must not count as gone.
 */
export function listIn(value: unknown): Record<string, unknown>[] | undefined {
  if (Array.isArray(value)) return value.every(isRecord) ? value : undefined;
  if (isRecord(value)) return Object.hasOwn(value, "id") ? [value] : Object.keys(value).length === 0 ? [] : undefined;
  return value === null ? [] : undefined;
}

/** A user; switches that are missing count as off. */
export function readUser(raw: Record<string, unknown>): WireUser {
  const tenantIds: WireUser["tenantIds"] = {};
  for (const key of ["enterpriseId", "enterpriseProxyId", "networkId"] as const) {
    const id = integer(raw[key]);
    if (id !== undefined) tenantIds[key] = id;
  }
  return {
    id: idOf(raw),
    username: text(raw.username) ?? "",
    userType: text(raw.userType) ?? undefined,
    roleId: integer(raw.roleId),
    roleName: text(raw.roleName) ?? undefined,
    isSuper: raw.isSuper === undefined || raw.isSuper === null ? undefined : flag(raw.isSuper),
    isActive: flag(raw.isActive),
    isNative: flag(raw.isNative),
    isLocked: flag(raw.isLocked),
    secondFactorDisabled: flag(raw.disableSecondFactor),
    accessLevel: text(raw.accessLevel),
    firstName: text(raw.firstName),
    lastName: text(raw.lastName),
    email: text(raw.email),
    officePhone: text(raw.officePhone),
    mobilePhone: text(raw.mobilePhone),
    sshUsername: text(raw.sshUsername),
    tenantIds,
  };
}

/** A token, with its state as of `now`. */
export function readToken(raw: Record<string, unknown>, scope: Scope, now: number): WireToken {
  return {
    id: idOf(raw),
    uuid: text(raw.tokenUuid),
    name: text(raw.name) ?? "",
    description: text(raw.description) ?? "",
    ownerId: integer(raw[scope.tokenOwnerField]),
    createdAtMs: time(raw.created),
    expiresAtMs: time(raw.expiration),
    state: stateOf(raw, now),
  };
}

/** A default, custom or functional role. */
export function readRole(raw: Record<string, unknown>): WireRole {
  const ids = raw.functionalRoleIds;
  return {
    id: idOf(raw),
    name: text(raw.name) ?? "",
    description: text(raw.description),
    isSuper: flag(raw.isSuper),
    isCustom: flag(raw.isCustom),
    functionalRoleIds: Array.isArray(ids) ? ids.flatMap((id) => integer(id) ?? []) : undefined,
  };
}

/** Whether a token in this state can still be used or become usable. */
export function isLive(state: unknown): boolean {
  return state === "PENDING" || state === "ENABLED";
}

/**
 * The documents do not give the wire spelling of `state`, so letters' case is ignored and a missing or unknown word is derived.
 * What is final by its other fields is final whatever `state` says (VCO-25).
 */
function stateOf(raw: Record<string, unknown>, now: number): TokenState {
  const expiresAt = time(raw.expiration);
  const word = text(raw.state)?.toUpperCase();
  if (flag(raw.isRevoked) || word === "REVOKED") return "REVOKED";
  if (word === "EXPIRED" || (expiresAt !== undefined && expiresAt <= now)) return "EXPIRED";
  if (word === "PENDING" || word === "ENABLED") return word;
  return time(raw.downloaded) === undefined ? "PENDING" : "ENABLED";
}

function idOf(raw: Record<string, unknown>): number {
  const id = integer(raw.id);
  assert(id !== undefined, "an object without an id passed the list");
  return id;
}

/** A whole number, or undefined. */
export function integer(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Booleans are written, 0 and 1 are read (VCO-24). */
function flag(value: unknown): boolean {
  return value === true || value === 1;
}

/** Milliseconds since 1970, out of a number of them or RFC 3339 text (VCO-20). Undefined beyond what a date can be. */
function time(value: unknown): number | undefined {
  const at = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : Number.NaN;
  const ms = new Date(at).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
