/**
 * What may stand in a property, as types: a slip is found by the compiler and not by `steward plan`.
 */

/** Where a secret goes: the name of a sink of `steward.yaml`, a colon, and a path in it, as in `local:velocloud/ci-token`. */
export type SinkTarget = `${string}:${string}`;

/** A whole number with its unit, days, hours, minutes or seconds: `90d`, `12h`. */
export type Duration = `${number}${"d" | "h" | "m" | "s"}`;

/**
 * Where a secret comes from. A secret itself never stands in code: what code holds is committed, and so is what it synthesises.
 * Made by `environmentSecret`, `fileSecret` and `sinkSecret`.
 */
export type SecretSource = `\${env.${string}}` | `\${file:${string}}` | `\${sink:${string}:${string}}`;

/** What becomes of an object when its construct is taken out: it is deleted, or left as it is and forgotten. */
export type OnRemove = "delete" | "forget";

/** The secret in an environment variable of `steward apply`, not of the app: it is read when it is sent. */
export const environmentSecret = (name: string): SecretSource => `\${env.${name}}`;

/** The secret in a file inside the folder of `steward.yaml`; a line end at its end does not count. */
export const fileSecret = (path: string): SecretSource => `\${file:${path}}`;

/** The secret that lies in a sink of `steward.yaml`. */
export const sinkSecret = (target: SinkTarget): SecretSource => `\${sink:${target}}`;

const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** A duration in milliseconds; NaN for a text that is none. */
export const durationMs = (text: Duration): number =>
  Number(text.slice(0, -1)) * (unitsMs[text.slice(-1) as keyof typeof unitsMs] ?? Number.NaN);
