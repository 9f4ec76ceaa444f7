import type { SessionRecord } from "../console/session.ts";
import { SignInState } from "../console/sign-in.ts";
import { totpAlphabet } from "../console/totp.ts";
import { SeededRandom } from "../random.ts";
import { Table } from "../table.ts";
import { Drafts } from "./drafts.ts";
import type {
  GroupFields,
  GroupRecord,
  MutatingCall,
  Submission,
  UserFields,
  UserRecord,
  VeslinkAccountFields,
  VeslinkAccountRecord,
} from "./records.ts";
import { type People, seatsUsed } from "./standing.ts";

export type NewUser = Partial<Omit<UserRecord, "id">> & { userName: string };

const blankUser: Omit<UserFields, "userName"> = {
  ...{ fullName: "", initials: "", email: "", phone: "", isReadOnly: false, isInactive: false },
  ...{ isSecurityAdmin: false, isExternalOnly: false, isAuthenticationOnly: false, groupIds: [], rights: {} },
};

/** Everything one simulated site knows. Plain data for tests to read, and the primitive writes, which check nothing. */
export class VesonStore {
  companyName = "";
  users = new Table<UserRecord>();
  groups = new Table<GroupRecord>();
  veslinkAccounts = new Table<VeslinkAccountRecord>();
  /** Named-user licenses of this site. */
  licenseLimit = 0;
  /** The module APIs, which is licensed apart. Without it there are no API permissions, and the API refuses. */
  isApiLicensed = true;
  sessions = new Map<string, SessionRecord>();
  /** Who is on the way in. */
  signIn = new SignInState();
  drafts = new Drafts();
  /** Ids of users whose new token nobody has looked at yet. */
  unreadTokens = new Set<number>();
  /** What came in by POST and PATCH of the API. */
  submissions: Submission[] = [];
  /** Calls that arrived, by method; a call eaten by a fault counts. */
  calls = new Map<string, number>();
  /** Calls of mutating methods that arrived, signing in and out and what only concerns an open panel excepted. */
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

  get people(): People {
    return { users: this.users.values(), groups: this.groups.values() };
  }

  /** Users that count against the license now. */
  get seatsUsed(): number {
    return seatsUsed(this.people);
  }

  /** A user by name. Names that differ only in case are the same (assumed). */
  user(userName: string): UserRecord | undefined {
    const wanted = userName.toUpperCase();
    return this.users.find((user) => user.userName.toUpperCase() === wanted);
  }

  group(name: string): GroupRecord | undefined {
    const wanted = name.toUpperCase();
    return this.groups.find((group) => group.name.toUpperCase() === wanted);
  }

  veslinkAccount(userName: string): VeslinkAccountRecord | undefined {
    const wanted = userName.toUpperCase();
    return this.veslinkAccounts.find((account) => account.userName.toUpperCase() === wanted);
  }

  /** Whose token this is. */
  ownerOfToken(token: string): UserRecord | undefined {
    return this.users.find((user) => user.token === token);
  }

  newToken(): string {
    return this.random.hex(64);
  }

  newPassword(): string {
    return `Sim-${this.random.hex(14)}7`;
  }

  addUser({ userName, ...rest }: NewUser): UserRecord {
    const at = this.now();
    const id = this.newId();
    const totpSecret = this.random.text(32, totpAlphabet);
    const password = rest.password ?? this.newPassword();
    const own = { id, userName, password, totpSecret, authentication: "IMOS", token: null } as const;
    const user: UserRecord = { ...blankUser, ...own, created: at, modified: at, ...rest, id };
    this.users.put(user, at);
    return user;
  }

  changeUser(id: number, change: Partial<UserRecord>): UserRecord {
    const user = this.users.get(id);
    if (!user) throw new Error(`the simulated store has no user ${id}`);
    const changed = { ...user, ...change, id, modified: this.now() };
    this.users.put(changed, this.now());
    return changed;
  }

  addGroup({ name, ...rest }: Partial<GroupFields> & { name: string }): GroupRecord {
    const at = this.now();
    const flags = { description: "", isInactive: false, isSecurityAdmin: false, isAuthenticationOnly: false };
    const group: GroupRecord = { ...flags, rights: {}, ...rest, name, id: this.newId(), created: at, modified: at };
    this.groups.put(group, at);
    return group;
  }

  changeGroup(id: number, change: Partial<GroupRecord>): GroupRecord {
    const group = this.groups.get(id);
    if (!group) throw new Error(`the simulated store has no group ${id}`);
    const changed = { ...group, ...change, id, modified: this.now() };
    this.groups.put(changed, this.now());
    return changed;
  }

  addVeslinkAccount(
    fields: Partial<VeslinkAccountFields> & { userName: string; password: string },
  ): VeslinkAccountRecord {
    const own = { email: "", administersCompany: false, restrictsVessels: false, vessels: [], ...fields };
    // Which type an account gets is not documented; one that has a platform user of its name signs in there.
    const authType = this.user(fields.userName) ? "ImosApp" : "None";
    const account: VeslinkAccountRecord = { ...own, authType, id: this.newId(), created: this.now() };
    this.veslinkAccounts.put(account, this.now());
    return account;
  }

  changeVeslinkAccount(id: number, change: Partial<VeslinkAccountRecord>): VeslinkAccountRecord {
    const account = this.veslinkAccounts.get(id);
    if (!account) throw new Error(`the simulated store has no Veslink account ${id}`);
    const changed = { ...account, ...change, id };
    this.veslinkAccounts.put(changed, this.now());
    return changed;
  }

  /** Ends every session at once, as a restart of the site would. */
  endSessions(): void {
    this.sessions.clear();
    this.signIn.halfSignedIn.clear();
  }

  forgetHistory(): void {
    for (const table of [this.users, this.groups, this.veslinkAccounts]) table.forgetHistory();
  }

  /** A copy that shares nothing that can change. It reads `now` unless given another clock. */
  clone(now: () => number = this.now): VesonStore {
    const copy = new VesonStore(0, now);
    const { companyName, licenseLimit, isApiLicensed } = this;
    Object.assign(copy, { companyName, licenseLimit, isApiLicensed });
    copy.users = this.users.clone();
    copy.groups = this.groups.clone();
    copy.veslinkAccounts = this.veslinkAccounts.clone();
    copy.sessions = new Map(this.sessions);
    copy.signIn = this.signIn.clone();
    copy.drafts = this.drafts.clone();
    copy.unreadTokens = new Set(this.unreadTokens);
    copy.submissions = [...this.submissions];
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
