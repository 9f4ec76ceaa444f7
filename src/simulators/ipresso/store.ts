import type { SessionRecord } from "../console/session.ts";
import { SignInState } from "../console/sign-in.ts";
import { totpAlphabet } from "../console/totp.ts";
import { SeededRandom } from "../random.ts";
import { Table } from "../table.ts";
import type {
  ApiUserFields,
  ApiUserRecord,
  ConsoleAccount,
  ContactRecord,
  GroupFields,
  GroupRecord,
  Installation,
  MutatingCall,
  TagRecord,
  TokenRecord,
} from "./records.ts";

export type NewApiUser = Partial<Omit<ApiUserRecord, "id">> & { login: string };

const blankUser: Omit<ApiUserFields, "login"> = { name: "", surname: "", email: "", groupIds: [], addresses: [] };

/** Everything one simulated installation knows. Plain data for tests to read, and the primitive writes, which check nothing. */
export class IpressoStore {
  companyName = "";
  installation: Installation = { customerKey: "", validitySeconds: 3600, returnsDifferentToken: false };
  users = new Table<ApiUserRecord>();
  groups = new Table<GroupRecord>();
  tokens = new Map<string, TokenRecord>();
  accounts: readonly ConsoleAccount[] = [];
  sessions = new Map<string, SessionRecord>();
  /** Who is on the way in. */
  signIn = new SignInState();
  contacts = new Table<ContactRecord>();
  tags = new Table<TagRecord>();
  /** Calls that arrived, by method; a call eaten by a fault counts. */
  calls = new Map<string, number>();
  /** Calls of mutating methods that arrived, signing in and out and authorizations excepted. */
  mutatingCalls: MutatingCall[] = [];
  random: SeededRandom;
  now: () => number;
  private lastId = 0;

  constructor(seed: number, now: () => number) {
    this.random = new SeededRandom(seed);
    this.now = now;
  }

  countOf(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  account(username: string | null): ConsoleAccount | undefined {
    return this.accounts.find((account) => account.username === username);
  }

  /** An API user by its login, letter by letter. */
  user(login: string): ApiUserRecord | undefined {
    return this.users.find((user) => user.login === login);
  }

  /** The first group of this name. */
  group(name: string): GroupRecord | undefined {
    return this.groups.find((group) => group.name === name);
  }

  membersOf(groupId: number): ApiUserRecord[] {
    return this.users.values().filter(({ groupIds }) => groupIds.includes(groupId));
  }

  addUser({ login, ...rest }: NewApiUser): ApiUserRecord {
    const at = this.now();
    const id = this.newId();
    const password = rest.password ?? this.newPassword();
    const own = { id, login, password, isBlocked: false, token: null, created: at, modified: at };
    const user: ApiUserRecord = { ...blankUser, ...own, ...rest, id };
    this.users.put(user, at);
    return user;
  }

  changeUser(id: number, change: Partial<ApiUserRecord>): ApiUserRecord {
    const user = this.users.get(id);
    if (!user) throw new Error(`the simulated store has no API user ${id}`);
    const changed = { ...user, ...change, id, modified: this.now() };
    this.users.put(changed, this.now());
    return changed;
  }

  /** Its tokens end with it. */
  removeUser(id: number): void {
    this.users.remove(id, this.now());
    this.endTokens(id);
  }

  addGroup({ name, permissions = [] }: Partial<GroupFields> & { name: string }): GroupRecord {
    const at = this.now();
    const group: GroupRecord = { id: this.newId(), name, permissions, created: at, modified: at };
    this.groups.put(group, at);
    return group;
  }

  changeGroup(id: number, change: Partial<GroupFields>): GroupRecord {
    const group = this.groups.get(id);
    if (!group) throw new Error(`the simulated store has no group ${id}`);
    const changed = { ...group, ...change, id, modified: this.now() };
    this.groups.put(changed, this.now());
    return changed;
  }

  removeGroup(id: number): void {
    this.groups.remove(id, this.now());
  }

  putContact(id: number | null, fields: ContactRecord["fields"]): ContactRecord {
    const contact = { id: id ?? this.newId(), fields };
    this.contacts.put(contact, this.now());
    return contact;
  }

  putTag(id: number | null, name: string): TagRecord {
    const tag = { id: id ?? this.newId(), name };
    this.tags.put(tag, this.now());
    return tag;
  }

  newToken(): string {
    return this.random.hex(32);
  }

  newPassword(): string {
    return `Sim-${this.random.hex(14)}7`;
  }

  /** What an authenticator makes its codes from, in base32. */
  newTotpSecret(): string {
    return this.random.text(32, totpAlphabet);
  }

  /** Ends every token of one user. */
  endTokens(userId: number): void {
    for (const { id, userId: owner } of this.tokens.values()) if (owner === userId) this.tokens.delete(id);
  }

  /** Ends every session of the console at once, as a restart would. */
  endSessions(): void {
    this.sessions.clear();
    this.signIn.halfSignedIn.clear();
  }

  forgetHistory(): void {
    for (const table of [this.users, this.groups, this.contacts, this.tags]) table.forgetHistory();
  }

  /** A copy that shares nothing that can change. It reads `now` unless given another clock. */
  clone(now: () => number = this.now): IpressoStore {
    const copy = new IpressoStore(0, now);
    copy.companyName = this.companyName;
    copy.installation = this.installation;
    copy.users = this.users.clone();
    copy.groups = this.groups.clone();
    copy.tokens = new Map(this.tokens);
    copy.accounts = this.accounts;
    copy.sessions = new Map(this.sessions);
    copy.signIn = this.signIn.clone();
    copy.contacts = this.contacts.clone();
    copy.tags = this.tags.clone();
    copy.calls = new Map(this.calls);
    copy.mutatingCalls = [...this.mutatingCalls];
    copy.random = this.random.clone();
    copy.lastId = this.lastId;
    return copy;
  }

  private newId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}
