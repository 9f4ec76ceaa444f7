import { canonicalJson, digestOf, isDeeperThan } from "../canonical.ts";
import { Refusal } from "../diagnostic.ts";
import { actualFileBytesMax, clockSkewMaxMs, fileDepthMax } from "../limits.ts";
import type { Observation } from "../observation.ts";
import type { State } from "../state.ts";

/**
 * What `steward refresh --out FILE` keeps for planning without credentials and network: actual, recorded, pins (in the
 * state), serial and time. It holds no secret.
 */
export interface ActualFile {
  formatVersion: 1;
  /** Version of Steward that wrote it. */
  version: string;
  environment: string;
  /** When the systems were read; ISO 8601. */
  at: string;
  /** State serial that was read. */
  serial: number;
  observation: Observation;
  state: State;
  /** sha256 of everything above. */
  digest: string;
}

const again = "write it anew where the credentials are: steward refresh --out FILE";

/** What was read and recorded, as a file. */
export function makeActualFile(observation: Observation, state: State, version: string): ActualFile {
  const { at, environment } = observation;
  const body = { formatVersion: 1 as const, version, environment, at, serial: state.serial, observation, state };
  return { ...body, digest: digestOf(body) };
}

/** The text of the file: equal content, equal bytes. */
export function actualFileText(file: ActualFile): string {
  return `${canonicalJson(file)}\n`;
}

/** Reads such a file. Throws a Refusal when it is empty, too large, damaged, edited or from the future. */
export function parseActualFile(text: string, nowMs: number): ActualFile {
  if (text.trim() === "") throw refusal("the file with the actual state is empty");
  if (text.length > actualFileBytesMax) {
    throw refusal(`the file with the actual state is larger than ${actualFileBytesMax} bytes`);
  }
  const file = parseJson(text);
  const missing = missingParts(file);
  if (missing.length > 0) {
    throw refusal(`the file with the actual state is damaged: ${missing.join(", ")} missing or of the wrong form`);
  }
  const { digest, ...body } = file as ActualFile;
  if (digestOf(body) !== digest) throw refusal("the file with the actual state was edited: its digest does not fit");
  if (Date.parse(body.at) - nowMs > clockSkewMaxMs) {
    throw refusal(`the file with the actual state comes from the future (${body.at}); a clock is wrong`);
  }
  return { ...body, digest };
}

function refusal(message: string): Refusal {
  return new Refusal([{ message, remedy: again }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("the file with the actual state is damaged: it is not JSON");
  }
}

function missingParts(file: unknown): string[] {
  if (!isRecord(file) || isDeeperThan(file, fileDepthMax)) return ["everything"];
  const observation = isRecord(file.observation) ? file.observation : {};
  const state = isRecord(file.state) ? file.state : {};
  const pins = isRecord(state.pins) ? state.pins : {};
  const forms: [string, boolean][] = [
    ["formatVersion", file.formatVersion === 1],
    ["environment", isText(file.environment) && file.environment === observation.environment],
    ["at", isText(file.at) && !Number.isNaN(Date.parse(file.at)) && file.at === observation.at],
    ["serial", Number.isInteger(file.serial) && file.serial === state.serial],
    [
      "observation",
      isRecord(observation.systems) && isRecord(observation.probes) && systemsAreWhole(observation.systems),
    ],
    [
      "state",
      isText(state.lineage) && ["entries", "runs", "generations", "refusedAt"].every((name) => isRecord(state[name])),
    ],
    ["state", Array.isArray(state.appliedKinds)],
    ["pins", isRecord(pins.systems) && isRecord(pins.sinks)],
    ["digest", isText(file.digest)],
  ];
  return [...new Set(forms.flatMap(([name, fits]) => (fits ? [] : [name])))];
}

function systemsAreWhole(systems: Record<string, unknown>): boolean {
  return Object.values(systems).every(
    (system) => isRecord(system) && isText(system.fingerprint) && isRecord(system.facts) && isRecord(system.kinds),
  );
}

const isText = (value: unknown): value is string => typeof value === "string";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
