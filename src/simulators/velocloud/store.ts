import { SeededRandom } from "../random.ts";
import { Table } from "../table.ts";
import type {
  EnterpriseRecord,
  MutatingCall,
  PasswordMail,
  ProxyRecord,
  SessionRecord,
  TokenRecord,
  TokenState,
  UserRecord,
} from "./records.ts";
import { tokenStateAt } from "./records.ts";
import { type FunctionalRoleRecord, type RoleRecord, rolesWithoutTokens } from "./roles.ts";

/** The base64url form of `{"alg":"HS256","typ":"JWT"}`. */
const jwtHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

type IdKind = "user" | "token" | "role" | "tenant";

/** Everything one simulated orchestrator knows. Plain data for tests to read, and the primitive writes. */
export class VelocloudData {
  users = new Table<UserRecord>();
  /** Deleted users: their tokens stay listed and, as the worst case, keep working. */
  formerUsers = new Map<number, UserRecord>();
  tokens = new Table<TokenRecord>();
  roles = new Table<RoleRecord>();
  functionalRoles: readonly FunctionalRoleRecord[] = [];
  enterprises = new Table<EnterpriseRecord>();
  proxies = new Table<ProxyRecord>();
  sessions = new Map<string, SessionRecord>();
  /** Password reset mails. */
  outbox: PasswordMail[] = [];
  systemProperties = new Map<string, string>();
  /** Calls that arrived, by method; a call eaten by a fault counts. */
  calls = new Map<string, number>();
  /** Calls of mutating methods that arrived, login and logout excepted. */
  mutatingCalls: MutatingCall[] = [];
  /** Token value to token id. A value exists from the download on. */
  tokenValues = new Map<string, number>();
  random: SeededRandom;
  now: () => number;
  private nextIds: Record<IdKind, number>;

  constructor(seed: number, now: () => number) {
    this.random = new SeededRandom(seed);
    this.now = now;
    const start = (): number => this.random.integer(20, 900);
    this.nextIds = { user: start(), token: start(), role: 10_000 + start(), tenant: start() };
  }

  /** A new id. Ids of one kind rise, with gaps. */
  newId(kind: IdKind): number {
    this.nextIds[kind] += this.random.integer(1, 7);
    return this.nextIds[kind];
  }

  /** The value of a token that is being downloaded: JWT-shaped, and only this store can tell whose it is. */
  issueTokenValue(token: TokenRecord): string {
    const claims = { tokenUuid: token.tokenUuid, exp: Math.floor(token.expiration / 1000) };
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const value = `${jwtHeader}.${payload}.${this.random.text(43, base64url)}`;
    this.tokenValues.set(value, token.id);
    return value;
  }

  /** A user, deleted or not. */
  anyUser(id: number): UserRecord | undefined {
    return this.users.get(id) ?? this.formerUsers.get(id);
  }

  roleOf(user: UserRecord): RoleRecord {
    return this.roles.get(user.roleId)!;
  }

  countOf(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  tokenState(id: number): TokenState | undefined {
    const token = this.tokens.get(id);
    return token && tokenStateAt(token, this.now());
  }

  /** Whose token value this is, if it works now. Inactive and deleted owners do not matter (worst case). */
  ownerOfWorkingToken(value: string): UserRecord | undefined {
    const token = this.tokens.get(this.tokenValues.get(value) ?? -1);
    if (!token || tokenStateAt(token, this.now()) !== "ENABLED") return undefined;
    if (this.systemProperties.get("session.options.enableApiTokenAuth")?.toLowerCase() === "false") return undefined;
    const owner = this.anyUser(token.ownerId);
    return owner && !rolesWithoutTokens.has(this.roleOf(owner).name) ? owner : undefined;
  }

  endSessionsOf(userId: number): void {
    for (const session of this.sessions.values()) if (session.userId === userId) this.sessions.delete(session.id);
  }

  /** Replaces fields of a user. Switching off ends the user's sessions; tokens are left as they are. */
  changeUser(id: number, change: Partial<UserRecord>): UserRecord {
    const user = this.users.get(id);
    if (!user) throw new Error(`the simulated store has no user ${id}`);
    const changed = { ...user, ...change, id, modified: this.now() };
    this.users.put(changed, this.now());
    if (!changed.isActive) this.endSessionsOf(id);
    return changed;
  }

  changeToken(id: number, change: Partial<TokenRecord>): TokenRecord {
    const token = this.tokens.get(id);
    if (!token) throw new Error(`the simulated store has no token ${id}`);
    const changed = { ...token, ...change, id, modified: this.now() };
    this.tokens.put(changed, this.now());
    return changed;
  }

  changeRole(id: number, change: Partial<RoleRecord>): RoleRecord {
    const role = this.roles.get(id);
    if (!role) throw new Error(`the simulated store has no role ${id}`);
    const changed = { ...role, ...change, id, modified: this.now() };
    this.roles.put(changed, this.now());
    return changed;
  }

  removeUser(id: number): void {
    const user = this.users.get(id);
    if (!user) throw new Error(`the simulated store has no user ${id}`);
    this.formerUsers.set(id, user);
    this.users.remove(id, this.now());
    this.endSessionsOf(id);
  }

  protected copyInto(copy: VelocloudData): void {
    copy.users = this.users.clone();
    copy.formerUsers = new Map(this.formerUsers);
    copy.tokens = this.tokens.clone();
    copy.roles = this.roles.clone();
    copy.functionalRoles = this.functionalRoles;
    copy.enterprises = this.enterprises.clone();
    copy.proxies = this.proxies.clone();
    copy.sessions = new Map(this.sessions);
    copy.outbox = [...this.outbox];
    copy.systemProperties = new Map(this.systemProperties);
    copy.calls = new Map(this.calls);
    copy.mutatingCalls = [...this.mutatingCalls];
    copy.tokenValues = new Map(this.tokenValues);
    copy.random = this.random.clone();
    copy.nextIds = { ...this.nextIds };
  }
}
