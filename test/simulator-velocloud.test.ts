import { beforeEach, describe, expect, it } from "vitest";
import { scopes } from "../src/simulators/velocloud/scopes.ts";
import type { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import { lifetimeMsMax } from "../src/simulators/velocloud/tokens.ts";
import {
  addUser,
  type Clock,
  type Credentials,
  logIn,
  makeSimulator,
  ok,
  password,
  refusal,
  rest,
  scopeCases,
} from "./simulator-client.ts";

const dayMs = 24 * 60 * 60 * 1000;

let simulator: VelocloudSimulator;
let clock: Clock;
let admin: Credentials;
let operator: Credentials;

beforeEach(() => {
  ({ simulator, clock } = makeSimulator());
  admin = { token: simulator.world.enterprise.token };
  operator = { token: simulator.world.operator.token };
});

const create = (ownerId: number, who: Credentials = admin, extra: object = {}) =>
  ok<{ id: number; rows: number }>(simulator, who, "enterprise/createApiToken", {
    enterpriseUserId: ownerId,
    name: "ci",
    lifetimeMs: 30 * dayMs,
    ...(who === operator ? { enterpriseId: 1 } : {}),
    ...extra,
  });

async function issue(username: string): Promise<{ id: number; value: string }> {
  const user = simulator.store.userNamed(username)!;
  const { id } = await create(user.id);
  const session = await logIn(simulator, username, password);
  const { token } = await ok<{ token: string }>(simulator, session, "enterprise/downloadApiToken", { id });
  return { id, value: token };
}

const works = async (token: string) =>
  !(await rest(simulator, { token }, "enterpriseUser/getEnterpriseUser", {})).body.includes("error");

describe("users", () => {
  it("VCO-01 creates, reads, lists, changes and deletes users of every scope, on REST alone", async () => {
    for (const { userType, account, tenant } of scopeCases(simulator)) {
      const who = { token: account.token };
      const scope = scopes[userType];
      const roleId = simulator.store.roles.find(
        (role) => role.userType === userType && role.name.endsWith("Standard Admin"),
      )!.id;
      const username = `new-${userType}@x.example`;
      const { id } = await ok<{ id: number }>(simulator, who, scope.insertUser, {
        username,
        password,
        roleId,
        ...tenant,
      });
      expect(await ok(simulator, who, scope.getUser, { username })).toMatchObject({ id, ...tenant, userType, roleId });
      const listed = await ok<{ id: number }[]>(simulator, who, scope.listUsers, tenant);
      expect(listed.map((user) => user.id)).toContain(id);
      expect(await ok(simulator, who, scope.updateUser, { id, _update: { firstName: "Ada" } })).toEqual({ rows: 1 });
      expect(simulator.store.users.get(id)).toMatchObject({ firstName: "Ada", username, password });
      expect(await ok(simulator, who, scope.deleteUser, { id })).toMatchObject({ id, rows: 1 });
      expect(simulator.store.users.get(id)).toBeUndefined();
      expect(await ok(simulator, who, scope.deleteUser, { id })).toMatchObject({ rows: 0 });
    }
  });

  it("VCO-02 is Enabled by default, and Disabled ends all sessions of the user while tokens go on working", async () => {
    const user = addUser(simulator, "u1");
    const { value } = await issue("u1");
    const session = await logIn(simulator, "u1", password);
    expect(await ok(simulator, session, "enterpriseUser/getEnterpriseUser")).toMatchObject({ isActive: 1 });
    await ok(simulator, admin, "enterpriseUser/updateEnterpriseUser", { id: user.id, _update: { isActive: false } });
    expect(await refusal(simulator, session, "enterpriseUser/getEnterpriseUser")).toContain("expired session cookie");
    await expect(logIn(simulator, "u1", password)).rejects.toThrow("could not log in");
    expect(await works(value)).toBe(true);
  });

  it("VCO-03 keeps password and role of a non-native user, and lets the type be chosen only outside mode Native", async () => {
    const { id } = addUser(simulator, "u1");
    const update = (change: object) => ({ id, _update: change });
    const roleId = simulator.store.roleNamed("Enterprise Support").id;
    await ok(simulator, admin, "enterpriseUser/updateEnterpriseUser", update({ isNative: false }));
    for (const change of [{ roleId }, { password: "another-1a" }]) {
      expect(await refusal(simulator, admin, "enterpriseUser/updateEnterpriseUser", update(change))).toMatch(
        /non-native/,
      );
    }
    await expect(logIn(simulator, "u1", password)).rejects.toThrow("could not log in");
    await ok(simulator, admin, "enterpriseUser/updateEnterpriseUser", update({ isNative: true }));
    simulator.store.setAuthenticationMode(1, "NATIVE");
    expect(await refusal(simulator, admin, "enterpriseUser/updateEnterpriseUser", update({ isNative: false }))).toMatch(
      /Native/,
    );
  });

  it("VCO-04 puts a password reset into the outbox, for native users only", async () => {
    const { id } = addUser(simulator, "u1");
    await ok(simulator, admin, "enterpriseUser/sendEnterpriseUserPasswordResetEmail", { id });
    expect(simulator.store.outbox).toEqual([{ at: clock.ms, to: "u1@customer.example", userId: id }]);
    simulator.store.changeUser(id, { isNative: false });
    await refusal(simulator, admin, "enterpriseUser/sendEnterpriseUserPasswordResetEmail", { id });
    expect(simulator.store.outbox).toHaveLength(1);
  });

  it("VCO-05 applies a changed role to the very next call", async () => {
    const { id } = addUser(simulator, "u1");
    const session = await logIn(simulator, "u1", password);
    const insert = { username: "u2", password, roleId: simulator.store.roleNamed("Enterprise Support").id };
    expect(await refusal(simulator, session, "enterprise/insertEnterpriseUser", insert)).toContain(
      "[CREATE:ENTERPRISE_USER]",
    );
    simulator.store.changeRoleOf(id, "Enterprise Superuser");
    expect(await ok(simulator, session, "enterprise/insertEnterpriseUser", insert)).toMatchObject({ rows: 1 });
  });

  it("VCO-17 lets only super users create users, and protects default users and the Operator Superuser", async () => {
    const { enterprise, operator: root } = simulator.world;
    addUser(simulator, "u1");
    const insert = { username: "u2", password, roleId: 14 };
    const session = await logIn(simulator, "u1", password);
    expect(await refusal(simulator, session, "enterprise/insertEnterpriseUser", insert)).toContain("ENTERPRISE_USER");
    const remove = (who: Credentials, scope: keyof typeof scopes, id: number) =>
      refusal(simulator, who, scopes[scope].deleteUser, { id });
    expect(await remove(admin, "ENTERPRISE", enterprise.id)).toMatch(/default/);
    expect(await remove(operator, "OPERATOR", root.id)).toMatch(/Superuser/);
    const update = { id: root.id, _update: { firstName: "x" } };
    expect(await refusal(simulator, operator, "operatorUser/updateOperatorUser", update)).toMatch(/Superuser/);
  });

  it("VCO-17 makes the SSH username itself and refuses to change it", async () => {
    const roleId = simulator.store.roleNamed("Enterprise Support").id;
    const { id } = await ok<{ id: number }>(simulator, admin, "enterprise/insertEnterpriseUser", {
      username: "u",
      password,
      roleId,
    });
    expect(simulator.store.users.get(id)!.sshUsername).not.toBe("");
    const update = { id, _update: { sshUsername: "mine" } };
    expect(await refusal(simulator, admin, "enterpriseUser/updateEnterpriseUser", update)).toMatch(/SSH/);
  });

  it.each(["short1a", `${"long".repeat(8)}1`, "NOLOWERCASE1", "nodigitshere", "with<bracket1"])(
    "VCO-17 refuses the password %s",
    async (bad) => {
      const roleId = simulator.store.roleNamed("Enterprise Support").id;
      const message = await refusal(simulator, admin, "enterprise/insertEnterpriseUser", {
        username: "u",
        password: bad,
        roleId,
      });
      expect(message).toMatch(/password/);
      expect(simulator.store.userNamed("u")).toBeUndefined();
    },
  );

  it("refuses a username that is taken, whatever its letters' case, and changes usernames of operators only", async () => {
    const roleId = simulator.store.roleNamed("Enterprise Support").id;
    const { id } = addUser(simulator, "u1");
    expect(
      await refusal(simulator, admin, "enterprise/insertEnterpriseUser", { username: "U1", password, roleId }),
    ).toMatch(/taken/);
    await refusal(simulator, admin, "enterpriseUser/updateEnterpriseUser", { id, _update: { username: "u9" } });
    expect(simulator.store.users.get(id)!.username).toBe("u1");
    const made = { username: "op", password, roleId: 1 };
    const op = await ok<{ id: number }>(simulator, operator, "operatorUser/insertOperatorUser", made);
    await ok(simulator, operator, "operatorUser/updateOperatorUser", {
      id: op.id,
      _update: { username: "op2", isLocked: true },
    });
    expect(simulator.store.users.get(op.id)).toMatchObject({ username: "op2", isLocked: true });
  });

  it("takes booleans and refuses numbers, answers 0 and 1, masks the password and shows unset strings as null", async () => {
    const { id } = addUser(simulator, "u1");
    const bad = { id, _update: { isActive: 0 } };
    expect(await refusal(simulator, admin, "enterpriseUser/updateEnterpriseUser", bad)).toMatch(/boolean/);
    await ok(simulator, admin, "enterpriseUser/updateEnterpriseUser", {
      id,
      _update: { disableSecondFactor: true, email: "" },
    });
    const shown = await ok(simulator, admin, "enterpriseUser/getEnterpriseUser", { id });
    expect(shown).toMatchObject({
      disableSecondFactor: 1,
      isActive: 1,
      isLocked: 0,
      password: "*****",
      email: null,
      mobilePhone: null,
    });
    expect(JSON.stringify(shown)).not.toContain(password);
  });

  it("keeps tenants apart and lets a partner reach its own customers", async () => {
    const { otherEnterpriseId, partner } = simulator.world;
    await refusal(simulator, admin, "enterprise/getEnterpriseUsers", { enterpriseId: otherEnterpriseId });
    const msp = { token: partner.token };
    expect(await ok<unknown[]>(simulator, msp, "enterprise/getEnterpriseUsers", { enterpriseId: 1 })).toHaveLength(1);
    await refusal(simulator, msp, "enterprise/getEnterpriseUsers", { enterpriseId: otherEnterpriseId });
    expect(await refusal(simulator, msp, "enterprise/getEnterpriseUsers", {})).toMatch(
      /^missing key parameter to enterprise/,
    );
  });
});

describe("tokens", () => {
  it("VCO-06 VCO-14 lets a user have several tokens, each used in the header Authorization: Token", async () => {
    addUser(simulator, "u1");
    const [one, two] = [await issue("u1"), await issue("u1")];
    expect(one.value).not.toBe(two.value);
    expect([await works(one.value), await works(two.value)]).toEqual([true, true]);
  });

  it("VCO-07 lets an operator act on enterprise users only while the enterprise delegates it, and on operators always", async () => {
    const { id } = addUser(simulator, "u1");
    await expect(create(id, operator)).rejects.toThrow("[CREATE:ENTERPRISE_TOKEN]");
    const flag = "role/setEnterpriseUserManagementDelegatedToOperator";
    const denied = await refusal(simulator, operator, flag, { enterpriseId: 1, isDelegated: true });
    expect(denied).toBe(`user does not have privilege [UPDATE:ENTERPRISE_DELEGATION] required to access [${flag}]`);
    expect(await ok(simulator, admin, flag, { isDelegated: true })).toEqual({ isDelegated: true });
    const reader = "role/isEnterpriseUserManagementDelegatedToOperator";
    expect(await ok(simulator, operator, reader, { enterpriseId: 1 })).toEqual({ isDelegated: true });
    const { id: tokenId } = await create(id, operator);
    expect(simulator.store.tokens.get(tokenId)).toMatchObject({ ownerId: id, createdByType: "OPERATOR" });
    const other = simulator.store.addUser({
      username: "op",
      roleName: "Operator Support",
      userType: "OPERATOR",
      tenantId: 1,
    });
    const params = { operatorUserId: other.id, name: "n", lifetimeMs: 1000 };
    expect(await ok(simulator, operator, "network/createApiToken", params)).toMatchObject({ rows: 1 });
  });

  it("VCO-08 lets users manage their own tokens and super users those of everyone in the enterprise", async () => {
    const [one, two] = [addUser(simulator, "u1"), addUser(simulator, "u2")];
    const session = await logIn(simulator, "u1", password);
    const own = await create(one.id, session);
    await expect(create(two.id, session)).rejects.toThrow("[CREATE:ENTERPRISE_TOKEN]");
    const foreign = await create(two.id);
    await refusal(simulator, session, "enterprise/revokeApiToken", { id: foreign.id });
    expect(simulator.store.tokenState(foreign.id)).toBe("PENDING");
    await ok(simulator, session, "enterprise/revokeApiToken", { id: own.id });
    await ok(simulator, admin, "enterprise/revokeApiToken", { id: foreign.id });
    const seen = await ok<{ id: number }[]>(simulator, session, "enterprise/getApiTokens");
    expect(seen.map((token) => token.id)).toEqual([own.id]);
    expect(await ok<unknown[]>(simulator, admin, "enterprise/getApiTokens")).toHaveLength(3);
  });

  it("VCO-09 has no tokens for Enterprise Read Only Users and MSP Business Specialists", async () => {
    const reader = addUser(simulator, "r1", "Enterprise Read Only User");
    await expect(create(reader.id)).rejects.toThrow("[CREATE:ENTERPRISE_TOKEN]");
    await expect(create(reader.id, await logIn(simulator, "r1", password))).rejects.toThrow("ENTERPRISE_TOKEN");
    const { partner, enterpriseProxyId } = simulator.world;
    const specialist = {
      username: "b",
      roleName: "MSP Business Specialist",
      userType: "MSP",
      tenantId: enterpriseProxyId,
    } as const;
    const { id } = simulator.store.addUser(specialist);
    const params = { enterpriseUserId: id, name: "n", lifetimeMs: 1000 };
    await refusal(simulator, { token: partner.token }, "enterpriseProxy/createApiToken", params);
    addUser(simulator, "u1");
    const { value } = await issue("u1");
    simulator.store.changeRoleOf(simulator.store.userNamed("u1")!.id, "Enterprise Read Only User");
    expect(await works(value)).toBe(false);
  });

  it("VCO-10 lets only the owner download: not a super user, not an operator", async () => {
    const { id: ownerId } = addUser(simulator, "u1");
    simulator.store.setDelegation(1, true);
    const { id } = await create(ownerId);
    expect(await refusal(simulator, admin, "enterprise/downloadApiToken", { id })).toMatch(/owner/);
    await refusal(simulator, operator, "enterprise/downloadApiToken", { id, enterpriseId: 1 });
    expect(simulator.store.tokenState(id)).toBe("PENDING");
    expect(simulator.store.tokenValues.size).toBe(4);
  });

  it("VCO-11 needs name and lifetime, and starts a token as Pending", async () => {
    const { id: ownerId } = addUser(simulator, "u1");
    for (const missing of ["name", "lifetimeMs", "enterpriseUserId"]) {
      await expect(create(ownerId, admin, { [missing]: undefined })).rejects.toThrow(`requires property "${missing}"`);
    }
    const { id } = await create(ownerId, admin, { description: "for ci" });
    const [listed] = await ok<object[]>(simulator, admin, "enterpriseUser/getApiTokens", { id: ownerId });
    expect(listed).toMatchObject({
      id,
      name: "ci",
      description: "for ci",
      state: "PENDING",
      downloaded: null,
      isRevoked: false,
    });
    expect(listed).toMatchObject({ tenantName: "Simulated Customer", createdForEnterpriseUserId: ownerId });
  });

  it("VCO-12 gives a token's value once, in every scope, and never shows it again", async () => {
    for (const { account, tenant, tokens, owner, login } of scopeCases(simulator)) {
      const params = { [owner]: account.id, name: "n", lifetimeMs: dayMs, ...tenant };
      const { id } = await ok<{ id: number }>(simulator, { token: account.token }, `${tokens}/createApiToken`, params);
      const session = await logIn(simulator, account.username, account.password, login);
      const { token } = await ok<{ token: string }>(simulator, session, `${tokens}/downloadApiToken`, { id });
      expect(simulator.store.tokenState(id)).toBe("ENABLED");
      expect(simulator.store.ownerOfWorkingToken(token)?.id).toBe(account.id);
      await refusal(simulator, session, `${tokens}/downloadApiToken`, { id });
      const listed = await rest(simulator, session, `${tokens}/getApiTokens`, tenant);
      expect(listed.body).toContain(`"id":${id}`);
      expect(listed.body).not.toContain(token);
      expect(await ok(simulator, session, `${tokens}/revokeApiToken`, { id })).toEqual({ rows: 1 });
      expect(simulator.store.ownerOfWorkingToken(token)).toBeUndefined();
    }
  });

  it("VCO-13 ends in Revoked or Expired, both of which answer HTTP 200 with a token error", async () => {
    addUser(simulator, "u1");
    const [one, two] = [await issue("u1"), await issue("u1")];
    await ok(simulator, admin, "enterprise/revokeApiToken", { id: one.id });
    expect(simulator.store.tokenState(one.id)).toBe("REVOKED");
    clock.ms += 30 * dayMs;
    expect(simulator.store.tokenState(two.id)).toBe("EXPIRED");
    expect(simulator.store.tokenState(one.id)).toBe("REVOKED");
    for (const { value } of [one, two]) {
      const response = await rest(simulator, { token: value }, "system/getVersionInfo");
      expect(response.status).toBe(200);
      expect(JSON.parse(response.body)).toEqual({ error: { code: -32000, message: "tokenError [Invalid API Token]" } });
    }
  });

  it("VCO-15 refuses a super user's revocation for others where the orchestrator is set so", async () => {
    simulator = makeSimulator({ superuserRevokesForOthers: false }).simulator;
    admin = { token: simulator.world.enterprise.token };
    const user = addUser(simulator, "u1");
    const { id } = await create(user.id);
    expect(await refusal(simulator, admin, "enterprise/revokeApiToken", { id })).toContain("[UPDATE:ENTERPRISE_TOKEN]");
    const session = await logIn(simulator, "u1", password);
    expect(await ok(simulator, session, "enterprise/revokeApiToken", { id })).toEqual({ rows: 1 });
  });

  it("VCO-16 keeps tokens of a deleted user working and listed unless they were revoked first", async () => {
    const user = addUser(simulator, "u1");
    const [kept, revoked] = [await issue("u1"), await issue("u1")];
    await ok(simulator, admin, "enterprise/revokeApiToken", { id: revoked.id });
    await ok(simulator, admin, "enterpriseUser/deleteEnterpriseUser", { id: user.id });
    expect([await works(kept.value), await works(revoked.value)]).toEqual([true, false]);
    const listed = await ok<{ id: number }[]>(simulator, admin, "enterprise/getApiTokens");
    expect(listed.map((token) => token.id)).toEqual(expect.arrayContaining([kept.id, revoked.id]));
  });

  it("VCO-18 refuses a lifetime above 12 months", async () => {
    const { id } = addUser(simulator, "u1");
    await expect(create(id, admin, { lifetimeMs: lifetimeMsMax + 1 })).rejects.toThrow("12 months");
    expect(await create(id, admin, { lifetimeMs: 365 * dayMs })).toMatchObject({ rows: 1 });
  });

  it("refuses to refresh a token and counts the attempt", async () => {
    expect(simulator.store.countOf("enterprise/refreshApiToken")).toBe(0);
    const params = { apiToken: simulator.world.enterprise.token };
    expect(await refusal(simulator, admin, "enterprise/refreshApiToken", params)).toMatch(/not allowed/);
    expect(simulator.store.countOf("enterprise/refreshApiToken")).toBe(1);
  });
});
