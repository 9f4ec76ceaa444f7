import type { SeededRandom } from "../random.ts";
import { allScopes, type Scope, scopes, type UserType } from "./scopes.ts";

/**
 * A role as the store holds it. `privileges` are `ACTION:OBJECT`; for a composite (custom) role they follow from its
 * functional roles. Which role holds which privilege is the simulator's own reading of the documents.
 */
export type RoleRecord = {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly userType: UserType;
  readonly isSuper: boolean;
  readonly isCustom: boolean;
  readonly precedence: number;
  readonly privileges: ReadonlySet<string>;
  readonly functionalRoleIds: readonly number[];
  readonly enterpriseId: number | null;
  readonly enterpriseProxyId: number | null;
  readonly networkId: number | null;
  readonly created: number;
  readonly modified: number;
};

/** A building block of composite roles. The names are the simulator's own, except "Global Settings Enterprise Read Only". */
export type FunctionalRoleRecord = {
  readonly id: number;
  readonly name: string;
  readonly userType: UserType;
  readonly isSuper: boolean;
  readonly privileges: ReadonlySet<string>;
};

type Level = "super" | "admin" | "limited" | "read-only";

/** Names: documents of 5.x and 6.x. Ids 1, 2 and 14 are known from public test code; no other id is. */
const defaultRoles: readonly (readonly [UserType, string, Level, number?])[] = [
  ["OPERATOR", "Operator Standard Admin", "admin", 1],
  ["OPERATOR", "Operator Superuser", "super", 2],
  ["OPERATOR", "Operator Business", "limited"],
  ["OPERATOR", "Operator Support", "limited"],
  ["ENTERPRISE", "Enterprise Superuser", "super", 14],
  ["ENTERPRISE", "Enterprise Standard Admin", "admin"],
  ["ENTERPRISE", "Enterprise Support", "limited"],
  ["ENTERPRISE", "Enterprise Read Only User", "read-only"],
  ["ENTERPRISE", "Enterprise Security Admin", "limited"],
  ["ENTERPRISE", "Enterprise Security Read Only", "limited"],
  ["ENTERPRISE", "Enterprise Network Admin", "limited"],
  ["MSP", "MSP Superuser", "super"],
  ["MSP", "MSP Standard Admin", "admin"],
  ["MSP", "MSP Business Specialist", "read-only"],
  ["MSP", "MSP Customer Support", "limited"],
  ["MSP", "MSP Security Admin", "limited"],
  ["MSP", "MSP Network Admin", "limited"],
];

const functionalParts: readonly (readonly [string, Level])[] = [
  ["Global Settings {} Superuser", "super"],
  ["Global Settings {} Standard Admin", "admin"],
  ["Global Settings {} Read Only", "read-only"],
  ["SD-WAN {} Admin", "limited"],
  ["SD-WAN {} Support", "limited"],
  ["SD-WAN {} Read Only", "read-only"],
  ["SD-WAN Security {} Admin", "limited"],
  ["SD-WAN Security {} Read Only", "read-only"],
  ["SD-WAN Network {} Admin", "limited"],
  ["Cloud Web Security {} Admin", "limited"],
  ["Cloud Web Security {} Read Only", "read-only"],
  ["Secure Access {} Admin", "limited"],
];

/** The two default roles without tokens [vendor document "Configure Admin Users"]. */
export const rolesWithoutTokens: ReadonlySet<string> = new Set([
  "Enterprise Read Only User",
  "MSP Business Specialist",
]);

const all = ["CREATE", "READ", "UPDATE", "DELETE"];
const grant = (actions: readonly string[], object: string): string[] => actions.map((action) => `${action}:${object}`);

function privilegesIn(scope: Scope, level: Level): string[] {
  const { tenantObject, userObject, tokenObject, roleObject } = scope;
  const reads = [`READ:${tenantObject}`, `READ:${userObject}`];
  const tokens = grant(["CREATE", "READ", "UPDATE"], tokenObject);
  if (level === "read-only") return reads;
  if (level === "limited") return [...reads, ...tokens];
  if (level === "admin") return [...reads, ...tokens, `READ:${roleObject}`];
  return [
    `READ:${tenantObject}`,
    `UPDATE:${tenantObject}`,
    ...grant(all, userObject),
    ...tokens,
    ...grant(all, roleObject),
  ];
}

/** Scopes below one's own: a partner reaches its customers, an operator reaches both. */
const below: Readonly<Record<UserType, readonly UserType[]>> = {
  ENTERPRISE: [],
  MSP: ["ENTERPRISE"],
  OPERATOR: ["MSP", "ENTERPRISE"],
};

const privilegeSets = new Map<string, ReadonlySet<string>>();

/** Made once and shared, so that a new simulator is cheap. */
function privilegesOf(userType: UserType, level: Level): ReadonlySet<string> {
  const key = `${userType} ${level}`;
  const known = privilegeSets.get(key) ?? makePrivileges(userType, level);
  privilegeSets.set(key, known);
  return known;
}

function makePrivileges(userType: UserType, level: Level): ReadonlySet<string> {
  const reached = [userType, ...below[userType]].flatMap((type) => privilegesIn(scopes[type], level));
  if (level === "super" && userType === "ENTERPRISE") reached.push("UPDATE:ENTERPRISE_DELEGATION");
  if (level === "super" && userType === "OPERATOR") reached.push("UPDATE:SYSTEM_PROPERTY");
  return new Set(reached);
}

/** Draws ids that nothing else has, so that nobody can rely on a role's id. */
function idSource(random: SeededRandom): () => number {
  const taken = new Set(defaultRoles.flatMap(([, , , id]) => (id === undefined ? [] : [id])));
  return () => {
    let id = random.integer(15, 9999);
    while (taken.has(id)) id = random.integer(15, 9999);
    taken.add(id);
    return id;
  };
}

type RoleCatalogue = { roles: RoleRecord[]; functionalRoles: FunctionalRoleRecord[] };

function functionalRolesOf(scope: Scope, nextId: () => number): FunctionalRoleRecord[] {
  return functionalParts.map(([pattern, level]) => ({
    id: nextId(),
    name: pattern.replace("{}", scope.roleSuffix === "EnterpriseProxy" ? "MSP" : scope.roleSuffix),
    userType: scope.userType,
    isSuper: level === "super",
    privileges: privilegesOf(scope.userType, level),
  }));
}

/** The default roles and the functional roles of a new orchestrator. */
export function makeCatalogue(random: SeededRandom, created: number): RoleCatalogue {
  const nextId = idSource(random);
  const roles = defaultRoles.map(([userType, name, level, id], precedence) => ({
    ...{ id: id ?? nextId(), name, userType, precedence, created, modified: created },
    description: `${name} (default role)`,
    isSuper: level === "super",
    isCustom: false,
    privileges: privilegesOf(userType, level),
    ...{ functionalRoleIds: [], enterpriseId: null, enterpriseProxyId: null, networkId: null },
  }));
  return { roles, functionalRoles: allScopes.flatMap((scope) => functionalRolesOf(scope, nextId)) };
}

/** What a composite role may do: the union of its parts. */
export function combine(parts: readonly FunctionalRoleRecord[]): { isSuper: boolean; privileges: ReadonlySet<string> } {
  const privileges = new Set(parts.flatMap((part) => [...part.privileges]));
  return { isSuper: parts.some((part) => part.isSuper), privileges };
}
