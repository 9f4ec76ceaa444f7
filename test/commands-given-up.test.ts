import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { type Answer, type Bench, makeBench } from "./commands-fixture.ts";
import { fuelAndToken, vesonManifest } from "./world/veson-world.ts";

/** What commands say of a run that was given up while somebody is parked: each leads on, and none to another that leads back. */

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench("", (clock) => {
    const simulator = new VesonSimulator({ seed: 5, now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
    return { "https://imos.test": simulator };
  });
  const manifest = vesonManifest(fuelAndToken, { hand: "person", license: { limit: 5, borrow_from: ["j.doe"] } });
  bench.write("steward.yaml", manifest.replace(/credentials: *\{.*?\}/, ""));
});
afterEach(() => bench.close());

async function run(words: string, code: number): Promise<Answer> {
  const answer = await bench.steward(words);
  expect([words, answer.code, answer.code === code ? "" : answer.err]).toEqual([words, code, ""]);
  return answer;
}

const fuel = "veson_user.fuel";

/** A run with j.doe parked and the user asked for; its id. */
async function park(): Promise<string> {
  await run("trust --all", 0);
  await run("plan --out plan.json", 0);
  await run("apply plan.json", 3);
  await run(`confirm ${fuel}/observe --result absent`, 0);
  await run(`confirm ${fuel}/licenses --result absent`, 0);
  await run(`confirm ${fuel}/park --result done`, 0);
  const { runs } = JSON.parse((await run("status --format json", 0)).out) as { runs: { run: { id: string } }[] };
  return runs[0]?.run.id ?? "";
}

describe("a run that was given up while somebody is parked", () => {
  test("is led on by status and recover with the command that tells, until nothing is owed", async () => {
    const id = await park();
    const abandoned = await run(`apply --abandon ${id}`, 3);
    expect(abandoned.out).toContain("--result absent");
    const tell = `steward do ${fuel}/external`;
    const status = (await run("status", 0)).out;
    expect(status).toContain(`Run ${id} was given up, and waits: 1 step`);
    expect(status).toContain("j.doe cannot work on veson");
    expect(status).toContain(tell);
    expect(status).not.toMatch(/recover|--abandon|--resume/);
    const recovered = await run("recover", 3);
    expect(recovered.out).toContain(tell);
    expect(recovered.out).not.toContain("status");
    await run(`confirm ${fuel}/external --result absent`, 0);
    const failed = (await run(`confirm ${fuel}/unpark --result failed`, 3)).out;
    expect(failed).toContain("what was borrowed of j.doe is owed until it is given back");
    expect(failed).toContain(`When it can be done:  steward do ${fuel}/unpark`);
    expect((await run("status", 0)).out).toMatch(
      /j\.doe cannot work on veson[\s\S]*steward do veson_user\.fuel\/unpark/,
    );
    expect((await run(`confirm ${fuel}/unpark --result done`, 0)).out).toContain("the abandoned run is closed");
    expect((await run("status", 0)).out).toBe("Nothing waits for a person.\n");
  });

  test("is counted as what it is: nobody reads one of none", async () => {
    const id = await park();
    const said = [await run(`apply --abandon ${id}`, 3), await run("recover", 3)];
    expect(said.map(({ err }) => err).join("")).not.toMatch(/\d\/0/);
    expect(said[1]?.err).toContain(`waiting   1  ${fuel}/external`);
  });
});
