import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { ConsoleDesk } from "../src/hands/desk.ts";
import { inHcl, manifestWords } from "../src/terraform/engine/hcl-words.ts";
import { IpressoWorld } from "./world/ipresso-world.ts";
import { ProviderWorld } from "./world/provider-world.ts";
import { TerraformCore } from "./world/terraform-core.ts";

/** What leads on is said in Terraform's words, and with a command that finds what it needs. */

const source = new URL("../src/", import.meta.url).pathname;

/** All of the engine's texts. */
const texts = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith("terraform/"))
  .map((path) => readFileSync(join(source, path), "utf8"))
  .join("\n")
  .replaceAll(/\$\{[^}]*\}/g, "X");

describe("a hint", () => {
  test.each(manifestWords)("that is looked for is said somewhere: %s", (pattern) => {
    expect(new RegExp(pattern.source).test(texts)).toBe(true);
  });

  test.each([
    ["write take_over: true if it may stop", "write take_over = true if it may stop"],
    ["or have people do the work: hand: person", 'or have people do the work: hand = "person"'],
    ["write lifecycle: { adopt: true }, in code adopt: true, to take it over", "write adopt = true, to take it over"],
    ["let Steward forget this one: steward forget a.b", "let Terraform forget this one: terraform state rm ADDRESS"],
  ])("%s is said as %s", (manifest, terraform) => expect(inHcl(manifest)).toBe(terraform));
});

let core: TerraformCore | undefined;
afterEach(() => core?.stop());

test("that a person has to sign in names a manifest, which is there and holds no secret", async () => {
  const world = new IpressoWorld();
  await world.disk.makeFolder("/repo");
  world.deskOf = (system) =>
    new ConsoleDesk(() => {
      const remedy = `steward console login ${system.name}`;
      throw new Fault("somebody has to sign in", { happened: "no", code: "sign-in", remedy });
    });
  core = await TerraformCore.start("ipresso", new ProviderWorld(world).service("ipresso"));
  const sinks = { local: { type: "env-file", path: "secrets.env" } };
  const block = { url: world.panelUrl, console_session: "local:SESSION", sinks };
  expect(await core.configure(block)).toEqual([]);
  const { said } = await core.plan("g", "ipresso_user_group", { name: "Shop", permissions: ["GET contact"] });
  const [, system, manifest] = /steward console login (\S+) --manifest (\S+)$/.exec(said[0]!.detail) ?? [];
  expect(manifest).toBe(`.steward-${system}.yaml`);
  expect(world.disk.files()[`/repo/${manifest}`]).toContain('"console_session": "local:SESSION"');
});
