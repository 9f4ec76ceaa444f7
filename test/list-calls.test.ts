import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

const count = 50;

const users = (lifecycle: string): string => {
  const blocks = Array.from({ length: count }, (_, index) => {
    const name = `user${String(index + 1).padStart(5, "0")}`;
    return `    ${name}: { username: ${name}@customer.example, role: Enterprise Support, enabled: true${lifecycle} }\n`;
  });
  return `  velocloud_admin_user:\n${blocks.join("")}`;
};

const lists = [
  "enterprise/getApiTokens",
  "enterprise/getEnterpriseUsers",
  "compositeRole/getByEnterprise",
  "functionalRole/getByEnterprise",
  "role/getUserTypeRoles",
];

let bench: Bench;

beforeEach(async () => {
  bench = await makeBench(users(", lifecycle: { adopt: true }"));
  const { store, world } = bench.simulator;
  for (let index = 0; index < count; index++) {
    const username = `user${String(index + 1).padStart(5, "0")}@customer.example`;
    store.addUser({
      username,
      roleName: "Enterprise Support",
      tenantId: world.enterpriseId,
      password: "S3cretpassword",
    });
  }
  await bringUp(bench);
  bench.declare(users(""));
  store.calls.clear();
});
afterEach(() => bench.close());

async function callsOf(words: string): Promise<Map<string, number>> {
  bench.simulator.store.calls.clear();
  const { code, out, err } = await bench.steward(words);
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out).not.toContain("error");
  return bench.simulator.store.calls;
}

test.each(["plan", "drift"])("%s makes one list call for each kind, and reads no object one by one", async (words) => {
  const calls = await callsOf(`${words} --env test`);
  for (const method of lists) expect([method, calls.get(method)]).toEqual([method, 1]);
  const total = [...calls.values()].reduce((sum, each) => sum + each, 0);
  // Besides the lists: who we are, and whether user management is delegated.
  expect([...calls.keys()].sort()).toEqual(
    [...lists, "enterpriseUser/getEnterpriseUser", "role/isEnterpriseUserManagementDelegatedToOperator"].sort(),
  );
  expect(total).toBe(calls.size);
});

test("a plan of recorded users that nobody touched says that there is nothing to do", async () => {
  const { out } = await bench.steward("plan --env test");
  expect(out).toContain(`${count} resources declared`);
  expect(out).toContain("No changes.");
});

test("plan --actual makes no call at all", async () => {
  await bench.steward("refresh --out actual.json --env test");
  const calls = await callsOf("plan --actual actual.json --env test");
  expect([...calls.keys()]).toEqual([]);
});
