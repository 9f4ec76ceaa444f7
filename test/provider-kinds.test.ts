import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeSocketFolder } from "../src/platform/provider-process.ts";
import { providerSource } from "../src/terraform/provider-schema.ts";
import { serveForReattach } from "../src/terraform/wire/run.ts";
import { TerraformFolder, terraformProgram } from "./provider-terraform-fixture.ts";
import { MomentusWorld } from "./world/momentus-world.ts";
import { ProviderWorld } from "./world/provider-world.ts";

/** Every kind that an API carries, through a real Terraform: the acceptance that providers are used to, over the simulators. */

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Block = Record<string, Json>;

/** What one kind is taken through. */
interface Acceptance {
  kind: string;
  /** What must be there first, by kind. */
  needs?: Record<string, Block>;
  block: Block;
  /** One after the other, each laid over what was before. */
  edits: Block[];
  /** Attributes whose change makes another object. */
  replaces?: Block[];
  /** How the object is imported; the second is what names it. */
  ids(state: Block): string[];
  /** Words that a state made by import cannot have. */
  notImported?: string[];
  /** What destroying needs first. */
  leaving?: Block;
}

const chosen = "Chosen-canary-1a2b3c";
const generated = { generate: true, deliver_to: "local:velocloud/ci-password" };
const owner: Block = { username: "ci@acme.example", role: "Enterprise Standard Admin", password: generated };

const velocloud: Acceptance[] = [
  {
    kind: "velocloud_role",
    block: { name: "Auditor", description: "May look", privileges: ["Global Settings Enterprise Read Only"] },
    edits: [
      { description: "May look at everything" },
      { privileges: ["Global Settings Enterprise Read Only", "SD-WAN Enterprise Read Only"] },
    ],
    replaces: [{ name: "Controller" }],
    ids: ({ id, name }) => [String(id), String(name)],
  },
  {
    kind: "velocloud_admin_user",
    block: { username: "ann@acme.example", role: "Enterprise Standard Admin", password: { value_wo: "${var.chosen}" } },
    edits: [
      { role: "Enterprise Support" },
      { password: { value_wo: "${var.chosen}", value_wo_version: 2 } },
      { enabled: false },
      { enabled: true },
      { second_factor_disabled: true },
      { access_level: "PRIVILEGED" },
      { first_name: "Ann", last_name: "Lee", email: "ann@acme.example" },
      { office_phone: "+31 20 555 0100", mobile_phone: "+31 6 5550 0100" },
      { clear: ["email"], email: null },
      { take_over: true },
    ],
    ids: ({ id, username }) => [String(id), String(username)],
    notImported: ["password", "clear", "take_over"],
  },
  {
    kind: "velocloud_api_token",
    needs: { velocloud_admin_user: owner },
    block: {
      owner: "${velocloud_admin_user.needed.username}",
      name: "ci",
      description: "Build pipeline",
      lifetime: "90d",
      deliver_to: "local:velocloud/ci-token",
    },
    edits: [{ rotate_before: "14d" }, { deliver_to: "local:velocloud/ci-token-2" }],
    replaces: [{ description: "Deployments" }, { lifetime: "60d" }],
    ids: ({ id }) => [String(id)],
    notImported: ["lifetime", "rotate_before", "deliver_to"],
  },
];

/** Always there and never removed: declaring takes it over, removing leaves it. */
velocloud.push({
  kind: "velocloud_user_management_delegation",
  block: { delegated: true },
  edits: [{ delegated: false }],
  ids: () => ["only"],
});

const momentus: Acceptance[] = [
  {
    kind: "momentus_user",
    block: { id: "CDAY", display_name: "Cora Day", organization: "20", email: "cora@venue.example", login_id: "cora" },
    edits: [
      { display_name: "Cora M. Day", organization: "10", email: "cday@venue.example", login_id: "cday" },
      { initials: "CMD", group: "SALES", hold: true, access_level: 3 },
      { hold: false },
    ],
    ids: ({ id }) => [String(id)],
  },
  {
    kind: "momentus_role",
    block: { id: "AUDIT", display_name: "Auditors", access_level: 2, access_level_default: 1 },
    edits: [{ display_name: "Audit" }, { access_level: 4 }, { access_level_default: 3 }],
    ids: ({ id }) => [String(id)],
    leaving: { on_remove: "forget" },
  },
  {
    kind: "momentus_user_role",
    needs: {
      momentus_user: { id: "CDAY", display_name: "Cora Day", organization: "20", email: "cora@venue.example" },
    },
    block: { user: "${momentus_user.needed.id}", role: "OPS" },
    edits: [],
    replaces: [{ role: "SALES" }],
    ids: ({ user, role }) => [`${user}/${role}`],
  },
];

interface Served {
  folder: TerraformFolder;
  provider: Block;
  system: string;
  stop(): void;
}

async function serve(
  world: ProviderWorld,
  system: string,
  provider: Block,
  secrets: Record<string, string>,
): Promise<Served> {
  const program = { source: providerSource(system), load: async () => world.service(system) };
  const served = await serveForReattach(program, { pid: process.pid, makeSocketFolder });
  const environment: Record<string, string> = { TF_REATTACH_PROVIDERS: served.value, TF_VAR_chosen: chosen };
  for (const [name, value] of Object.entries(secrets)) environment[`TF_VAR_${name}`] = value;
  return { folder: new TerraformFolder({ environment }), provider, system, stop: served.stop };
}

const velocloudServed = (world: ProviderWorld): Promise<Served> => {
  const { username, password } = world.world.simulator.world.enterprise;
  const { credentials: _credentials, ...block } = world.block() as Block;
  const provider = { ...block, credentials: { username, password: "${var.password}" } };
  return serve(world, "velocloud", provider, { password });
};

const momentusServed = (world: ProviderWorld, { momentus: { world: made } }: MomentusWorld): Promise<Served> => {
  const { secret, key } = made.apiUser.prod;
  const credentials = { api_user_id: "STEWARD", secret: "${var.secret}", key: "${var.key}" };
  return serve(world, "momentus", { url: "https://venue.test/prod", credentials }, { secret, key });
};

/** A configuration with these resources, by kind and name. */
function write(
  { folder, provider, system }: Served,
  resources: Record<string, Record<string, Block>>,
  more: Block = {},
): void {
  const variable = Object.fromEntries(
    ["chosen", "password", "secret", "key"].map((name) => [name, { type: "string", ephemeral: true, default: "" }]),
  );
  const required_providers = { [system]: { source: providerSource(system), version: "0.1.0" } };
  const document = {
    terraform: { required_providers },
    variable,
    provider: { [system]: provider },
    resource: resources,
    ...more,
  };
  folder.write("main.tf.json", JSON.stringify(document));
}

const attributesOf = ({ folder }: Served, kind: string, name: string): Block => {
  const state = JSON.parse(folder.read("terraform.tfstate").toString()) as {
    resources: { type: string; name: string; instances: { attributes: Block }[] }[];
  };
  return state.resources.find((one) => one.type === kind && one.name === name)!.instances[0]!.attributes;
};

async function expectNothingToDo({ folder }: Served): Promise<void> {
  await folder.expect(0, "plan -no-color -detailed-exitcode");
  expect((await folder.run("plan -no-color -refresh-only")).out).toContain("No changes.");
}

async function accept(
  served: Served,
  { kind, needs = {}, block, edits, replaces = [], ids, notImported = [], leaving }: Acceptance,
) {
  const { folder } = served;
  const others = Object.fromEntries(Object.entries(needs).map(([of, one]) => [of, { needed: one }]));
  const declare = (one: Block) => write(served, { ...others, [kind]: { ...others[kind], x: one } });
  let declared = block;
  declare(declared);
  await folder.expect(0, "init -no-color");
  await folder.expect(2, "plan -no-color -detailed-exitcode -out=plan");
  const shown = await folder.expect(0, "show -json plan");
  expect(shown).not.toContain(chosen);
  await folder.expect(0, "apply -no-color plan");
  await expectNothingToDo(served);
  for (const edit of edits) {
    declared = { ...declared, ...edit };
    declare(declared);
    expect(await folder.expect(0, "apply -no-color -auto-approve"), JSON.stringify(edit)).toContain(
      "0 added, 1 changed, 0 destroyed",
    );
    await expectNothingToDo(served);
  }
  for (const edit of replaces) {
    declared = { ...declared, ...edit };
    declare(declared);
    expect(await folder.expect(0, "apply -no-color -auto-approve"), JSON.stringify(edit)).toContain(
      "1 added, 0 changed, 1 destroyed",
    );
    await expectNothingToDo(served);
  }
  const before = attributesOf(served, kind, "x");
  for (const id of ids(before)) {
    await folder.expect(0, `state rm -no-color ${kind}.x`);
    await folder.expect(0, `import -no-color ${kind}.x ${id}`);
    const imported = attributesOf(served, kind, "x");
    for (const [word, value] of Object.entries(before))
      if (value !== null && !notImported.includes(word)) expect(imported[word], word).toEqual(value);
    await folder.expect(0, "apply -no-color -auto-approve");
    await expectNothingToDo(served);
  }
  if (leaving) {
    declare({ ...declared, ...leaving });
    await folder.expect(0, "apply -no-color -auto-approve");
  }
  await folder.expect(0, "destroy -no-color -auto-approve");
}

describe("terraform, over the engine", () => {
  let served: Served | undefined;
  let world: ProviderWorld;
  let momentusWorld: MomentusWorld;
  beforeEach(() => {
    momentusWorld = new MomentusWorld();
    world = new ProviderWorld(momentusWorld);
  });
  afterEach(() => {
    served?.stop();
    served?.folder.remove();
  });

  test.for(velocloud)("takes $kind through its whole life", async (acceptance, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    served = await velocloudServed(world);
    await accept(served, acceptance);
  });

  test.for(momentus)("takes $kind through its whole life", async (acceptance, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    served = await momentusServed(world, momentusWorld);
    await accept(served, acceptance);
  });

  test("looks objects up, hands a secret on that nothing keeps, and imports with a generated configuration", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    served = await velocloudServed(world);
    const { folder } = served;
    const { username } = world.world.simulator.world.enterprise;
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
    write(served, { velocloud_admin_user: { ci: owner, ann } }, more);
    await folder.expect(0, "init -no-color");
    const applied = await folder.expect(0, "apply -no-color -auto-approve");
    expect(applied).toContain('role = "Enterprise Superuser"');
    await folder.expect(0, "plan -no-color -detailed-exitcode");
    const password = await world.secret("velocloud/ci-password");
    const { store } = world.world.simulator;
    const passwordOf = (name: string) => store.users.values().find((one) => one.username === name)!.password;
    expect(passwordOf("ann@acme.example")).toBe(password);
    expect(folder.read("terraform.tfstate").toString()).not.toContain(password);
    await folder.expect(0, "state rm -no-color velocloud_admin_user.ann");
    write(
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
    served = await velocloudServed(world);
    const { folder } = served;
    const { store } = world.world.simulator;
    const enabled = { ...owner, enabled: true };
    write(served, { velocloud_admin_user: { ci: enabled } });
    await folder.expect(0, "init -no-color");
    await folder.expect(0, "apply -no-color -auto-approve");
    const before = store.users.values().find((one) => one.username === "ci@acme.example")!;
    store.users.put({ ...before, isActive: false }, world.world.clock.now());
    const held = await folder.run("apply -no-color -auto-approve");
    expect([held.code, held.errors.replaceAll(/\s+/g, " ")]).toEqual([
      1,
      expect.stringContaining('restore = ["velocloud_admin_user:ci@acme.example"]'),
    ]);
    served.provider.restore = ["velocloud_admin_user:ci@acme.example"];
    write(served, { velocloud_admin_user: { ci: enabled } });
    await folder.expect(0, "apply -no-color -auto-approve");
    expect(store.users.values().find((one) => one.username === "ci@acme.example")!.isActive).toBe(true);
    store.users.remove(before.id, world.world.clock.now());
    served.provider.restore = [];
    write(served, { velocloud_admin_user: { ci: enabled } });
    const gone = await folder.run("apply -no-color -auto-approve");
    expect([gone.code, gone.errors.replaceAll(/\s+/g, " ")]).toEqual([
      1,
      expect.stringContaining("somebody removed it"),
    ]);
  });
});
