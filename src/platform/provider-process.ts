import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The process that a Terraform provider runs in: what it may ask of it and do to it. */
export interface ProviderProcess {
  pid: number;
  isWindows: boolean;
  /** Path of the executable, as it was started. */
  script: string;
  /** Where it was started. Absolute. */
  folder: string;
  /** Arguments without Node and script. Terraform gives none. */
  words: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  /** Changes when the parent has ended. */
  parentPid(): number;
  /** Standard output: the handshake, and nothing after it. */
  print(text: string): void;
  /** Standard error: log lines. Whoever read them may be gone. */
  note(text: string): void;
  onInterrupt(act: () => void): void;
  onTerminate(act: () => void): void;
  /** An error that nobody caught. */
  onPanic(act: (error: unknown) => void): void;
  /** A folder for a socket, for this user only. */
  makeSocketFolder(parent?: string): SocketFolder;
  exit(code: number): never;
}

export interface SocketFolder {
  /** Of a socket in it: short, because the system allows 108 bytes. */
  socketPath: string;
  remove(): void;
}

/** Makes a folder that holds one socket. */
export function makeSocketFolder(parent = tmpdir()): SocketFolder {
  const folder = mkdtempSync(join(parent, "steward-"));
  return { socketPath: join(folder, "p"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** This process as one of a provider. */
export function ownProcess(): ProviderProcess {
  // Terraform may have gone before us; what we have to say is lost then, and no reason to fail.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  return {
    pid: process.pid,
    isWindows: process.platform === "win32",
    script: process.argv[1] ?? "",
    folder: process.cwd(),
    words: process.argv.slice(2),
    environment: process.env,
    parentPid: () => process.ppid,
    print: (text) => void process.stdout.write(text),
    note: writeNote,
    onInterrupt: (act) => void process.on("SIGINT", act),
    onTerminate: (act) => void process.on("SIGTERM", act),
    onPanic(act) {
      process.on("uncaughtException", act);
      process.on("unhandledRejection", act);
    },
    makeSocketFolder,
    exit: (code) => process.exit(code),
  };
}

/** At once, because the process may end right after it. */
function writeNote(text: string): void {
  try {
    writeSync(process.stderr.fd, text);
  } catch {
    // A full pipe or one that nobody reads.
  }
}
