import { assert, Fault } from "../../diagnostic.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import { isSecretRef, type SecretRef } from "../../resource.ts";
import type { Given, ListRow, Screen } from "../../screen.ts";
import type { Secret } from "../../secret.ts";
import type { SystemAccess } from "../connector.ts";
import type { ConsoleReader } from "../console.ts";
import type { Authentication } from "./answer.ts";
import type { IpressoClient } from "./client.ts";
import type { IpressoLabels } from "./labels.ts";
import { toGroups, toUsers } from "./screens.ts";
import { keyScreen } from "./screens-look.ts";

interface Parts {
  client: IpressoClient;
  system: SystemConfig;
  access: SystemAccess;
  label: IpressoLabels;
}

export type ListName = "users" | "groups";

/** Everything that Steward reads of one panel: its console, where a browser works there, and authorizations of its API. */
export class IpressoReader {
  readonly label: IpressoLabels;
  readonly system: SystemConfig;
  readonly #client: IpressoClient;
  readonly #access: SystemAccess;
  readonly #lists = new Map<ListName, Promise<ListRow[]>>();

  constructor({ client, system, access, label }: Parts) {
    this.#client = client;
    this.system = system;
    this.#access = access;
    this.label = label;
  }

  /** Whether a browser works at the console. Where a person does, nothing can be read there. */
  get seesConsole(): boolean {
    return this.#access.console !== undefined;
  }

  /** The rows of a list, all its pages, read once for each command unless they must be `fresh`. Throws a Fault. */
  rows(list: ListName, { fresh = false }: { fresh?: boolean } = {}): Promise<ListRow[]> {
    const known = fresh ? undefined : this.#lists.get(list);
    const rows = known ?? this.#readRows(list);
    this.#lists.set(list, rows);
    rows.catch(() => this.#lists.delete(list));
    return rows;
  }

  /** Carries out a screen that only looks. Throws a Fault. */
  look(screen: Screen): Promise<Given> {
    return this.#console().look(screen);
  }

  /**
   * Asks the API whether login and password are accepted. The key of the installation is the one that is referred to, that of the
   * system's credentials, or the one on the page of the settings, whichever is there first (IPR-02).
   */
  async authenticate(login: string, password: Secret, keyAt?: SecretRef): Promise<Authentication> {
    try {
      const customerKey = await this.#customerKey(keyAt);
      return await this.#client.authenticate({ login, password, customerKey });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { health: "inconclusive", detail: error.message };
    }
  }

  async #customerKey(keyAt: SecretRef | undefined): Promise<Secret> {
    const { customer_key: written } = this.system.credentials;
    const reference = isSecretRef(written) ? written : keyAt;
    if (reference) return this.#access.secret(reference);
    if (!this.seesConsole) {
      const message = `the key of the installation (CUSTOMER_KEY) of ${this.system.name} is not known`;
      const remedy = `write credentials: { customer_key: "\${sink:SINK:PATH}" } on systems.${this.system.name}`;
      throw new Fault(message, { happened: "no", code: "absent", remedy });
    }
    const { secrets } = await this.look(keyScreen(this.label, this.system));
    assert(secrets.customer_key, "a screen that reads the key answers with it");
    return secrets.customer_key;
  }

  #readRows(list: ListName): Promise<ListRow[]> {
    const way = list === "users" ? toUsers(this.label) : toGroups(this.label);
    return this.#console().rows({ url: this.system.url, acts: [way], next: this.label("next") });
  }

  #console(): ConsoleReader {
    const { console } = this.#access;
    if (console) return console;
    const details = { happened: "no", code: "privilege" } as const;
    throw new Fault(`nobody can look at the console of ${this.system.name} from here`, details);
  }
}
