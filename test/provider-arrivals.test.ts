import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";
import type { ObjectValue, Value } from "../src/terraform/wire/value.ts";
import { ProviderWorld } from "./world/provider-world.ts";
import type { Block, ProviderSite } from "./world/terraform-acceptance.ts";
import { momentusCases, velocloudCases } from "./world/terraform-cases-api.ts";
import { ipressoCases, momentusConsoleCases, vesonCases } from "./world/terraform-cases-console.ts";
import { TerraformCore } from "./world/terraform-core.ts";

/** What comes into Terraform's state without being made: imports by identity (Terraform 1.12), and moves from other providers. */

const every = [...velocloudCases, ...momentusCases, ...momentusConsoleCases, ...ipressoCases, ...vesonCases];

let core: TerraformCore | undefined;
afterEach(() => core?.stop());

/** A block of JSON as a value: `${var.NAME}` is a secret of the site, `${KIND.NAME.WORD}` the word of a block. */
function valueIn(site: ProviderSite, needs: Record<string, Record<string, Block>>, json: unknown): Value {
  if (Array.isArray(json)) return json.map((one) => valueIn(site, needs, one));
  if (json !== null && typeof json === "object") {
    const entries = Object.entries(json).filter(([word]) => word !== "depends_on");
    return Object.fromEntries(entries.map(([word, one]) => [word, valueIn(site, needs, one)]));
  }
  const [, variable] = /^\$\{var\.(\w+)\}$/.exec(String(json)) ?? [];
  if (variable !== undefined) return new Secret(site.secrets[variable] ?? "Chosen-1a2b3c4D");
  const [, kind = "", name = "", word = ""] = /^\$\{(\w+)\.(\w+)\.(\w+)\}$/.exec(String(json)) ?? [];
  return (needs[kind]?.[name]?.[word] ?? json) as Value;
}

/** A provider over a site on which the resource of an acceptance was made, with all that it needs. */
async function madeWith(kind: string) {
  const { site: start, needs = {}, block } = every.find((one) => one.kind === kind)!;
  const site = start();
  const providers = new ProviderWorld(site.world);
  const started = await TerraformCore.start(site.system, providers.service(site.system));
  core = started;
  const provider = valueIn(site, needs, site.provider) as ObjectValue;
  const nextWalk = async () => expect(await started.configure(provider)).toEqual([]);
  await nextWalk();
  for (const [of, named] of Object.entries(needs))
    for (const [name, needed] of Object.entries(named))
      expect((await started.apply(`${of}.${name}`, of, valueIn(site, needs, needed) as ObjectValue)).said).toEqual([]);
  const config = valueIn(site, needs, block) as ObjectValue;
  const { said } = await started.apply("x", kind, config);
  expect(said.filter(({ severity }) => severity === "error")).toEqual([]);
  await nextWalk();
  return { core: started, config, nextWalk };
}

/** Kinds with something that names an object, and that name one object only. */
const named: [kind: string, identity: ObjectValue][] = [
  ["velocloud_role", { name: "Auditor" }],
  ["velocloud_admin_user", { username: "ann@acme.example" }],
  ["velocloud_api_token", { owner: "ci@acme.example", name: "ci" }],
  ["momentus_user_role", { user: "CDAY", role: "OPS" }],
  ["momentus_api_user", { user_id: "REPORTS" }],
  ["ipresso_user_group", { name: "Integration" }],
  ["veson_group", { group_name: "Integrations" }],
];

describe("an identity", () => {
  test.each(named)("of a %s names it in every answer, and imports it", async (kind, identity) => {
    const made = await madeWith(kind);
    expect(made.core.identities.get("x")).toEqual(identity);
    expect(await made.core.import("copy", kind, identity)).toEqual([]);
    expect(made.core.identities.get("copy")).toEqual(identity);
    const [first, copy] = ["x", "copy"].map((name) => made.core.states.get(name)!.value!);
    for (const [word, value] of Object.entries(identity)) expect([first![word], copy![word]]).toEqual([value, value]);
    await made.nextWalk();
    expect((await made.core.plan("x", kind, made.config)).action).toBe("none");
  });

  test("of nobody imports nothing, and says what names an object", async () => {
    const made = await madeWith("velocloud_api_token");
    expect(
      await made.core.import("copy", "velocloud_api_token", { owner: "ci@acme.example", name: "cd" }),
    ).toMatchObject([{ summary: expect.stringContaining("There is no velocloud_api_token ci@acme.example/cd") }]);
    expect(made.core.states.has("copy")).toBe(false);
  });
});

describe("a state of another provider", () => {
  test.each(["velocloud_admin_user", "ipresso_api_user", "veson_user"])(
    "of the same kind goes on as %s, with nothing to do",
    async (kind) => {
      const made = await madeWith(kind);
      const { value, private: kept } = made.core.states.get("x")!;
      for (const [name, beside] of [
        ["ours", kept],
        ["foreign", Buffer.from("{}")],
      ] as const) {
        expect(await made.core.move(name, kind, { kind, state: value!, private: beside })).toEqual([]);
        expect(made.core.identities.get(name)).toEqual(made.core.identities.get("x"));
        await made.nextWalk();
        await made.core.refresh(name);
        expect(made.core.states.get(name)!.value).toEqual(value);
        expect((await made.core.plan(name, kind, made.config)).action).toBe("none");
      }
    },
  );

  test("of another kind is refused, with what to write instead", async () => {
    const made = await madeWith("velocloud_role");
    const source = { kind: "velocloud_admin_user", state: {}, private: new Uint8Array() };
    expect(await made.core.move("y", "velocloud_role", source)).toMatchObject([
      { summary: "velocloud_role takes over no velocloud_admin_user", detail: expect.stringContaining("import block") },
    ]);
  });

  test("may hold words that the kind has no more, and lack new ones", async () => {
    const made = await madeWith("ipresso_user_group");
    const { value, private: kept } = made.core.states.get("x")!;
    const { timeouts: _timeouts, clear: _clear, ...older } = value!;
    const state = { ...older, users: 3 };
    expect(
      await made.core.move("y", "ipresso_user_group", { kind: "ipresso_user_group", state, private: kept }),
    ).toEqual([]);
    expect(made.core.states.get("y")!.value).toEqual(value);
  });
});
