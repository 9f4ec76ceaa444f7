import { Fault } from "../../diagnostic.ts";
import type { Secret } from "../../secret.ts";
import type { Probe } from "../connector.ts";
import type { HttpClient } from "../http.ts";
import { loginWorks, type Params, VelocloudClient } from "./client.ts";
import { isRecord, isRefusal, isUnauthorized, unlessForbidden } from "./envelope.ts";
import { type Scope, type ScopeName, scopes } from "./scopes.ts";
import {
  integer,
  listIn,
  readRole,
  readToken,
  readUser,
  type WireRole,
  type WireToken,
  type WireUser,
} from "./wire.ts";

export interface ReadOptions {
  /** Asks again instead of taking what this command has read before. */
  fresh?: boolean;
}

export interface ReaderParts {
  http: HttpClient;
  client: VelocloudClient;
  scope: Scope;
  /** From the settings; else the caller's own tenant is meant. */
  tenantId: number | undefined;
  /** Name of the user behind a session; a token does not tell it. */
  username: (() => Promise<string>) | undefined;
  now(): number;
}

/** Everything that Steward reads of one tenant. It has no method that changes anything, sessions excepted. */
export class VelocloudReader {
  readonly scope: Scope;
  readonly #parts: ReaderParts;
  readonly #lists = new Map<string, Promise<Record<string, unknown>[]>>();
  #me: Promise<WireUser | undefined> | undefined;
  #delegated: Promise<boolean | undefined> | undefined;

  constructor(parts: ReaderParts) {
    this.scope = parts.scope;
    this.#parts = parts;
  }

  async users(options: ReadOptions = {}): Promise<WireUser[]> {
    const { list } = this.scope.users;
    return (await this.#list(list, await this.tenantParams(), options)).map(readUser);
  }

  /** One user as it is now. The text of "no such user" is not known, so a refusal is checked against the list. */
  async user(id: number): Promise<WireUser | undefined> {
    try {
      const raw = await this.#read(this.scope.users.read, { ...(await this.tenantParams()), id });
      if (isRecord(raw) && integer(raw.id) === id) return readUser(raw);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const listed = (await this.users({ fresh: true })).find((user) => user.id === id);
      if (listed) throw error;
    }
    return undefined;
  }

  /** The id behind a username; undefined when the orchestrator knows none. */
  async userId(username: string): Promise<number | undefined> {
    const known = (await this.users()).find((user) => user.username === username);
    if (known) return known.id;
    try {
      const raw = await this.#read(this.scope.users.read, { ...(await this.tenantParams()), username });
      return isRecord(raw) ? integer(raw.id) : undefined;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  async tokens(options: ReadOptions = {}): Promise<WireToken[]> {
    const raw = await this.#list(this.scope.tokens.list, await this.tenantParams(), options);
    return raw.map((token) => readToken(token, this.scope, this.#parts.now()));
  }

  /** Custom roles, all of them or one. */
  async customRoles(options: ReadOptions & { id?: number } = {}): Promise<WireRole[]> {
    const params: Params = { ...(await this.tenantParams()), userTypes: [this.scope.userType] };
    if (options.id !== undefined) params.roleIds = [options.id];
    const roles = (await this.#list(this.scope.roles.list, params, options)).map(readRole);
    return options.id === undefined ? roles : roles.filter((role) => role.id === options.id);
  }

  /**
   * Default and custom roles that users of the scope can have. The catalogue shows an operator or a partner only their own
   * custom roles, so those of the tenant are added.
   */
  async roles(options: ReadOptions = {}): Promise<WireRole[]> {
    const catalogue = await this.#list("role/getUserTypeRoles", { userType: this.scope.userType }, options);
    const roles = new Map(catalogue.map(readRole).map((role) => [role.id, role]));
    const custom = (await unlessForbidden(() => this.customRoles(options))) ?? [];
    for (const role of custom) roles.set(role.id, role);
    return [...roles.values()];
  }

  /** Building blocks of custom roles. */
  async functionalRoles(options: ReadOptions = {}): Promise<WireRole[]> {
    const params = { ...(await this.tenantParams()), userType: this.scope.userType };
    return (await this.#list(this.scope.roles.parts, params, options)).map(readRole);
  }

  /** Whether user management is delegated; undefined where the orchestrator does not tell (VCO-29). */
  delegated(options: ReadOptions = {}): Promise<boolean | undefined> {
    if (options.fresh || !this.#delegated) this.#delegated = this.#readDelegated();
    return this.#delegated;
  }

  /** The user that we run as, looked for in the own scope first; undefined when no scope tells. */
  me(): Promise<WireUser | undefined> {
    this.#me ??= this.#findMe();
    return this.#me;
  }

  /** The tenant as a parameter, when it is known: operators and partners must name it (VCO-22). */
  async tenantParams(): Promise<Params> {
    const { scope } = this;
    if (this.#parts.tenantId !== undefined) return { [scope.tenantKey]: this.#parts.tenantId };
    const me = await this.me();
    const id = me?.tenantIds[scope.tenantKey];
    if (id !== undefined) return { [scope.tenantKey]: id };
    // Whoever is known to belong elsewhere must say which tenant is meant.
    if (!me || Object.keys(me.tenantIds).length === 0) return {};
    const message = `${me.username} does not belong to ${scope.name === "enterprise" ? "an" : "a"} ${scope.name}, and the system does not say which one is meant`;
    const remedy = `write ${scope.name}_id: NUMBER on the system, or use credentials of that ${scope.name}`;
    throw new Fault(message, { happened: "no", code: "settings", remedy });
  }

  /** Logs in and out as a user: the only question to a password. */
  passwordWorks(username: string, password: Secret): Promise<boolean> {
    return loginWorks(this.clientOf(username, password));
  }

  /** Asks the data plane whether a token works; without effect. */
  async probe(token: Secret): Promise<Probe> {
    return (await this.identify(token)).probe;
  }

  /** The same, with the name of the user whose token it is, where the system tells it. */
  async identify(token: Secret): Promise<{ probe: Probe; username?: string }> {
    const { probe, user } = await this.#ask(token);
    const username = isRecord(user) && typeof user.username === "string" ? user.username : undefined;
    return username === undefined ? { probe } : { probe, username };
  }

  async #ask(token: Secret): Promise<{ probe: Probe; user?: unknown }> {
    const client = new VelocloudClient(this.#parts.http, { by: "token", token: async () => token });
    try {
      const user = await client.read(this.scope.users.read, {});
      return { probe: { health: "working" }, user };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { message: detail } = error;
      if (isUnauthorized(error)) return { probe: { health: "refused", detail } };
      // Whoever is told which privilege is missing was recognized before.
      if (error.details.code === "privilege") return { probe: { health: "working", detail } };
      return { probe: { health: "inconclusive", detail } };
    }
  }

  /** A client of another user of this tenant. */
  clientOf(username: string, password: Secret): VelocloudClient {
    return new VelocloudClient(this.#parts.http, {
      by: "session",
      login: this.scope.login,
      username: async () => username,
      password: async () => password,
    });
  }

  #read(method: string, params: Params): Promise<unknown> {
    return this.#parts.client.read(method, params);
  }

  async #readDelegated(): Promise<boolean | undefined> {
    try {
      const method = "role/isEnterpriseUserManagementDelegatedToOperator";
      const raw = await this.#read(method, await this.tenantParams());
      return isRecord(raw) && typeof raw.isDelegated === "boolean" ? raw.isDelegated : undefined;
    } catch (error) {
      if (isRefusal(error) || (error instanceof Fault && error.details.code === "misplaced")) return undefined;
      throw error;
    }
  }

  async #findMe(): Promise<WireUser | undefined> {
    const order: ScopeName[] = [this.scope.name, "operator", "partner", "enterprise"];
    const username = await this.#parts.username?.();
    for (const name of new Set(order)) {
      try {
        const raw = await this.#read(scopes[name].users.read, username === undefined ? {} : { username });
        if (isRecord(raw) && integer(raw.id) !== undefined) return readUser(raw);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    return undefined;
  }

  async #list(method: string, params: Params, options: ReadOptions): Promise<Record<string, unknown>[]> {
    const key = `${method} ${JSON.stringify(params)}`;
    if (options.fresh) {
      // What was read while settling may be older than what a later refresh of the same command must see.
      this.#lists.delete(key);
      return this.#readList(method, params);
    }
    const asked = this.#lists.get(key) ?? this.#readList(method, params);
    this.#lists.set(key, asked);
    asked.catch(() => this.#lists.delete(key));
    return asked;
  }

  async #readList(method: string, params: Params): Promise<Record<string, unknown>[]> {
    const list = listIn(await this.#read(method, params));
    if (list?.every((item) => integer(item.id) !== undefined)) return list;
    throw new Fault(`${method} gave no list of objects with ids`, {
      happened: "no",
      code: "broken",
      remedy: "check the url of the system, and whether this release of the orchestrator still has the portal API v1",
    });
  }
}
