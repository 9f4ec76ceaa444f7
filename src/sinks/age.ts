import { dirname, join } from "node:path";
import { Refusal } from "../diagnostic.ts";
import { oneAtATime, replaceFile } from "../durable.ts";
import type { Disk } from "../io.ts";
import { Secret } from "../secret.ts";
import { decryptWith, encryptFor } from "./age-format.ts";
import type { SecretMeta, Sink, Slot } from "./sink.ts";
import { damagedFile, metaOf, onSink, promoted, refuseOtherEnvironment, type Slots, slotOf } from "./slots.ts";

interface AgeSinkOptions {
  name: string;
  disk: Disk;
  /** Absolute. */
  folder: string;
  /** As the manifest says it: part of what is trusted. */
  path: string;
  environment: string;
  /** Public keys, `age1…`; at least one. */
  recipients: string[];
  /** `AGE-SECRET-KEY-1…`, or the text of a key file. Needed for reading only. */
  identity?: Secret;
}

const fileEnd = ".age.json";
const formatVersion = 1;

interface Sealed {
  issueId: string;
  /** Armored age, whose plaintext repeats environment, path and issueId, so that files that were swapped do not pass. */
  ciphertext: string;
}

interface AgeFile extends Slots<Sealed> {
  steward: "secret";
  formatVersion: number;
  environment: string;
  path: string;
}

/** One file `PATH.age.json` for each secret. Writing needs public keys only. */
export class AgeSink implements Sink {
  readonly name: string;
  readonly type = "age";
  readonly target: Record<string, string | string[]>;
  readonly readable: boolean;
  readonly #options: AgeSinkOptions;
  /** Folders whose names we know to be durable. */
  readonly #settled = new Set<string>();

  constructor(options: AgeSinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.target = { type: this.type, path: options.path, recipients: [...new Set(options.recipients)].sort() };
    this.readable = options.identity !== undefined;
  }

  put(path: string, issueId: string, secret: Secret): Promise<void> {
    return this.#alone(path, async (file) => {
      const { environment, recipients } = this.#options;
      const slots = await this.#load(path, file);
      const plaintext = JSON.stringify({ environment, path, issueId, value: secret.reveal() });
      const ciphertext = await encryptFor(this.name, recipients, plaintext);
      await this.#save(path, file, { ...slots, next: { issueId, ciphertext } });
    });
  }

  has(path: string, issueId: string): Promise<Slot | undefined> {
    return this.#alone(path, async (file) => slotOf(await this.#load(path, file), issueId));
  }

  promote(path: string, issueId: string): Promise<void> {
    return this.#alone(path, async (file) => {
      const slots = promoted(this.name, path, await this.#load(path, file), issueId);
      if (slots) await this.#save(path, file, slots);
    });
  }

  read(path: string, slot: Slot): Promise<Secret | undefined> {
    return this.#alone(path, async (file) => {
      const sealed = (await this.#load(path, file))[slot];
      if (!sealed) return undefined;
      const plain = await decryptWith(this.name, file, this.#options.identity, sealed.ciphertext);
      const { environment } = this.#options;
      if (plain.environment !== environment || plain.path !== path || plain.issueId !== sealed.issueId)
        throw damagedFile(
          this.name,
          file,
          "holds a value that was encrypted for another place: files were swapped or edited",
        );
      return new Secret(plain.value);
    });
  }

  inspect(path: string): Promise<SecretMeta[]> {
    return this.#alone(path, async (file) => metaOf(await this.#load(path, file)));
  }

  async #alone<T>(path: string, work: (file: string) => Promise<T>): Promise<T> {
    const remedy = agePathProblem(path);
    if (remedy)
      throw new Refusal([{ message: `${JSON.stringify(path)} is no path of a secret in sink ${this.name}`, remedy }]);
    const file = join(this.#options.folder, `${path}${fileEnd}`);
    return onSink(this.name, () => oneAtATime(this.#options.disk, file, () => work(file)));
  }

  async #load(path: string, file: string): Promise<Slots<Sealed>> {
    const bytes = await this.#options.disk.read(file);
    if (!bytes) return {};
    const found = parse(this.name, file, bytes);
    refuseOtherEnvironment(this.name, file, found.environment, this.#options.environment);
    if (found.path !== path)
      throw damagedFile(this.name, file, `belongs to the path ${found.path}: it was moved or copied`);
    // A process that was killed between rename and sync leaves a name that a power cut would take back.
    await this.#settle(dirname(file));
    return { ...(found.current && { current: found.current }), ...(found.next && { next: found.next }) };
  }

  async #save(path: string, file: string, slots: Slots<Sealed>): Promise<void> {
    const { disk, environment } = this.#options;
    const content: AgeFile = { steward: "secret", formatVersion, environment, path, ...slots };
    await disk.makeFolder(dirname(file));
    await replaceFile(disk, file, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`));
  }

  async #settle(folder: string): Promise<void> {
    if (this.#settled.has(folder)) return;
    await this.#options.disk.syncFolder(folder);
    this.#settled.add(folder);
  }
}

function parse(sink: string, file: string, bytes: Uint8Array): AgeFile {
  let found: Partial<AgeFile>;
  try {
    found = JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    throw damagedFile(sink, file, "cannot be parsed");
  }
  if (found.steward !== "secret") throw damagedFile(sink, file, "was not written by Steward");
  if (found.formatVersion !== formatVersion)
    throw damagedFile(sink, file, `has format ${found.formatVersion}, which this Steward does not know`);
  const slots = [found.current, found.next].filter((slot) => slot !== undefined);
  const whole = slots.every((slot) => typeof slot?.issueId === "string" && typeof slot.ciphertext === "string");
  if (!whole || typeof found.environment !== "string" || typeof found.path !== "string")
    throw damagedFile(sink, file, "lacks a part");
  return found as AgeFile;
}

const pathRule = `use letters, digits and . _ - in parts joined by /; no part begins with a dot or ends with ${fileEnd}`;

/** What to do about a path that cannot be used; undefined when it can. */
export function agePathProblem(path: string): string | undefined {
  const valid = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path) && path.length <= 200;
  return valid && !`${path}/`.includes(`${fileEnd}/`) ? undefined : pathRule;
}
