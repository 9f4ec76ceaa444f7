import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Console, SharedOptions } from "../src/commands/command.ts";
import { watchProgress } from "../src/commands/progress.ts";
import { withSession } from "../src/commands/session.ts";
import { Fault } from "../src/diagnostic.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { systemRandom } from "../src/platform/random.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { type Answer, type Bench, makeBench, makeConsole } from "./commands-fixture.ts";
import type { Resources } from "./world/conformance-world.ts";
import { fuelAndToken, vesonManifest } from "./world/veson-world.ts";

/** What commands say of a run that was given up while somebody is parked: each leads on, and none to another that leads back. */

let bench: Bench;
beforeEach(() => begin(fuelAndToken));

async function begin(resources: Resources): Promise<void> {
  bench = await makeBench("", (clock) => {
    const simulator = new VesonSimulator({ seed: 5, now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
    return { "https://imos.test": simulator };
  });
  declare(resources);
}
afterEach(() => bench.close());

function declare(resources: Resources): void {
  const manifest = vesonManifest(resources, { hand: "person", license: { limit: 5, borrow_from: ["j.doe"] } });
  bench.write("steward.yaml", manifest.replace(/credentials: *\{.*?\}/, ""));
}

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
    const commands = abandoned.out.split("\n").filter((line) => line.includes("steward confirm"));
    expect(new Set(commands.map((line) => line.indexOf("steward confirm"))).size).toBe(1);
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
    const ways = (await run(`do ${fuel}/unpark --show`, 0)).out
      .split("\n")
      .filter((line) => / {4}.*confirm/.test(line));
    expect(new Set(ways.map((line) => line.indexOf("steward confirm"))).size).toBe(1);
    expect((await run("status", 0)).out).toMatch(
      /j\.doe cannot work on veson[\s\S]*steward do veson_user\.fuel\/unpark/,
    );
    expect((await run(`confirm ${fuel}/unpark --result done`, 0)).out).toContain("the abandoned run is closed");
    expect((await run("status", 0)).out).toBe("Nothing waits for a person.\n");
  });

  test("is what plan and apply say first: nothing new is begun unseen", async () => {
    const id = await park();
    await run(`apply --abandon ${id}`, 3);
    const owed = (step: string): string =>
      `run ${id} was given up, and still waits for a person, and j.doe cannot work before: steward do ${fuel}/${step}`;
    expect((await run("plan", 0)).out).toContain(owed("external"));
    const applied = (await run("apply --auto-approve", 0)).out;
    expect(applied).toContain(owed("external"));
    expect(applied).toContain(`run ${id} was given up, and ${fuel}/external waits for a person`);
    const resumed = (await run(`apply --resume ${id}`, 3)).out;
    expect(resumed).toContain("The run was given up: nothing else of it goes on");
    expect(resumed).not.toContain("went on without you");
    await run(`confirm ${fuel}/external --result absent`, 0);
    expect((await run("plan", 0)).out).toContain(owed("unpark"));
    expect((await run("apply --auto-approve", 3)).out).toContain(owed("unpark"));
  });

  test("is counted as what it is: nobody reads one of none", async () => {
    const id = await park();
    const said = [await run(`apply --abandon ${id}`, 3), await run("recover", 3)];
    expect(said.map(({ err }) => err).join("")).not.toMatch(/\d\/0/);
    expect(said[1]?.err).toContain(`waiting   1  ${fuel}/external`);
  });
});

describe("whoever is to be parked", () => {
  test("is not said to be parked before somebody told it", async () => {
    await run("trust --all", 0);
    await run("apply --auto-approve", 3);
    await run(`confirm ${fuel}/observe --result absent`, 0);
    await run(`confirm ${fuel}/licenses --result absent`, 0);
    const asked = "j.doe may be unable to work on veson: parking them was asked for just now (2026-11-20 12:00 UTC)";
    expect((await run("status", 0)).out).toContain(`${asked}, for ${fuel}`);
    await run(`confirm ${fuel}/park --result not-done`, 3);
    expect((await run("status", 0)).out).not.toContain("j.doe cannot work");
    await run(`confirm ${fuel}/park --result done`, 0);
    expect((await run("status", 0)).out).toContain(
      `j.doe cannot work on veson: parked just now (2026-11-20 12:00 UTC), for ${fuel}`,
    );
  });
});

describe("whoever is parked", () => {
  test("is named when apply is stopped, with the command that gives them back", async () => {
    const id = await park();
    const early = new AbortController();
    early.abort(new Fault("stopped", { happened: "no" }));
    const stopped = await bench.steward("apply plan.json", { stop: early.signal });
    expect(stopped.out).toContain("apply stopped: by Ctrl-C");
    expect(stopped.out).toContain("j.doe cannot work on veson: parked just now (2026-11-20 12:00 UTC)\n");
    expect(stopped.out).toContain(`To give it back without going on:  steward apply --abandon ${id}\n`);
  });

  test("is named once while a step that was cut off is waited for", async () => {
    await park();
    const { said, console } = noting();
    const options: SharedOptions = { format: "text", var: {}, debug: false, untrusted: false, stateIsPersistent: true };
    await withSession(console, options, { reads: true }, async (session) => {
      const watch = watchProgress(session);
      const [run] = Object.values(session.workspace.state.runs);
      for (const step of run?.plan.steps.slice(0, 2) ?? []) watch.onWait(step, bench.clock.now() + 5_000);
      watch.close();
      return 0;
    });
    expect(said.join("").match(/j\.doe cannot work on veson: parked/g)).toHaveLength(1);
    expect(said.join("")).toMatch(/no other command is quicker\.\nwaiting .* may still be carried out: 5 s\n/);
  });
});

/** A console in the folder of the bench that keeps its notes. */
function noting(): { said: string[]; console: Console } {
  const said: string[] = [];
  const answer: Answer = { code: 0, out: "", err: "", asked: [] };
  const { folder, environmentVariables, clock, transport, outbox } = bench;
  const io = { clock, random: systemRandom, disk: systemDisk, transport, mailer: outbox };
  const rest = { folder, environmentVariables, world: { io }, note: (text: string) => void said.push(text) };
  return { said, console: { ...makeConsole(answer, []), ...rest } };
}

describe("a secret that nothing refers to any more", () => {
  const made = [
    ...["observe --result absent", "licenses --result found", "create --result done", "permissions --result found"],
    "rights --result done --field api_read=delete --field api_write=none --field api_imos_message=none",
    "external --result done",
  ];
  const stays =
    "A secret stays in its sink, for whoever still needs it; delete there what nobody does:  local:FUEL_PASSWORD";

  test("is named by the answer that ends what it was for, also for programs", async () => {
    for (const json of [false, true]) {
      bench.close();
      await begin({ veson_user: { fuel: fuelAndToken.veson_user?.fuel ?? {} } });
      await run("trust --all", 0);
      await run("apply --auto-approve", 3);
      for (const words of made) await run(`confirm ${fuel}/${words}`, 0);
      await run("destroy --auto-approve --allow-deletions 1", 3);
      const { out } = await run(`confirm ${fuel}/retire --result done${json ? " --format json" : ""}`, 0);
      if (json) expect(JSON.parse(out).leftSecrets).toEqual(["local:FUEL_PASSWORD"]);
      else expect(out).toContain(stays);
    }
  });

  test("is named when a run is given up that had chosen it, and is closed at once", async () => {
    await run("trust --all", 0);
    await run("apply --auto-approve", 3);
    await run(`confirm ${fuel}/observe --result absent`, 0);
    await run(`confirm ${fuel}/licenses --result found`, 0);
    const { runs } = JSON.parse((await run("status --format json", 0)).out);
    await run(`apply --abandon ${runs[0].run.id}`, 3);
    expect((await run(`confirm ${fuel}/external --result absent`, 0)).out).toContain(stays);
  });

  test("is named when the run ends for whose user it was chosen", async () => {
    await park();
    await run(`confirm ${fuel}/create --result failed`, 1);
    expect((await run(`confirm ${fuel}/unpark --result done`, 0)).out).toContain(stays);
  });
});

describe("two users for whom the same license is borrowed", () => {
  test("wait for each other, and status says which for which", async () => {
    bench.close();
    const user = fuelAndToken.veson_user?.fuel ?? {};
    const other = { ...user, user_name: "sys.other", password: { generate: true, deliver_to: "local:OTHER" } };
    await begin({ veson_user: { fuel: user, other } });
    await run("trust --all", 0);
    await run("apply --auto-approve", 3);
    for (const name of [fuel, "veson_user.other"]) await run(`confirm ${name}/observe --result absent`, 0);
    await run(`confirm ${fuel}/licenses --result absent`, 0);
    const heldUp = `veson_user.other/park is asked for when the license has gone back that ${fuel} has borrowed\n`;
    await run("confirm veson_user.other/licenses --result absent", 0);
    expect((await run("status", 0)).out).toContain(heldUp);
    const { runs } = JSON.parse((await run("status --format json", 0)).out);
    expect(runs[0].heldUp).toEqual([{ step: "veson_user.other/park", name: "license", holder: fuel }]);
    await run(`confirm ${fuel}/park --result done`, 0);
    await run(`confirm ${fuel}/create --result failed`, 1);
    await run(`confirm ${fuel}/unpark --result done`, 0);
    const { out } = await run("status", 0);
    expect(out).not.toContain("is asked for when");
    expect(out).toContain("veson_user.other/park");
  });

  test("in two runs: whoever tells that all licenses are taken is told what is waited for", async () => {
    await park();
    const user = fuelAndToken.veson_user?.fuel ?? {};
    const other = { ...user, user_name: "sys.other", password: { generate: true, deliver_to: "local:OTHER" } };
    declare({ ...fuelAndToken, veson_user: { fuel: user, other } });
    await run("apply --auto-approve", 3);
    await run("confirm veson_user.other/observe --result absent", 0);
    const { out } = await run("confirm veson_user.other/licenses --result absent", 0);
    expect(out).toContain(
      `veson_user.other/park is asked for when the license has gone back that ${fuel} has borrowed\n`,
    );
    expect(out).not.toContain("Go on:");
  });
});
