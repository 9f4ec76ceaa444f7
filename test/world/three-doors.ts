import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { TokenRecord, UserRecord } from "../../src/simulators/velocloud/records.ts";
import { IpressoWorld } from "./ipresso-world.ts";
import { type Served, serveSite } from "./terraform-acceptance.ts";
import { TestWorld, testIdentity } from "./test-world.ts";
import { VesonWorld } from "./veson-world.ts";

/** One example by every door: HCL and what an app synthesised through a real Terraform, YAML through Steward itself. */

const folder = new URL("../../examples/terraform/velocloud/", import.meta.url).pathname;
const exampleUrl = "https://vco.example.net";

/** A world in which the orchestrator of the example is the simulated one. */
class ExampleWorld extends TestWorld {
  override simulated() {
    return { [exampleUrl]: this.simulator };
  }
}

/** Applies a configuration of the example, and leaves nothing to do. `name` is that of the file. */
export async function byTerraform(name: string, text: string): Promise<unknown> {
  const world = new ExampleWorld();
  const { token } = world.simulator.world.enterprise;
  const served: Served = await serveSite({ system: "velocloud", world, provider: {}, secrets: { vco_token: token } });
  try {
    served.folder.write(name, text);
    const variables = { TF_VAR_age_recipient: testIdentity.recipient };
    await served.folder.expect(0, "init -no-color");
    expect(await served.folder.expect(0, "apply -no-color -auto-approve", variables)).toContain("3 added");
    await served.folder.expect(0, "plan -no-color -detailed-exitcode", variables);
    return leftOn(world);
  } finally {
    served.stop();
  }
}

/** The example of a system that is worked at on its console, applied there by forms until nothing is left to do. */
export async function applyConsoleExample(system: "ipresso" | "veson"): Promise<string> {
  const text = readFileSync(new URL(`../../examples/terraform/${system}/main.tf`, import.meta.url), "utf8");
  const { world, username, password } = system === "ipresso" ? ipressoExample() : vesonExample();
  const secrets = { [`${system}_username`]: username, [`${system}_password`]: password };
  const served = await serveSite({ system, world, provider: {}, secrets });
  try {
    served.folder.write("main.tf", text);
    const variables = { TF_VAR_age_recipient: testIdentity.recipient };
    await served.folder.expect(0, "init -no-color");
    const said = await served.folder.expect(0, "apply -no-color -auto-approve", variables);
    await served.folder.expect(0, "plan -no-color -detailed-exitcode", variables);
    return said;
  } finally {
    served.stop();
  }
}

function ipressoExample() {
  const world = new IpressoWorld();
  world.panelUrl = "https://acme.ipresso.pl";
  return { world, ...world.ipresso.world.admin };
}

function vesonExample() {
  const world = new VesonExampleWorld({ seatsFree: 1 });
  return { world, ...world.veson.world.admin };
}

/** The site of the example, and the data plane where the vendor has it. */
class VesonExampleWorld extends VesonWorld {
  override simulated() {
    return { "https://acme.imos.example": this.veson, "https://api.veslink.com": this.veson };
  }
}

export const hcl = (): string => readFileSync(`${folder}main.tf`, "utf8");
export const app = (): string => readFileSync(`${folder}main.ts`, "utf8");

/** Applies the manifest of the example, and leaves nothing to do. */
export async function bySteward(): Promise<unknown> {
  const world = new ExampleWorld();
  const text = readFileSync(`${folder}twin.yaml`, "utf8").replace(/age1[a-z0-9]+/, testIdentity.recipient);
  await world.trust(text);
  expect((await world.apply(text)).outcome).toBe("done");
  expect((await world.plan(text)).changes).toEqual([]);
  return leftOn(world);
}

/** All that the orchestrator holds, without what chance, time and order decide. */
function leftOn({ simulator: { store } }: TestWorld): unknown {
  const users = new Map(store.users.values().map((user) => [user.id, user]));
  const roles = new Map(store.roles.values().map((role) => [role.id, role]));
  const shownUser = ({
    id: _,
    roleId,
    created: __,
    modified: ___,
    password,
    passwordModified,
    ...rest
  }: UserRecord) => {
    return { ...rest, lastLogin: 0, role: roles.get(roleId)!.name, hasPassword: password !== null && passwordModified };
  };
  const shownToken = ({ name, ownerId, isRevoked, downloaded, expiration, created, description }: TokenRecord) => ({
    ...{ name, owner: users.get(ownerId)!.username, isRevoked, isDownloaded: downloaded !== null },
    ...{ lifetimeMs: expiration - created, description: description?.replace(/ \[stw:.*\]$/, "") },
  });
  const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  return {
    users: [...users.values()].map(shownUser).sort(byText),
    roles: [...roles.values()].map(({ id: _, created: __, modified: ___, ...rest }) => rest).sort(byText),
    tokens: store.tokens.values().map(shownToken).sort(byText),
  };
}
