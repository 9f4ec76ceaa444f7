import { createHash } from "node:crypto";
import { Fault } from "../../diagnostic.ts";
import type { Secret } from "../../secret.ts";
import type { Probe } from "../connector.ts";
import { isRecord, isRefusal } from "./answer.ts";
import { readBundle } from "./bundle.ts";
import type { MomentusClient, Subject } from "./client.ts";
import type { MomentusConsole } from "./console-reader.ts";
import { type Found, literal, searchAll } from "./search.ts";
import { type Row, sameId, textOf } from "./wire.ts";

/** Fields that name a row of each subject. */
const keys: Readonly<Record<Subject, readonly string[]>> = {
  Users: ["ID"],
  Roles: ["ID"],
  UserRoles: ["User", "Role"],
};

/** What makes credentials invalid, and nothing tells apart. */
export const alike =
  "a retired user (MOM-09), a renewed Secret (MOM-10) and a copy of production to this environment (MOM-08) look the same";

/** Everything that Steward reads of one environment. It has no method that changes anything. */
export class MomentusReader {
  /** What a browser sees at the consoles, where one works there. */
  readonly console: MomentusConsole | undefined;
  readonly #client: MomentusClient;
  /** Base URL of the environment. */
  readonly #url: string;
  readonly #lists = new Map<Subject, Promise<Found>>();
  readonly #probes = new Map<string, Promise<Probe>>();

  constructor(client: MomentusClient, url: string, console?: MomentusConsole) {
    this.console = console;
    this.#client = client;
    this.#url = url;
  }

  /** Every row of a subject, read once for each command. Throws a Fault. */
  all(subject: Subject): Promise<Found> {
    const asked = this.#lists.get(subject) ?? this.#search(subject, "All");
    this.#lists.set(subject, asked);
    asked.catch(() => this.#lists.delete(subject));
    return asked;
  }

  /**
   * One row as it is now, by what names it. What is answered for one that does not exist is not documented, so a refusal is
   * checked by a search before the row counts as gone (MOM-14).
   */
  async one(subject: Subject, ...names: string[]): Promise<Row | undefined> {
    const isMeant = (row: Row): boolean => keys[subject].every((key, index) => sameId(textOf(row, key), names[index]));
    let refusal: Fault | undefined;
    try {
      const { value } = await this.#client.get([subject, ...names.map(encodeURIComponent)].join("/"));
      if (isRecord(value) && isMeant(value)) return value;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusal = error;
    }
    const filter = keys[subject].map((key, index) => `${key} eq ${literal(names[index] ?? "")}`).join(" and ");
    const { rows, complete, because } = await this.#search(subject, filter);
    const row = rows.find(isMeant);
    if (!row && complete) return undefined;
    if (row && !refusal) return row;
    const message = because ?? `a search shows ${names.join(" ")}, and it cannot be read: ${refusal?.message ?? ""}`;
    throw refusal ?? new Fault(message, { happened: "no", code: "broken" });
  }

  /** Asks whether the credentials are accepted; without effect (MOM-19). Throws a Fault when they are not. */
  async initialize(): Promise<void> {
    await this.#client.get("sdk_initialize");
  }

  /**
   * Asks once for each command whether ID, Secret and Key of a bundle are accepted; without effect (MOM-19). `fresh` asks again:
   * a person at a terminal mends something and answers anew, and the command is still the same.
   */
  probe(bundle: Secret, { fresh = false }: { fresh?: boolean } = {}): Promise<Probe> {
    // One way, so that no credential is kept here.
    const name = createHash("sha256").update(bundle.reveal()).digest("hex");
    const asked = (fresh ? undefined : this.#probes.get(name)) ?? this.#ask(bundle);
    this.#probes.set(name, asked);
    return asked;
  }

  async #ask(bundle: Secret): Promise<Probe> {
    const credentials = readBundle(bundle);
    if (!credentials) return { health: "refused", detail: "the value is not ID, Secret and Key as Steward keeps them" };
    try {
      await this.#client.as(credentials).get("sdk_initialize");
      return { health: "working" };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code } = error.details;
      if (code === "settings") return { health: "refused", detail: error.message };
      if (code === "unauthorized") return { health: "refused", detail: `${error.message}; ${alike}` };
      // Whoever is told what it may not do was recognized before.
      if (code === "privilege") return { health: "working", detail: error.message };
      return { health: "inconclusive", detail: error.message };
    }
  }

  async #search(subject: Subject, filter: string): Promise<Found> {
    const found = await searchAll(this.#client, this.#url, subject, filter);
    if (found.rows.every((row) => keys[subject].every((key) => textOf(row, key) !== ""))) return found;
    throw new Fault(`the search of ${subject} gave rows without ${keys[subject].join(" and ")}`, {
      happened: "no",
      code: "broken",
      remedy: "check the url of the system, and whether this release still has the v1 API",
    });
  }
}
