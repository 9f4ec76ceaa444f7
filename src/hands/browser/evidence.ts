import { join } from "node:path";
import { Fault, Refusal } from "../../diagnostic.ts";
import type { Disk } from "../../io.ts";
import type { Evidence } from "../console.ts";

/** Told of each picture that was to be kept. */
interface PictureLog {
  kept(): void;
  /** `problem` says which one is missing and why. */
  lost(problem: string): void;
}

/** Keeps pictures of a page in a folder, numbered in their order: `01-start.png`, `02-go.png`. For this user only. */
export class PictureFolder implements Evidence {
  readonly #page: { picture(): Promise<Uint8Array> };
  readonly #disk: Disk;
  readonly #folder: () => Promise<string>;
  #asked: Promise<string> | undefined;
  #made: Promise<void> | undefined;
  #kept = 0;
  readonly #log: PictureLog | undefined;

  /** The folder is asked for, and made, with the first picture. */
  constructor(
    page: { picture(): Promise<Uint8Array> },
    disk: Disk,
    folder: string | (() => Promise<string>),
    log?: PictureLog,
  ) {
    this.#log = log;
    this.#page = page;
    this.#disk = disk;
    this.#folder = typeof folder === "string" ? async () => folder : folder;
  }

  /** What is done must not fail for want of a picture. */
  async keep(what: string): Promise<string | undefined> {
    this.#kept += 1;
    let path = `${String(this.#kept).padStart(2, "0")}-${what}.png`;
    try {
      const picture = await this.#page.picture();
      this.#asked ??= this.#folder();
      path = join(await this.#asked, path);
      this.#made ??= this.#disk.makeFolder(await this.#asked);
      await this.#made;
      await this.#write(path, picture);
      this.#log?.kept();
      return path;
    } catch (error) {
      this.#log?.lost(`no picture ${path} could be kept${whyOf(error)}`);
      return undefined;
    }
  }

  /** The whole picture or none: a part of one shows nothing. */
  async #write(path: string, picture: Uint8Array): Promise<void> {
    try {
      await this.#disk.write(path, picture, { mode: 0o600 });
    } catch (error) {
      await this.#disk.remove(path).catch(() => undefined);
      throw error;
    }
  }
}

/** What the browser throws can have its call in it, and so perhaps a secret: it says nothing here. */
function whyOf(error: unknown): string {
  if (error instanceof Fault || error instanceof Refusal) return `: ${error.message}`;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? `: ${code}` : "";
}
