/**
 * Log lines as go-plugin reads them from standard error: one JSON object a line, by the conventions of hclog. Terraform shows or stores
 * them; without TF_LOG nothing is written.
 */

const levels = ["trace", "debug", "info", "warn", "error", "off"] as const;
type LogLevel = Exclude<(typeof levels)[number], "off">;
/** What stands beside the message. A `Secret` prints as `(secret)`. */
type LogFields = Record<string, string | number | boolean | undefined>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Terraform splits lines above 64 KiB and then reads none of them as JSON. */
const textCharactersMax = 8_000;

/** A log that writes what the user asked for by TF_LOG_PROVIDER or TF_LOG, and no more. */
export function makeLog(
  environment: Readonly<Record<string, string | undefined>>,
  { write, now }: { write(line: string): void; now(): Date },
): Log {
  const least = levels.indexOf(wantedLevel(environment.TF_LOG_PROVIDER || environment.TF_LOG));
  return (level, message, fields = {}) => {
    if (levels.indexOf(level) < least) return;
    const entries = Object.entries(fields).filter(([name]) => !name.startsWith("@"));
    const short = entries.map(([name, value]) => [name, typeof value === "string" ? shorten(value) : value]);
    // Terraform reads the time only with six digits of a second.
    const time = now().toISOString().replace("Z", "000Z");
    const line = { "@level": level, "@message": shorten(message), "@timestamp": time, "@module": "steward" };
    write(`${JSON.stringify({ ...Object.fromEntries(short), ...line })}\n`);
  };
}

function wantedLevel(word: string | undefined): (typeof levels)[number] {
  const level = (word ?? "off").toLowerCase();
  if (level === "json") return "trace";
  // Terraform takes a word that it does not know for TRACE.
  return levels.find((known) => known === level) ?? "trace";
}

const shorten = (text: string): string =>
  text.length > textCharactersMax ? `${text.slice(0, textCharactersMax)}…` : text;
