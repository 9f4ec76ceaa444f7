import { expect } from "vitest";
import { loansOut } from "../../src/run.ts";
import type { UserRecord } from "../../src/simulators/veson/records.ts";
import { isActive } from "../../src/simulators/veson/standing.ts";
import type { VesonStore } from "../../src/simulators/veson/store.ts";
import { CrashDisk, seeded } from "./crash-disk.ts";
import { killAt } from "./crash-scenarios.ts";
import { fuelAndToken, VesonWorld, vesonManifest } from "./veson-world.ts";

/** The saga of a system user, killed, stopped, cut off and abandoned wherever that can happen. */

export interface SagaScenario {
  name: string;
  seatsFree: number;
  /** What the manifest says of the licenses beside the true limit. */
  limitMore?: number;
  /** What somebody else does on the site; answers whether that is done, and is not asked again then. */
  meanwhile?(store: VesonStore): boolean;
  /** How somebody else leaves the one who is asked for a license. */
  left?: Partial<UserRecord>;
}

const lender = "j.doe";
const isParked = (store: VesonStore): boolean => store.user(lender)?.isInactive === true;

function change(store: VesonStore, rest: Partial<UserRecord>): boolean {
  store.changeUser(store.user(lender)!.id, rest);
  return true;
}

/** Somebody takes the last license as soon as the panel of a new user is open. */
function takeSeat(store: VesonStore): boolean {
  if (store.drafts.size === 0 || store.seatsUsed >= store.licenseLimit) return false;
  store.addUser({ userName: "n.comer", fullName: "New Comer" });
  return true;
}

export const sagas: readonly SagaScenario[] = [
  { name: "a license is free", seatsFree: 1 },
  { name: "all licenses are taken", seatsFree: 0 },
  { name: "all are taken, and the manifest says otherwise", seatsFree: 0, limitMore: 50 },
  { name: "the last license is taken meanwhile", seatsFree: 1, meanwhile: takeSeat },
  {
    name: "somebody else activates whoever was parked",
    seatsFree: 0,
    meanwhile: (store) => {
      const isMade = store.user("sys.fuel") !== undefined;
      if (!isMade || !isParked(store)) return false;
      store.licenseLimit += 1;
      return change(store, { isInactive: false });
    },
  },
  {
    name: "somebody else makes whoever was parked External Access Only",
    seatsFree: 0,
    meanwhile: (store) => isParked(store) && change(store, { isExternalOnly: true }),
    left: { isInactive: true, isExternalOnly: true },
  },
];

/** A world before the scenario begins, from which cheap copies are made. */
export interface PreparedSaga {
  scenario: SagaScenario;
  text: string;
  world: VesonWorld;
  /** I/O points and requests that an undisturbed run passes. */
  points: number;
  requests: number;
}

export async function prepareSaga(scenario: SagaScenario): Promise<PreparedSaga> {
  const world = new VesonWorld({ seatsFree: scenario.seatsFree });
  const limit = world.veson.store.licenseLimit + (scenario.limitMore ?? 0);
  const text = vesonManifest(fuelAndToken, { license: { limit, borrow_from: [lender, "m.ortega"] } });
  await world.trust(text);
  const prepared = { scenario, text, world, points: 0, requests: 0 };
  const tried = copyOf(prepared, 1);
  tried.points = 0;
  await tried.apply(text);
  const { points, requests } = tried;
  await assertEnd(tried, prepared);
  return { ...prepared, points, requests: requests.length };
}

/** The same world once more. What others do is done once in its life. */
export function copyOf({ world, scenario }: PreparedSaga, seed: number): VesonWorld {
  const copy = new VesonWorld({}, world.veson, seed);
  copy.clock.advance(world.clock.now() - copy.clock.now());
  const disk = new CrashDisk({ onPoint: (name) => copy.point(name) });
  for (const [path, content] of Object.entries(world.disk.files())) disk.plant(path, content);
  copy.disk = disk;
  copy.meanwhile = () => {
    if (scenario.meanwhile?.(copy.veson.store) !== false) copy.meanwhile = undefined;
  };
  return copy;
}

/** What is done after something went wrong. */
export const afterwards = ["apply", "resume", "recover", "abandon"] as const;
export type Afterwards = (typeof afterwards)[number];

async function goOn(world: VesonWorld, text: string, how: Afterwards): Promise<void> {
  const runs = Object.keys((await world.open(text)).state.runs);
  for (const run of runs) {
    if (how === "resume") await world.apply(text, { resume: run });
    if (how === "abandon") await world.abandon(text, run);
  }
  if (how === "recover") await world.recover(text);
  await world.apply(text);
}

/** Whoever is parked between two commands is owed to them, as the log says. */
async function assertMeanwhile(world: VesonWorld, { text, scenario }: PreparedSaga): Promise<void> {
  const { store } = world.veson;
  const others = store.users.values().filter(({ isInactive, userName }) => {
    // One that could not be closed is made inactive until the next plan.
    return isInactive && userName !== "r.winter" && userName !== "sys.fuel";
  });
  expect(others.map(({ userName }) => userName).filter((name) => name !== lender)).toEqual([]);
  if (!isParked(store) || scenario.left?.isInactive) return;
  const { state } = await world.open(text);
  expect(loansOut(state).map(({ name, from }) => `${name} ${from}`)).toEqual([`license ${lender}`]);
}

/** When nothing is left to do: nobody parked, one user, one token, which works and is in the sink, and nothing leaked. */
export async function assertEnd(world: VesonWorld, prepared: PreparedSaga): Promise<void> {
  const { text, scenario } = prepared;
  const plan = await world.plan(text);
  expect(plan.changes.map(({ action, address, blocked }) => `${action} ${address} ${blocked?.because ?? ""}`)).toEqual(
    [],
  );
  expect(Object.keys((await world.open(text)).state.runs), "no run is open").toEqual([]);
  const { store } = world.veson;
  const before = prepared.world.user(lender);
  expect({ ...world.user(lender), modified: 0 }).toEqual({ ...before, ...scenario.left, modified: 0 });
  for (const { id, userName } of prepared.world.veson.store.users.values()) {
    if (userName === lender) continue;
    expect(store.users.get(id), `${userName} was not touched`).toEqual(prepared.world.veson.store.users.get(id));
  }
  const made = store.users.values().filter(({ userName }) => userName === "sys.fuel");
  expect(made.length, "made once").toBe(1);
  const user = made[0]!;
  expect(isActive(user, store.groups.values()) && user.isExternalOnly, "active, and takes no license").toBe(true);
  expect(user.rights).toEqual({ "veslink/api-read": "delete" });
  expect(user.token, "its one token is in the sink").toBe(await world.secret(text, "FUEL_TOKEN"));
  expect(user.password).toBe(await world.secret(text, "FUEL_PASSWORD"));
  assertNothingLeaked(world);
}

/** The plain sink file is where secrets belong. */
function assertNothingLeaked({ veson: { store }, disk }: VesonWorld): void {
  const secrets = store.users.values().flatMap(({ password, token }) => [password, token ?? []].flat());
  const files = Object.entries(disk.files()).filter(([path]) => !/\.env(\.|$)/.test(path));
  const text = files.map(([, content]) => content).join("\n");
  for (const secret of secrets) {
    for (const form of [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")]) {
      expect(text.includes(form), "a secret stands on the disk").toBe(false);
    }
  }
}

/** So many commands bring everything to its end: one that settles what is in doubt, and one more where that takes its time. */
const commandsMax = 3;

async function assertComesToItsEnd(world: VesonWorld, prepared: PreparedSaga, how: Afterwards): Promise<void> {
  await assertMeanwhile(world, prepared);
  await goOn(world, prepared.text, how);
  for (let commands = 1; commands < commandsMax && (await isLeft(world, prepared)); commands++) {
    await world.apply(prepared.text);
  }
  await assertEnd(world, prepared);
}

async function isLeft(world: VesonWorld, { text }: PreparedSaga): Promise<boolean> {
  return (await world.plan(text)).changes.length > 0;
}

type Keep = "nothing" | "some" | "everything";

/** The power is cut at a point of the run. */
export async function crashSagaAt(prepared: PreparedSaga, point: number, keep: Keep, how: Afterwards): Promise<void> {
  const world = copyOf(prepared, point);
  const died = await killAt(world, point, () => world.apply(prepared.text));
  world.restart(keep, point);
  await saying(prepared, `killed at point ${point} (${died}), disk kept ${keep}, then ${how}`, () =>
    assertComesToItsEnd(world, prepared, how),
  );
}

/** Somebody presses Ctrl-C at a point of the run: what is in flight is awaited. */
export async function stopSagaAt(prepared: PreparedSaga, point: number, how: Afterwards): Promise<void> {
  const world = copyOf(prepared, point);
  const stop = new AbortController();
  const pass = world.point.bind(world);
  world.point = (name) => {
    pass(name);
    if (world.points === point) stop.abort();
  };
  await world.apply(prepared.text, { stop: stop.signal }).catch(() => undefined);
  world.point = pass;
  await saying(prepared, `stopped at point ${point}, then ${how}`, () => assertComesToItsEnd(world, prepared, how));
}

/** The network is gone from a request on, for so many of them: the first is lost on its way, or its answer. */
export async function cutSagaAt(
  prepared: PreparedSaga,
  request: number,
  lost: "before" | "after",
  lasting: number,
): Promise<void> {
  const world = copyOf(prepared, request);
  world.cut = (count) =>
    count === request ? lost : count > request && count < request + lasting ? "before" : undefined;
  await world.apply(prepared.text).catch(() => undefined);
  world.cut = undefined;
  const how = afterwards[request % afterwards.length]!;
  await saying(prepared, `request ${request} lost ${lost}, ${lasting} in all, then ${how}`, () =>
    assertComesToItsEnd(world, prepared, how),
  );
}

/** A crash of the run and one of what is done about it. Answers whether the second was reached. */
async function crashSagaPair(prepared: PreparedSaga, pair: Pair): Promise<boolean> {
  const { first, second, keep, how, seed } = pair;
  const world = copyOf(prepared, seed);
  const before = await killAt(world, first, () => world.apply(prepared.text));
  world.restart(keep, seed);
  const after = await killAt(world, second, () => goOn(world, prepared.text, how));
  if (after !== undefined) world.restart(keep, seed + 1);
  await saying(prepared, `${JSON.stringify(pair)}, that is ${before}, then ${after}`, () =>
    assertComesToItsEnd(world, prepared, "apply"),
  );
  return after !== undefined;
}

interface Pair {
  first: number;
  second: number;
  keep: Keep;
  how: Afterwards;
  seed: number;
}

/** Pairs that a seed chooses. Answers how many of them reached both points. */
export async function crashRandomSagaPairs(prepared: PreparedSaga, count: number, seed: number): Promise<number> {
  const below = seeded(seed);
  let both = 0;
  for (let index = 0; index < count; index++) {
    const [first, second] = [1 + below(prepared.points), 1 + below(prepared.points)];
    const pair = { first, second, keep: keeps[below(3)]!, how: afterwards[below(4)]!, seed: seed + index };
    if (await crashSagaPair(prepared, pair)) both++;
  }
  return both;
}

async function saying(prepared: PreparedSaga, where: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${prepared.scenario.name}: ${where}: ${said}`, { cause: error });
  }
}

/** How many crashes, stops and cuts were tried. */
export interface SagaRuns {
  crashes: number;
  stops: number;
  cuts: number;
}

const keeps = ["nothing", "some", "everything"] as const;
/** A network that is back at once, and one that is gone for the rest of the command. */
const lastings = [1, 500] as const;

/** Every `step`-th point and request of a saga, from `first` on; what is done then takes turns. */
export async function troubleSaga(prepared: PreparedSaga, step: number, first = 1): Promise<SagaRuns> {
  const runs = { crashes: 0, stops: 0, cuts: 0 };
  for (let point = first; point <= prepared.points; point += step) {
    await crashSagaAt(prepared, point, keeps[runs.crashes % 3]!, afterwards[runs.crashes % 4]!);
    runs.crashes++;
  }
  for (let point = first; point <= prepared.points; point += step * 2) {
    await stopSagaAt(prepared, point, afterwards[runs.stops % 4]!);
    runs.stops++;
  }
  for (let request = first; request <= prepared.requests; request += step) {
    const lost = runs.cuts % 2 === 0 ? "after" : "before";
    await cutSagaAt(prepared, request, lost, lastings[(runs.cuts >> 1) % 2]!);
    runs.cuts++;
  }
  return runs;
}

/** Every single point of a saga, with two ways to go on each, and a disk that keeps nothing: the harshest. */
export async function crashEverywhere(prepared: PreparedSaga): Promise<number> {
  for (let point = 1; point <= prepared.points; point++) {
    await crashSagaAt(prepared, point, "nothing", afterwards[point % 4]!);
    await crashSagaAt(prepared, point, "nothing", afterwards[(point + 2) % 4]!);
  }
  return prepared.points * 2;
}

/** Ctrl-C at every single point; the network lost at every request, or its answer, for a moment and for good. */
export async function stopAndCutEverywhere(prepared: PreparedSaga): Promise<{ stops: number; cuts: number }> {
  for (let point = 1; point <= prepared.points; point++) await stopSagaAt(prepared, point, afterwards[point % 4]!);
  for (let request = 1; request <= prepared.requests; request++) {
    for (const lost of ["before", "after"] as const) {
      for (const lasting of lastings) await cutSagaAt(prepared, request, lost, lasting);
    }
  }
  return { stops: prepared.points, cuts: prepared.requests * 4 };
}
