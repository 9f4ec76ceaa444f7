import { join } from "node:path";
import type { Disk } from "../../io.ts";
import type { Evidence } from "../console.ts";

/** Keeps pictures of a page in a folder, numbered in their order: `01-start.png`, `02-go.png`. For this user only. */
export class PictureFolder implements Evidence {
  readonly #page: { picture(): Promise<Uint8Array> };
  readonly #disk: Disk;
  readonly #folder: () => Promise<string>;
  #asked: Promise<string> | undefined;
  #made: Promise<void> | undefined;
  #kept = 0;
  /** Why the last picture that is missing could not be kept. */
  problem: string | undefined;

  /** The folder is asked for, and made, with the first picture. */
  constructor(page: { picture(): Promise<Uint8Array> }, disk: Disk, folder: string | (() => Promise<string>)) {
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
      await this.#disk.write(path, picture, { mode: 0o600 });
      return path;
    } catch {
      this.problem = `no picture ${path} could be kept`;
      return undefined;
    }
  }
}
