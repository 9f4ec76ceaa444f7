import { isUtf8 } from "node:buffer";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../diagnostic.ts";
import { manifestBytesMax, manifestFilesMax } from "../limits.ts";
import { findAppOutput, hasAppOutput } from "./app-output.ts";
import type { ReadFiles } from "./files.ts";
import { pathProblem } from "./interpolate.ts";
import type { Manifest } from "./manifest.ts";
import { type ParseInput, parseManifest, type Synthesized } from "./parse.ts";
import type { SideFiles } from "./systems.ts";

/** What `parseManifest` needs beside the files. */
export type ReadOptions = Omit<ParseInput, "files" | "folder" | "side" | "found" | "synthesized">;

/** Longest file that `ca_file` may name. */
const caBytesMax = 1024 * 1024;

/** Depth of folders below the manifest's folder. */
const folderDepthMax = 16;

/** What stands beside code: everything of a manifest but its resources. */
const besideCode = ["steward.yaml", "steward.yml"];

/**
 * Reads a manifest: one file, or a folder with all `*.yaml` and `*.yml` below it. Where code was synthesised in the folder, its stacks
 * are the resources, and of the YAML `steward.yaml` alone is read. Nothing outside the folder is read, also not through a link. Throws
 * an `InvalidManifest`.
 */
export function readManifest(path: string, options: ReadOptions, files: ReadFiles): Manifest {
  const reading = new FolderReading(files, path);
  reading.start();
  const manifest = parseManifest({
    ...options,
    files: reading.texts,
    folder: reading.folder,
    side: reading.side(),
    found: reading.found,
    synthesized: reading.synthesized(),
  });
  return { ...manifest, warnings: [...manifest.warnings, ...reading.missing(manifest.resources.length)] };
}

/** Files beside a manifest that is no file itself. `folder` is absolute, without links. */
export const sideFilesIn = (folder: string, files: ReadFiles): SideFiles => new FolderReading(files, folder).side();

class FolderReading {
  readonly texts: { path: string; text: string }[] = [];
  found: Diagnostic[] = [];
  folder: string;
  readonly #files: ReadFiles;
  readonly #path: string;
  #bytes = 0;
  #count = 0;

  constructor(files: ReadFiles, path: string) {
    this.#files = files;
    this.#path = path;
    this.folder = resolve(path);
  }

  start(): void {
    const files = this.#files;
    const kind = files.kind(this.#path);
    if (kind === "folder") {
      this.folder = files.real(this.#path) ?? this.folder;
      if (hasAppOutput(files, this.folder)) {
        this.#besideCode();
        return;
      }
      this.#folder(this.folder, 0);
      if (this.#count === 0 && this.found.length === 0) {
        const isOutput = files.kind(join(this.folder, "stacks")) === "folder";
        const hint = isOutput
          ? "name the folder of steward.yaml, in which this output lies"
          : "write one with: steward init";
        this.#wrong(".", "there is no *.yaml or *.yml in this folder", hint);
      }
    } else {
      this.folder = files.real(dirname(resolve(this.#path))) ?? dirname(resolve(this.#path));
      const name = basename(this.#path);
      const wrong = kind && noManifest(name);
      if (wrong) this.#wrong(name, ...wrong);
      else if (kind) this.#file(join(this.folder, name));
      else this.#wrong(name, "there is no such file or folder", "write a manifest with: steward init");
    }
  }

  /** A project has YAML of many kinds; only what bears our name is ours. */
  #besideCode(): void {
    const name = besideCode.find((one) => this.#files.kind(join(this.folder, one)) !== undefined);
    if (name === undefined) {
      const hint = "write one with systems, sinks and environments beside the code: steward init";
      this.#wrong("steward.yaml", "this file is missing", hint);
    } else {
      this.#file(join(this.folder, name));
    }
  }

  /** A folder that declares nothing may be one of an app that nobody ran: then everything recorded would look as if it had been taken out. */
  missing(resourceCount: number): Diagnostic[] {
    const isOfCode = this.#files.kind(this.#path) === "folder" && !hasAppOutput(this.#files, this.folder);
    if (resourceCount > 0 || !isOfCode) return [];
    const message = "no resources: none stand in YAML, and no app has synthesised any in this folder";
    const hint = 'declared in code, they need a run of the app first, or --app "npx tsx main.ts"';
    return [{ severity: "warning", message, hint }];
  }

  /** What code synthesised in the folder; read only when the YAML declares no resources. */
  synthesized(): Synthesized | undefined {
    const { folder } = this;
    if (!hasAppOutput(this.#files, folder)) return undefined;
    return { isMeant: this.#files.kind(this.#path) === "folder", read: () => this.#readOutput() };
  }

  #readOutput(): ReturnType<Synthesized["read"]> {
    const before = this.found;
    this.found = [];
    const isWithin = (path: string) => isInside(this.folder, this.#files.real(path) ?? path);
    const { files, problems } = findAppOutput(this.#files, this.folder, isWithin);
    for (const { severity, file, message, hint } of problems) this.#wrong(file, message, hint, severity);
    const texts = files.flatMap(({ stack, path }) => {
      const into: { path: string; text: string }[] = [];
      this.#file(join(this.folder, path), into);
      return into.map((read) => ({ ...read, stack }));
    });
    const { found } = this;
    this.found = before;
    return { texts, found };
  }

  /** Files beside the manifest, inside its folder. */
  side(): SideFiles {
    const problem = (path: string): string | undefined => {
      const wrong = pathProblem(path);
      if (wrong) return wrong;
      const real = this.#nearestReal(join(this.folder, path));
      return isInside(this.folder, real) ? undefined : "leads out of the manifest's folder through a link";
    };
    return { problem, text: (path) => this.#sideText(path, problem(path)) };
  }

  #sideText(path: string, problem: string | undefined): { text: string } | { problem: string } {
    if (problem !== undefined) return { problem };
    if (this.#files.kind(join(this.folder, path)) !== "file") return { problem: "is not there" };
    const bytes = this.#read(join(this.folder, path), caBytesMax);
    if (!bytes) return { problem: `cannot be read or is larger than ${caBytesMax / 1024} KiB` };
    return isUtf8(bytes) ? { text: Buffer.from(bytes).toString("utf8") } : { problem: "is not text" };
  }

  /** A path whose end is not there yet counts as what its nearest folder is. */
  #nearestReal(path: string): string {
    for (let at = path; ; at = dirname(at)) {
      const real = this.#files.real(at);
      if (real !== undefined || dirname(at) === at) return real ?? at;
    }
  }

  #folder(folder: string, depth: number): void {
    if (depth > folderDepthMax) {
      this.#wrong(this.#relative(folder), "folders are nested too deeply", `at most ${folderDepthMax} levels`);
      return;
    }
    for (const name of [...this.#files.list(folder)].sort()) {
      if (name.startsWith(".") || name === "node_modules" || this.#count > manifestFilesMax) continue;
      const path = join(folder, name);
      const isText = /\.ya?ml$/i.test(name);
      const kind = this.#files.kind(path);
      // A link to a folder is followed inside only, and a circle of links ends at the depth that is allowed.
      if (kind === "folder") this.#inside(path, () => this.#folder(path, depth + 1));
      else if (isText) this.#file(path);
    }
  }

  #inside(path: string, then: () => void): void {
    const real = this.#files.real(path);
    if (real !== undefined && isInside(this.folder, real)) then();
    else
      this.#wrong(
        this.#relative(path),
        "this link leads out of the manifest's folder",
        "put the files themselves into the folder",
      );
  }

  #file(path: string, into = this.texts): void {
    const name = this.#relative(path);
    this.#count += 1;
    if (this.#count > manifestFilesMax) {
      if (this.#count === manifestFilesMax + 1)
        this.#wrong(name, "there are too many files", `at most ${manifestFilesMax} in a folder`);
      return;
    }
    const kind = this.#files.kind(path);
    if (kind !== "file") {
      this.#wrong(
        name,
        kind ? "this is not a plain file" : "this link leads nowhere",
        "put the file itself into the folder",
      );
      return;
    }
    this.#inside(path, () => this.#readText(path, name, into));
  }

  #readText(path: string, name: string, into: { path: string; text: string }[]): void {
    const left = manifestBytesMax - this.#bytes;
    const bytes = this.#read(path, left);
    if (!bytes) {
      const size = `${manifestBytesMax / 1024 / 1024} MiB`;
      this.#wrong(
        name,
        `this file cannot be read, or the manifest is larger than ${size}`,
        "split it, and look at the rights of the file",
      );
      return;
    }
    this.#bytes += bytes.length;
    const offset = isUtf8(bytes) ? undefined : notUtf8(bytes);
    if (offset === undefined) into.push({ path: name, text: Buffer.from(bytes).toString("utf8") });
    else this.#reportEncoding(name, bytes, offset);
  }

  #reportEncoding(name: string, bytes: Uint8Array, offset: number): void {
    const before = Buffer.from(bytes.subarray(0, offset)).toString("utf8");
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");
    this.found.push({
      severity: "error",
      message: `this file is not UTF-8: the byte at offset ${offset} (0x${bytes[offset]!.toString(16).padStart(2, "0")}) does not belong here`,
      hint: "save it as UTF-8",
      source: { file: name, line, column, length: 1 },
    });
  }

  #read(path: string, bytesMax: number): Uint8Array | undefined {
    try {
      return this.#files.read(path, bytesMax);
    } catch {
      return undefined;
    }
  }

  #relative(path: string): string {
    return relative(this.folder, path).split(sep).join("/") || ".";
  }

  #wrong(file: string, message: string, hint: string, severity: Diagnostic["severity"] = "error"): void {
    this.found.push({ severity, message, hint, source: { file, line: 1, column: 1, length: 1 } });
  }
}

/** Whoever declares in code may name the code, or what it synthesised. */
function noManifest(name: string): [message: string, hint: string] | undefined {
  if (/\.tf\.json$/i.test(name))
    return ["this was synthesised by an app, and is no manifest", "name the folder that holds it and steward.yaml"];
  if (/\.[cm]?[jt]sx?$/i.test(name))
    return ["this is a program, and no manifest", `name its folder, and the program as in: --app "npx tsx ${name}"`];
  return undefined;
}

const isInside = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Offset of the first character that is none: where the longest prefix ends that is UTF-8, found by halving. */
function notUtf8(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (begins(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  // The prefix may end inside a character; that one is to blame.
  while (low > 0 && !isUtf8(bytes.subarray(0, low))) low -= 1;
  return Math.min(low, bytes.length - 1);
}

function begins(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
