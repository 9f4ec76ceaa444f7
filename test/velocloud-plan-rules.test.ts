import { describe, expect, test } from "vitest";
import type { Value } from "../src/resource.ts";
import { addUser, plainRole } from "./velocloud-cases.ts";
import { type Bench, contextOf, entryOf, makeBench, operationOf, run } from "./velocloud-fixture.ts";
import { changeOf, errorsOf, planFor, recordOf, secretEntry, stepsAt, stepsOf } from "./velocloud-plan-fixture.ts";
import { applied, lines, manifestOf, worldOf } from "./world/conformance-world.ts";

/** What other tests leave open of users, roles, tokens and the delegation: each rule's less common halves. */

const user = "velocloud_admin_user.ci";
const token = "velocloud_api_token.ci";
const password = { generate: true, deliver_to: "local:ci-password" };
const declaredUser: Record<string, Value> = { username: "ci@example.net", role: plainRole.enterprise, password };
const declaredToken: Record<string, Value> = {
  ...{ owner: "ci@example.net", name: "ci", lifetime: "90d", deliver_to: "local:ci-token" },
};

/** A user of the orchestrator that Steward made. */
function recorded(bench: Bench, attributes = declaredUser) {
  const secrets = { password: secretEntry("ci-password", 1) };
  const made = addUser(bench);
  return { made, entry: recordOf(user, made.id, attributes, { secrets }) };
}

describe("velocloud users", () => {
  test("VCO-02 a new user is enabled unless the manifest says otherwise", async () => {
    for (const [attributes, isActive] of [
      [{}, true],
      [{ enabled: false }, false],
    ] as const) {
      const bench = makeBench();
      const all = { username: "ci@example.net", role: plainRole.enterprise, ...attributes };
      const draft = { operation: "create", input: { attributes: all } };
      expect((await run(bench, await contextOf(bench, "velocloud_admin_user", draft))).fault).toBeUndefined();
      expect(bench.simulator.store.userNamed("ci@example.net")?.isActive).toBe(isActive);
    }
  });

  test("VCO-02 a password is set before its user is disabled, because only a login proves it", async () => {
    const bench = makeBench();
    const { entry } = recorded(bench);
    const off = { ...declaredUser, enabled: false, password: { ...password, generation: 2 } };
    const plan = await planFor(bench, { resources: { [user]: off }, entries: [entry] });
    expect(stepsOf(plan, user)).toEqual(["set_password", "update"]);
    expect(stepsAt(plan, user)[1]?.needs).toEqual([`${user}/set_password`]);
  });

  test("VCO-05 the privileges of custom roles tell what another role means", async () => {
    const parts = ["Global Settings Enterprise Read Only", "Global Settings Enterprise Standard"];
    const roles: Record<string, Record<string, Value>> = {
      "velocloud_role.less": { name: "Less", description: "x", privileges: [parts[0]!] },
      "velocloud_role.more": { name: "More", description: "x", privileges: parts },
      "velocloud_role.other": { name: "Other", description: "x", privileges: [parts[1]!] },
    };
    const noteOf = async (before: string, after: string) => {
      const bench = makeBench();
      const { made, entry } = recorded(bench, { ...declaredUser, role: before });
      const ids = bench.simulator.store.functionalRoles.filter(({ name }) => parts.includes(name)).map(({ id }) => id);
      const held = { name: before, description: "x", functionalRoleIds: ids.slice(0, 1) };
      bench.simulator.store.changeUser(made.id, { roleId: await bench.open.writer().createRole(held) });
      const resources = { ...roles, [user]: { ...declaredUser, role: after } };
      return changeOf(await planFor(bench, { resources, entries: [entry] }), user)?.attributes[0]?.note;
    };
    expect(await noteOf("Less", "More")).toBe("privilege gained");
    expect(await noteOf("More", "Less")).toBe("privilege lost");
    expect(await noteOf("Less", "Other")).toBeUndefined();
  });

  test("VCO-28 a role that the same run makes is found by its name", async () => {
    const part = "Global Settings Enterprise Read Only";
    const world = worldOf("enterprise");
    const text = manifestOf("enterprise", {
      velocloud_role: { auditor: { name: "Auditor", description: "looks", privileges: [part] } },
      velocloud_admin_user: {
        ci: {
          ...declaredUser,
          role: "${velocloud_role.auditor}",
          password: { generate: true, deliver_to: "local:CI" },
        },
      },
    });
    await world.trust(text);
    await applied(world, text);
    const made = world.simulator.store.userNamed("ci@example.net")!;
    expect(world.simulator.store.roleOf(made).name).toBe("Auditor");
    expect(lines(await world.plan(text))).toEqual([]);
  });
});

describe("velocloud tokens", () => {
  test("VCO-03 an owner who signs in elsewhere downloads in person, although a sink holds a password", async () => {
    const bench = makeBench();
    const { made, entry } = recorded(bench, { ...declaredUser, native: false });
    bench.simulator.store.changeUser(made.id, { isNative: false });
    const plan = await planFor(bench, {
      resources: { [token]: declaredToken },
      entries: [{ ...entry, onRemove: "forget" }],
    });
    expect(stepsAt(plan, token)[1]).toMatchObject({ operation: "download", hand: "person" });
    bench.simulator.store.changeUser(made.id, { isNative: true });
    const native = await planFor(bench, {
      resources: { [token]: declaredToken },
      entries: [{ ...entry, onRemove: "forget" }],
    });
    expect(stepsAt(native, token)[1]).toMatchObject({ operation: "download", hand: "api" });
  });

  test.each([
    "Enterprise Read Only User",
    "Enterprise Security Read Only",
    "MSP Business Specialist",
    "Partner Business Specialist",
  ])("VCO-09 %s is a role without tokens", async (role) => {
    const resources = { [user]: { ...declaredUser, role }, [token]: declaredToken };
    expect(errorsOf(await planFor(makeBench(), { resources }))).toContain(`has the role ${role}, whose users`);
  });

  test("VCO-11 the mark alone is the description when none is declared, and the lifetime is sent", async () => {
    const bench = makeBench();
    const owner = addUser(bench);
    const input = { owner: owner.username, name: "ci", mark: "[stw:1a2b3c4d.3]", lifetime_ms: 7_200_000 };
    for (const [more, description] of [
      [{}, "[stw:1a2b3c4d.3]"],
      [{ description: "Build" }, "Build [stw:1a2b3c4d.3]"],
    ] as const) {
      const draft = { operation: "create", input: { ...input, ...more } };
      const { id } = await run(bench, await contextOf(bench, "velocloud_api_token", draft));
      const made = bench.simulator.store.tokens.get(Number(id))!;
      expect([made.description, made.expiration - made.created]).toEqual([description, 7_200_000]);
    }
  });

  test("VCO-12 the value is in the sink while the owner's session still lasts", async () => {
    const bench = makeBench();
    const owner = addUser(bench);
    const { id } = bench.simulator.store.addToken({ ownerId: owner.id, name: "ci" });
    bench.desk.references.set("local:ci", "known-password-1");
    const target = { sink: "local", path: "x", issueId: "i.1", generation: 1 };
    const sessionsAtPut: number[] = [];
    const put = bench.desk.put.bind(bench.desk);
    bench.desk.put = async (...given) => {
      sessionsAtPut.push(bench.simulator.store.sessions.size);
      return put(...given);
    };
    const input = { owner: owner.username, password: { $secret: { from: "sink" as const, name: "local:ci" } } };
    const draft = { operation: "download", input, delivers: { token: target } };
    const entry = entryOf("velocloud_api_token", String(id));
    await run(bench, await contextOf(bench, "velocloud_api_token", draft, entry));
    expect([sessionsAtPut, bench.simulator.store.sessions.size]).toEqual([[1], 0]);
  });

  test("VCO-01 VCO-11 whoever downloads in person is led to the administrator, and to the token by name, mark and status", async () => {
    const bench = makeBench();
    addUser(bench);
    const plan = await planFor(bench, { resources: { [token]: declaredToken } });
    const { acts } = operationOf("velocloud_api_token", "download").screen!(stepsAt(plan, token)[1]!, bench.system);
    const classic = acts.findIndex((act) => act.act === "note" && act.text.startsWith("In the classic UI"));
    const [go, open] = acts.slice(classic + 1);
    expect(go?.act === "go" && go.path.map(({ text }) => text)).toEqual(["Administration", "Administrators"]);
    expect(open).toEqual({ act: "open", row: "ci@example.net" });
    const notes = acts.flatMap((act) => (act.act === "note" ? [act.text] : []));
    expect(notes.join("\n")).toMatch(/^The token: .* ci, .* ending with \[stw:[0-9a-f]{8}\.1\], .* Pending\.$/m);
  });
});

describe("the velocloud delegation", () => {
  const only = "velocloud_user_management_delegation.operator";

  test("VCO-29 is compared with what was last set where the orchestrator does not tell it", async () => {
    for (const answer of [
      { status: 200, headers: {}, body: JSON.stringify({ error: { message: "no such method" } }) },
      { status: 404, headers: {}, body: "<html>" },
    ]) {
      const bench = makeBench();
      const handle = bench.simulator.handle.bind(bench.simulator);
      bench.simulator.handle = async (request) =>
        request.path.includes("DelegatedToOperator") ? answer : handle(request);
      const entry = recordOf(only, 0, { delegated: true }, { id: "delegation" });
      const same = await planFor(bench, { resources: { [only]: { delegated: true } }, entries: [entry] });
      expect([errorsOf(same), same.plan.changes]).toEqual(["", []]);
      const other = await planFor(bench, { resources: { [only]: { delegated: false } }, entries: [entry] });
      expect(stepsOf(other, only)).toEqual(["set"]);
    }
  });
});
