import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemDisk } from "../src/platform/disk.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { Secret } from "../src/secret.ts";
import { AgeSink } from "../src/sinks/age.ts";
import { providerNames } from "../src/terraform/provider-schema.ts";
import { whyNoBrowser } from "./console-fixture.ts";
import { terraformProgram } from "./provider-terraform-fixture.ts";
import { buildPackage, startChild } from "./world/built-package.ts";
import { LaunchedConsole, launchedCases } from "./world/launched-consoles.ts";
import { childrenOf, isAlive, killQuietly } from "./world/launched-processes.ts";
import {
  type BuiltProviders,
  buildProviders,
  chosen,
  LaunchedWorld,
  usersAndToken,
} from "./world/launched-providers.ts";
import { testIdentity } from "./world/test-world.ts";

/** The shipped executables under a real Terraform: no secret is left anywhere, and whoever is killed leaves nothing behind. */

let built: BuiltProviders;
let world: LaunchedWorld | undefined;
beforeAll(() => {
  built = buildProviders();
});
afterEach(async () => {
  await world?.close();
  world = undefined;
});
afterAll(() => built.remove());

async function secretAt({ folder }: LaunchedWorld, path: string): Promise<string> {
  const { recipient, identity } = testIdentity;
  const at = join(folder.path, "work", "secrets", "prod");
  const parts = { name: "local", disk: systemDisk, folder: at, path: "secrets/prod", environment: "prod" };
  const sink = new AgeSink({ ...parts, recipients: [recipient], identity: new Secret(identity) });
  return (await sink.read(path, "current"))!.reveal();
}

describe("the shipped providers", () => {
  test("leave no secret in state, plan, log or journal", { timeout: 180_000 }, async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    world = await LaunchedWorld.start(built.mirror);
    const { folder, simulator } = world;
    world.declare(usersAndToken);
    const log = { TF_LOG: "TRACE", TF_LOG_PATH: join(folder.path, "work", "log") };
    await folder.expect(0, "init -no-color");
    await folder.expect(2, "plan -no-color -detailed-exitcode -out=plan", log);
    const shown = await folder.expect(0, "show -json plan");
    expect(await folder.expect(0, "apply -no-color plan", log)).toContain("3 added");
    await folder.expect(0, "plan -no-color -detailed-exitcode", log);
    const canaries = [
      chosen,
      simulator.world.enterprise.password,
      await secretAt(world, "velocloud/ci-password"),
      await secretAt(world, "velocloud/ci-token"),
    ];
    const left = [...world.leftFiles(), ["show -json", shown] as const];
    expect(left.map(([name]) => name)).toEqual(
      expect.arrayContaining(["log", "plan", "terraform.tfstate", ".steward/journal/log.jsonl"]),
    );
    for (const [name, text] of left)
      for (const [index, canary] of canaries.entries())
        expect(text.includes(canary), `${name}, canary ${index}`).toBe(false);
  });

  test.for(providerNames(loadKindSchemas()))("take the example of %s", { timeout: 60_000 }, async (system, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    world = await LaunchedWorld.start(built.mirror);
    const example = new URL(`../examples/terraform/${system}/main.tf`, import.meta.url);
    world.folder.write("main.tf", readFileSync(example, "utf8"));
    await world.folder.expect(0, "init -no-color");
    expect(await world.folder.expect(0, "validate -no-color")).toContain("The configuration is valid");
  });

  test("are zips in which the program may be started", () => {
    for (const name of providerNames(loadKindSchemas())) {
      const zips = readdirSync(join(built.registry, name)).filter((file) => file.endsWith(".zip"));
      expect(zips.length).toBeGreaterThan(1);
      for (const file of zips) {
        const bytes = readFileSync(join(built.registry, name, file));
        const central = bytes.lastIndexOf(Buffer.from("PK\x01\x02"));
        // Made on Unix, and a plain file with its rights (PKWARE APPNOTE 4.4.2 and 4.4.15).
        expect([bytes[central + 5], (bytes.readUInt32LE(central + 38) >>> 16).toString(8)], file).toEqual([
          3,
          "100755",
        ]);
      }
    }
  });

  test("start out of their zips", { timeout: 60_000 }, async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const packed = mkdtempSync(join(tmpdir(), "steward-packed-"));
    onTestFinished(() => rmSync(packed, { recursive: true, force: true }));
    const name = "velocloud";
    const place = join(packed, "steward.example", "steward", name);
    const zips = readdirSync(join(built.registry, name)).filter((file) => file.endsWith(".zip"));
    for (const file of zips) cpSync(join(built.registry, name, file), join(place, file), { recursive: true });
    world = await LaunchedWorld.start(packed);
    world.declare(usersAndToken);
    await world.folder.expect(0, "init -no-color");
    expect(await world.folder.expect(0, "validate -no-color")).toContain("The configuration is valid");
  });

  test("work at a console in a browser that a package of the folder drives", { timeout: 180_000 }, async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const why = await whyNoBrowser();
    if (why !== undefined) return context.skip(`no browser can be started here: ${why}`);
    const site = await LaunchedConsole.start(launchedCases.find(({ system }) => system === "ipresso")!, built.mirror);
    onTestFinished(() => site.close());
    const group = { name: "Shop integration", permissions: ["GET contact", "POST contact"] };
    site.declare({ ipresso_user_group: { shop: group } });
    await site.folder.expect(0, "init -no-color");
    expect(await site.folder.expect(0, "apply -no-color -auto-approve")).toContain("1 added");
    expect([site.writes, site.folder.files()]).toEqual([1, expect.arrayContaining([".steward"])]);
  });

  test("run a module in terraform test, and leave nothing of it", { timeout: 120_000 }, async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    world = await LaunchedWorld.start(built.mirror);
    const { folder, simulator } = world;
    world.declare(usersAndToken);
    folder.write(
      "main.tftest.hcl",
      `run "makes" {
  command = apply
  assert {
    condition     = velocloud_api_token.ci.state == "ENABLED"
    error_message = "the token cannot be used"
  }
}
`,
    );
    await folder.expect(0, "init -no-color");
    expect(await folder.expect(0, "test -no-color")).toContain("1 passed, 0 failed");
    const { store } = simulator;
    expect(store.users.values().filter(({ username }) => /^(ci|ann)@/.test(username))).toEqual([]);
  });

  test("share one journal when two Terraforms are at work at once", { timeout: 120_000 }, async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    world = await LaunchedWorld.start(built.mirror);
    const { folder, simulator } = world;
    const names = ["a", "b"];
    const roles = `resource "velocloud_role" "r" {
  count       = 8
  name        = "Role \${var.half} \${count.index}"
  description = "One of several"
  privileges  = ["Global Settings Enterprise Read Only"]
}
`;
    // One folder and one journal, and a state for each.
    world.declare(`variable "half" { type = string }
${roles}`);
    await folder.expect(0, "init -no-color");
    const applies = names.map((half) =>
      folder.expect(0, `apply -no-color -auto-approve -state=${half}.tfstate`, { TF_VAR_half: half }),
    );
    for (const out of await Promise.all(applies)) expect(out).toContain("8 added");
    expect(simulator.store.roles.values().filter(({ name }) => /^Role [ab] \d$/.test(name)).length).toBe(16);
    for (const half of names)
      await folder.expect(0, `plan -no-color -detailed-exitcode -state=${half}.tfstate`, { TF_VAR_half: half });
  });

  test("are installed by steward where terraform init finds them", { timeout: 180_000 }, async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const built = buildPackage();
    const home = mkdtempSync(join(tmpdir(), "steward-home-"));
    world = await LaunchedWorld.start();
    const env = { PATH: process.env.PATH!, HOME: home };
    const { code, out, err } = await startChild(built.program, ["terraform", "install"], { folder: home, env }).ended;
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("steward.example/steward/velocloud");
    world.declare(usersAndToken);
    await world.folder.expect(0, "init -no-color", { HOME: home });
    expect(await world.folder.expect(0, "apply -no-color -auto-approve", { HOME: home })).toContain("3 added");
    built.close();
    rmSync(home, { recursive: true, force: true });
  });

  const deaths = [
    { who: "provider", request: 13 },
    { who: "terraform", request: 18 },
  ];

  test.for(deaths)(
    "survive the death of $who at request $request",
    { timeout: 180_000 },
    async ({ who, request }, context) => {
      if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
      if (process.platform !== "linux") return context.skip("children of a process are looked up in /proc");
      world = await LaunchedWorld.start(built.mirror, request);
      const { folder, simulator } = world;
      world.declare(usersAndToken);
      await folder.expect(0, "init -no-color");
      await folder.expect(0, "plan -no-color -out=plan");
      const start = world.requests;
      let terraform = 0;
      let providers: number[] = [];
      world.onRequest = (count) => {
        if (count - start !== request) return;
        providers = childrenOf(terraform);
        for (const pid of who === "terraform" ? [terraform] : providers) killQuietly(pid);
      };
      const ran = await folder.run("apply -no-color plan", {}, (pid) => {
        terraform = pid;
      });
      world.onRequest = () => undefined;
      expect(ran.code).not.toBe(0);
      // A provider that lost Terraform brings what is under way to its end first; until then its run is its own.
      await expect.poll(() => providers.some(isAlive), { timeout: 60_000, interval: 200 }).toBe(false);
      await folder.expect(0, "apply -no-color -auto-approve");
      const { store } = simulator;
      const live = store.tokens.values().filter(({ name, isRevoked }) => name === "ci" && !isRevoked);
      expect(live.length).toBe(1);
      expect(live[0]!.downloaded).not.toBeNull();
      expect(store.users.values().filter(({ username }) => /^(ci|ann)@/.test(username)).length).toBe(2);
      await folder.expect(0, "plan -no-color -detailed-exitcode");
      expect((await secretAt(world, "velocloud/ci-token")).length).toBeGreaterThan(20);
      await folder.expect(0, "destroy -no-color -auto-approve");
    },
  );
});
