import { describe, expect, it } from "vitest";
import { Crash } from "./world/crash-disk.ts";
import { confirmIn, sayResults } from "./world/people-world.ts";
import { manifestWith, TestWorld } from "./world/test-world.ts";

/** The download by the owner in person, through the whole engine: once only, and never lost to a crash of ours. */

const text = manifestWith(`
  velocloud_api_token:
    sso: { owner: sso@acme.example, name: sso, lifetime: 90d, deliver_to: "local:sso-token" }
`);
const step = "velocloud_api_token.sso/download";

/** Somebody who signs in elsewhere, and a run that waits for them. */
async function waitingWorld(): Promise<{ world: TestWorld; value(): string }> {
  const world = new TestWorld(3);
  const { store } = world.simulator;
  const tenantId = world.simulator.world.enterpriseId;
  const owner = { username: "sso@acme.example", email: "sso@acme.example", roleName: "Enterprise Standard Admin" };
  store.addUser({ ...owner, tenantId, isNative: false });
  await world.trust(text);
  const report = await world.apply(text);
  expect(sayResults(report.steps)).toEqual(["sso/create done", "sso/download waiting", "sso/prove untouched"]);
  const token = store.tokens.values().find(({ name }) => name === "sso")!;
  return { world, value: () => downloadOf(world, token.id) };
}

/** The owner downloads it at the console: it is Enabled from then on, and its value is shown once. */
function downloadOf({ simulator: { store }, clock }: TestWorld, id: number): string {
  const [known] = [...store.tokenValues].find(([, token]) => token === id) ?? [];
  return known ?? store.issueTokenValue(store.changeToken(id, { downloaded: clock.now() }));
}

describe("a token that its owner downloads in person", () => {
  it("VCO-12 is delivered, proven at once, and comes to no changes", async () => {
    const { world, value } = await waitingWorld();
    const report = await confirmIn(world, text, step, "done", { secrets: { token: value() } });
    expect(report).toMatchObject({ became: "done", isRunClosed: true, proofs: [{ result: "done" }] });
    expect((await world.plan(text)).changes).toEqual([]);
    expect(await world.secret(text, "sso-token")).toBe(value());
  });

  it("VCO-12 is not asked for again when our process died after it was kept", async () => {
    const { world, value } = await waitingWorld();
    const token = value();
    world.crashAt = await pointAfterPut();
    world.points = 0;
    await expect(confirmIn(world, text, step, "done", { secrets: { token } })).rejects.toThrow(Crash);
    world.restart("nothing");
    const [run] = Object.keys((await world.open(text)).state.runs);
    const report = await world.apply(text, { resume: run! });
    expect(report.outcome).toBe("done");
    expect(await world.secret(text, "sso-token")).toBe(token);
    expect((await world.plan(text)).changes).toEqual([]);
  });

  it("VCO-11 is still waited for when somebody downloaded it and told nobody", async () => {
    const { world, value } = await waitingWorld();
    value();
    const [run] = Object.keys((await world.open(text)).state.runs);
    expect((await world.apply(text, { resume: run! })).outcome).toBe("waiting");
    const report = await confirmIn(world, text, step, "failed");
    expect(report.became).toBe("failed");
    expect((await world.plan(text)).changes).toMatchObject([
      { action: expect.stringMatching(/replace|rotate|update/) },
    ]);
  });
});

/** The number of the point right after the sink has kept the value, in an undisturbed run of the same command. */
async function pointAfterPut(): Promise<number> {
  const { world, value } = await waitingWorld();
  world.trail = [];
  world.points = 0;
  await confirmIn(world, text, step, "done", { secrets: { token: value() } });
  const at = world.trail.indexOf("after put local");
  expect(at).toBeGreaterThan(0);
  return at + 1;
}
