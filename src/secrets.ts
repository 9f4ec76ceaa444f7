import type { SecretDesk } from "./connectors/connector.ts";
import { Fault } from "./diagnostic.ts";
import type { Random } from "./io.ts";
import type { SecretRef } from "./resource.ts";
import { Secret, type SecretTarget } from "./secret.ts";
import type { Sink } from "./sinks/sink.ts";

/** Where references to secrets lead. */
interface SecretSources {
  sinks: ReadonlyMap<string, Sink>;
  /** Called before a sink is touched; throws a Refusal when its target is not pinned. */
  assertTrusted(sink: string): void;
  environmentVariable(name: string): string | undefined;
  /** Text of a file inside the manifest's folder. */
  readFile(path: string): Promise<string>;
  random: Random;
}

const passwordLength = 24;
const letters = "abcdefghijkmnopqrstuvwxyz";
const capitals = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const digits = "23456789";
const marks = "-_.+=:@%";

/** The engine's side of `SecretDesk`. Values of this command are remembered, so that a step can use what an earlier one stored. */
export class Secrets implements SecretDesk {
  readonly #sources: SecretSources;
  readonly #fresh = new Map<string, Secret>();
  readonly #latest = new Map<string, Secret>();

  constructor(sources: SecretSources) {
    this.#sources = sources;
  }

  async read(reference: SecretRef): Promise<Secret> {
    const { from, name } = reference.$secret;
    if (from === "env") return this.#fromEnvironment(name);
    if (from === "file") return new Secret((await this.#sources.readFile(name)).replace(/\r?\n$/, ""));
    const remembered = this.#latest.get(name);
    if (remembered) return remembered;
    const colon = name.indexOf(":");
    const secret = await this.sink(name.slice(0, colon)).read(name.slice(colon + 1), "current");
    if (secret) return secret;
    throw new Fault(`the sink holds nothing at ${name}`, {
      happened: "no",
      on: name.slice(0, colon),
      code: "absent",
      remedy: `put it there, or let Steward issue it anew: steward plan --replace ADDRESS`,
    });
  }

  async recall(target: SecretTarget): Promise<Secret | undefined> {
    const fresh = this.#fresh.get(target.issueId);
    if (fresh) return fresh;
    const sink = this.sink(target.sink);
    if (!sink.readable) return undefined;
    const slot = await sink.has(target.path, target.issueId);
    return slot && sink.read(target.path, slot);
  }

  async put(target: SecretTarget, secret: Secret): Promise<void> {
    await this.sink(target.sink).put(target.path, target.issueId, secret);
    this.#fresh.set(target.issueId, secret);
  }

  async has(target: SecretTarget): Promise<boolean> {
    return (await this.sink(target.sink).has(target.path, target.issueId)) !== undefined;
  }

  /** Makes an issue `current`, and what later reads of the path find. */
  async promote(target: SecretTarget): Promise<void> {
    await this.sink(target.sink).promote(target.path, target.issueId);
    const secret = this.#fresh.get(target.issueId);
    if (secret) this.#latest.set(`${target.sink}:${target.path}`, secret);
  }

  generatePassword(): Secret {
    const classes = [letters, capitals, digits, marks];
    const all = classes.join("");
    const text = Array.from({ length: passwordLength }, (_, index) => this.#pick(classes[index] ?? all));
    for (let index = text.length - 1; index > 0; index--) {
      const other = this.#below(index + 1);
      [text[index], text[other]] = [text[other] ?? "", text[index] ?? ""];
    }
    return new Secret(text.join(""));
  }

  sink(name: string): Sink {
    this.#sources.assertTrusted(name);
    const sink = this.#sources.sinks.get(name);
    if (sink) return sink;
    throw new Fault(`there is no sink ${name}`, {
      happened: "no",
      on: name,
      remedy: "declare it under sinks in the manifest",
    });
  }

  #fromEnvironment(name: string): Secret {
    const value = this.#sources.environmentVariable(name);
    if (value) return new Secret(value);
    throw new Fault(`the environment variable ${name} is not set`, {
      happened: "no",
      code: "absent",
      remedy: `set ${name}; the manifest reads it as \${env.${name}}`,
    });
  }

  #pick(from: string): string {
    return from[this.#below(from.length)] ?? "";
  }

  /** An even choice below `bound` (at most 256): values that would favor some are drawn again. */
  #below(bound: number): number {
    const limit = 256 - (256 % bound);
    for (;;) {
      const byte = this.#sources.random.bytes(1)[0] ?? 0;
      if (byte < limit) return byte % bound;
    }
  }
}
