import { describe, expect, test } from "vitest";
import { rolesWithoutTokens, type ScopeName, scopes } from "../src/connectors/velocloud/scopes.ts";
import { Refusal } from "../src/diagnostic.ts";
import type { Consents } from "../src/step.ts";
import { plainRole } from "./velocloud-cases.ts";
import { connector, scopeNames } from "./velocloud-fixture.ts";
import { TestWorld, testIdentity } from "./world/test-world.ts";

/**
 * The conformance suite: for every kind and scope, create with every attribute at a value that is not the default and compare
 * with the simulator's own store, find nothing to change, change each attribute in turn, and remove as `x-removal` says.
 */

class ScopedWorld extends TestWorld {
  readonly scope: ScopeName;

  constructor(scope: ScopeName) {
    super();
    this.scope = scope;
  }

  override environmentVariables(): Record<string, string> {
    const { username, password } = this.simulator.world[this.scope];
    return { VCO_USER: username, VCO_PASSWORD: password, CHOSEN: "chosen-canary-1" };
  }

  /** The whole manifest; `resources` as JSON, which is YAML too. */
  text(resources: Resources): string {
    return JSON.stringify({
      systems: {
        velocloud: {
          url: "https://vco.test",
          scope: this.scope,
          credentials: { username: "${env.VCO_USER}", password: "${env.VCO_PASSWORD}" },
        },
      },
      sinks: { local: { type: "age", path: "secrets/${environment}", recipients: [testIdentity.recipient] } },
      resources,
    }).replace(/"!clear"/g, "!clear");
  }

  /** Applies, agreeing to exactly the removals that the guard names, until a new plan holds nothing. */
  async reach(resources: Resources): Promise<void> {
    const text = this.text(resources);
    const report = await this.apply(text).catch((error: unknown) => this.apply(text, { consents: consentIn(error) }));
    expect(report.steps.filter((step) => step.result !== "done")).toEqual([]);
    const { changes } = await this.plan(text);
    expect(changes).toEqual([]);
  }
}

type Attributes = Record<string, unknown>;
type Resources = Record<string, Record<string, Attributes>>;

function consentIn(error: unknown): Partial<Consents> {
  if (!(error instanceof Refusal)) throw error;
  const text = error.reasons.map((reason) => reason.remedy).join("\n");
  const count = /--allow-deletions (\d+)/.exec(text)?.[1];
  if (!count) throw error;
  return { allowDeletions: Number(count) };
}

async function worldOf(scope: ScopeName): Promise<ScopedWorld> {
  const world = new ScopedWorld(scope);
  await world.trust(world.text({}));
  return world;
}

const username = "ci@example.net";
const wholeUser = (scope: ScopeName) => ({
  ...{ username, role: plainRole[scope], enabled: false, native: true, second_factor_disabled: true },
  ...{ access_level: "PRIVILEGED", first_name: "Con", last_name: "Tinuous", email: "ci@mail.example" },
  ...{ office_phone: "+31 1", mobile_phone: "+31 2", password: { generate: true, deliver_to: "local:ci" } },
});
const otherRole = { enterprise: "Enterprise Support", partner: "MSP Customer Support", operator: "Operator Support" };
const userChanges = (scope: ScopeName): Attributes[] => [
  { role: otherRole[scope] },
  { enabled: true },
  { second_factor_disabled: false },
  { access_level: "BASIC" },
  ...["first_name", "last_name", "email", "office_phone", "mobile_phone"].flatMap((name) => [
    { [name]: "other" },
    { [name]: "!clear" },
  ]),
  { password: { generate: true, deliver_to: "local:ci", generation: 2 } },
  { password: { value: "${env.CHOSEN}" } },
];

/** A user of the store in the manifest's words. */
function storedUser(world: ScopedWorld): Attributes | undefined {
  const { store } = world.simulator;
  const user = store.userNamed(username);
  if (!user) return undefined;
  return {
    ...{ username: user.username, role: store.roleOf(user).name, enabled: user.isActive, native: user.isNative },
    ...{ second_factor_disabled: user.disableSecondFactor, access_level: user.accessLevel, email: user.email },
    ...{ first_name: user.firstName, last_name: user.lastName },
    ...{ office_phone: user.officePhone, mobile_phone: user.mobilePhone },
  };
}

const withoutPassword = ({ password: _password, ...rest }: Attributes): Attributes =>
  Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value === "!clear" ? null : value]));

describe.each(scopeNames)("in scope %s", (scope) => {
  test("a user is created whole, changed attribute by attribute, and deleted", async () => {
    const world = await worldOf(scope);
    let attributes: Attributes = wholeUser(scope);
    const reach = async (): Promise<void> => {
      await world.reach({ velocloud_admin_user: { ci: attributes } });
      expect(storedUser(world)).toEqual(withoutPassword(attributes));
    };
    await reach();
    expect(world.simulator.store.userNamed(username)?.password).toBe(await world.secret(world.text({}), "ci"));
    for (const change of userChanges(scope)) {
      attributes = { ...attributes, ...change };
      await reach();
    }
    expect(world.simulator.store.userNamed(username)?.password).toBe("chosen-canary-1");
    const known = Object.keys(connector.kinds.find(({ name }) => name === "velocloud_admin_user")!.schema.properties);
    const local = ["take_over", "id", "locked", "ssh_username"];
    expect(Object.keys(attributes).sort()).toEqual(known.filter((name) => !local.includes(name)).sort());
    await world.reach({});
    expect(storedUser(world)).toBeUndefined();
  });

  test("a non-native user is created without a password that anybody keeps", async () => {
    const world = await worldOf(scope);
    const attributes = { username, role: plainRole[scope], native: false, enabled: true };
    await world.reach({ velocloud_admin_user: { ci: attributes } });
    expect(storedUser(world)).toMatchObject(attributes);
    await world.reach({ velocloud_admin_user: { ci: { ...attributes, first_name: "New" } } });
    await world.reach({});
  });

  test("a user whose name changes is another user", async () => {
    const world = await worldOf(scope);
    await world.reach({ velocloud_admin_user: { ci: wholeUser(scope) } });
    await world.reach({ velocloud_admin_user: { ci: { ...wholeUser(scope), username: "new@example.net" } } });
    expect(storedUser(world)).toBeUndefined();
    expect(world.simulator.store.userNamed("new@example.net")?.isActive).toBe(false);
  });

  test("a role is created whole, changed attribute by attribute, given to a user, and deleted", async () => {
    const world = await worldOf(scope);
    const { store } = world.simulator;
    const parts = store.functionalRoles.filter((part) => part.userType === scopes[scope].userType && !part.isSuper);
    const names = parts.slice(0, 4).map((part) => part.name);
    const stored = () => {
      const role = store.roles.find((candidate) => candidate.isCustom);
      const privileges = role?.functionalRoleIds.map((id) => parts.find((part) => part.id === id)?.name).sort();
      return role && { name: role.name, description: role.description, privileges };
    };
    const whole = { name: "Auditor", description: "looks", privileges: names.slice(0, 3) };
    const changes = [{}, { description: "looks closer" }, { privileges: names }, { privileges: names.slice(0, 3) }];
    for (const change of [...changes, { name: "Inspector" }]) {
      const attributes = { ...whole, ...change };
      await world.reach({ velocloud_role: { auditor: attributes } });
      expect(stored()).toEqual({ ...attributes, privileges: [...attributes.privileges].sort() });
    }
    const user = { ...wholeUser(scope), role: "${velocloud_role.auditor}" };
    await world.reach({ velocloud_role: { auditor: whole }, velocloud_admin_user: { ci: user } });
    expect(storedUser(world)?.role).toBe("Auditor");
    await world.reach({ velocloud_admin_user: { ci: wholeUser(scope) } });
    expect(stored()).toBeUndefined();
  });

  test("a token is created whole, replaced for each change, rotated, and revoked", async () => {
    const world = await worldOf(scope);
    const { store } = world.simulator;
    const user = { ...wholeUser(scope), enabled: true };
    const users = {
      ci: user,
      b: { ...user, username: "b@example.net", password: { generate: true, deliver_to: "local:b" } },
    };
    const others = new Set(store.tokens.values().map((other) => other.id));
    const live = () => {
      const ours = store.tokens.values().filter(({ id }) => !others.has(id));
      return ours.filter(({ id }) => store.tokenState(id) === "ENABLED");
    };
    let token: Attributes = {
      ...{ owner: "${velocloud_admin_user.ci}", name: "ci", description: "Build", lifetime: "90d" },
      ...{ rotate_before: "14d", deliver_to: "local:token" },
    };
    const reach = async (): Promise<void> => {
      await world.reach({ velocloud_admin_user: users, velocloud_api_token: { ci: token } });
      const [path = ""] = String(token.deliver_to).split(":").slice(1);
      expect(live()).toHaveLength(1);
      const value = (await world.secret(world.text({}), path)) ?? "";
      const owner = String(token.owner).includes(".b}") ? "b@example.net" : username;
      expect(store.ownerOfWorkingToken(value)?.username).toBe(owner);
      expect(live()[0]).toMatchObject({ name: token.name });
      expect(live()[0]?.description).toMatch(new RegExp(`^${String(token.description)} \\[stw:[0-9a-f]{8}\\.\\d+\\]$`));
      expect(live()[0]!.expiration - live()[0]!.created).toBe(Number.parseInt(String(token.lifetime), 10) * 86_400_000);
    };
    await reach();
    const b = "${velocloud_admin_user.b}";
    for (const change of [
      { name: "b" },
      { description: "Other" },
      { lifetime: "60d" },
      { deliver_to: "local:c" },
      { owner: b },
    ]) {
      token = { ...token, ...change };
      await reach();
    }
    const before = live()[0]!.id;
    world.clock.advance(50 * 86_400_000);
    await reach();
    expect(live()[0]!.id).not.toBe(before);
    await world.reach({ velocloud_admin_user: users });
    expect(live()).toEqual([]);
  });
});

test("VCO-07 in scope enterprise the delegation is set, changed, and left as it is", async () => {
  const world = await worldOf("enterprise");
  const stored = () => world.simulator.store.enterprises.get(1)?.userManagementDelegatedToOperator;
  for (const delegated of [true, false, true]) {
    await world.reach({ velocloud_user_management_delegation: { operator: { delegated } } });
    expect(stored()).toBe(delegated);
  }
  await world.reach({});
  expect(stored()).toBe(true);
});

test("VCO-09 the simulator refuses tokens for roles that the connector knows", () => {
  const { store } = new TestWorld().simulator;
  const names = store.roles.values().map((role) => role.name);
  expect(names.filter((name) => rolesWithoutTokens.has(name)).sort()).toEqual([
    "Enterprise Read Only User",
    "Enterprise Security Read Only",
    "MSP Business Specialist",
  ]);
});
