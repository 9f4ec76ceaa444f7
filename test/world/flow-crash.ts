import { expect } from "vitest";
import { seeded } from "./crash-disk.ts";
import { killAt } from "./crash-scenarios.ts";
import { FlowDrive } from "./flow-drive.ts";
import { assertEnd, assertMeanwhile } from "./flow-invariants.ts";
import { beginFlow, type FlowScenario } from "./flow-scenarios.ts";
import { type FlowMoment, FlowWorld } from "./flow-world.ts";

type Keep = "nothing" | "some" | "everything";
/** What people and the pipeline do after a crash. */
type Afterwards = "go on" | "abandon";

/** A flow that ran without disturbance, with what it was like before each command. */
interface PreparedFlow {
  scenario: FlowScenario;
  text: string;
  /** `points`: I/O points that were passed before the command. */
  commands: { name: string; points: number; moment: FlowMoment }[];
  /** Of the whole flow. */
  points: number;
}

async function prepareFlow(scenario: FlowScenario): Promise<PreparedFlow> {
  const { world, text } = await beginFlow(scenario);
  const commands: PreparedFlow["commands"] = [];
  const start = world.moment();
  world.points = 0;
  const onCommand = async (name: string): Promise<void> => {
    commands.push({ name, points: world.points, moment: world.moment() });
  };
  const plan = await driveChecked(world, text, scenario, onCommand);
  await assertEnd(world, text, scenario, plan);
  // A plan looks at the consoles before the first command that writes.
  if (commands[0] && commands[0].points > 0) commands.unshift({ name: "plan", points: 0, moment: start });
  return { scenario, text, commands, points: world.points };
}

function driveChecked(
  world: FlowWorld,
  text: string,
  scenario: FlowScenario,
  onCommand?: (name: string) => Promise<void>,
) {
  const onLook = (state: Parameters<typeof assertMeanwhile>[2]): void => assertMeanwhile(world, scenario, state);
  return new FlowDrive(world, text, { onLook, ...(onCommand ? { onCommand } : {}) }).toTheEnd();
}

/** The world just before the command in which a point of the flow lies, and the point's number from there. */
function worldBefore(
  flow: PreparedFlow,
  point: number,
  seed = point,
): { world: FlowWorld; within: number; name: string } {
  const command = flow.commands.findLast(({ points }) => points < point);
  if (!command) throw new Error(`no command reaches point ${point}`);
  return { world: worldAt(command.moment, seed), within: point - command.points, name: command.name };
}

const worldAt = (moment: FlowMoment, seed: number): FlowWorld => new FlowWorld({}, moment, seed + 1_000);

/** Gives up every open run; a person may still have to give something back. */
async function abandonAll(world: FlowWorld, text: string): Promise<void> {
  for (const run of Object.keys((await world.state(text)).runs)) await world.abandon(text, run);
}

/** Brings the flow to its end and holds it against everything that must be so. */
async function assertComesToItsEnd(world: FlowWorld, flow: PreparedFlow, untoldMax = 0): Promise<void> {
  const plan = await driveChecked(world, flow.text, flow.scenario);
  await assertEnd(world, flow.text, { ...flow.scenario, untoldMax }, plan);
}

/** Kills the flow at a point, and lets people and pipeline bring it to its end. */
async function crashFlowAt(
  flow: PreparedFlow,
  point: number,
  { keep, afterwards }: { keep: Keep; afterwards: Afterwards },
): Promise<void> {
  const { world, within, name } = worldBefore(flow, point);
  const died = await killAt(world, within, () => driveChecked(world, flow.text, flow.scenario));
  world.restart(keep, point);
  const where = `${flow.scenario.name}: killed at point ${point} (${name}: ${died}), disk kept ${keep}, then ${afterwards}`;
  await saying(where, async () => {
    if (afterwards === "abandon") await abandonAll(world, flow.text);
    await assertComesToItsEnd(world, flow);
  });
}

/** Kills `apply --abandon` at a point, before some command of the flow; answers whether it got that far. */
async function crashAbandonAt(flow: PreparedFlow, command: number, point: number): Promise<boolean> {
  const { moment, name } = flow.commands[command]!;
  const world = worldAt(moment, command * 1_000 + point);
  const died = await killAt(world, point, () => abandonAll(world, flow.text));
  if (died !== undefined) world.restart("nothing", point);
  const where = `${flow.scenario.name}: abandoned before ${name}, killed at its point ${point} (${died})`;
  await saying(where, () => assertComesToItsEnd(world, flow));
  return died !== undefined;
}

const eachWay: readonly Afterwards[] = ["go on", "abandon"];

/**
 * Every point of a flow, gone on with and abandoned: each of them both ways, or one way and the other in turn. Fewer runs than
 * `runsMin` mean that points are not counted any more.
 */
export async function assertCrashes(
  scenario: FlowScenario,
  runsMin: { flow: number; abandon: number },
  ways: "both" | "in turn" = "both",
): Promise<void> {
  const flow = await prepareFlow(scenario);
  const runs = await crashEverywhere(flow, (point) => (ways === "both" ? eachWay : [eachWay[point % 2] ?? "go on"]));
  const { points, commands } = flow;
  console.log(
    `${scenario.name}: ${runs.flow} crashes at ${points} points of ${commands.length} commands, ${runs.abandon} of abandonments`,
  );
  expect(runs.flow).toBeGreaterThanOrEqual(runsMin.flow);
  expect(runs.abandon).toBeGreaterThanOrEqual(runsMin.abandon);
}

/** Every so many points of a flow, gone on with and abandoned in turn. */
export async function assertCrashSample(scenario: FlowScenario, every: number, runsMin: number): Promise<void> {
  const flow = await prepareFlow(scenario);
  let runs = 0;
  for (let point = 1 + (flow.points % every); point <= flow.points; point += every, runs++) {
    await crashFlowAt(flow, point, { keep: "nothing", afterwards: runs % 2 === 0 ? "go on" : "abandon" });
  }
  console.log(`${scenario.name}: ${runs} crashes at every ${every}th of ${flow.points} points`);
  expect(runs).toBeGreaterThanOrEqual(runsMin);
}

/** Every point of those commands of a flow in which secrets are kept. */
export async function assertCrashesWithSecrets(scenario: FlowScenario, runsMin: number): Promise<void> {
  const flow = await prepareFlow(scenario);
  const { commands } = flow;
  let runs = 0;
  for (const [index, { name, points }] of commands.entries()) {
    if (!/\/(create|adopt|add) done$/.test(name)) continue;
    for (let point = points + 1; point <= (commands[index + 1]?.points ?? flow.points); point++) {
      await crashFlowAt(flow, point, { keep: "nothing", afterwards: point % 2 === 0 ? "go on" : "abandon" });
      runs++;
    }
  }
  console.log(`${scenario.name}: ${runs} crashes`);
  expect(runs).toBeGreaterThanOrEqual(runsMin);
}

/** Every point of the flow, and of an abandonment before each of its commands. Answers how many runs that were. */
async function crashEverywhere(
  flow: PreparedFlow,
  waysAt: (point: number) => readonly Afterwards[],
): Promise<{ flow: number; abandon: number }> {
  const runs = { flow: 0, abandon: 0 };
  for (let point = 1; point <= flow.points; point++) {
    for (const afterwards of waysAt(point)) {
      await crashFlowAt(flow, point, { keep: "nothing", afterwards });
      runs.flow++;
    }
  }
  for (const command of flow.commands.keys()) {
    for (let point = 1; await crashAbandonAt(flow, command, point); point++) runs.abandon++;
  }
  return runs;
}

/** A crash of the flow and one of what is done about it. */
interface FlowPair {
  first: number;
  second: number;
  keep: Keep;
  afterwards: Afterwards;
  /** Somebody else takes over after the first crash, who knows nothing of what was done and not told. */
  isHandedOver: boolean;
  seed: number;
}

/** Pairs that a seed chooses: the first point evenly, the second within as many points as the flow itself has. */
function* randomFlowPairs(flow: PreparedFlow, count: number, seed: number): Generator<FlowPair> {
  const below = seeded(seed);
  const keeps = ["nothing", "some", "everything"] as const;
  for (let index = 0; index < count; index++) {
    const [first, second] = [1 + below(flow.points), 1 + below(flow.points)];
    const afterwards = below(2) === 0 ? "go on" : "abandon";
    const keep = keeps[below(3)] ?? "nothing";
    yield { first, second, keep, afterwards, isHandedOver: below(3) === 0, seed: index };
  }
}

/** Kills the flow, then what people and pipeline do about it, and checks the end. Answers whether the second crash was reached. */
async function crashFlowPair(flow: PreparedFlow, pair: FlowPair): Promise<boolean> {
  const { first, second, keep, afterwards, isHandedOver, seed } = pair;
  const { world, within, name } = worldBefore(flow, first, seed);
  const before = await killAt(world, within, () => driveChecked(world, flow.text, flow.scenario));
  world.restart(keep, seed);
  if (isHandedOver) world.person.remembered.clear();
  const after = await killAt(world, second, async () => {
    if (afterwards === "abandon") await abandonAll(world, flow.text);
    await driveChecked(world, flow.text, flow.scenario);
  });
  if (after !== undefined) world.restart(keep, seed + 1);
  const where = `${flow.scenario.name}: ${JSON.stringify(pair)}, that is ${name}: ${before}, then ${after}`;
  await saying(where, () => assertComesToItsEnd(world, flow, isHandedOver ? 1 : 0));
  return after !== undefined;
}

/** So many pairs that a seed chooses. Answers how many of them reached both points. */
export async function crashRandomFlowPairs(scenario: FlowScenario, count: number, seed: number): Promise<number> {
  const flow = await prepareFlow(scenario);
  let both = 0;
  for (const pair of randomFlowPairs(flow, count, seed)) if (await crashFlowPair(flow, pair)) both++;
  return both;
}

/** Commands after a crash that count as what is done about it: the first settles what is in doubt, and the flow goes on after it. */
const commandsOfRecovery = 1;

/** How many I/O points are passed by what is done about a crash at a point. */
async function pointsOfRecovery(flow: PreparedFlow, first: number, afterwards: Afterwards): Promise<number> {
  const { world, within } = worldBefore(flow, first, first);
  await killAt(world, within, () => driveChecked(world, flow.text, flow.scenario));
  world.restart("nothing", first);
  world.points = 0;
  if (afterwards === "abandon") await abandonAll(world, flow.text);
  let commands = 0;
  let points: number | undefined;
  await driveChecked(world, flow.text, flow.scenario, async () => {
    if (commands++ === commandsOfRecovery) points ??= world.points;
  });
  return points ?? world.points;
}

/** Every point of a flow with every point of what is done about it. A disk that keeps nothing is the harshest. */
export async function crashEveryFlowPair(scenario: FlowScenario): Promise<void> {
  const flow = await prepareFlow(scenario);
  let runs = 0;
  let both = 0;
  for (let first = 1; first <= flow.points; first++) {
    const afterwards = first % 2 === 0 ? "go on" : "abandon";
    const recovery = await pointsOfRecovery(flow, first, afterwards);
    for (let second = 1; second <= recovery; second++, runs++) {
      if (
        await crashFlowPair(flow, {
          first,
          second,
          keep: "nothing",
          afterwards,
          seed: first,
          isHandedOver: first % 3 === 0,
        })
      )
        both++;
    }
  }
  console.log(
    `${scenario.name}: ${runs} pairs of ${flow.points} points and those of what is done about it, ${both} reached both`,
  );
  expect(both).toBeGreaterThanOrEqual(flow.points * 5);
}

async function saying<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
