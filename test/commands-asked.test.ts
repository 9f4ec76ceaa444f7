import { expect, test } from "vitest";
import { instructionsOf, waitingIn } from "../src/commands/asked.ts";
import type { Session } from "../src/commands/session.ts";
import type { Kind } from "../src/connectors/connector.ts";
import type { Step } from "../src/step.ts";
import { depotManifest } from "./world/depot.ts";
import { PeopleWorld } from "./world/people-world.ts";

/** What `do`, `confirm`, `status` and `apply` say alike of people's steps. */

const one = depotManifest(["a"]);

/** The account is made with a license that was borrowed; nobody is asked for anything any more. */
async function borrowedAndMade(): Promise<PeopleWorld> {
  const world = new PeopleWorld();
  await world.trust(one);
  await world.apply(one);
  await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "no" } });
  const [resume = ""] = Object.keys((await world.open(one)).state.runs);
  await world.apply(one, { resume });
  await world.confirm(one, "depot_account.a/wait", "done");
  await world.confirm(one, "depot_account.a/create", "done");
  return world;
}

test("a run that people have answered is closed by the command that closes it, not by one that leaves it alone", async () => {
  const world = await borrowedAndMade();
  const workspace = await world.open(one);
  const [run] = Object.values(workspace.state.runs);
  const session = { workspace, manifest: workspace.manifest, options: {} } as unknown as Session;
  const shown = waitingIn(session, run!);
  expect(shown).toMatchObject({ waiting: [], loans: [{ name: "license" }] });
  expect(shown.close).toBe(`steward apply --abandon ${run!.id}`);
  await world.recover(one);
  expect(Object.keys((await world.open(one)).state.runs)).toEqual([run!.id]);
  await world.abandon(one, run!.id);
  expect((await world.open(one)).state.runs).toEqual({});
});

test("work on a system that left the manifest, the last one of its type, is refused with a way out", async () => {
  const world = new PeopleWorld();
  await world.trust(one);
  await world.apply(one);
  // Only connectors of systems that the manifest declares are loaded.
  world.connectors = () => [];
  const workspace = await world.open("systems: {}\nresources: {}\n");
  const [run] = Object.values(workspace.state.runs);
  const session = { workspace, manifest: workspace.manifest, options: {} } as unknown as Session;
  expect(() => waitingIn(session, run!)).toThrow(/on system depot, but the manifest does not declare it any more/);
});

test("what is known only later is named in a runbook, inside a text too", async () => {
  const world = new PeopleWorld();
  await world.trust(one);
  const plan = await world.plan(one);
  const ref = { $ref: { address: "depot_account.b", attribute: "" } };
  const seen: Step["input"][] = [];
  const kind = (await world.open(one)).kinds.get("depot_account")!;
  const operations = Object.entries(kind.operations).map(([name, operation]) => {
    const screen: Kind["operations"][string]["screen"] = (step, system) => {
      seen.push(step.input);
      return operation.screen!(step, system);
    };
    return [name, { ...operation, screen }];
  });
  const kinds = new Map([[kind.name, { ...kind, operations: Object.fromEntries(operations) }]]);
  const input = { note: { $template: ["made for ", ref, "!"] }, name: ref, tags: [ref] };
  const [step] = plan.steps;
  instructionsOf({ ...plan, steps: [{ ...step!, input }] }, kinds, world.manifest(one));
  const name = "(id of depot_account.b)";
  expect(seen).toEqual([{ note: `made for ${name}!`, name, tags: [name] }]);
});
