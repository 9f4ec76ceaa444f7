import { afterEach, beforeEach, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";
import { type ObjectValue, unknown } from "../src/terraform/wire/value.ts";
import { ProviderWorld } from "./world/provider-world.ts";
import { TerraformCore } from "./world/terraform-core.ts";

/** A password that Terraform tells only where its user changes, and a token that needs it. */

const [userKind, tokenKind] = ["velocloud_admin_user", "velocloud_api_token"] as const;
const user = (version = 1): ObjectValue => ({
  ...{ username: "ci@acme.example", role: "Enterprise Standard Admin" },
  password: { value_wo: new Secret("Chosen-1a2b3c4D"), value_wo_version: version },
});
const token: ObjectValue = {
  ...{ owner: "ci@acme.example", name: "ci", description: "Build pipeline", lifetime: "90d", rotate_before: "14d" },
  deliver_to: "local:velocloud/ci-token",
};

let world: ProviderWorld;
let core: TerraformCore;
beforeEach(async () => {
  world = new ProviderWorld();
  core = await TerraformCore.start("velocloud", world.service());
  await nextWalk();
  expect((await core.apply("u", userKind, user())).said).toEqual([]);
  expect((await core.apply("t", tokenKind, token)).said).toEqual([]);
  world.world.clock.advance(80 * 86_400_000);
  await nextWalk();
});
afterEach(() => core.stop());

const nextWalk = async (): Promise<void> => expect(await core.configure(world.block())).toEqual([]);
const tokens = () => world.world.simulator.store.tokens.values().filter(({ name }) => name === "ci");

const missing = [
  {
    severity: "error",
    summary: expect.stringMatching(/\/\w+ needs a secret that another resource has by value_wo/),
    detail: expect.stringMatching(
      /Set the environment variable STEWARD_VELOCLOUD_ADMIN_USER_\w+_PASSWORD_VALUE_WO to it/,
    ),
  },
];

test("is missed at the plan, where the user does not change, and nothing was made", async () => {
  expect((await core.plan("u", userKind, user())).action).toBe("none");
  expect((await core.plan("t", tokenKind, token)).said).toMatchObject(missing);
  expect(tokens().length).toBe(1);
});

test("is missed at the apply where the plan could not know it, and nothing was made", async () => {
  expect((await core.apply("t", tokenKind, token)).said).toMatchObject(missing);
  expect(tokens().length).toBe(1);
});

test("is there where its user changes in the same apply", async () => {
  expect((await core.apply("u", userKind, user(2))).action).toBe("update");
  expect((await core.apply("t", tokenKind, token)).said).toEqual([]);
  expect(tokens().filter(({ isRevoked }) => !isRevoked).length).toBe(1);
});

test("may come from the environment, by the name that was said", async () => {
  const [name = ""] = /STEWARD_\w+/.exec(JSON.stringify((await core.plan("t", tokenKind, token)).said)) ?? [];
  core.stop();
  const states = core.states;
  core = await TerraformCore.start("velocloud", world.service("velocloud", { [name]: "Chosen-1a2b3c4D" }), states);
  await nextWalk();
  expect((await core.plan("u", userKind, user())).action).toBe("none");
  expect((await core.apply("t", tokenKind, token)).said).toEqual([]);
  expect(tokens().filter(({ isRevoked }) => !isRevoked).length).toBe(1);
});

test("is not missed while it is known only after apply, by a user who is to be made then", async () => {
  const other = { ...user(), username: "cd@acme.example", password: { value_wo: unknown, value_wo_version: 1 } };
  expect((await core.plan("o", userKind, other)).said).toEqual([]);
  const theirs = { ...token, owner: "cd@acme.example", deliver_to: "local:velocloud/cd-token" };
  expect((await core.plan("p", tokenKind, theirs)).said).toEqual([]);
});
