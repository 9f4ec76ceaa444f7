import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scopes } from "../src/connectors/velocloud/scopes.ts";
import { readToken } from "../src/connectors/velocloud/wire.ts";
import { scan } from "./tidy/tokens.ts";
import { plainRole } from "./world/conformance-cases.ts";
import { type Attributes, applied, foreignUser, lines, manifestOf, worldOf } from "./world/conformance-world.ts";
import type { TestWorld } from "./world/test-world.ts";

const folder = new URL(".", import.meta.url).pathname;

/** Names of tests and groups: the text that opens the call of a test, or of what its `each` made. */
function namesIn(text: string): string[] {
  const { code } = scan(text);
  return code.flatMap(({ kind, text: name }, index) => {
    const [calling, called] = [code[index - 1], code[index - 2]];
    if (kind !== "string" || calling?.text !== "(") return [];
    return ["test", "it", "describe", ")"].includes(called?.text ?? "") ? [name.slice(1, -1)] : [];
  });
}

describe("the rules of docs/systems", () => {
  test.each([
    ["velocloud", "VCO", 41],
    ["momentus", "MOM", 16],
    ["ipresso", "IPR", 27],
  ] as const)("of %s are each named by a test, and tests name no other", (system, prefix, rulesMin) => {
    const document = readFileSync(join(folder, `../docs/systems/${system}.md`), "utf8");
    const files = readdirSync(folder).filter((file) => file.endsWith(".test.ts"));
    const names = files.flatMap((file) => namesIn(readFileSync(join(folder, file), "utf8")));
    const named = new Set(names.flatMap((name) => name.match(new RegExp(`${prefix}-\\d\\d`, "g")) ?? []));
    const rules = [...document.matchAll(new RegExp(`^\\| (${prefix}-\\d\\d) \\|`, "gm"))].map(([, id = ""]) => id);
    // What is not built yet stands in a list, not in a table.
    const later = [...document.matchAll(new RegExp(`^- (${prefix}-\\d\\d): `, "gm"))].map(([, id = ""]) => id);
    expect(rules.length).toBeGreaterThanOrEqual(rulesMin);
    expect(rules.filter((id) => !named.has(id))).toEqual([]);
    expect([...named].filter((id) => ![...rules, ...later].includes(id))).toEqual([]);
    expect(new Set([...rules, ...later]).size).toBe(rules.length + later.length);
  });

  test("are told from what is said elsewhere in a test", () => {
    expect(namesIn('test("VCO-98 is", () => {\n  // VCO-97\n  say("VCO-96");\n});')).toEqual(["VCO-98 is"]);
    expect(namesIn('test.each([\n  "VCO-95",\n] as const)(\n  "VCO-94 is %s", () => {')).toEqual(["VCO-94 is %s"]);
  });
});

const ci: Attributes = {
  username: "ci@acme.example",
  role: plainRole.enterprise,
  password: { generate: true, deliver_to: "local:CI_PASSWORD" },
};
const token = (more: Attributes = {}): Attributes => ({
  owner: "${velocloud_admin_user.ci}",
  name: "ci",
  description: "Build",
  lifetime: "90d",
  deliver_to: "local:TOKEN",
  ...more,
});
const withTokens = (tokens: Record<string, Attributes>): string =>
  manifestOf("enterprise", { velocloud_admin_user: { ci }, velocloud_api_token: tokens });

async function worldWith(text: string): Promise<TestWorld> {
  const world = worldOf("enterprise");
  await world.trust(text);
  await applied(world, text);
  return world;
}

const tokensOfCi = (world: TestWorld) =>
  world.simulator.store.tokensOf(world.simulator.store.userNamed("ci@acme.example")!.id);

describe("velocloud", () => {
  test("VCO-19 a new token that is refused is reported with a possible cause, and proven when that is over", async () => {
    const text = withTokens({ ci: token() });
    const world = worldOf("enterprise");
    const { systemProperties } = world.simulator.store;
    systemProperties.set("session.options.enableApiTokenAuth", "False");
    await world.trust(text);
    const report = await world.apply(text);
    const proof = report.steps.find(({ step }) => step.operation === "prove");
    expect(proof).toMatchObject({
      result: "failed",
      remedy: expect.stringContaining("switched token authentication off"),
    });
    systemProperties.delete("session.options.enableApiTokenAuth");
    expect((await applied(world, text)).steps.map((step) => step.operation)).toEqual(["prove"]);
    expect(tokensOfCi(world)).toHaveLength(1);
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("VCO-20 both forms of time are read", () => {
    const at = Date.parse("2026-11-20T12:00:00Z");
    const raw = { id: 1, name: "t", created: at, expiration: "2027-02-18T12:00:00.000Z" };
    const read = readToken(raw, scopes.enterprise, at);
    expect([read.createdAtMs, read.expiresAtMs]).toEqual([at, at + 90 * 86_400_000]);
  });

  test("VCO-32 a user who signs in elsewhere is created with a password that nobody keeps", async () => {
    const { password: _password, ...block } = ci;
    const world = await worldWith(
      manifestOf("enterprise", { velocloud_admin_user: { ci: { ...block, native: false } } }),
    );
    const sent = world.simulator.store.userNamed("ci@acme.example")?.password;
    expect(sent).toHaveLength(24);
    expect(Object.values(world.disk.files()).filter((content) => content.includes(sent!))).toEqual([]);
  });

  test("VCO-36 the token list of somebody who is no super user proves no absence", async () => {
    const text = withTokens({ ci: token() });
    const world = await worldWith(text);
    foreignUser(world, "enterprise", {
      username: "b@acme.example",
      roleName: plainRole.enterprise,
      password: "b-password-1",
    });
    world.moreVariables = { VCO_USER: "b@acme.example", VCO_PASSWORD: "b-password-1" };
    const plan = await world.plan(text);
    expect(lines(plan)).toEqual(["blocked none velocloud_api_token.ci"]);
    expect(plan.changes[0]?.blocked?.because).toContain("may see only its own tokens (VCO-08)");
    expect(plan.steps).toEqual([]);
  });

  test("VCO-37 generated passwords have 24 characters of four classes, and no two are alike", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `P${index}`);
    const blocks = names.map((name) => [
      name.toLowerCase(),
      { ...ci, username: `${name}@acme.example`, password: { generate: true, deliver_to: `local:${name}` } },
    ]);
    const text = manifestOf("enterprise", { velocloud_admin_user: Object.fromEntries(blocks) });
    const world = await worldWith(text);
    const passwords = await Promise.all(names.map(async (name) => (await world.secret(text, name)) ?? ""));
    expect(new Set(passwords).size).toBe(names.length);
    for (const password of passwords) {
      expect(password).toHaveLength(24);
      for (const alphabet of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]) expect(password).toMatch(alphabet);
      expect(password).not.toMatch(/[<"'`\\\s]/);
    }
  });

  test("VCO-39 a user counts as gone when neither the read nor the list shows it, and not before", async () => {
    const text = manifestOf("enterprise", { velocloud_admin_user: { ci } });
    const world = await worldWith(text);
    world.simulator.faults.add("list-lags:enterprise/getEnterpriseUsers:1:60s");
    expect(lines(await world.plan(text))).toEqual([]);
    world.simulator.store.deleteUser(world.simulator.store.userNamed("ci@acme.example")!.id);
    expect(lines(await world.plan(text))).toEqual(["held create velocloud_admin_user.ci"]);
    world.simulator.faults.add("500:enterpriseUser/getEnterpriseUser");
    await expect(world.plan(text)).rejects.toThrow(/HTTP 500/);
  });

  test("VCO-06 VCO-40 tokens of one name and owner are told apart by the marks that end their descriptions", async () => {
    const text = withTokens({ one: token(), two: token({ deliver_to: "local:OTHER" }) });
    const world = await worldWith(text);
    const foreign = world.simulator.store.addToken({
      ownerId: tokensOfCi(world)[0]!.ownerId,
      name: "ci",
      description: "Build",
    });
    expect(lines(await world.plan(text))).toEqual([]);
    await applied(world, text, { replace: ["velocloud_api_token.one"] });
    const descriptions = tokensOfCi(world)
      .filter(({ id }) => id !== foreign.id)
      .map(({ description }) => description!);
    const marks = descriptions.map((description) => /^Build \[stw:([0-9a-f]{8})\.(\d+)\]$/.exec(description)?.slice(1));
    expect(marks.map((mark) => mark?.[1]).sort()).toEqual(["1", "1", "2"]);
    expect(new Set(marks.map((mark) => mark?.[0])).size).toBe(2);
    expect(world.simulator.store.tokenState(foreign.id)).toBe("PENDING");
  });

  test("VCO-41 a lifetime is compared with what was recorded, not with the dates", async () => {
    const world = await worldWith(withTokens({ ci: token() }));
    const [made] = tokensOfCi(world);
    world.simulator.store.changeToken(made!.id, { expiration: made!.created + 30 * 86_400_000 });
    expect(lines(await world.plan(withTokens({ ci: token() })))).toEqual([]);
    expect(lines(await world.plan(withTokens({ ci: token({ lifetime: "2160h" }) })))).toEqual([]);
    expect(lines(await world.plan(withTokens({ ci: token({ lifetime: "30d" }) })))).toEqual([
      "replace velocloud_api_token.ci",
    ]);
  });
});
