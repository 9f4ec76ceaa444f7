import fc from "fast-check";
import type { TestWorld } from "./test-world.ts";

/** Small random manifests of VeloCloud, and what others do behind Steward's back. Everything is drawn from a few names. */

const tokenPart = "SD-WAN Enterprise Admin";
const roleParts = ["Global Settings Enterprise Read Only", "SD-WAN Enterprise Support"];
const people = ["ann", "bob", "cyd"] as const;
const groups = ["auditors", "fixers"] as const;

export interface RandomRole {
  description: string;
  privileges: string[];
}
export interface RandomUser {
  role: string;
  firstName: string | undefined;
  secondFactorDisabled: boolean | undefined;
  token: { description: string; lifetime: string } | undefined;
}
export interface RandomManifest {
  roles: Partial<Record<(typeof groups)[number], RandomRole>>;
  users: Partial<Record<(typeof people)[number], RandomUser>>;
}

const role: fc.Arbitrary<RandomRole> = fc.record({
  description: fc.constantFrom("one", "two"),
  // Every role here may have tokens: an owner without that right is refused by the orchestrator for good.
  privileges: fc.uniqueArray(fc.constantFrom(...roleParts), { maxLength: 2 }).map((more) => [tokenPart, ...more]),
});

const user: fc.Arbitrary<RandomUser> = fc.record({
  role: fc.constantFrom("Enterprise Standard Admin", "Enterprise Support", ...groups),
  firstName: fc.option(fc.constantFrom("A", "B"), { nil: undefined }),
  secondFactorDisabled: fc.option(fc.boolean(), { nil: undefined }),
  token: fc.option(fc.record({ description: fc.constantFrom("x", "y"), lifetime: fc.constantFrom("90d", "180d") }), {
    nil: undefined,
  }),
});

export const manifests: fc.Arbitrary<RandomManifest> = fc
  .record({
    roles: fc.record({ auditors: role, fixers: role }, { requiredKeys: [] }),
    users: fc.record({ ann: user, bob: user, cyd: user }, { requiredKeys: [] }),
  })
  .map(withDeclaredRoles);

/** A user's own role must be declared: it falls back to a default one. */
function withDeclaredRoles(manifest: RandomManifest): RandomManifest {
  const users = Object.entries(manifest.users).map(([name, one]) => {
    const isGroup = (groups as readonly string[]).includes(one.role);
    const known = !isGroup || manifest.roles[one.role as "auditors"] !== undefined;
    return [name, known ? one : { ...one, role: "Enterprise Support" }];
  });
  return { ...manifest, users: Object.fromEntries(users) as RandomManifest["users"] };
}

export function resourcesOf(manifest: RandomManifest): string {
  const lines: string[] = [];
  const roles = Object.entries(manifest.roles);
  const users = Object.entries(manifest.users);
  if (roles.length + users.length === 0) return "  {}";
  if (roles.length > 0) lines.push("  velocloud_role:");
  for (const [name, one] of roles) {
    lines.push(
      `    ${name}: { name: ${name}, description: ${one.description}, privileges: ${JSON.stringify(one.privileges)} }`,
    );
  }
  if (users.length > 0) lines.push("  velocloud_admin_user:");
  for (const [name, one] of users) lines.push(`    ${name}: ${userText(name, one)}`);
  const owners = users.filter(([, one]) => one.token);
  if (owners.length > 0) lines.push("  velocloud_api_token:");
  for (const [name, { token }] of owners) {
    const owner = `owner: "\${velocloud_admin_user.${name}}", name: ${name}, description: ${token!.description}`;
    lines.push(
      `    ${name}: { ${owner}, lifetime: ${token!.lifetime}, deliver_to: "local:TOKEN_${name.toUpperCase()}" }`,
    );
  }
  return lines.join("\n");
}

function userText(name: string, one: RandomUser): string {
  const isGroup = (groups as readonly string[]).includes(one.role);
  const parts = [
    `username: ${name}@acme.example`,
    "enabled: true",
    `role: ${isGroup ? `"\${velocloud_role.${one.role}}"` : one.role}`,
    `password: { generate: true, deliver_to: "local:PASSWORD_${name.toUpperCase()}" }`,
  ];
  if (one.firstName !== undefined) parts.push(`first_name: ${one.firstName}`);
  if (one.secondFactorDisabled !== undefined) parts.push(`second_factor_disabled: ${one.secondFactorDisabled}`);
  return `{ ${parts.join(", ")} }`;
}

export type ForeignEdit = { who: (typeof people)[number]; what: "rename" | "disable" | "demote" | "delete" | "revoke" };

export const foreignEdits: fc.Arbitrary<ForeignEdit[]> = fc.array(
  fc.record({
    who: fc.constantFrom(...people),
    what: fc.constantFrom("rename", "disable", "demote", "delete", "revoke"),
  }),
  { maxLength: 2 },
);

/** Does what somebody else could do at the console. */
export function edit(world: TestWorld, { who, what }: ForeignEdit): void {
  const { store } = world.simulator;
  const one = store.userNamed(`${who}@acme.example`);
  if (!one) return;
  if (what === "rename") store.changeUser(one.id, { firstName: "Mallory" });
  if (what === "disable") store.disableUser(one.id);
  if (what === "demote") store.changeRoleOf(one.id, "Enterprise Support");
  if (what === "revoke") for (const token of store.tokensOf(one.id)) store.revokeToken(token.id);
  if (what !== "delete") return;
  for (const token of store.tokensOf(one.id)) store.revokeToken(token.id);
  store.deleteUser(one.id);
}

export const faultSpecs: fc.Arbitrary<string[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom("cut-after-commit", "cut-before", "commit-after", "429", "500", "truncated", "html"),
      fc.constantFrom("@writes", "*/createApiToken", "*/downloadApiToken", "*/insertEnterpriseUser", "*"),
      fc.integer({ min: 1, max: 3 }),
    )
    .map(([fault, method, times]) => `${fault}:${method}:${times}${fault === "commit-after" ? ":20s" : ""}`),
  { maxLength: 2 },
);
