import { everyPermission } from "./permissions.ts";
import type { ApiUserRecord, ConsoleAccount, GroupRecord } from "./records.ts";
import { IpressoStore } from "./store.ts";

/** What a new simulated installation holds. Its names are the simulator's own, but for the group of the vendor's example. */
export type IpressoWorld = {
  /** Sees the module System. */
  admin: ConsoleAccount;
  /** Does not. */
  marketer: ConsoleAccount;
  customerKey: string;
  /** An API user without restrictions of address. */
  apiUser: { login: string; password: string };
};

export type WorldOptions = { seed: number; users: number; now: () => number };

/** How long the users of a new installation have been there. */
const ageMs = 90 * 24 * 60 * 60 * 1000;

function account(store: IpressoStore, role: ConsoleAccount["role"], username: string, name: string): ConsoleAccount {
  return { username, name, role, password: store.newPassword(), totpSecret: store.newTotpSecret() };
}

/** "API Group" may do everything but campaigns, as in the example of the page API Users Groups. */
function addGroups(store: IpressoStore): { all: GroupRecord; reading: GroupRecord } {
  const allButCampaigns = everyPermission.filter((permission) => !permission.endsWith(" campaign"));
  const all = store.addGroup({ name: "API Group", permissions: allButCampaigns });
  const reads = everyPermission.filter((permission) => permission.startsWith("GET "));
  const reading = store.addGroup({ name: "Reports", permissions: reads });
  store.addGroup({ name: "Campaign senders", permissions: ["GET contact", "POST campaign"] });
  return { all, reading };
}

function addPeople(store: IpressoStore, { all, reading }: { all: GroupRecord; reading: GroupRecord }): ApiUserRecord {
  const created = store.now() - ageMs;
  const shop = store.addUser({
    ...{ login: "shop.sync", name: "Shop", surname: "Sync", email: "shop.sync@coffee.example" },
    ...{ groupIds: [all.id], created },
  });
  store.addUser({
    ...{ login: "bi.export", name: "Report export", email: "bi@coffee.example", groupIds: [reading.id], created },
    addresses: ["203.0.113.10", "203.0.113.11"],
  });
  return shop;
}

/** Fills a new store. Equal seeds and counts give an equal world. */
export function makeWorld({ seed, users, now }: WorldOptions): { store: IpressoStore; world: IpressoWorld } {
  const store = new IpressoStore(seed, now);
  store.companyName = "Harbor Coffee";
  const admin = account(store, "administrator", "a.keller@coffee.example", "Ada Keller");
  const marketer = account(store, "marketer", "m.brandt@coffee.example", "Mo Brandt");
  store.accounts = [admin, marketer];
  store.installation = { customerKey: store.random.hex(32), validitySeconds: 3600, returnsDifferentToken: false };
  const groups = addGroups(store);
  const { login, password } = addPeople(store, groups);
  for (let index = 1; index <= users; index += 1) {
    const number = String(index).padStart(4, "0");
    const own = { login: `user${number}`, name: `User ${index}`, email: `user${number}@coffee.example` };
    store.addUser({ ...own, groupIds: [groups.reading.id], created: store.now() - ageMs });
  }
  for (const name of ["Newsletter", "Regulars"]) store.putTag(null, name);
  store.putContact(null, { fname: "Nia", lname: "Okoro", email: "nia@customer.example" });
  store.forgetHistory();
  const { customerKey } = store.installation;
  return { store, world: { admin, marketer, customerKey, apiUser: { login, password } } };
}
