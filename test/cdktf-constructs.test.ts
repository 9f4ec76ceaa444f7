import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Construct } from "constructs";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  addressesOf,
  expectStack,
  type Library,
  librariesOf,
  libraryNames,
  makeStack,
  resourcesOf,
} from "./cdktf-fixture.ts";
import { type BuiltPackage, buildPackage } from "./world/built-package.ts";
import { buildProviders } from "./world/launched-providers.ts";

let built: BuiltPackage;
let libraries: Library[];
beforeAll(() => {
  built = buildPackage();
  libraries = librariesOf(built);
});
afterAll(() => built.close());

const token = { lifetime: "90d", rotateBefore: "14d", deliverTo: "local:velocloud/ci-token" } as const;
const account = {
  username: "ci@acme.example",
  role: "Enterprise Standard Admin",
  password: { deliverTo: "local:velocloud/ci-password" },
  token,
} as const;
const connect = { deliverTo: "local:momentus/moco-serv", apps: ["Event Portal", "Reports 2"] } as const;

describe.each(libraryNames)("with %s", (name) => {
  const library = () => libraries.find((one) => one.name === name)!;
  const stackOf = () => makeStack(library());

  describe("IpressoApiClient", () => {
    const client = {
      login: "shop.sync",
      email: "shop.sync@acme.example",
      password: { deliverTo: "local:ipresso/shop" },
      group: { name: "Shop integration", permissions: ["GET contact", "POST contact"] },
      allowedAddresses: ["203.0.113.10"],
    } as const;
    const make = (more: object = {}) => {
      const stack = stackOf();
      new (library().ours.ipresso.IpressoProvider)(stack, "ipresso");
      return { stack, made: new (library().ours.IpressoApiClient)(stack, "shop", { ...client, ...more }) };
    };

    test("is a user with a group of its own, whose password Steward makes", () => {
      const { stack } = make();
      const { ApiUser, UserGroup } = library().ours.ipresso;
      const expected = expectStack(library(), library().cdktf.Testing.synth(stack));
      expected.toHaveResourceWithProperties(UserGroup, {
        name: "Shop integration",
        permissions: ["GET contact", "POST contact"],
      });
      expected.toHaveResourceWithProperties(ApiUser, {
        login: "shop.sync",
        groups: ["${ipresso_user_group.shop_sync.name}"],
        allowed_addresses: ["203.0.113.10"],
        password: { generate: true, deliver_to: "local:ipresso/shop" },
      });
    });

    test("shares a group by its name, opens to everywhere by one word, and takes a chosen password by reference", () => {
      const { environmentSecret } = library().ours;
      const password = { from: environmentSecret("SHOP_PASSWORD"), version: 2 };
      const { stack, made } = make({ group: "Reports", allowedAddresses: "any", password, name: "shop", adopt: true });
      expect(made.group).toBeUndefined();
      const { "//": _, ...user } = resourcesOf(library(), stack).ipresso_api_user!.shop!;
      expect(user).toMatchObject({
        ...{ groups: ["Reports"], allowed_addresses: ["any"], adopt: true, take_over: true },
        password: { value_wo: "${env.SHOP_PASSWORD}", value_wo_version: 2 },
      });
    });
  });

  describe("VelocloudServiceAccount", () => {
    const make = (more: object = {}) => {
      const stack = stackOf();
      const made = new (library().ours.VelocloudServiceAccount)(stack, "ci", { ...account, ...more });
      return { stack, made };
    };

    test("is a user whose password Steward makes, and a token of it that is delivered and rotated", () => {
      const { stack } = make();
      const { AdminUser, ApiToken } = library().ours.velocloud;
      const expected = expectStack(library(), library().cdktf.Testing.synth(stack));
      expected.toHaveResourceWithProperties(AdminUser, {
        username: "ci@acme.example",
        role: "Enterprise Standard Admin",
        password: { generate: true, deliver_to: "local:velocloud/ci-password" },
      });
      expected.toHaveResourceWithProperties(ApiToken, {
        owner: "${velocloud_admin_user.ci_acme_example.username}",
        name: "ci_acme_example",
        lifetime: "90d",
        rotate_before: "14d",
        deliver_to: "local:velocloud/ci-token",
      });
    });

    test("says nothing that nobody asked for", () => {
      const { stack } = make({ name: "ci" });
      const { "//": _, ...user } = resourcesOf(library(), stack).velocloud_admin_user!.ci!;
      expect(Object.keys(user).sort()).toEqual(["password", "role", "username"]);
    });

    test("takes a role that the app declares, and a chosen password by reference only", () => {
      const { velocloud, environmentSecret } = library().ours;
      const stack = stackOf();
      const role = new velocloud.Role(stack, "auditor", { name: "Auditor", description: "Looks", privileges: ["p"] });
      const password = { from: environmentSecret("CI_PASSWORD"), version: 3 };
      new (library().ours.VelocloudServiceAccount)(stack, "ci", { ...account, role, password });
      expectStack(library(), library().cdktf.Testing.synth(stack)).toHaveResourceWithProperties(velocloud.AdminUser, {
        role: "${velocloud_role.auditor.name}",
        password: { value_wo: "${env.CI_PASSWORD}", value_wo_version: 3 },
      });
    });

    test("adopts, protects, and says what becomes of the user", () => {
      const { stack } = make({ adopt: true, preventDestroy: true, onRemove: "forget", firstName: "CI" });
      const user = resourcesOf(library(), stack).velocloud_admin_user!.ci_acme_example!;
      expect(user).toMatchObject({
        ...{ adopt: true, take_over: true, on_remove: "forget", first_name: "CI" },
        lifecycle: { prevent_destroy: true },
      });
    });

    test("is on the system that its provider names", () => {
      const stack = stackOf();
      const { velocloud, VelocloudServiceAccount } = library().ours;
      const provider = new velocloud.VelocloudProvider(stack, "second", { alias: "berlin" });
      new VelocloudServiceAccount(stack, "ci", { ...account, provider });
      const { velocloud_admin_user: users, velocloud_api_token: tokens } = resourcesOf(library(), stack);
      expect(users!.ci_acme_example!.provider).toBe("velocloud.berlin");
      expect(tokens!.ci_acme_example!.provider).toBe("velocloud.berlin");
    });

    test("has further tokens, each rotated by itself", () => {
      const { stack, made } = make({ name: "ci" });
      made.addToken({ name: "Nightly build", lifetime: "30d", rotateBefore: "never", deliverTo: "local:nightly" });
      const tokens = resourcesOf(library(), stack).velocloud_api_token!;
      expect(Object.keys(tokens)).toEqual(["ci", "ci_nightly_build"]);
      expect(tokens.ci_nightly_build).toMatchObject({ name: "Nightly build", lifetime: "30d" });
      expect(tokens.ci_nightly_build).not.toHaveProperty("rotate_before");
    });

    test.each([
      ["90d", "90d"],
      ["12h", "1d"],
    ] as const)("does not synthesise a lifetime of %s that is rotated %s before its end", (lifetime, rotateBefore) => {
      const { stack } = make({ token: { ...token, lifetime, rotateBefore } });
      expect(() => library().cdktf.Testing.synth(stack, true)).toThrow(/rotateBefore .* must be shorter than lifetime/);
    });
  });

  describe("MomentusConnect", () => {
    test("MOM-06 is MOCO-SERV with the vendor's settings, and MOM-04 the apps that come after it", () => {
      const stack = stackOf();
      new (library().ours.MomentusConnect)(stack, "connect", connect);
      const { ApiUser, AppApproval } = library().ours.momentus;
      const expected = expectStack(library(), library().cdktf.Testing.synth(stack));
      expected.toHaveResourceWithProperties(ApiUser, {
        user_id: "MOCO-SERV",
        display_name: "Momentus Connect",
        description: "Internal Momentus Connect API User",
        organization: "any",
        ...{ enforce_access_privileges: false, allow_proxy_user: false, retired: false },
        ...{ internal: true, license_special_access: true },
        deliver_to: "local:momentus/moco-serv",
      });
      for (const app of connect.apps)
        expected.toHaveResourceWithProperties(AppApproval, {
          app,
          connect_user: "${momentus_api_user.moco_serv.user_id}",
        });
      expect(addressesOf(library(), stack)).toEqual([
        "momentus_api_user.moco_serv",
        "momentus_app_approval.event_portal",
        "momentus_app_approval.reports_2",
      ]);
    });

    test("approves further apps later, under a name of one's own", () => {
      const stack = stackOf();
      const made = new (library().ours.MomentusConnect)(stack, "connect", { deliverTo: connect.deliverTo });
      made.approve("活動", { name: "events" });
      expect(resourcesOf(library(), stack).momentus_app_approval!.events).toMatchObject({ app: "活動" });
      expect(() => made.approve("活動")).toThrow("access/connect: no name can be made of");
    });

    test("is there once in a stack, unless a second one has a name and a system of its own", () => {
      const stack = stackOf();
      const { MomentusConnect, momentus } = library().ours;
      new MomentusConnect(stack, "connect", connect);
      expect(() => new MomentusConnect(stack, "again", connect)).toThrow(
        "access/again/user: momentus_api_user.moco_serv is access/connect/user already",
      );
      const provider = new momentus.MomentusProvider(stack, "test", { alias: "momentus-test" });
      new MomentusConnect(stack, "test-connect", { deliverTo: "local:b", name: "moco_serv_test", provider });
      expect(resourcesOf(library(), stack).momentus_api_user!.moco_serv_test!.provider).toBe("momentus.momentus-test");
    });

    test("takes no app twice, in whatever letter case", () => {
      const made = new (library().ours.MomentusConnect)(stackOf(), "connect", { deliverTo: connect.deliverTo });
      made.approve("Event Portal");
      expect(() => made.approve("EVENT PORTAL")).toThrow(/app-event_portal/);
    });
  });

  describe("addresses", () => {
    test("stay when a construct moves into another one, or is called otherwise", () => {
      const addresses = ["", "team", "team/sub/team"].map((place) => {
        const stack = stackOf();
        const { MomentusConnect, VelocloudServiceAccount } = library().ours;
        let scope: Construct = stack;
        for (const id of place.split("/").filter(Boolean)) scope = new Construct(scope, id);
        new VelocloudServiceAccount(scope, `ci${place.length}`, account).addToken({ ...token, name: "b" });
        new MomentusConnect(scope, `connect${place.length}`, connect);
        return addressesOf(library(), stack);
      });
      expect(addresses[0]).toHaveLength(6);
      expect(addresses[1]).toEqual(addresses[0]);
      expect(addresses[2]).toEqual(addresses[0]);
    });

    test("of bindings stay too once they are named; without a name they follow the path", () => {
      const { named, velocloud } = library().ours;
      const role = { name: "R", description: "R", privileges: ["p"] };
      const stack = stackOf();
      const inside = new Construct(stack, "team");
      named(new velocloud.Role(inside, "a", role), "auditor");
      new velocloud.Role(inside, "b", role);
      const [named_, free] = addressesOf(library(), stack);
      expect(named_).toBe("velocloud_role.auditor");
      expect(free).toMatch(/^velocloud_role\.team_b_[0-9A-F]{8}$/);
    });

    test.each(["Auditor", "a-b", "1a", "", "a".repeat(64)])(
      "refuse the name %j, and say which construct has it",
      (wrong) => {
        const { named, velocloud } = library().ours;
        const role = new velocloud.Role(stackOf(), "r", { name: "R", description: "R", privileges: ["p"] });
        expect(() => named(role, wrong)).toThrow("access/r: ");
      },
    );

    test("are two in two stacks: each stack is a manifest of its own", () => {
      for (const stack of [stackOf(), stackOf()]) new (library().ours.MomentusConnect)(stack, "connect", connect);
    });

    test("need a name where the username is known only later", () => {
      const stack = stackOf();
      const { cdktf, ours } = library();
      const username = new cdktf.TerraformVariable(stack, "u", { type: "string" }).stringValue;
      expect(() => new ours.VelocloudServiceAccount(stack, "ci", { ...account, username })).toThrow(
        "access/ci: what names the object is known only later",
      );
      new ours.VelocloudServiceAccount(stack, "named", { ...account, username, name: "ci" });
      expect(resourcesOf(library(), stack).velocloud_admin_user!.ci!.username).toBe("${var.u}");
    });
  });

  test("terraform accepts what is synthesised", { timeout: 120_000 }, (context) => {
    if (spawnSync("terraform", ["version"]).error) context.skip("terraform is not on PATH");
    const { mirror, remove } = buildProviders();
    const settings = join(mirror, "..", "settings.tfrc");
    writeFileSync(settings, `provider_installation {\n filesystem_mirror { path = "${mirror}" }\n}\n`);
    vi.stubEnv("TF_CLI_CONFIG_FILE", settings);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      remove();
    });
    const stack = stackOf();
    new (library().ours.MomentusConnect)(stack, "connect", connect);
    new (library().ours.VelocloudServiceAccount)(stack, "ci", account);
    expectStack(library(), library().cdktf.Testing.fullSynth(stack)).toBeValidTerraform();
  });
});

test("typesVersions and exports lead to the same declarations", () => {
  const manifest = createRequire(import.meta.url)("../package.json");
  for (const name of libraryNames)
    expect([manifest.exports[`./${name}`].types]).toEqual(manifest.typesVersions["*"][name]);
});
