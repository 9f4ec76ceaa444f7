import { type Command, Option } from "commander";
import type { Kind } from "../connectors/connector.ts";
import { closest } from "../manifest/closest.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { isReadByPerson } from "../refresh.ts";
import type { Address } from "../resource.ts";
import type { State } from "../state.ts";
import type { Consents } from "../step.ts";
import { WrongUsage } from "./errors.ts";
import { gather, parseCount } from "./shared-options.ts";

/** The options by which whoever plans consents. */
export interface ConsentOptions {
  allowDeletions?: number;
  allowMissing?: number;
  restore?: Address[];
  replace?: Address[];
  ask?: Address[];
}

const heading = "Consents:";

/** Adds the consents to a command that plans. */
export function addConsentOptions(command: Command): void {
  const consent = (flags: string, text: string) => new Option(flags, text).helpGroup(heading);
  const listed = (flags: string, text: string) => consent(flags, text).argParser(gather);
  command
    .addOption(consent("--allow-deletions <n>", "allow exactly this many removals").argParser(parseCount))
    .addOption(
      consent("--allow-missing <n>", "allow exactly this many recorded objects to be missing").argParser(parseCount),
    )
    .addOption(listed("--restore <address>", "give back what somebody took away; may be repeated"))
    .addOption(listed("--replace <address>", "make it or its secret anew; may be repeated"))
    .addOption(listed("--ask <address>", "have a person look again at what only people can see; may be repeated"));
}

/** What consents are about. */
interface Consentable {
  manifest: Manifest;
  state: State;
  kinds: ReadonlyMap<string, Kind>;
}

/** The consents as a plan keeps them. Throws WrongUsage for an address that nothing bears, or that nobody can look at again. */
export function consentsOf(options: ConsentOptions, of: Consentable): Consents {
  const { manifest, state } = of;
  const known = new Set([...manifest.resources.map((resource) => resource.address), ...Object.keys(state.entries)]);
  const { allowDeletions, allowMissing, restore = [], replace = [], ask = [] } = options;
  for (const address of [...restore, ...replace, ...ask]) assertKnown(address, known);
  for (const address of ask) assertReadByPerson(address, of);
  return {
    ...(allowDeletions === undefined ? {} : { allowDeletions }),
    ...(allowMissing === undefined ? {} : { allowMissing }),
    restore: [...new Set(restore)].sort(),
    replace: [...new Set(replace)].sort(),
    ask: [...new Set(ask)].sort(),
  };
}

function assertReadByPerson(address: Address, { manifest, state, kinds }: Consentable): void {
  const entry = state.entries[address];
  if (!entry) {
    throw new WrongUsage(`--ask ${address}: nothing is recorded of it yet; the plan that makes it asks what is there`);
  }
  const system = manifest.systems[entry.system];
  const kind = kinds.get(entry.kind);
  if (kind?.inspect && system && isReadByPerson(kind, system)) return;
  const why = `nobody reads ${entry.kind} by hand: every plan reads it on ${entry.system}`;
  throw new WrongUsage(`--ask ${address}: ${why}; leave --ask out`);
}

/** Throws WrongUsage with the nearest name when an address is not among those that are known. */
export function assertKnown(address: Address, known: Iterable<Address>): void {
  const names = [...known];
  if (names.includes(address)) return;
  const near = closest(address, names);
  throw new WrongUsage(`no resource ${address} is declared or recorded${near ? ` (did you mean ${near}?)` : ""}`);
}

/** Whether any consent was given. */
export function hasConsents({
  allowDeletions,
  allowMissing,
  restore = [],
  replace = [],
  ask = [],
}: ConsentOptions): boolean {
  return allowDeletions !== undefined || allowMissing !== undefined || [...restore, ...replace, ...ask].length > 0;
}
