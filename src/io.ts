/**
 * The world as ports: clock, random, disk and wire. Everything that the engine, the backends and the sinks do to the world
 * goes through these, so that a test can decide time, crash at any point, and forget what was not made durable.
 */

import type { Secret } from "./secret.ts";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Cryptographically strong bytes. */
  bytes(count: number): Uint8Array;
}

/** Files. Nothing is durable before `syncFile` (content) and `syncFolder` (a name that was created, renamed or removed). */
export interface Disk {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Bytes from `start` on; undefined when there is no such file. */
  readFrom(path: string, start: number): Promise<Uint8Array | undefined>;
  /** Size in bytes; undefined when there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<string[]>;
  /** Whether a symbolic link stands there, wherever it leads; false when nothing does. */
  isLink(path: string): Promise<boolean>;
  /** Makes the folder and its parents; what it made is durable when it returns. */
  makeFolder(folder: string): Promise<void>;
  /** Writes a whole file. With `exclusive` it throws a `FileExists` when the name is taken. `mode` is for a new file. */
  write(path: string, bytes: Uint8Array, options?: { mode?: number; exclusive?: boolean }): Promise<void>;
  /** Adds to the end; makes the file (mode 0600) when there is none. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  truncate(path: string, length: number): Promise<void>;
  syncFile(path: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** No error when there is no such file. */
  remove(path: string): Promise<void>;
}

/** The name of an exclusive write is taken. */
export class FileExists extends Error {}

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Longest answer that is read; a longer one is a Fault. */
  bytesMax: number;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; `set-cookie` may repeat. */
  headers: Record<string, string | string[]>;
  body: string;
}

/**
 * One request, one answer. Redirects are not followed. Throws a Fault: `happened: "no"` when the request provably did not
 * reach the system (name not found, connection refused, TLS), else "unknown".
 */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
}

/** One mail, plain text. */
export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  /** Equal for every try of one step, so that a mail that is sent twice is one mail for whoever gets it. `<…@…>`. */
  messageId: string;
  /** Milliseconds since 1970. */
  dateMs: number;
}

/** Where mail is handed in. */
export interface MailServer {
  /** `smtps://host:port`, or `smtp://host:port` with STARTTLS. Without TLS only on loopback. */
  url: string;
  username?: string;
  password?: Secret;
  /** PEM text of certificate authorities beside the usual ones. */
  ca?: string;
  timeoutMs: number;
}

/** Throws a Fault: `happened: "no"` when the server provably did not take the mail, else "unknown". */
export interface Mailer {
  send(mail: Mail, server: MailServer): Promise<void>;
}

/** What a program needs of its machine. */
export interface Io {
  clock: Clock;
  random: Random;
  disk: Disk;
  transport: Transport;
  mailer: Mailer;
}
