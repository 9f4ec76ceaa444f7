import { describe, expect, test } from "vitest";
import { showStep } from "../src/apply/answer.ts";
import { filledSecret } from "../src/apply/filled.ts";
import { instructionsOf } from "../src/commands/asked.ts";
import { FormsConsole } from "../src/hands/forms/console.ts";
import { performScreen } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { renderInstruction } from "../src/render/instruction.ts";
import { divide } from "../src/render/runbook-tasks.ts";
import { askedSteps } from "../src/run.ts";
import { Secret } from "../src/secret.ts";
import { connector, fuelAndToken, makeSite, planned, type Site } from "./veson-fixture.ts";
import { confirmIn } from "./world/people-world.ts";

/** The same screens as instructions: a person does what they say, and tells. */

/** Does what the first waiting step says, and tells it; answers its operation, or undefined when nobody is asked. */
async function workOnce({ world, text }: Site): Promise<string | undefined> {
  const workspace = await world.open(text);
  const asked = Object.values(workspace.state.runs).flatMap((run) =>
    askedSteps(run).map(({ step }) => showStep(workspace, run, step)),
  )[0];
  if (!asked) return undefined;
  const { store } = world.veson;
  const { step, screen } = asked;
  if (step.operation === "licenses") {
    const result = store.seatsUsed < store.licenseLimit ? "found" : "absent";
    await confirmIn(world, text, step.id, result);
    return "licenses";
  }
  const { username, password } = world.veson.world.admin;
  const signIn = connector.console!.signIn({});
  const page = new FormsConsole((request) => world.veson.handle(request), { origin: "https://imos.test", signIn });
  const desk = new SignInDesk(signIn, { userName: username, password: new Secret(password) }, world.clock);
  const given = await performScreen(page, screen, {
    signIn: () => desk.signIn(page),
    secret: (field) => filledSecret(step, workspace.secrets, field),
  });
  const secrets = Object.fromEntries(Object.entries(given.secrets).map(([name, value]) => [name, value.reveal()]));
  // Who looks for somebody and finds nobody says so.
  const result = given.result === "cannot-see" ? "absent" : given.result;
  await confirmIn(world, text, step.id, result, { fields: given.fields, secrets });
  return step.operation;
}

/** Goes on with what is open; true when nobody is needed any more. */
async function goOn({ world, text }: Site): Promise<boolean> {
  const [run] = Object.keys((await world.open(text)).state.runs);
  return run === undefined || (await world.apply(text, { resume: run })).outcome === "done";
}

async function workThrough(site: Site): Promise<string[]> {
  const done: string[] = [];
  for (let round = 0; round < 30; round++) {
    const operation = await workOnce(site);
    if (operation !== undefined) done.push(operation);
    else if (await goOn(site)) return done;
  }
  throw new Error(`it does not come to an end: ${done.join(" ")}`);
}

describe("with hand: person", () => {
  test("everything is done by instructions, beginning with a question, and the license goes back last", async () => {
    const site = await makeSite(fuelAndToken, { seatsFree: 0 }, { hand: "person" });
    expect((await site.world.apply(site.text)).outcome).toBe("waiting");
    expect(site.world.requests).toEqual([]);
    const done = await workThrough(site);
    expect(done).toEqual([
      ...["observe", "licenses", "park", "create", "permissions", "veslink", "rights", "request", "external", "unpark"],
    ]);
    const { isExternalOnly, token, rights } = site.world.user("sys.fuel");
    expect({ isExternalOnly, rights }).toEqual({ isExternalOnly: true, rights: { "veslink/api-read": "delete" } });
    expect(await site.world.secret(site.text, "FUEL_TOKEN")).toBe(token);
    expect(site.world.user("j.doe").isInactive).toBe(false);
    expect((await planned(site)).changes).toEqual([]);
  });

  test("nobody is parked while a license is free", async () => {
    const site = await makeSite(fuelAndToken, { seatsFree: 1 }, { hand: "person" });
    await site.world.apply(site.text);
    expect(await workThrough(site)).not.toContain("park");
  });

  test("the whole window in which somebody is locked out is one task of a runbook", async () => {
    const site = await makeSite(fuelAndToken, { seatsFree: 0 }, { hand: "person" });
    const { plan } = await planned(site);
    const manifest = site.world.manifest(site.text);
    const kinds = new Map(connector.kinds.map((kind) => [kind.name, kind as never]));
    const { tasks } = divide(plan.steps, instructionsOf(plan, kinds, manifest));
    expect(tasks.map(({ role, steps }) => [role, steps.map(({ step }) => step.operation)])).toEqual([
      [
        "an IMOS administrator who is a Security Admin by themselves",
        [
          ...["observe", "licenses", "park", "create", "permissions", "veslink", "rights", "request"],
          ...["external", "deactivate", "unpark"],
        ],
      ],
    ]);
  });

  test("an instruction reads as the document does, names assumed labels, and shows no secret", async () => {
    const site = await makeSite(fuelAndToken, { seatsFree: 0 }, { hand: "person" });
    const { plan } = await planned(site);
    const manifest = site.world.manifest(site.text);
    const kinds = new Map(connector.kinds.map((kind) => [kind.name, kind as never]));
    const texts = instructionsOf(plan, kinds, manifest).map(({ step, screen }) =>
      renderInstruction({ step, screen }, { environment: "default" }),
    );
    const said = (operation: string): string => texts.find((text) => text.includes(`/${operation} `)) ?? "";
    expect(said("park")).toContain("Tell j.doe first: they cannot work until the last step of this change is done.");
    expect(said("park")).toContain("Stop if you see other than");
    expect(said("request")).toContain("Press Request New API Token.");
    expect(said("create")).toContain("Press + and choose New User.");
    expect(said("rights")).toContain("Labels assumed, may read otherwise");
    expect(texts.join("\n")).not.toMatch(/Sim-[0-9a-f]{6}/);
  });
});
