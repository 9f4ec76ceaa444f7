import { dirname } from "node:path";
import { Refusal } from "../diagnostic.ts";
import { oneAtATime, replaceFile } from "../durable.ts";
import type { Disk } from "../io.ts";
import { Secret } from "../secret.ts";
import { canQuote, type EnvEntry, formatEnv, parseEnv } from "./env-format.ts";
import type { SecretMeta, Sink, Slot } from "./sink.ts";
import {
  damagedFile,
  metaOf,
  onSink,
  promoted,
  refuseOtherEnvironment,
  type Slots,
  slotNames,
  slotOf,
} from "./slots.ts";

interface EnvFileSinkOptions {
  name: string;
  disk: Disk;
  /** Absolute path of the file. */
  file: string;
  /** As the manifest says it: part of what is trusted. */
  path: string;
  environment: string;
}

const nameRule = "use the name of a variable: A to Z, digits and _, not beginning with a digit, not ending in __NEXT";

/** What to do about the name of a secret that cannot be used; undefined when it can. */
export function envNameProblem(path: string): string | undefined {
  return /^[A-Z_][A-Z0-9_]{0,199}$/.test(path) && !path.endsWith("__NEXT") ? undefined : nameRule;
}

/** All secrets in one file of mode 0600, in clear, as `NAME=value` lines that a shell or a dotenv reader takes. */
export class EnvFileSink implements Sink {
  readonly name: string;
  readonly type = "env-file";
  readonly target: Record<string, string | string[]>;
  readonly readable = true;
  readonly #options: EnvFileSinkOptions;
  #settled = false;

  constructor(options: EnvFileSinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.target = { type: this.type, path: options.path };
  }

  async put(path: string, issueId: string, secret: Secret): Promise<void> {
    const value = secret.reveal();
    if (!canQuote(value)) throw unquotable(this.name, path);
    await this.#alone(path, async (entries) => {
      const slots = slotsOf(entries, path);
      await this.#save(entries, path, { ...slots, next: { name: path, slot: "next", issueId, value } });
    });
  }

  has(path: string, issueId: string): Promise<Slot | undefined> {
    return this.#alone(path, async (entries) => slotOf(slotsOf(entries, path), issueId));
  }

  promote(path: string, issueId: string): Promise<void> {
    return this.#alone(path, async (entries) => {
      const slots = promoted(this.name, path, slotsOf(entries, path), issueId);
      if (slots) await this.#save(entries, path, slots);
    });
  }

  read(path: string, slot: Slot): Promise<Secret | undefined> {
    return this.#alone(path, async (entries) => {
      const entry = slotsOf(entries, path)[slot];
      return entry && new Secret(entry.value);
    });
  }

  inspect(path: string): Promise<SecretMeta[]> {
    return this.#alone(path, async (entries) => metaOf(slotsOf(entries, path)));
  }

  async #alone<T>(path: string, work: (entries: EnvEntry[]) => Promise<T>): Promise<T> {
    const remedy = envNameProblem(path);
    if (remedy)
      throw new Refusal([{ message: `${JSON.stringify(path)} is no name of a secret in sink ${this.name}`, remedy }]);
    const { disk, file } = this.#options;
    return onSink(this.name, () => oneAtATime(disk, file, async () => work(await this.#load())));
  }

  async #load(): Promise<EnvEntry[]> {
    const { disk, file, environment } = this.#options;
    const bytes = await disk.read(file);
    if (!bytes) return [];
    const found = parseEnv(new TextDecoder().decode(bytes));
    if (!found)
      throw damagedFile(this.name, file, "was not written by Steward, or was edited; the sink needs a file of its own");
    refuseOtherEnvironment(this.name, file, found.environment, environment);
    // A process that was killed between rename and sync leaves a name that a power cut would take back.
    if (!this.#settled) await disk.syncFolder(dirname(file));
    this.#settled = true;
    return found.entries;
  }

  async #save(entries: EnvEntry[], path: string, slots: Slots<EnvEntry>): Promise<void> {
    const { disk, file, environment } = this.#options;
    const ours = slotNames.flatMap((slot) => (slots[slot] ? [{ ...slots[slot], slot }] : []));
    const others = entries.filter((entry) => entry.name !== path);
    await disk.makeFolder(dirname(file));
    await replaceFile(disk, file, Buffer.from(formatEnv(environment, [...others, ...ours])));
  }
}

function slotsOf(entries: EnvEntry[], path: string): Slots<EnvEntry> {
  return Object.fromEntries(entries.filter(({ name }) => name === path).map((entry) => [entry.slot, entry]));
}

function unquotable(sink: string, path: string): Refusal {
  const message = `the value for ${sink}:${path} has characters that a shell and a dotenv reader would read differently`;
  const remedy =
    "keep it in a sink of type age; an env file takes no carriage return, no backslash at the end, and ' only without any of \" $ ` \\ !";
  return new Refusal([{ message, remedy }]);
}
