import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CanaryWorld, origins } from "./world/canary-world.ts";

/** What only people can see is not claimed to be so: `drift` and an empty plan speak of what was read. */

const approval = `  momentus_app_approval:
    signage: { app: Lobby Signage, lifecycle: { adopt: true } }
`;
const user = `  velocloud_admin_user:
    env: { username: env@acme.example, role: Enterprise Support, password: { value: "\${env.CANARY}" } }
`;
const manifestOf = (resources: string) => `systems:
  momentus: { url: "${origins.venue}/prod" }
  velocloud: { url: "${origins.token}", enterprise_id: 1, credentials: { token: "\${env.VCO_TOKEN}" } }
resources:
${resources}`;

let world: CanaryWorld;
beforeEach(() => {
  world = new CanaryWorld();
});
afterEach(() => world.close());

async function run(words: string, code = 0): Promise<string> {
  const { code: ended, out, err } = await world.steward(words);
  expect({ words, ended, err: ended === code ? "" : out + err }).toEqual({ words, ended: code, err: "" });
  return out;
}

async function bringUp(resources: string): Promise<void> {
  world.write("steward.yaml", manifestOf(resources));
  await run("trust --all");
  await run("apply --auto-approve", 3);
  await run("confirm momentus_app_approval.signage/observe --result found");
  await run("confirm momentus_app_approval.signage/adopt --result done --field status=approved");
}

test("drift says how many objects were only told, on which date, and that nobody looked since", async () => {
  await bringUp(user + approval);
  const day = new Date(
    Date.parse(JSON.parse(await run("state show momentus_app_approval.signage --format json")).entry.attested),
  );
  const date = day.toISOString().slice(0, 10);
  const text = await run("drift");
  expect(text).toContain("No drift in what was read: 1 recorded object as Steward left it.\n");
  expect(text).toContain(`1 recorded object was only told by people, last on ${date}; nobody looked since.`);
  const { told, recorded } = JSON.parse(await run("drift --format json")) as Record<string, unknown>;
  expect(recorded).toBe(2);
  expect(told).toEqual({ addresses: ["momentus_app_approval.signage"], lastOn: day.toISOString() });
  // An empty plan says the same, and a plan with changes has more to say.
  const plan = await run("plan");
  expect(plan).toContain("No changes.");
  expect(plan).toContain(
    `momentus: 1 recorded object is only known from people, last told on ${date}; nobody looked since`,
  );
  expect(JSON.parse(await run("plan --format json")).notices).toHaveLength(1);
});

test("drift claims nothing where nothing was read", async () => {
  await bringUp(approval);
  const text = await run("drift");
  expect(text).not.toContain("No drift");
  expect(text).toContain("No recorded object was read.\n1 recorded object was only told by people");
});

describe("--ask", () => {
  const confirmed = (words: string) => run(`confirm momentus_app_approval.signage/inspect ${words}`);

  test("has a person look again, and what they tell is drift of the next plan and of drift", async () => {
    await bringUp(user + approval);
    const plan = await run("plan --ask momentus_app_approval.signage --out plan.json");
    expect(plan).toContain("Whoever planned consented to: --ask momentus_app_approval.signage");
    expect(plan).toContain("look at it again");
    expect(JSON.parse(world.read("plan.json")).consents).toEqual({
      ask: ["momentus_app_approval.signage"],
      replace: [],
      restore: [],
    });
    await run("apply plan.json", 3);
    await confirmed("--result found --field status=disabled");
    expect(await run("plan")).toContain("steward plan --restore momentus_app_approval.signage");
    await run("apply --ask momentus_app_approval.signage --auto-approve", 3);
    await confirmed("--result absent");
    expect(await run("drift")).toContain("gone from momentus");
    expect(await run("state show momentus_app_approval.signage")).toMatch(/gone +as was told on /);
  });

  test.each([
    ["velocloud_admin_user.env", "nobody reads velocloud_admin_user by hand: every plan reads it on velocloud"],
    ["momentus_app_approval.other", "nothing is recorded of it yet"],
    ["momentus_app_approval.signag", "did you mean momentus_app_approval.signage?"],
  ])("says why nobody can look at %s again", async (address, why) => {
    await bringUp(user + approval);
    world.write("steward.yaml", manifestOf(`${user}${approval}    other: { app: Floor Plan Studio }\n`));
    const { code, err } = await world.steward(`plan --ask ${address}`);
    expect([code, err]).toEqual([64, expect.stringContaining(why)]);
  });
});
