import type { UserRecord } from "./records.ts";
import { type Rights, vesselNodes } from "./rights.ts";
import { VesonStore } from "./store.ts";

/** Whoever signs in at the console. */
export type Account = { username: string; password: string; totpSecret: string };

/** What a new simulated site holds. Its names are the simulator's own. */
export type VesonWorld = {
  /** Security Admin by itself; administers the company account too. */
  admin: Account;
  /** Made a Security Admin by a group only: may change groups, and not other users. */
  groupAdmin: Account;
  /** A business user who counts, with rights of a group and a token of her own. */
  business: Account & { token: string };
  /** A system user as the document makes one: External Access Only, with a token. */
  system: { username: string; token: string };
};

export type WorldOptions = { seed: number; users: number; seatsFree: number; now: () => number };

/** How long the people of a new site have been there. */
const ageMs = 90 * 24 * 60 * 60 * 1000;
const everyVessel: Rights = Object.fromEntries(vesselNodes.map(({ key }) => [key, "read"] as const));
const officeRights: Rights = { "chartering/estimates": "delete", "operations/voyages": "write", ...everyVessel };

function accountOf({ userName, password, totpSecret }: UserRecord): Account {
  return { username: userName, password, totpSecret };
}

const emailOf = (userName: string): string => `${userName}@shipping.example`;

function addPeople(store: VesonStore): { admin: UserRecord; groupAdmin: UserRecord; business: UserRecord } {
  const chartering = store.addGroup({
    name: "Chartering",
    description: "Desk of the chartering team",
    rights: officeRights,
  });
  store.addGroup({ name: "Operations", description: "Voyage operators", rights: { "operations/voyages": "delete" } });
  const security = store.addGroup({ name: "Security Team", isSecurityAdmin: true });
  const staff = (userName: string, fullName: string, initials: string, rest: Partial<UserRecord> = {}): UserRecord =>
    store.addUser({
      ...{ userName, fullName, initials, created: store.now() - ageMs },
      email: emailOf(userName),
      ...rest,
    });
  const admin = staff("s.harper", "Sam Harper", "SHA", { isSecurityAdmin: true });
  const groupAdmin = staff("g.lund", "Greta Lund", "GLU", { groupIds: [security.id] });
  const token = store.newToken();
  const business = staff("j.doe", "Jane Doe", "JDO", {
    ...{ groupIds: [chartering.id], rights: { "veslink/api-read": "read" }, token },
  });
  staff("m.ortega", "Mia Ortega", "MOR", { groupIds: [chartering.id] });
  staff("p.okafor", "Paul Okafor", "POK", { isReadOnly: true });
  staff("r.winter", "Rolf Winter", "RWI", { isInactive: true });
  staff("kiosk", "Bridge kiosk", "KIO", { isAuthenticationOnly: true });
  return { admin, groupAdmin, business };
}

function addSystemUser(store: VesonStore): UserRecord {
  const rights: Rights = { "veslink/api-read": "read", ...everyVessel };
  const flags = { isExternalOnly: true, rights, token: store.newToken() };
  const names = { userName: "sys.reports", fullName: "Report export", initials: "SYS" };
  return store.addUser({ ...names, email: emailOf(names.userName), created: store.now() - ageMs, ...flags });
}

/** Fills a new store. Equal seeds and counts give an equal world. */
export function makeWorld({ seed, users, seatsFree, now }: WorldOptions): { store: VesonStore; world: VesonWorld } {
  const store = new VesonStore(seed, now);
  store.companyName = "Harbor Shipping";
  const { admin, groupAdmin, business } = addPeople(store);
  const system = addSystemUser(store);
  for (let index = 1; index <= users; index += 1) {
    const number = String(index).padStart(4, "0");
    const userName = `user${number}`;
    const names = { userName, fullName: `User ${index}`, initials: `U${number}`, email: emailOf(userName) };
    store.addUser({ ...names, created: store.now() - ageMs });
  }
  for (const { userName, password, email } of [admin, system]) {
    store.addVeslinkAccount({ userName, password, email, administersCompany: userName === admin.userName });
  }
  store.licenseLimit = store.seatsUsed + seatsFree;
  store.forgetHistory();
  const world = {
    ...{ admin: accountOf(admin), groupAdmin: accountOf(groupAdmin) },
    business: { ...accountOf(business), token: business.token ?? "" },
    system: { username: system.userName, token: system.token ?? "" },
  };
  return { store, world };
}
