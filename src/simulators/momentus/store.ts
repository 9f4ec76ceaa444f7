import type { SessionRecord } from "../console/session.ts";
import { SeededRandom } from "../random.ts";
import { Table } from "../table.ts";
import { MomentusDatabase } from "./database.ts";
import { Licensing } from "./licensing.ts";
import type {
  ApiCredentials,
  ApiUserFields,
  ApiUserRecord,
  AppRecord,
  ConsoleAccount,
  EnvironmentName,
  KeptSearch,
  KeyRecord,
  Mail,
  MutatingCall,
  WireRow,
} from "./records.ts";

export type NewApiUser = { id: string; displayName: string; appId?: number | null } & Partial<ApiUserFields>;

/** Everything one simulated customer knows. Plain data for tests to read, and the primitive writes. */
export class MomentusStore {
  prod = new MomentusDatabase();
  test = new MomentusDatabase();
  licensing = new Licensing();
  /** Shown on the About page and named in mails to the licensing team. */
  serialNumbers: Readonly<Record<EnvironmentName, string>> = { prod: "", test: "" };
  customerName = "";
  /** Momentus Connect: what it was told of MOCO-SERV, by tenant. */
  connectApiUsers = new Map<EnvironmentName, ApiCredentials>();
  apps = new Table<AppRecord>();
  accounts: readonly ConsoleAccount[] = [];
  sessions = new Map<string, SessionRecord>();
  searches = new Map<string, KeptSearch>();
  /** Every mail that anybody sent, the product and the licensing team included. */
  outbox: Mail[] = [];
  /** Calls that arrived, by method; a call eaten by a fault counts. */
  calls = new Map<string, number>();
  /** Calls of mutating methods that arrived, signing in and out excepted. */
  mutatingCalls: MutatingCall[] = [];
  random: SeededRandom;
  now: () => number;
  private lastNumber = 0;

  constructor(seed: number, now: () => number) {
    this.random = new SeededRandom(seed);
    this.now = now;
  }

  newNumber(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }

  countOf(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  account(username: string | null): ConsoleAccount | undefined {
    return this.accounts.find((account) => account.username === username);
  }

  /** An API user with a new Secret and no Key. Throws when the ID is taken. */
  addApiUser(environment: EnvironmentName, { id, displayName, appId = null, ...rest }: NewApiUser): ApiUserRecord {
    const database = this[environment];
    if (database.apiUser(id)) throw new Error(`the simulated store has an API user ${id} already`);
    const at = this.now();
    const record: ApiUserRecord = {
      ...{ id, displayName, appId, description: "", organization: database.organizations[0] ?? "10" },
      ...{ enforceAccessPrivileges: false, allowProxyUser: false, isRetired: false },
      ...{ isInternal: false, hasLicenseSpecialAccess: false, created: at, modified: at, ...rest },
      secret: this.random.uuid(),
    };
    database.apiUsers.put(record, at);
    return record;
  }

  changeApiUser(environment: EnvironmentName, id: string, change: Partial<ApiUserRecord>): ApiUserRecord {
    const user = this[environment].apiUser(id);
    if (!user) throw new Error(`the simulated store has no API user ${id}`);
    const changed = { ...user, ...change, id: user.id, modified: this.now() };
    this[environment].apiUsers.put(changed, this.now());
    return changed;
  }

  /** One Secret serves all keys, so this breaks each of them. Returns the new Secret. */
  regenerateSecret(environment: EnvironmentName, id: string): string {
    return this.changeApiUser(environment, id, { secret: this.random.uuid() }).secret;
  }

  /** A further key; those before it stay live. */
  addKey(environment: EnvironmentName, apiUserId: string): KeyRecord {
    const key = { id: this.random.uuid(), apiUserId, created: this.now(), isValid: true };
    this[environment].keys.put(key, this.now());
    return key;
  }

  /** ID, Secret and newest working Key of an API user. Throws when it has none. */
  credentialsOf(environment: EnvironmentName, id: string): ApiCredentials {
    const user = this[environment].apiUser(id);
    const key = user && this[environment].keysOf(user.id).findLast((candidate) => candidate.isValid);
    if (!user || !key) throw new Error(`the simulated store has no working key of an API user ${id}`);
    return { id: user.id, secret: user.secret, key: key.id };
  }

  /** Adds or replaces an ordinary user or a role, past the API and its rules. */
  putRow(environment: EnvironmentName, table: "users" | "roles", row: WireRow): void {
    this[environment][table].put(row, this.now());
  }

  addMembership(environment: EnvironmentName, user: string, role: string): void {
    this[environment].userRoles.put({ id: `${user}/${role}`, user, role }, this.now());
  }

  changeApp(id: number, change: Partial<AppRecord>): AppRecord {
    const app = this.apps.get(id);
    if (!app) throw new Error(`the simulated store has no app ${id}`);
    const changed = { ...app, ...change, id };
    this.apps.put(changed, this.now());
    return changed;
  }

  sendMail(mail: Omit<Mail, "at">): void {
    this.outbox.push({ at: this.now(), ...mail });
  }

  /** A copy that shares nothing that can change. It reads `now` unless given another clock. */
  clone(now: () => number = this.now): MomentusStore {
    const copy = new MomentusStore(0, now);
    copy.prod = this.prod.clone();
    copy.test = this.test.clone();
    copy.licensing = this.licensing.clone();
    copy.serialNumbers = this.serialNumbers;
    copy.customerName = this.customerName;
    copy.connectApiUsers = new Map(this.connectApiUsers);
    copy.apps = this.apps.clone();
    copy.accounts = this.accounts;
    copy.sessions = new Map(this.sessions);
    copy.searches = new Map(this.searches);
    copy.outbox = [...this.outbox];
    copy.calls = new Map(this.calls);
    copy.mutatingCalls = [...this.mutatingCalls];
    copy.random = this.random.clone();
    copy.lastNumber = this.lastNumber;
    return copy;
  }
}
