import { beforeEach, describe, expect, it } from "vitest";
import { scopes } from "../src/simulators/velocloud/scopes.ts";
import type { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import {
  addUser,
  type Credentials,
  logIn,
  makeSimulator,
  ok,
  password,
  refusal,
  scopeCases,
} from "./simulator-client.ts";

type Role = { id: number; name: string; isSuper: 0 | 1; isCustom: 0 | 1; functionalRoleIds?: number[] };

let simulator: VelocloudSimulator;
let admin: Credentials;

beforeEach(() => {
  ({ simulator } = makeSimulator());
  admin = { token: simulator.world.enterprise.token };
});

const parts = (who: Credentials, extra: object = {}) =>
  ok<Role[]>(simulator, who, "functionalRole/getByEnterprise", { userType: "ENTERPRISE", enterpriseId: 1, ...extra });

const createRole = (name: string, functionalRoleIds: number[]) =>
  ok<{ id: number }>(simulator, admin, "compositeRole/createByEnterprise", {
    ...{ userType: "ENTERPRISE", enterpriseId: 1, name, description: "d", functionalRoleIds },
  });

describe("the role catalogue", () => {
  it("fixes the ids 1, 2 and 14 only, and draws the others anew for each seed", () => {
    const idsOf = (seed: number) => {
      const { store } = makeSimulator({ seed }).simulator;
      return Object.fromEntries(store.roles.values().map((role) => [role.name, role.id]));
    };
    const [one, same, other] = [idsOf(1), idsOf(1), idsOf(2)];
    expect(one).toEqual(same);
    expect(one).toMatchObject({ "Operator Standard Admin": 1, "Operator Superuser": 2, "Enterprise Superuser": 14 });
    const names = Object.keys(one).filter((name) => one[name] === other[name]);
    expect(names.sort()).toEqual(["Enterprise Superuser", "Operator Standard Admin", "Operator Superuser"]);
    expect(new Set(Object.values(one)).size).toBe(17);
  });

  it("lists roles by user type, PARTNER meaning MSP", async () => {
    const list = (userType: string) => ok<Role[]>(simulator, admin, "role/getUserTypeRoles", { userType });
    expect((await list("ENTERPRISE")).map((role) => role.name)).toContain("Enterprise Read Only User");
    expect((await list("PARTNER")).map((role) => role.name)).toEqual((await list("MSP")).map((role) => role.name));
    expect(await list("END_USER")).toEqual([]);
    expect(await refusal(simulator, admin, "role/getUserTypeRoles", { userType: "BOSS" })).toMatch(/enum/);
    expect(await refusal(simulator, admin, "role/getUserTypeRoles")).toBe('instance requires property "userType"');
  });

  it("leaves super roles out of the functional roles when asked to", async () => {
    const all = await parts(admin);
    const plain = await parts(admin, { excludeSuperRoles: true });
    expect(all.some((part) => part.isSuper === 1)).toBe(true);
    expect(plain).toEqual(all.filter((part) => part.isSuper === 0));
  });
});

describe("composite roles", () => {
  it("creates, reads, changes and deletes one in every scope", async () => {
    for (const { userType, account, tenant } of scopeCases(simulator)) {
      const who = { token: account.token };
      const suffix = scopes[userType].roleSuffix;
      const all = await ok<Role[]>(simulator, who, `functionalRole/getBy${suffix}`, { userType, ...tenant });
      const [first, second] = all.map((part) => part.id);
      const made = { userType, name: "Robots", description: "d", functionalRoleIds: [first, second], ...tenant };
      const { id } = await ok<{ id: number }>(simulator, who, `compositeRole/createBy${suffix}`, made);
      const read = () =>
        ok<Role[]>(simulator, who, `compositeRole/getBy${suffix}`, { userTypes: [userType], roleIds: [id] });
      expect(await read()).toMatchObject([{ id, name: "Robots", isCustom: 1, functionalRoleIds: [first, second] }]);
      const update = { roleId: id, _update: { name: "Machines", functionalRoleIds: [second] } };
      expect(await ok(simulator, who, `compositeRole/updateBy${suffix}`, update)).toEqual({});
      expect(await read()).toMatchObject([{ name: "Machines", description: "d", functionalRoleIds: [second] }]);
      expect(await ok(simulator, who, `compositeRole/deleteBy${suffix}`, { roleIds: [id] })).toEqual({});
      expect(await read()).toEqual([]);
    }
  });

  it("gives its users the privileges of its parts, at once", async () => {
    const all = await parts(admin);
    const byName = (name: string) => all.find((part) => part.name === name)!.id;
    const { id } = await createRole("Robots", [byName("SD-WAN Enterprise Read Only")]);
    const user = addUser(simulator, "u1");
    await ok(simulator, admin, "enterpriseUser/updateEnterpriseUser", { id: user.id, _update: { roleId: id } });
    const session = await logIn(simulator, "u1", password);
    const token = { enterpriseUserId: user.id, name: "n", lifetimeMs: 1000 };
    expect(await refusal(simulator, session, "enterprise/createApiToken", token)).toContain(
      "[CREATE:ENTERPRISE_TOKEN]",
    );
    const update = { roleId: id, _update: { functionalRoleIds: [byName("SD-WAN Enterprise Admin")] } };
    await ok(simulator, admin, "compositeRole/updateByEnterprise", update);
    expect(await ok(simulator, session, "enterprise/createApiToken", token)).toMatchObject({ rows: 1 });
    expect(
      await refusal(simulator, session, "compositeRole/createByEnterprise", {
        ...{ userType: "ENTERPRISE", name: "x", description: "", functionalRoleIds: [1] },
      }),
    ).toContain("[CREATE:ENTERPRISE_SCOPED_ROLE]");
  });

  it("protects default roles, roles in use, taken names and foreign parts", async () => {
    const all = await parts(admin);
    const { id } = await createRole("Robots", [all[3]!.id]);
    const updateDefault = { roleId: 14, _update: { name: "x" } };
    expect(await refusal(simulator, admin, "compositeRole/updateByEnterprise", updateDefault)).toMatch(/default roles/);
    expect(await refusal(simulator, admin, "compositeRole/deleteByEnterprise", { roleIds: [14] })).toMatch(
      /default roles/,
    );
    await expect(createRole("Robots", [all[3]!.id])).rejects.toThrow("taken");
    await expect(createRole("Enterprise Support", [all[3]!.id])).rejects.toThrow("taken");
    const foreign = simulator.store.functionalRoles.find((part) => part.userType === "OPERATOR")!;
    await expect(createRole("Spies", [foreign.id])).rejects.toThrow("functional role");
    await expect(createRole("Empty", [])).rejects.toThrow("minimum length");
    addUser(simulator, "u1", "Robots");
    expect(await refusal(simulator, admin, "compositeRole/deleteByEnterprise", { roleIds: [id] })).toMatch(/in use/);
    expect(simulator.store.roles.get(id)).toBeDefined();
  });

  it("keeps composite roles of one customer out of sight and out of reach of another", async () => {
    const all = await parts(admin);
    const { id } = await createRole("Robots", [all[3]!.id]);
    const { token } = simulator.world.otherEnterprise;
    const seen = await ok<Role[]>(simulator, { token }, "role/getUserTypeRoles", { userType: "ENTERPRISE" });
    expect(seen.map((role) => role.id)).not.toContain(id);
    const own = await ok<Role[]>(simulator, admin, "role/getUserTypeRoles", { userType: "ENTERPRISE" });
    expect(own.map((role) => role.id)).toContain(id);
    const insert = { username: "spy", password, roleId: id };
    expect(await refusal(simulator, { token }, "enterprise/insertEnterpriseUser", insert)).toMatch(/does not exist/);
    expect(await refusal(simulator, { token }, "compositeRole/deleteByEnterprise", { roleIds: [id] })).toMatch(
      /no such role/,
    );
  });
});
