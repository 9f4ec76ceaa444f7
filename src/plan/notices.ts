import type { Kind, Probe } from "../connectors/connector.ts";
import { toldObjects } from "../drift.ts";
import { markOwner } from "../mark.ts";
import { type Actual, splitAddress } from "../resource.ts";
import { askedSteps, loansOut } from "../run.ts";
import type { Notice } from "../step.ts";
import type { PlanInput } from "./plan.ts";
import { isWorthSaying, type Planned } from "./view.ts";

/** What people should know although the plan does nothing about it. */
export function noticesOf(input: PlanInput, planned: readonly Planned[]): Notice[] {
  return [
    ...owedNotices(input),
    ...probeNotices(input),
    ...strayNotices(input),
    ...listingNotices(input),
    ...toldNotices(input, planned),
    ...foreignMarks(input, planned),
  ].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What a run that was given up still waits for comes before anything new: somebody may be locked out meanwhile. */
function owedNotices({ state }: PlanInput): Notice[] {
  return Object.values(state.runs).flatMap((run) => {
    const [owed] = run.abandoned ? askedSteps(run) : [];
    if (!owed) return [];
    const whom = loansOut(state).flatMap((loan) =>
      loan.run.id === run.id && loan.from && !loan.unsure ? [loan.from] : [],
    );
    const meanwhile = whom.length === 0 ? "" : `, and ${whom.join(", ")} cannot work before`;
    const message = `run ${run.id} was given up, and still waits for a person${meanwhile}: steward do ${owed.step.id}`;
    return [{ address: owed.step.address, message }];
  });
}

function probeNotices({ observation, kinds }: PlanInput): Notice[] {
  return Object.entries(observation.probes).flatMap(([address, probe]) => {
    if (probe.health !== "refused" && !probe.missing) return [];
    const advice = kinds.get(splitAddress(address).kind)?.probe?.advice?.(address, probe);
    return [{ address, message: `${whatIsWrong(probe)}; ${advice ?? `to issue a new one: --replace ${address}`}` }];
  });
}

function strayNotices({ state, kinds, observation: { systems } }: PlanInput): Notice[] {
  return Object.values(state.entries).flatMap(({ address, system, kind, id }) => {
    const { strays } = kinds.get(kind) ?? {};
    const listed = (name: string): readonly Actual[] => systems[system]?.kinds[name]?.objects ?? [];
    const actual = strays && listed(kind).find((one) => one.id === id);
    return (actual ? strays(actual, listed) : []).flatMap(({ notice }) =>
      notice ? [{ address, message: notice }] : [],
    );
  });
}

function whatIsWrong({ missing, detail = "" }: Probe): string {
  if (missing) return `${detail}; if you moved the sink's files, put them back`;
  return `its credential is refused${detail === "" ? "" : ` (${detail})`}`;
}

/** Only what is declared or recorded needs the list. */
function listingNotices(input: PlanInput): Notice[] {
  const used = new Set([
    ...input.manifest.resources.map(({ system, kind }) => `${system} ${kind}`),
    ...Object.values(input.state.entries).map(({ system, kind }) => `${system} ${kind}`),
  ]);
  return Object.entries(input.observation.systems).flatMap(([system, seen]) =>
    Object.entries(seen.kinds)
      .filter(([kind, listing]) => !listing.complete && used.has(`${system} ${kind}`))
      .filter(([kind, listing]) => !listing.attested || !isToldByPeople(input, system, kind))
      .map(([kind, { because, attested }]) => {
        const why = because ? `: ${because}` : "";
        const message = attested
          ? `${kind} was not read${why}; what is recorded counts`
          : `the list of ${kind} is not complete${why}; absence is not believed`;
        return { system, message };
      }),
  );
}

function isToldByPeople({ manifest, kinds }: PlanInput, system: string, kind: string): boolean {
  const config = manifest.systems[system];
  return config === undefined || kinds.get(kind)?.hand?.(config) !== "browser";
}

/** "No changes" is said of what was read; what only people can see nobody looked at. */
function toldNotices(input: PlanInput, planned: readonly Planned[]): Notice[] {
  const { state, observation } = input;
  if (planned.some(isWorthSaying)) return [];
  return Object.entries(observation.systems).flatMap(([system, seen]) => {
    const told = Object.entries(seen.kinds).filter(([kind]) => isToldByPeople(input, system, kind));
    const systems = { [system]: { ...seen, kinds: Object.fromEntries(told) } };
    const { addresses, lastOn } = toldObjects(state, { ...observation, systems });
    return addresses.length === 0 ? [] : [{ system, message: toldText(addresses.length, lastOn) }];
  });
}

function toldText(amount: number, lastOn: string | undefined): string {
  const objects = amount === 1 ? "1 recorded object is" : `${amount} recorded objects are`;
  const last = lastOn === undefined ? "" : `, last told on ${lastOn.slice(0, 10)}`;
  return `${objects} only known from people${last}; nobody looked since (to ask again: steward plan --ask ADDRESS)`;
}

/** Objects that carry a mark of Steward which this state never made: another lineage's, or a restored older state's. */
function foreignMarks({ state, kinds, observation }: PlanInput, planned: readonly Planned[]): Notice[] {
  const marked = Object.entries(observation.systems).flatMap(([system, seen]) =>
    Object.entries(seen.kinds).flatMap(([name, { objects }]) => markedObjects(kinds.get(name), system, objects)),
  );
  if (marked.length === 0) return [];
  const addresses = new Set([...Object.keys(state.generations), ...planned.map(({ change }) => change.address)]);
  const owners = new Map([...addresses].map((address) => [markOwner(state.lineage, address), address]));
  const strangers = marked.filter(({ mark }) => {
    const address = owners.get(mark.owner);
    return !mark.dead && (address === undefined || mark.generation > (state.generations[address] ?? 0));
  });
  const groups = new Map<string, { system: string; kind: string; ids: string[] }>();
  for (const { system, kind, id } of strangers) {
    const group = groups.get(`${system}/${kind}`) ?? { system, kind, ids: [] };
    groups.set(`${system}/${kind}`, { ...group, ids: [...group.ids, id] });
  }
  return [...groups.values()].map(({ system, kind, ids }) => ({ system, message: strangersText(kind, ids) }));
}

function markedObjects(kind: Kind | undefined, system: string, objects: readonly Actual[]) {
  if (!kind?.mark) return [];
  return objects.flatMap((object) => {
    const mark = kind.mark?.(object);
    return mark ? [{ system, kind: kind.name, id: object.id, mark }] : [];
  });
}

function strangersText(kind: string, ids: string[]): string {
  const shown = `${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""}`;
  const rest = "the mark of Steward, but this state never made";
  return ids.length === 1
    ? `1 live ${kind} (${shown}) bears ${rest} it; it is not touched`
    : `${ids.length} live ${kind} (${shown}) bear ${rest} them; they are not touched`;
}
