import { afterAll, describe, expect, test } from "vitest";
import { momentusConnector } from "../src/connectors/momentus/connector.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import { lines } from "./world/conformance-world.ts";
import {
  type Asked,
  type Ending,
  type Explored,
  explore,
  shapeOf,
  type Telling,
  tellAndGoOn,
  tellingsIn,
  worldAt,
} from "./world/explore.ts";
import { drive, honestly } from "./world/flow-drive.ts";
import type { FlowWorld } from "./world/flow-world.ts";
import { approvalSituations, keySituations, type Situation, userSituations } from "./world/situations.ts";

/** Every answer of every step of a person, with its ending held against the simulator's own store. */

const situations = [...userSituations, ...keySituations, ...approvalSituations];
const explorations = new Map<string, Promise<Explored>>();
const exploreOnce = (situation: Situation): Promise<Explored> => {
  const known = explorations.get(situation.name) ?? explore(situation);
  explorations.set(situation.name, known);
  return known;
};

const counts = { told: 0, refused: 0, attested: 0 };
/** Fewer mean that steps or results are not found any more. */
const toldMin = 1_250;

describe.each(situations.map((situation) => [situation.name, situation] as const))("when %s", (_name, situation) => {
  test("each possible answer of each step is refused or leads on, and nothing is recorded that a test could show wrong", async () => {
    const explored = await exploreOnce(situation);
    for (const telling of tellingsIn(explored)) {
      const { asked, deviation, worked } = telling;
      const where = `${asked.step}: ${deviation.name}${worked ? ", after the work" : ""}`;
      await assertEnding(explored, telling).catch((error: unknown) => {
        throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
    }
  }, 120_000);

  test("an answer that nobody gives changes nothing, however often the run goes on, and abandoning leads on", async () => {
    const explored = await exploreOnce(situation);
    for (const asked of explored.asked) await assertUnanswered(explored, asked);
  });

  test("work that nobody confirms is not recorded, and never done to something else when the run was abandoned", async () => {
    const explored = await exploreOnce(situation);
    for (const asked of explored.asked) await assertUnconfirmed(explored, asked);
  });
});

test("every step that a person of Momentus can be asked for was asked for", async () => {
  const connector = momentusConnector(loadKindSchemas(), loadLabels());
  const byPeople = connector.kinds.filter((kind) => kind.hand?.({} as never) === "person");
  const wanted = byPeople.flatMap(({ name, operations }) =>
    Object.entries(operations).flatMap(([operation, { screen }]) => (screen ? [`${name}/${operation}`] : [])),
  );
  const explored = await Promise.all(situations.map(exploreOnce));
  const asked = explored.flatMap((one) => one.asked.map(({ step }) => step.replace(/\..*\//, "/")));
  expect([...new Set(asked)].sort()).toEqual(wanted.sort());
});

afterAll(() => {
  const { told, refused, attested } = counts;
  console.log(`${told} answers told: ${refused} refused, ${attested} taken on somebody's word alone that were not so`);
  expect(told).toBeGreaterThanOrEqual(toldMin);
});

async function assertEnding(explored: Explored, telling: Telling): Promise<void> {
  const ending = await tellAndGoOn(explored, telling);
  counts.told++;
  if (ending.wasRefused) counts.refused++;
  if (ending.untruths.length > 0) counts.attested++;
  if (telling.deviation.isMisfit) expect(ending.wasRefused, "what does not fit is refused").toBe(true);
  await assertTested(explored, telling, ending);
  assertSafe(telling, ending);
  if (!isHarmless(telling, ending)) return;
  expect(lines(ending.plan).filter((line) => !line.startsWith("held "))).toEqual([]);
  expect(shapeOf(ending.world), "it ends as it would have").toEqual(explored.shape);
}

/** What a test can show wrong is never recorded: credentials that do not work, an object that is not there. */
async function assertTested(
  explored: Explored,
  telling: Telling,
  { wasRefused, untruths, world }: Ending,
): Promise<void> {
  const { asked, deviation, worked } = telling;
  const { told } = deviation;
  expect(untruths.filter((untruth) => /credentials|Key|not there/.test(untruth))).toEqual([]);
  const { entries } = await world.state(explored.text);
  if (untruths.length > 0) expect(entries[explored.situation.address]?.attested, "it counts as attested").toBeDefined();
  const isTested = told.result === "done" && Object.keys(asked.honest.secrets).length > 0;
  if (!isTested || wasRefused) return;
  // Only a retired user's credentials cannot be tested: they are kept, and not believed.
  if (told.fields.retired === "on") return;
  const { prod } = (worked ? asked.after : asked.before).momentus.store;
  const key = prod.keys.get(told.secrets.key ?? asked.honest.secrets.key ?? "");
  const isRight =
    told.secrets.secret === undefined || told.secrets.secret === prod.apiUser(key?.apiUserId ?? "")?.secret;
  expect(isRight, "credentials that do not work are refused").toBe(true);
}

/** Whatever was told: nothing is made twice, renewed without being asked for, or taken away. */
function assertSafe({ asked }: Telling, { world, plan }: Ending): void {
  const { store } = world.momentus;
  const count = (method: string, { mutatingCalls } = store): number =>
    mutatingCalls.filter((call) => call.method === method && call.committed).length;
  const before = asked.before.momentus.store;
  const ids = store.prod.apiUsers.values().map(({ id }) => id);
  expect(new Set(ids).size, "no API user twice").toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(before.prod.apiUsers.values().map(({ id }) => id)));
  expect(count("console/apiUsers/add"), "made once at most").toBeLessThanOrEqual(1);
  const renewals = count("console/secret/regenerate") - count("console/secret/regenerate", before);
  if (asked.operation !== "regenerate") expect(renewals, "no Secret is renewed").toBe(0);
  const ending = lines(plan).filter((line) => !/^(held|blocked) /.test(line));
  expect(ending, "nothing is left that could be done").toEqual([]);
}

/** Whether the answer only costs time: what was refused, and what people say before they have a go at it again. */
function isHarmless({ asked, deviation, worked }: Telling, { wasRefused }: Ending): boolean {
  const { result, fields } = deviation.told;
  if (wasRefused || result === "not-done") return true;
  if (fields.licensed !== undefined && fields.licensed !== asked.honest.fields.licensed) return false;
  if (result === "cannot-see") return true;
  if (worked || asked.honest.result === "cannot-see" || asked.operation === "license_request") return false;
  return result !== "done";
}

async function assertUnanswered(explored: Explored, asked: Asked): Promise<void> {
  const { text, options, shape } = explored;
  const world = worldAt(asked.before);
  await assertStill(world, explored, asked);
  await abandonAll(world, text);
  expect(lines(await drive(world, text, options)).filter((line) => !line.startsWith("held "))).toEqual([]);
  expect(shapeOf(world), asked.step).toEqual(shape);
}

/** The work is done, and nobody ever says so: nothing is recorded, and what comes next makes nothing a second time. */
async function assertUnconfirmed(explored: Explored, asked: Asked): Promise<void> {
  const world = worldAt(asked.after);
  await assertStill(world, explored, asked);
  await abandonAll(world, explored.text);
  const plan = await drive(world, explored.text, explored.options);
  const deviation = { name: "nothing", told: asked.honest };
  assertSafe({ asked, deviation, worked: true }, { wasRefused: false, untruths: [], plan, world });
}

/** Two rounds of everybody else's work, in which nothing is made or recorded of what nobody told. */
async function assertStill(world: FlowWorld, { text, options }: Explored, asked: Asked): Promise<void> {
  const silent = async (task: Asked["task"], at: FlowWorld) =>
    task.step === asked.step ? undefined : honestly(task, at);
  const before = { entries: (await world.state(text)).entries, made: madeIn(world) };
  for (let round = 0; round < 2; round++) {
    await drive(world, text, { ...options, conduct: silent });
    // A module that is there is not waited for, whoever forgot to confirm: it shows in another answer.
    if (/^license_(request|wait)$/.test(asked.operation)) return;
    const { entries } = await world.state(text);
    expect({ entries, made: madeIn(world) }, asked.step).toEqual(before);
  }
}

async function abandonAll(world: FlowWorld, text: string): Promise<void> {
  for (const run of Object.keys((await world.state(text)).runs)) await world.abandon(text, run);
}

/** What exists, without the license, which people may have asked for meanwhile. */
function madeIn(world: FlowWorld): unknown {
  const { isLicensed: _license, ...made } = shapeOf(world) as Record<string, unknown>;
  return made;
}
