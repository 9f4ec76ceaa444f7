import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Console } from "../src/commands/command.ts";
import type { Answer } from "./commands-fixture.ts";
import { CanaryWorld, peopleManifest } from "./world/canary-world.ts";
import { depotManifest } from "./world/depot.ts";
import { PeopleWorld } from "./world/people-world.ts";

/** People type secrets where an instruction sends them: it must be the place that was trusted, and the one that was planned. */

const text = depotManifest(["a"]);
const moved = text.replace("https://depot.test", "https://evil.test");
const licensed = { fields: { licensed: "yes" } };

async function begun(): Promise<PeopleWorld> {
  const world = new PeopleWorld();
  await world.trust(text);
  await world.apply(text);
  return world;
}

describe("a run whose system leads elsewhere by now", () => {
  it("takes no answer and does not go on while nobody trusts the place", async () => {
    const world = await begun();
    const answer = world.confirm(moved, "depot_account.a/observe", "absent", licensed);
    await expect(answer).rejects.toThrow(/system depot changed since it was trusted/);
    const [run = ""] = Object.keys((await world.open(text)).state.runs);
    await expect(world.apply(moved, { resume: run })).rejects.toThrow(/changed since it was trusted/);
  });

  it("takes no answer and does not go on when the place is trusted: that is not what the run was planned for", async () => {
    const world = await begun();
    await world.trust(moved);
    const answer = world.confirm(moved, "depot_account.a/observe", "absent", licensed);
    await expect(answer).rejects.toThrow(/system depot leads elsewhere than when run \w+ was opened/);
    const { state } = await world.open(moved);
    const [run = ""] = Object.keys(state.runs);
    expect(state.runs[run]?.answers).toEqual({});
    await expect(world.apply(moved, { resume: run })).rejects.toThrow(/leads elsewhere than when run/);
    await expect(world.confirm(moved, "depot_account.a/observe", "absent", licensed)).rejects.toThrow(/elsewhere/);
    await world.trust(text);
    expect((await world.confirm(text, "depot_account.a/observe", "absent", licensed)).became).toBe("done");
  });
});

describe("steward do and steward confirm", () => {
  const place = { connect_url: "https://connect.example.net", customer: "Hall", tenant: "prod" };
  const manifestWith = (settings: Record<string, string>): string =>
    peopleManifest.replace('serial_number: "1"', `serial_number: "1", ${JSON.stringify(settings).slice(1, -1)}`);
  const terminal = { canAsk: true, isTerminal: true, notesAreTerminal: true, answers: ["1"] };
  const observe = "momentus_app_approval.signage/observe";
  const userStep = "momentus_api_user.moco/observe";
  let world: CanaryWorld;
  let resume: string;

  beforeEach(async () => {
    world = new CanaryWorld();
    declare(place);
    await run("trust --all", 0);
    const { out } = await run("apply --auto-approve", 3);
    [resume = ""] = /apply --resume \w+/.exec(out) ?? [];
    // The approval comes after the user that it needs.
    await run(`confirm ${userStep} --result absent --field rights=support --field licensed=yes`, 0);
  });
  afterEach(() => world.close());

  const declare = (settings: Record<string, string>): void => world.write("steward.yaml", manifestWith(settings));

  async function run(words: string, code: number, options: Partial<Console> = {}): Promise<Answer> {
    const answer = await world.steward(words, options);
    expect([words, answer.code, answer.code === code ? "" : answer.err]).toEqual([words, code, ""]);
    return answer;
  }

  /** Refuses whatever is tried, with nothing shown, asked or read. */
  async function refusesAll(step: string, reason: RegExp): Promise<void> {
    let isRead = false;
    const readInput = async (): Promise<string> => {
      isRead = true;
      return "canary\n";
    };
    const shown = await run(`do ${step} --show`, 4);
    const done = await run(`do ${step}`, 4, terminal);
    const told = await run(`confirm ${step} --result done --secret secret --secret key`, 4, { readInput });
    const typed = await run(`confirm ${step} --result done --secret secret --secret key`, 4, terminal);
    for (const { out, err, asked } of [shown, done, told, typed]) {
      expect([out, asked]).toEqual(["", []]);
      expect(err).toMatch(reason);
    }
    expect(isRead).toBe(false);
  }

  it("show where to sign in as it was trusted", async () => {
    const { out } = await run("do momentus_api_user.moco/create --show", 0);
    expect(out).toContain("https://venue.example.net/prod");
  });

  it.each([
    ["connect_url", { ...place, connect_url: "https://connect.evil.example" }],
    ["connect_url", { customer: place.customer, tenant: place.tenant }],
  ])("refuse a %s that nobody trusted, before anything is shown", async (_name, settings) => {
    declare(settings);
    await refusesAll("momentus_api_user.moco/create", /system venue changed since it was trusted: connect_url/);
  });

  it("refuse a url that nobody trusted, before anything is shown", async () => {
    world.write("steward.yaml", manifestWith(place).replace("venue.example.net", "evil.example.net"));
    await refusesAll("momentus_api_user.moco/create", /system venue changed since it was trusted: url/);
  });

  it.each([
    ["url", manifestWith(place).replace("venue.example.net/prod", "venue.example.net/test")],
    ["connect_url", manifestWith({ ...place, connect_url: "https://other.example.net" })],
    ["customer", manifestWith({ ...place, customer: "Another Hall" })],
    ["tenant", manifestWith({ ...place, tenant: "test" })],
  ])("refuse another %s than the run was opened for, also when it is trusted", async (_name, manifest) => {
    world.write("steward.yaml", manifest);
    await run("trust --all", 0);
    await refusesAll("momentus_api_user.moco/create", /system venue leads elsewhere than when run \w+ was opened/);
    expect((await run(resume, 4)).err).toMatch(/system venue leads elsewhere/);
  });

  it("refuse a sink that nobody trusted: it is where what is told would go", async () => {
    world.write("steward.yaml", manifestWith(place).replace("path: secrets/age,", "path: secrets/other,"));
    await refusesAll("momentus_api_user.moco/create", /sink local changed since it was trusted/);
  });

  it("name the step that waits when the name of another is told", async () => {
    const { err } = await run(`do ${observe} --show`, 4);
    expect(err).toMatch(/waiting are: .*momentus_api_user\.moco\/create/);
  });
});
