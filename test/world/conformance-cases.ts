import {
  type Attributes,
  clear,
  type Resources,
  type ScopeName,
  scopeNames,
  storedRole,
  storedToken,
  storedUser,
} from "./conformance-world.ts";
import type { TestWorld } from "./test-world.ts";

/** How a change of one attribute reaches the system. */
export type How = "in place" | "replaced" | "only recorded" | RegExp;

/** One edit of the block; a value that is undefined leaves the manifest. */
export interface Edit {
  attributes: Attributes;
  how: How;
}

/** One way to declare a kind, and every change of it in turn. Without an error as its outcome an edit stays for the next. */
export interface ConformanceCase {
  kind: string;
  title: string;
  scopes: readonly ScopeName[];
  /** What must exist beside it, with the same lifetime. */
  needs(scope: ScopeName): Resources;
  /** Every mutable attribute at a value that is not the default. */
  block(scope: ScopeName): Attributes;
  edits(scope: ScopeName): Edit[];
  /** The block without what an existing object cannot be compared with. */
  existing(block: Attributes): Attributes;
  /** The one object as the simulator's store has it: its id, and its attributes in our words. */
  stored(world: TestWorld, block: Attributes): { id: number; attributes: Attributes } | undefined;
  /** What the store should show for a block. */
  expected(block: Attributes, scope: ScopeName): Attributes;
  removal: "deleted" | "revoked" | "never";
}

export const plainRole: Record<ScopeName, string> = {
  enterprise: "Enterprise Standard Admin",
  partner: "MSP Standard Admin",
  operator: "Operator Standard Admin",
};
export const otherRole: Record<ScopeName, string> = {
  enterprise: "Enterprise Support",
  partner: "MSP Customer Support",
  operator: "Operator Support",
};
const partWord: Record<ScopeName, string> = { enterprise: "Enterprise", partner: "MSP", operator: "Operator" };

/** Names of functional roles of the scope that make nobody a super user. */
export function partsOf(scope: ScopeName): string[] {
  const patterns = [
    "Cloud Web Security {} Read Only",
    "Global Settings {} Read Only",
    "SD-WAN Security {} Read Only",
    "SD-WAN {} Read Only",
    "SD-WAN {} Support",
    "Secure Access {} Admin",
  ];
  return patterns.map((pattern) => pattern.replace("{}", partWord[scope])).sort();
}

const inPlace = (attributes: Attributes): Edit => ({ attributes, how: "in place" });
const replaced = (attributes: Attributes): Edit => ({ attributes, how: "replaced" });

const contact: Attributes = {
  first_name: "Con",
  last_name: "Formance",
  email: "contact@acme.example",
  office_phone: "+31 20 555 0100",
  mobile_phone: "+31 6 5550 0100",
};
const contactEdits: Edit[] = Object.keys(contact).flatMap((name) => [
  inPlace({ [name]: `${String(contact[name])} 2` }),
  inPlace({ [name]: clear }),
  inPlace({ [name]: `${String(contact[name])} 3` }),
]);

function storedUserNamed(world: TestWorld, block: Attributes): { id: number; attributes: Attributes } | undefined {
  const user = world.simulator.store.userNamed(String(block.username));
  return user && { id: user.id, attributes: storedUser(world, user) };
}

function expectedUser(block: Attributes): Attributes {
  const { password: _password, take_over: _takeOver, ...shown } = block;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, value === clear ? null : value]));
}

const generated = (deliverTo: string, generation?: number): Attributes => ({
  generate: true,
  deliver_to: `local:${deliverTo}`,
  ...(generation === undefined ? {} : { generation }),
});
const given = (generation?: number): Attributes => ({
  value: "${env.CI_PASSWORD}",
  ...(generation === undefined ? {} : { generation }),
});

const nativeUser: ConformanceCase = {
  kind: "velocloud_admin_user",
  title: "native user",
  scopes: scopeNames,
  needs: () => ({}),
  block: (scope) => ({
    username: "conformance@acme.example",
    role: plainRole[scope],
    password: generated("USER_PASSWORD"),
    take_over: true,
    enabled: false,
    native: true,
    second_factor_disabled: true,
    access_level: "PRIVILEGED",
    ...contact,
  }),
  edits: (scope) => [
    inPlace({ role: otherRole[scope] }),
    inPlace({ enabled: true }),
    inPlace({ second_factor_disabled: false }),
    inPlace({ access_level: "BASIC" }),
    ...contactEdits,
    { attributes: { take_over: false }, how: "only recorded" },
    inPlace({ password: generated("USER_PASSWORD", 2) }),
    inPlace({ password: generated("OTHER_PASSWORD", 2) }),
    inPlace({ password: given() }),
    inPlace({ password: given(2) }),
    { attributes: { password: undefined }, how: "only recorded" },
    { attributes: { role: clear }, how: /cannot be cleared/ },
    { attributes: { enabled: clear }, how: /cannot be cleared/ },
    inPlace({ enabled: false }),
    replaced({ username: "another@acme.example", password: generated("USER_PASSWORD") }),
    replaced({ native: false, password: undefined }),
  ],
  existing: ({ password: _password, take_over: _takeOver, ...block }) => block,
  stored: storedUserNamed,
  expected: expectedUser,
  removal: "deleted",
};

const foreignUserCase: ConformanceCase = {
  ...nativeUser,
  title: "user who signs in elsewhere",
  block: (scope) => ({
    username: "sso@acme.example",
    role: plainRole[scope],
    enabled: false,
    native: false,
    second_factor_disabled: true,
    access_level: "PRIVILEGED",
    ...contact,
  }),
  edits: (scope) => [
    { attributes: { role: otherRole[scope] }, how: /role of a non-native user cannot be changed \(VCO-03\)/ },
    { attributes: { password: generated("USER_PASSWORD") }, how: /has no password here \(VCO-03\)/ },
    inPlace({ enabled: true }),
    inPlace({ second_factor_disabled: false }),
    inPlace({ access_level: "BASIC" }),
    ...contactEdits,
    replaced({ native: true, password: generated("USER_PASSWORD") }),
  ],
};

const role: ConformanceCase = {
  kind: "velocloud_role",
  title: "role",
  scopes: scopeNames,
  needs: () => ({}),
  block: (scope) => ({
    name: "Conformance",
    description: "What it is for",
    privileges: partsOf(scope).slice(0, 5),
  }),
  edits: (scope) => [
    inPlace({ description: "What else it is for" }),
    inPlace({ privileges: partsOf(scope) }),
    inPlace({ privileges: partsOf(scope).slice(1) }),
    { attributes: { privileges: partsOf(scope).slice(1).reverse() }, how: "only recorded" },
    { attributes: { privileges: clear }, how: /cannot be cleared/ },
    { attributes: { description: clear }, how: /cannot be cleared/ },
    replaced({ name: "Conformance 2" }),
  ],
  existing: (block) => block,
  stored(world, block) {
    const found = world.simulator.store.roles.find((each) => each.name === block.name);
    return found && { id: found.id, attributes: storedRole(world, found) };
  },
  expected: (block) => ({ ...block, privileges: [...(block.privileges as string[])].sort() }),
  removal: "deleted",
};

const owner = (scope: ScopeName, name: string): Attributes => ({
  username: `${name}@acme.example`,
  role: plainRole[scope],
  password: generated(`${name.toUpperCase()}_PASSWORD`),
});

const token: ConformanceCase = {
  kind: "velocloud_api_token",
  title: "token",
  scopes: scopeNames,
  needs: (scope) => ({ velocloud_admin_user: { ci: owner(scope, "ci"), cd: owner(scope, "cd") } }),
  block: () => ({
    owner: "${velocloud_admin_user.ci}",
    name: "conformance",
    description: "What it is for",
    lifetime: "90d",
    rotate_before: "14d",
    deliver_to: "local:TOKEN",
  }),
  edits: () => [
    replaced({ name: "conformance 2" }),
    replaced({ description: "What else it is for" }),
    replaced({ lifetime: "120d" }),
    replaced({ deliver_to: "local:OTHER_TOKEN" }),
    replaced({ owner: "${velocloud_admin_user.cd}" }),
    { attributes: { rotate_before: "7d" }, how: "only recorded" },
    { attributes: { description: clear }, how: /cannot be cleared/ },
    { attributes: { lifetime: "366d" }, how: /VCO-18/ },
    { attributes: { rotate_before: undefined }, how: "only recorded" },
    { attributes: { description: undefined }, how: "only recorded" },
  ],
  existing: (block) => block,
  stored(world) {
    const live = world.simulator.store.tokens
      .values()
      .filter((each) => each.description?.includes("[stw:") && !each.isRevoked);
    if (live.length > 1) throw new Error(`${live.length} live tokens of ours`);
    return live[0] && { id: live[0].id, attributes: storedToken(world, live[0]) };
  },
  expected(block) {
    const { rotate_before: _rotateBefore, deliver_to: _deliverTo, ...shown } = block;
    const username = `${/\.(\w+)\}$/.exec(String(block.owner))?.[1]}@acme.example`;
    return { description: null, ...shown, owner: username, state: "ENABLED" };
  },
  removal: "revoked",
};

const delegation: ConformanceCase = {
  kind: "velocloud_user_management_delegation",
  title: "delegation",
  scopes: ["enterprise"],
  needs: () => ({}),
  block: () => ({ delegated: true }),
  edits: () => [
    inPlace({ delegated: false }),
    inPlace({ delegated: true }),
    { attributes: { delegated: clear }, how: /cannot be cleared/ },
  ],
  existing: (block) => block,
  stored(world) {
    const { enterpriseId } = world.simulator.world;
    const enterprise = world.simulator.store.enterprises.get(enterpriseId)!;
    return { id: enterpriseId, attributes: { delegated: enterprise.userManagementDelegatedToOperator } };
  },
  expected: (block) => block,
  removal: "never",
};

export const conformanceCases: readonly ConformanceCase[] = [nativeUser, foreignUserCase, role, token, delegation];
