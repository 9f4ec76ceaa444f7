import { hash } from "node:crypto";
import { Refusal } from "../diagnostic.ts";
import type { LogRecord } from "./backend.ts";

/** Version of log and snapshot. A greater one is refused: a newer Steward wrote it. */
export const formatVersion = 1;

const headerStart = '{"steward":"state","formatVersion":';

/**
 * A place between two lines of the log. Sums are chained: each line's sum covers its number, its text and the sum before it,
 * so that a line that was edited, taken out, put in or moved no longer fits. A sum guards against accidents and careless
 * edits; it is no signature.
 */
export interface Position {
  lineage: string | undefined;
  serial: number;
  /** Bytes up to the end of the last good line. */
  size: number;
  /** Sum of the last good line. */
  sum: string;
  /** Where the last good line begins, and the sum before it: enough to check that line alone. */
  lineStart: number;
  before: string;
  /** The last good line lacks its line end. */
  open: boolean;
}

export const emptyLog: Position = {
  lineage: undefined,
  serial: 0,
  size: 0,
  sum: "",
  lineStart: 0,
  before: "",
  open: false,
};

/** First bytes of a new log, and the position after them. */
export function formatHeader(lineage: string): { text: string; at: Position } {
  const line = `${headerStart}${formatVersion},"lineage":${JSON.stringify(lineage)}}`;
  return { text: `${line}\n`, at: afterHeader(line, lineage) };
}

/** Lines for records that come after `at`, and the position after them. */
export function formatRecords(at: Position, records: LogRecord[]): { text: string; at: Position } {
  let text = at.open ? "\n" : "";
  let { serial, sum, before, lineStart } = at;
  let size = at.size + text.length;
  for (const record of records) {
    const body = JSON.stringify(record);
    before = sum;
    sum = sumOf(before, ++serial, body);
    const line = `${linePrefix(serial, sum)}${body}}\n`;
    lineStart = size;
    size += Buffer.byteLength(line);
    text += line;
  }
  return {
    text,
    at: { lineage: at.lineage, serial, size, sum, lineStart, before, open: at.open && records.length === 0 },
  };
}

export interface ParsedLog {
  records: LogRecord[];
  at: Position;
  /** Bytes after `at.size` that a crash left of a last line. */
  torn: boolean;
}

/** Reads a whole log. Throws a Refusal for damage that is not a torn last line, and for a newer format. */
export function parseLog(place: string, bytes: Uint8Array): ParsedLog {
  const buffer = asBuffer(bytes);
  const end = buffer.indexOf(10);
  if (end < 0) {
    if (!isTornHeader(buffer)) throw notALog(place);
    return { records: [], at: emptyLog, torn: buffer.length > 0 };
  }
  const line = buffer.toString("utf8", 0, end);
  return parseRecords(place, buffer.subarray(end + 1), afterHeader(line, parseHeader(place, line)));
}

/** Reads the lines after a known position. */
export function parseRecords(place: string, bytes: Uint8Array, from: Position): ParsedLog {
  const buffer = asBuffer(bytes);
  const wholeLength = buffer.lastIndexOf(10) + 1;
  const lines = wholeLength === 0 ? [] : buffer.toString("utf8", 0, wholeLength - 1).split("\n");
  const bodies: string[] = [];
  let { serial, sum, before } = from;
  const take = (line: string): boolean => {
    const body = line.slice(linePrefix(serial + 1, emptySum).length, -1);
    const next = sumOf(sum, serial + 1, body);
    if (!line.startsWith(linePrefix(serial + 1, next)) || !line.endsWith("}")) return false;
    before = sum;
    sum = next;
    serial++;
    bodies.push(body);
    return true;
  };
  for (const line of lines) if (!take(line)) throw damaged(place, serial + 2);
  const last = lines.at(-1);
  let at: Position = {
    ...from,
    serial,
    sum,
    before,
    size: from.size + wholeLength,
    open: from.open && lines.length === 0,
  };
  if (last !== undefined) at.lineStart = at.size - Buffer.byteLength(last) - 1;
  const rest = buffer.subarray(wholeLength);
  if (rest.length > 0 && take(rest.toString("utf8"))) {
    // Whole but for its line end: a cut write, or an editor that trims files. It counts.
    at = { ...at, serial, sum, before, lineStart: at.size, size: at.size + rest.length, open: true };
  }
  return { records: parseBodies(place, bodies), at, torn: from.size + buffer.length > at.size };
}

function parseBodies(place: string, bodies: string[]): LogRecord[] {
  // One parse for all is several times faster than one for each.
  try {
    const records = JSON.parse(`[${bodies.join(",")}]`) as LogRecord[];
    if (records.length === bodies.length) return records;
  } catch {
    // A sum that fits over text that is not JSON: somebody computed it.
  }
  throw damaged(place, undefined);
}

function afterHeader(line: string, lineage: string): Position {
  return { ...emptyLog, lineage, size: Buffer.byteLength(line) + 1, sum: shortHash(line) };
}

function parseHeader(place: string, line: string): string {
  let header: { steward?: unknown; formatVersion?: unknown; lineage?: unknown };
  try {
    header = JSON.parse(line) ?? {};
  } catch {
    throw notALog(place);
  }
  if (header.steward !== "state" || typeof header.formatVersion !== "number") throw notALog(place);
  if (header.formatVersion > formatVersion) {
    const message = `the state in ${place} has format ${header.formatVersion}; this Steward knows formats up to ${formatVersion}`;
    throw new Refusal([{ message, remedy: "use the Steward that wrote it, or a newer one" }]);
  }
  if (typeof header.lineage !== "string") throw notALog(place);
  return header.lineage;
}

function isTornHeader(buffer: Buffer): boolean {
  const text = buffer.toString("utf8");
  return headerStart.startsWith(text) || text.startsWith(headerStart) || buffer.every((byte) => byte === 0);
}

/** As long as every sum. */
const emptySum = "0".repeat(16);

function linePrefix(serial: number, sum: string): string {
  return `{"seq":${serial},"sum":"${sum}","record":`;
}

function sumOf(before: string, serial: number, body: string): string {
  return shortHash(`${before}\n${serial}\n${body}`);
}

/** 64 bits of sha256: enough to tell an accident, short enough to read a log by eye. */
export function shortHash(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const restore = "restore the file from version control or a backup, then look at it with `steward state show`";

function notALog(place: string): Refusal {
  const message = `${place} does not begin like a state log: its first line was damaged, or it is another file`;
  return new Refusal([{ message, remedy: restore }]);
}

function damaged(place: string, line: number | undefined): Refusal {
  const where = line === undefined ? "a line" : `line ${line}`;
  const message = `${place} is damaged: ${where} does not fit its checksum. It was edited, or a line was taken out, put in or moved`;
  return new Refusal([{ message, remedy: restore }]);
}
