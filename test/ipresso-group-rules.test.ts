import { describe, expect, test } from "vitest";
import { applied, lines, refusalOf } from "./world/conformance-world.ts";
import { deletion, notesOf, planOf, refused, users, worldWith } from "./world/ipresso-plans.ts";
import { IpressoWorld, ipressoManifest, shopGroup, shopUser } from "./world/ipresso-world.ts";

/** What docs/systems/ipresso.md says of groups, rule by rule. */

describe("groups", () => {
  test("IPR-10 are made before their users and go after them, also when they are named by hand", async () => {
    const text = users({ one: { ...shopUser, groups: ["Shop integration"] } });
    const plan = await planOf(text);
    const create = plan.steps.find(({ id }) => id === "ipresso_api_user.one/create")!;
    expect(create.needs).toContain("ipresso_user_group.shop/create");
    const world = await worldWith(text);
    await applied(world, ipressoManifest({}), { allowDeletions: 2 });
    expect(world.writes().slice(-2)).toEqual(["console/users/delete", "console/groups/delete"]);
  });

  test("IPR-10 one that is neither declared nor there is an error that names those that are", async () => {
    const text = users({ one: { ...shopUser, groups: ["Shops"] } });
    expect(await refused(text)).toContain(
      'has no user group "Shops" (IPR-10) => its groups are: API Group, Campaign senders, Reports',
    );
  });

  test("IPR-10 one that somebody took from a user is given back only with --restore", async () => {
    const text = users({ one: shopUser });
    const world = await worldWith(text);
    const { store } = world.ipresso;
    store.changeUser(store.user("shop.two")!.id, { groupIds: [store.group("Reports")!.id] });
    expect(lines(await world.plan(text))).toEqual(["held update ipresso_api_user.one"]);
    await applied(world, text, { restore: ["ipresso_api_user.one"] });
    expect(store.user("shop.two")?.groupIds).toEqual([store.group("Shop integration")!.id]);
  });

  test("IPR-11 one with users that stay is not deleted, and the error names them", async () => {
    const world = await worldWith(users({ one: shopUser }));
    const { store } = world.ipresso;
    const { id } = store.group("Shop integration")!;
    store.addUser({ login: "foreign", email: "f@coffee.example", groupIds: [id] });
    const none = ipressoManifest({});
    expect(await refusalOf(world.plan(none, { allowDeletions: 2 }))).toContain(
      "the user group Shop integration still has users: foreign (IPR-11)",
    );
    store.removeUser(store.user("foreign")!.id);
    const kept = ipressoManifest({ ipresso_api_user: { one: { ...shopUser, groups: ["Shop integration"] } } });
    expect(await refusalOf(world.plan(kept, deletion))).toContain("still has users: ipresso_api_user.one (IPR-11)");
    const forgotten = users({ one: { ...shopUser, lifecycle: { on_remove: "forget" } } });
    await applied(world, forgotten);
    expect(await refusalOf(world.plan(none, deletion))).toContain("ipresso_api_user.one (IPR-11)");
  });

  test("IPR-11 users that the list does not show keep it too", async () => {
    const world = new IpressoWorld({ listColumns: "narrow" });
    const text = ipressoManifest({ ipresso_user_group: { shop: shopGroup } });
    await worldWith(text, world);
    const { store } = world.ipresso;
    store.addUser({ login: "foreign", email: "f@coffee.example", groupIds: [store.group("Shop integration")!.id] });
    expect(await refusalOf(world.plan(ipressoManifest({}), deletion))).toContain(
      "1 whose group the list of users does not show",
    );
  });

  test("IPR-11 users that move away in the same plan do so first, and the plan says that it cannot be undone", async () => {
    const world = await worldWith(users({ one: shopUser }));
    const moved = users({ one: { ...shopUser, groups: ["Reports"] } }, {});
    const plan = await applied(world, moved, deletion);
    expect(notesOf(plan, "ipresso_user_group.shop")).toEqual(["it cannot be had again (IPR-11)"]);
    expect(world.writes().slice(-2)).toEqual(["console/users/save", "console/groups/delete"]);
    expect(world.group("Shop integration")).toBeUndefined();
  });

  test("IPR-12 two of one name are an error, for whoever needs one of them", async () => {
    const world = await worldWith(users({ one: shopUser }));
    world.ipresso.store.addGroup({ name: "Shop integration" });
    expect(await refusalOf(world.plan(users({ one: shopUser })))).toContain(
      "ipresso has 2 user groups named Shop integration, and nothing tells them apart (IPR-12)",
    );
  });

  test("IPR-12 a name that another group has is refused, for a new one and for one that is renamed", async () => {
    const taken = users({}, { shop: { ...shopGroup, name: "Reports" } });
    expect(await refused(taken)).toContain("ipresso_user_group.shop exists already");
    const world = await worldWith(users({}));
    expect(await refusalOf(world.plan(taken))).toContain(
      "has a user group Reports already, which Steward does not manage",
    );
  });

  test("IPR-12 one that is renamed keeps its users, and nothing is done about them", async () => {
    const world = await worldWith(users({ one: shopUser }));
    const { id } = world.group("Shop integration")!;
    const text = users({ one: { ...shopUser, surname: "Sync" } }, { shop: { ...shopGroup, name: "Shops" } });
    const plan = await applied(world, text);
    expect(plan.changes.map(({ attributes }) => attributes.map(({ path }) => path))).toEqual([["surname"], ["name"]]);
    const { expects } = plan.steps.find(({ kind }) => kind === "ipresso_api_user")!;
    expect(Object.keys((expects as { attributes: object }).attributes)).not.toContain("groups");
    expect(world.user("shop.two")?.groupIds).toEqual([id]);
    expect(lines(await world.plan(text))).toEqual([]);
    expect(lines(await applied(world, users({ one: shopUser }, { shop: { ...shopGroup, name: "Shops" } })))).toEqual([
      "update ipresso_api_user.one",
    ]);
  });

  test("IPR-12 after a cut create two of the name are in doubt, and no third one is made", async () => {
    const world = new IpressoWorld();
    const text = users({});
    await world.trust(text);
    world.ipresso.faults.add({ fault: "cut-after-commit", method: "console/groups/add", times: 1 });
    world.ipresso.faults.add({ fault: "cut-before", method: "console/groups/list", every: 4 });
    const before = world.ipresso.store.groups.values().length;
    await world.apply(text).catch(() => undefined);
    world.ipresso.store.addGroup({ name: "Shop integration" });
    world.ipresso.faults.clear();
    const doubts = await world.recover(text);
    expect(doubts.map(({ settled }) => settled)).toEqual([
      { verdict: "unknown", because: expect.stringContaining("there are 2 user groups named Shop integration") },
    ]);
    expect(world.ipresso.store.groups.values().length).toBe(before + 2);
  });

  test("IPR-13 every box that is on is read, known or not, and words of the screen are ours by their key", async () => {
    const text = users({}, { shop: { ...shopGroup, permissions: ["GET contact", "GET tag"] } });
    const world = await worldWith(text);
    const other = new IpressoWorld({ labels: { tag: "labels" } }, undefined);
    await other.trust(text);
    other.ipresso.store.addGroup({ name: "Shop integration", permissions: ["GET contact", "GET tag"] });
    const named = users(
      {},
      { shop: { ...shopGroup, permissions: ["GET contact", "GET labels"], lifecycle: { adopt: true } } },
    );
    expect(lines(await applied(other, named))).toEqual(["adopt ipresso_user_group.shop"]);
    expect(world.group("Shop integration")?.permissions).toEqual(["GET contact", "GET tag"]);
    await applied(other, users({}, { shop: { ...shopGroup, permissions: ["GET contact"] } }));
    expect(other.group("Shop integration")?.permissions).toEqual(["GET contact"]);
  });

  test("IPR-13 permissions that somebody took away are given back only with --restore, others are taken back", async () => {
    const text = users({});
    const world = await worldWith(text);
    const { store } = world.ipresso;
    const { id } = store.group("Shop integration")!;
    store.changeGroup(id, { permissions: ["GET contact", "POST contact", "DELETE contact"] });
    await applied(world, text);
    expect(store.groups.get(id)?.permissions).toEqual(["GET contact", "POST contact"]);
    store.changeGroup(id, { permissions: ["GET contact"] });
    expect(lines(await world.plan(text))).toEqual(["held update ipresso_user_group.shop"]);
    await applied(world, text, { restore: ["ipresso_user_group.shop"] });
    expect(store.groups.get(id)?.permissions).toEqual(["GET contact", "POST contact"]);
  });
});
