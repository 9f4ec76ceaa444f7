import { describe, expect, test } from "vitest";
import { entryOf } from "../src/commands/import.ts";
import { refresh } from "../src/refresh.ts";
import type { UserRecord } from "../src/simulators/veson/records.ts";
import {
  connector,
  fuel,
  fuelAndToken,
  madeSite,
  makeSite,
  planned,
  type Site,
  withResources,
} from "./veson-fixture.ts";
import { type Attributes, clear, type Resources } from "./world/conformance-world.ts";

/** Every attribute of every kind that is done on the console: made, changed, cleared, repaired, removed and taken over. */

interface Case {
  kind: string;
  needs: Resources;
  block: Attributes;
  edits: Attributes[];
  /** What the store holds, in the words of the schema. */
  stored(site: Site): Attributes;
  /** Changes something behind Steward's back. */
  change(site: Site, rest: Attributes): void;
  /** Drift that is repaired unasked, as the store calls it. */
  drifts: Attributes[];
  /** Drift whose repair would give access back. */
  held: Attributes[];
}

const groups: Resources = {
  veson_group: {
    one: { group_name: "Integrations, read" },
    two: { group_name: "Integrations" },
  },
};

const cases: Case[] = [
  {
    ...{ kind: "veson_group", needs: {} },
    block: {
      ...{ group_name: "Integrations", description: "Systems, all of them", inactive: false },
      ...{ security_admin: true, authentication_only: true },
    },
    edits: [
      { description: "Others" },
      { description: clear },
      { security_admin: false },
      { authentication_only: false },
    ],
    stored: ({ world }) => {
      const { name, description, isInactive, isSecurityAdmin, isAuthenticationOnly } =
        world.veson.store.group("Integrations")!;
      return {
        ...{ group_name: name, description: description || clear, inactive: isInactive },
        ...{ security_admin: isSecurityAdmin, authentication_only: isAuthenticationOnly },
      };
    },
    change: ({ world: { veson } }, rest) => {
      veson.store.changeGroup(veson.store.group("Integrations")!.id, rest);
    },
    drifts: [{ description: "other" }],
    held: [{ isSecurityAdmin: false }],
  },
  {
    ...{ kind: "veson_user", needs: groups },
    block: {
      ...fuel,
      ...{ email: "fuel@else.example", phone: "+47 22", inactive: false, api_permission: "write" },
      groups: ["Integrations, read", "Operations"],
    },
    edits: [
      ...[{ full_name: "Fuel" }, { initials: "F" }, { initials: clear }, { email: "f@e.example" }, { email: clear }],
      ...[{ phone: "1" }, { phone: clear }, { groups: ["Integrations"] }, { groups: [] }],
      ...[{ api_permission: "read" }, { api_permission: "imos_message" }],
    ],
    stored: (site) => storedUser(site, site.world.user("sys.fuel")),
    change: ({ world }, rest) => {
      world.veson.store.changeUser(world.user("sys.fuel").id, rest);
    },
    drifts: [{ fullName: "Other" }, { isExternalOnly: false }],
    held: [{ groupIds: [] }, { isInactive: true }],
  },
];

function storedUser({ world }: Site, user: UserRecord): Attributes {
  const { store } = world.veson;
  const granted = ["read", "write", "imos-message"].findLast((name) => user.rights[`veslink/api-${name}`]);
  return {
    ...{ user_name: user.userName, full_name: user.fullName, initials: user.initials || clear },
    ...{ email: user.email || clear, phone: user.phone || clear, inactive: user.isInactive, password: fuel.password },
    groups: user.groupIds.map((id) => store.groups.get(id)!.name).sort(),
    api_permission: granted?.replace("-", "_"),
  };
}

const resourcesOf = ({ kind, needs }: Case, block: Attributes): Resources => ({
  ...needs,
  [kind]: { it: block, ...needs[kind] },
});
/** What is already there, so that a case says only what it is about. */
const withOthers = (one: Case): Resources => (one.kind === "veson_user" ? { veson_group: groups.veson_group! } : {});

const leavesGroups = ({ groups: left }: Attributes): boolean => left !== undefined;

describe.each(cases)("$kind", (one) => {
  const made = (): Promise<Site> => madeSite({ seatsFree: 1 }, {}, resourcesOf(one, one.block));

  test("is made with every attribute, and nothing is left to do", async () => {
    const site = await made();
    expect(one.stored(site)).toEqual(one.block);
    expect((await planned(site)).changes).toEqual([]);
  });

  test("every attribute that can be changed is edited here", () => {
    const { properties } = connector.kinds.find(({ name }) => name === one.kind)!.schema;
    const own = Object.entries(properties).filter(([, schema]) => !schema.readOnly && !schema["x-immutable"]);
    const edited = new Set([...one.edits.flatMap(Object.keys), "inactive", "password"]);
    expect(own.map(([name]) => name).filter((name) => !edited.has(name))).toEqual([]);
  });

  test.each(one.edits)("is changed: %o", async (edit) => {
    const site = await made();
    const block = { ...one.block, ...edit };
    const changed = withResources(site, resourcesOf(one, block));
    const consents = leavesGroups(edit) ? { allowDeletions: 2 } : {};
    expect((await planned(changed, consents)).changes).toEqual([`update ${one.kind}.it`]);
    expect((await changed.world.apply(changed.text, { consents })).outcome).toBe("done");
    expect(one.stored(changed)).toEqual(block);
    expect((await planned(changed)).changes).toEqual([]);
  });

  test.each(one.drifts)("is repaired: %o", async (drift) => {
    const site = await made();
    one.change(site, drift);
    expect((await planned(site)).changes).toEqual([`update ${one.kind}.it`]);
    expect((await site.world.apply(site.text)).outcome).toBe("done");
    expect(one.stored(site)).toEqual(one.block);
    expect((await planned(site)).changes).toEqual([]);
  });

  test.each(one.held)("is left as it is until somebody restores it: %o", async (drift) => {
    const site = await made();
    one.change(site, drift);
    expect((await planned(site)).changes).toEqual([expect.stringMatching(/^held (update|revive) /)]);
    await site.world.apply(site.text, { consents: { restore: [`${one.kind}.it`] } });
    expect(one.stored(site)).toEqual(one.block);
    expect((await planned(site)).changes).toEqual([]);
  });

  test("is made inactive when its block goes, and is gone for Steward", async () => {
    const site = await made();
    const none = withResources(site, withOthers(one));
    await none.world.apply(none.text, { consents: { allowDeletions: 1 } });
    expect(one.stored(none).inactive).toBe(true);
    expect((await planned(none)).changes).toEqual([]);
  });

  test("is imported, and is then as declared", async () => {
    const site = await made();
    const id = String(one.block[one.kind === "veson_user" ? "user_name" : "group_name"]);
    const forgotten = await makeSite(resourcesOf(one, one.block));
    const copy = { world: forgotten.world, text: forgotten.text };
    Object.assign(copy.world.veson.store, site.world.veson.clone({ now: () => copy.world.clock.now() }).store);
    await importInto(copy, `${one.kind}.it`, id);
    for (const [name, { group_name }] of Object.entries(one.needs.veson_group ?? {})) {
      await importInto(copy, `veson_group.${name}`, String(group_name));
    }
    const { plan } = await planned(copy);
    const own = plan.changes.filter(({ address }) => address === `${one.kind}.it`);
    // A password cannot be read: it is set where one is declared.
    expect(own.flatMap(({ attributes }) => attributes.map(({ path }) => path))).toEqual(
      one.kind === "veson_user" ? ["password"] : [],
    );
  });
});

async function importInto({ world, text }: Site, address: string, id: string): Promise<void> {
  await world.withLock(text, "import", async (workspace) => {
    const observation = await refresh(workspace, { probe: "none" });
    const [kind = ""] = address.split(".");
    const resource = workspace.manifest.resources.find((candidate) => candidate.address === address)!;
    const actual = observation.systems.veson!.kinds[kind]!.objects.find((object) => object.id === id)!;
    const entry = entryOf({ address, kind: workspace.kinds.get(kind)!, system: "veson", actual, resource });
    await workspace.append([{ type: "entry", at: workspace.timestamp(), by: "test", why: "import", address, entry }]);
  });
}

describe("a site that is slow, broken or out of date now and then", () => {
  test.each([
    "session-ends:console/users/save:1",
    "session-ends:console/users/press:2",
    "500:console/users/save:1",
    "500:console/users/add:1",
    "429:console/users/add:1",
    "html:console/security/list:1",
    "truncated:console/users/save:1",
    "truncated:console/users/open:3",
    "cut-after-commit:console/users/add:1",
    "cut-after-commit:console/users/save:2",
    "cut-before:console/users/save:1",
    "commit-after:console/users/add:1:20s",
    "commit-after:console/users/save:1:20s",
    "list-lags:console/security/list:2:10s",
    "500:veslink/partners/list:1",
  ])("leads to the same end: %s", async (fault) => {
    const site = await makeSite(fuelAndToken, { seatsFree: 0 });
    site.world.veson.faults.add(fault);
    const again = async (): Promise<boolean> => {
      await site.world.apply(site.text).catch(() => undefined);
      site.world.clock.advance(120_000);
      site.world.veson.settlePending();
      return (await planned(site)).changes.length === 0;
    };
    let isDone = await again();
    site.world.veson.faults.clear();
    for (let round = 0; round < 3 && !isDone; round++) isDone = await again();
    expect(isDone).toBe(true);
    const { store } = site.world.veson;
    expect(store.users.values().filter(({ userName }) => userName === "sys.fuel")).toHaveLength(1);
    expect(site.world.user("sys.fuel")).toMatchObject({
      isExternalOnly: true,
      rights: { "veslink/api-read": "delete" },
    });
    expect(site.world.user("j.doe").isInactive).toBe(false);
    expect(await site.world.secret(site.text, "FUEL_TOKEN")).toBe(site.world.user("sys.fuel").token);
  });
});

describe("hostile words", () => {
  test.each([
    ['<script>alert("x")</script>', "a & b"],
    ["A, B", "Inactive"],
    ["API Reader", "Save"],
    ["sys.fuel' OR 1=1 --", "evil'; --"],
  ])("in names are names: %s", async (user_name, full_name) => {
    const site = await makeSite({ veson_user: { it: { ...fuel, user_name, full_name } } });
    expect((await site.world.apply(site.text)).outcome).toBe("done");
    expect(site.world.user(user_name)).toMatchObject({ fullName: full_name, isExternalOnly: true });
    expect((await planned(site)).changes).toEqual([]);
  });

  test.each([
    ["that a terminal would obey", { user_name: "sys.\u001b[31mred" }],
    ["that turn a line around", { full_name: "\u202Eevil" }],
  ])("%s are refused before anything is read", async (_what, names) => {
    await expect(makeSite({ veson_user: { it: { ...fuel, ...names } } })).rejects.toThrow("1 errors in the manifest");
  });

  test("that are those of a right are told apart nowhere: the user is left closed, and nothing is guessed", async () => {
    const site = await makeSite({ veson_user: { it: { ...fuel, user_name: "API Read" } } }, { seatsFree: 0 });
    expect((await site.world.apply(site.text)).outcome).toBe("unfinished");
    expect(site.world.user("API Read")).toMatchObject({ isExternalOnly: true, rights: {} });
    expect(site.world.user("j.doe").isInactive).toBe(false);
  });
});
