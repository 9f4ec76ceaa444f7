import { join } from "node:path";
import type { Disk } from "../io.ts";
import { evidenceRunsMax } from "../limits.ts";

interface EvidencePlace {
  disk: Disk;
  /** Folder of one environment, below which each run has its own. */
  folder: string;
  /** ISO 8601; the folders of runs are sorted by it. */
  now(): string;
  /** Takes a folder away with all in it. */
  removeFolder(path: string): Promise<void>;
}

/**
 * Folders for the pictures of runs: `2026-11-25T17-06-52Z-RUN/001-step`. A run that goes on later goes on in its folder. Of former
 * runs the last ones stay; older ones go when a run begins.
 */
export class EvidenceRuns {
  readonly #place: EvidencePlace;
  readonly #runs = new Map<string, Promise<{ folder: string; steps: number }>>();
  /** Where pictures were kept last; undefined where none could be. */
  folder: string | undefined;
  /** How many are missing. */
  lostCount = 0;
  /** Which one was missing first, and why. */
  problem: string | undefined;
  #asked: string | undefined;
  #toldCount = 0;

  constructor(place: EvidencePlace) {
    this.#place = place;
  }

  /** A folder for one step of a run, after those of the steps before it. `name` is RUN/STEP. */
  async folderFor(name: string): Promise<string> {
    const slash = name.indexOf("/");
    const [run, step] = [asFileName(name.slice(0, slash)), asFileName(name.slice(slash + 1))];
    const known = this.#runs.get(run) ?? this.#runFolder(run);
    this.#runs.set(run, known);
    const opened = await known;
    opened.steps += 1;
    this.#asked = opened.folder;
    return join(opened.folder, `${String(opened.steps).padStart(3, "0")}-${step}`);
  }

  kept(): void {
    this.folder = this.#asked;
  }

  lost(problem: string): void {
    this.lostCount += 1;
    this.problem ??= problem;
  }

  /** What is missing and nobody was told of yet, in words; undefined where nothing is. */
  takeProblem(): string | undefined {
    if (this.problem === undefined || this.#toldCount === this.lostCount) return undefined;
    this.#toldCount = this.lostCount;
    return this.lostCount > 1 ? `${this.problem}, nor ${this.lostCount - 1} more` : this.problem;
  }

  async #runFolder(run: string): Promise<{ folder: string; steps: number }> {
    const { disk, folder, now } = this.#place;
    const names = await disk.list(folder);
    // What only reads has no run to go on with.
    const before = run === "reading" ? undefined : names.find((name) => name.endsWith(`-${run}`));
    if (before !== undefined) {
      const steps = (await disk.list(join(folder, before))).map((name) => Number.parseInt(name, 10) || 0);
      return { folder: join(folder, before), steps: Math.max(0, ...steps) };
    }
    const runs = names.filter((name) => /^\d{4}-\d\d-\d\dT/.test(name)).sort();
    for (const old of runs.slice(0, Math.max(0, runs.length - evidenceRunsMax + 1))) {
      await this.#place.removeFolder(join(folder, old));
    }
    const begun = now()
      .replace(/\.\d+Z$/, "Z")
      .replaceAll(":", "-");
    return { folder: join(folder, `${begun}-${run}`), steps: 0 };
  }
}

const nameCharactersMax = 100;

function asFileName(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9_.-]+/g, "-")
      .replace(/^\.+/, "")
      .slice(0, nameCharactersMax) || "step"
  );
}
