import { expect } from "vitest";
import { Refusal } from "../../src/diagnostic.ts";
import type { State } from "../../src/state.ts";
import type { Plan } from "../../src/step.ts";
import { lines } from "./conformance-world.ts";
import { type Deviation, deviationsOf } from "./deviations.ts";
import { type DriveOptions, drive, honestly } from "./flow-drive.ts";
import { assertOrder } from "./flow-invariants.ts";
import { type FlowMoment, FlowWorld } from "./flow-world.ts";
import { peopleManifest, storedApiUser, untruths } from "./people-cases.ts";
import { isStillMeant, type Situation } from "./situations.ts";
import type { Task, Told } from "./support-person.ts";

/** One question or piece of work that honest people come by on the way, with the world before and after they worked at it. */
export interface Asked {
  step: string;
  operation: string;
  task: Task;
  honest: Told;
  before: FlowMoment;
  after: FlowMoment;
}

/** A situation that honest people brought to its end. */
export interface Explored {
  situation: Situation;
  text: string;
  asked: Asked[];
  options: DriveOptions;
  /** What the store looks like then. */
  shape: unknown;
}

export async function explore(situation: Situation): Promise<Explored> {
  const world = new FlowWorld(situation.world);
  const textOf = (resources: Situation["after"]): string => peopleManifest(world, resources, situation.license);
  situation.arrange?.(world);
  await world.trust(textOf(situation.after));
  for (const before of situation.before ?? []) assertIdle(await drive(world, textOf(before)));
  situation.between?.(world);
  const text = textOf(situation.after);
  const entry = (await world.state(text)).entries[situation.address];
  const consents = (state: State) =>
    isStillMeant(situation, entry, state) || entry === undefined ? (situation.consents ?? {}) : {};
  const asked: Asked[] = [];
  const conduct = async (task: Task): Promise<Told | undefined> => {
    const before = world.moment();
    const honest = await honestly(task, world);
    if (honest) asked.push({ ...partsOf(task), task, honest, before, after: world.moment() });
    return honest;
  };
  assertIdle(await drive(world, text, { conduct, consents }));
  expect(await untruths(world, text)).toEqual([]);
  return { situation, text, asked, options: { consents }, shape: shapeOf(world) };
}

function partsOf({ step }: Task): { step: string; operation: string } {
  return { step, operation: step.slice(step.lastIndexOf("/") + 1) };
}

/** Nothing is left to do but what needs a consent. */
function assertIdle(plan: Plan): void {
  expect(lines(plan).filter((line) => !line.startsWith("held "))).toEqual([]);
}

/** Everything that people can change, as the simulator holds it. */
export function shapeOf(world: FlowWorld): unknown {
  const { prod, apps, licensing } = world.momentus.store;
  return {
    users: prod.apiUsers.values().map(({ id }) => ({ ...storedApiUser(world, id), keys: prod.keysOf(id).length })),
    apps: apps
      .values()
      .filter(({ tenant }) => tenant === "prod")
      .map(({ name, status }) => `${name} ${status}`)
      .sort(),
    isLicensed: licensing.isLicensed("prod"),
  };
}

/** One answer to one task, told with or without having worked at it. */
export interface Telling {
  asked: Asked;
  deviation: Deviation;
  worked: boolean;
}

/** Every answer but the honest one, told without having worked and after it; and the honest one without having worked. */
export function* tellingsIn({ asked }: Explored): Generator<Telling> {
  for (const one of asked) {
    // They work in the other environment.
    const anothers = one.before.momentus.world.apiUser.test;
    for (const deviation of deviationsOf(one.task.screen, one.honest, { anothers })) {
      yield { asked: one, deviation, worked: false };
      yield { asked: one, deviation, worked: true };
    }
    const { honest } = one;
    if (honest.result !== "done") continue;
    yield { asked: one, deviation: { name: "done, which it is not", told: honest }, worked: false };
  }
}

/** What became of a telling. */
export interface Ending {
  wasRefused: boolean;
  /** What is recorded since and not so: people's words that nothing can test. */
  untruths: string[];
  plan: Plan;
  world: FlowWorld;
}

/** Tells it; then honest people go on as far as they can. */
export async function tellAndGoOn({ text, options }: Explored, { asked, deviation, worked }: Telling): Promise<Ending> {
  const world = worldAt(worked ? asked.after : asked.before);
  const before = await recordedIn(world, text);
  const known = new Set(await untruths(world, text));
  const wasRefused = await isRefused(world.confirm(text, asked.task, deviation.told));
  if (wasRefused) expect(await recordedIn(world, text), "nothing is recorded of what is refused").toEqual(before);
  const wrong = (await untruths(world, text)).filter((untruth) => !known.has(untruth));
  const plan = await drive(world, text, { ...options, onLook: assertOrder });
  return { wasRefused, untruths: wrong, plan, world };
}

/** A world of its own from a moment on; its random is another one than before. */
export const worldAt = (moment: FlowMoment): FlowWorld => new FlowWorld({}, moment, 6);

async function isRefused(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

/** State and secrets, without what only tells that a command ran. */
export async function recordedIn(world: FlowWorld, text: string): Promise<unknown> {
  const { serial, entries } = await world.state(text);
  return { serial, entries, secrets: world.disk.files()["/repo/secrets.env"] };
}
