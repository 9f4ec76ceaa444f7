import { afterEach, describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { terraformForm } from "../src/terraform/form.ts";
import { terraformProgram } from "./provider-terraform-fixture.ts";
import {
  accept,
  type Block,
  inOneLine,
  type Served,
  serveSite,
  uncovered,
  writeBlocks,
} from "./world/terraform-acceptance.ts";
import { momentusCases, owner, velocloudCases, velocloudSite } from "./world/terraform-cases-api.ts";
import { ipressoCases, momentusConsoleCases, vesonCases } from "./world/terraform-cases-console.ts";
import { TestWorld } from "./world/test-world.ts";
import { applyConsoleExample } from "./world/three-doors.ts";

/** That the acceptance of the providers knows all kinds and attributes, and one kind of each system; the others run in test:terraform. */

const cases = [...velocloudCases, ...momentusCases, ...momentusConsoleCases, ...ipressoCases, ...vesonCases];
const inShort = ["velocloud_role", "momentus_user_role", "momentus_api_key", "ipresso_user_group", "veson_api_token"];

let served: Served | undefined;
afterEach(() => {
  served?.stop();
  served = undefined;
});

describe("the acceptance of the providers", () => {
  test("knows every kind", () => {
    const kinds = loadKindSchemas().map((schema) => terraformForm(schema).kind);
    expect(cases.map(({ kind }) => kind).sort()).toEqual(kinds.sort());
  });

  test.each(cases)("changes every attribute of $kind that may change", (acceptance) => {
    expect(uncovered(acceptance)).toEqual([]);
  });
});

describe("terraform, over the engine", () => {
  const short = cases.filter(({ kind }) => inShort.includes(kind));

  test.for(short)("takes $kind through its whole life", async (acceptance, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    served = await serveSite(acceptance.site());
    await accept(served, acceptance);
  });

  test.for(["ipresso", "veson"] as const)("applies the example of %s", async (system, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    expect(await applyConsoleExample(system)).toContain("3 added, 0 changed, 0 destroyed");
  });

  test("looks objects up, hands a secret on that nothing keeps, and imports with a generated configuration", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const world = new TestWorld();
    served = await serveSite(velocloudSite(world));
    const { folder } = served;
    const { username } = world.simulator.world.enterprise;
    const ann: Block = {
      username: "ann@acme.example",
      role: "Enterprise Support",
      password: { value_wo: "${ephemeral.velocloud_secret.of_ci.value}", value_wo_version: 1 },
    };
    const more = {
      data: { velocloud_admin_user: { me: { username } } },
      ephemeral: {
        velocloud_secret: {
          of_ci: { from: "local:velocloud/ci-password", after: "${velocloud_admin_user.ci.id}" },
        },
      },
      output: { role: { value: "${data.velocloud_admin_user.me.role}" } },
    };
    writeBlocks(served, { velocloud_admin_user: { ci: owner, ann } }, more);
    await folder.expect(0, "init -no-color");
    const applied = await folder.expect(0, "apply -no-color -auto-approve");
    expect(applied).toContain('role = "Enterprise Superuser"');
    await folder.expect(0, "plan -no-color -detailed-exitcode");
    const password = await served.providers.secret("velocloud/ci-password");
    const { store } = world.simulator;
    const passwordOf = (name: string) => store.users.values().find((one) => one.username === name)!.password;
    expect(passwordOf("ann@acme.example")).toBe(password);
    expect(folder.read("terraform.tfstate").toString()).not.toContain(password);
    await folder.expect(0, "state rm -no-color velocloud_admin_user.ann");
    writeBlocks(
      served,
      { velocloud_admin_user: { ci: owner } },
      {
        import: [{ to: "velocloud_admin_user.ann", id: "ann@acme.example" }],
      },
    );
    await folder.run("plan -no-color -generate-config-out=generated.tf");
    const generated = folder.read("generated.tf").toString();
    expect(generated).toContain('role                   = "Enterprise Support"');
  });

  test("holds what somebody took away, and gives it back when the provider block says so", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const world = new TestWorld();
    served = await serveSite(velocloudSite(world));
    const { folder } = served;
    const { store } = world.simulator;
    const enabled = { ...owner, enabled: true };
    writeBlocks(served, { velocloud_admin_user: { ci: enabled } });
    await folder.expect(0, "init -no-color");
    await folder.expect(0, "apply -no-color -auto-approve");
    const before = store.users.values().find((one) => one.username === "ci@acme.example")!;
    store.users.put({ ...before, isActive: false }, world.clock.now());
    const held = await folder.run("apply -no-color -auto-approve");
    expect([held.code, inOneLine(held.errors)]).toEqual([
      1,
      expect.stringContaining('restore = ["velocloud_admin_user:ci@acme.example"]'),
    ]);
    served.site.provider.restore = ["velocloud_admin_user:ci@acme.example"];
    writeBlocks(served, { velocloud_admin_user: { ci: enabled } });
    await folder.expect(0, "apply -no-color -auto-approve");
    expect(store.users.values().find((one) => one.username === "ci@acme.example")!.isActive).toBe(true);
    store.users.remove(before.id, world.clock.now());
    served.site.provider.restore = [];
    writeBlocks(served, { velocloud_admin_user: { ci: enabled } });
    const gone = await folder.run("apply -no-color -auto-approve");
    expect([gone.code, inOneLine(gone.errors)]).toEqual([1, expect.stringContaining("somebody removed it")]);
  });
});
