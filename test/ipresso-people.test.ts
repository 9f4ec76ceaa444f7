import { describe, expect, test } from "vitest";
import { askedStep } from "../src/apply/answer.ts";
import type { Screen } from "../src/screen.ts";
import { lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { IpressoWorld, ipressoManifest, shop, shopGroup, shopUser } from "./world/ipresso-world.ts";
import { confirmIn } from "./world/people-world.ts";

/** The same work by a person: the same screens as instructions, and what is told of them. */

const key = 'customer_key: "${env.IPR_KEY}"';
const manifest = (resources: Resources): string => ipressoManifest(resources, { hand: "person", credentials: key });
const user = "ipresso_api_user.shop";
const group = "ipresso_user_group.shop";

async function begun(resources: Resources, world = new IpressoWorld()) {
  const text = manifest(resources);
  await world.trust(text);
  const tell = (
    step: string,
    result: "done" | "found" | "absent" | "cannot-see",
    fields: Record<string, string> = {},
    secrets: Record<string, string> = {},
  ) => confirmIn(world, text, step, result, { fields, secrets });
  return { world, text, tell };
}

/** The password that Steward chose, as `steward do` shows it to whoever enters it. */
async function chosen(world: IpressoWorld, text: string, path = "SHOP_PASSWORD"): Promise<string> {
  const value = await world.sinks(world.manifest(text)).get("local")!.read(path, "next");
  return value?.reveal() ?? "";
}

async function screenOf(world: IpressoWorld, text: string, step: string): Promise<Screen> {
  const workspace = await world.open(text);
  const { screen } = askedStep(workspace, step);
  await workspace.close();
  return screen;
}

/** Does at the store what the instructions for a group and its user say. */
function makeBoth({ ipresso }: IpressoWorld, password: string): void {
  const { id } = ipresso.store.addGroup({ name: "Shop integration", permissions: ["GET contact", "POST contact"] });
  ipresso.store.addUser({ login: "shop.two", email: "shop.two@coffee.example", groupIds: [id], password });
}

/** A group and its user, made by a person. */
async function made() {
  const work = await begun(shop());
  const { world, text, tell } = work;
  await world.apply(text);
  await tell(`${group}/observe`, "absent");
  await tell(`${group}/create`, "done");
  await world.apply(text);
  await tell(`${user}/observe`, "absent");
  makeBoth(world, await chosen(world, text));
  await tell(`${user}/create`, "done");
  await world.apply(text);
  return work;
}

describe("a group and a user by a person", () => {
  test("are looked for, made, and the password is proven by a real call", async () => {
    const { world, text } = await made();
    expect(lines(await world.plan(text))).toEqual([]);
    expect(world.ipresso.store.countOf("ipresso/auth")).toBe(1);
    expect(await world.secret(text, "SHOP_PASSWORD")).toBe(world.user("shop.two")?.password);
    expect(world.requests.every(({ path }) => path.startsWith("/api/"))).toBe(true);
  });

  test("are not believed where the password that was entered does not work", async () => {
    const { world, text, tell } = await begun(shop());
    await world.apply(text);
    await tell(`${group}/observe`, "absent");
    await tell(`${group}/create`, "done");
    await world.apply(text);
    await tell(`${user}/observe`, "absent");
    makeBoth(world, "typed wrong");
    const { proofs } = await tell(`${user}/create`, "done");
    expect(proofs.map(({ result }) => result)).toEqual(["failed"]);
    expect(await world.secret(text, "SHOP_PASSWORD")).toBeUndefined();
  });

  test("that are there are refused, or taken over as they are told, and what differs is the next plan's", async () => {
    const found = await begun({ ipresso_user_group: { shop: shopGroup } });
    await found.world.apply(found.text);
    const refused = await found.tell(`${group}/observe`, "found");
    expect(refused.because).toContain("write lifecycle: { adopt: true }");
    const adopting = { ...shopGroup, lifecycle: { adopt: true } };
    const { world, text, tell } = await begun({ ipresso_user_group: { shop: adopting } });
    await world.apply(text);
    await tell(`${group}/observe`, "found");
    const told = await tell(`${group}/adopt`, "done", { permissions: "GET contact, GET tag" });
    expect(told.because).toContain("another permissions than declared");
    await world.recover(text);
    const plan = await world.plan(text);
    expect(plan.changes[0]?.attributes).toMatchObject([{ path: "permissions", before: ["GET contact", "GET tag"] }]);
    expect(plan.steps.map(({ operation, hand }) => `${operation} ${hand}`)).toEqual(["update person"]);
  });

  test("of a user whose password nobody knows nothing is set unasked", async () => {
    const found = { ...shopUser, groups: ["Reports"], lifecycle: { adopt: true } };
    const { world, text, tell } = await begun({ ipresso_api_user: { shop: found } });
    await world.apply(text);
    await tell(`${user}/observe`, "found");
    const fields = { email: "shop.two@coffee.example", groups: "Reports" };
    await tell(`${user}/adopt`, "done", fields);
    await world.apply(text).catch(() => undefined);
    expect(await refusalOf(world.plan(text))).toContain("write take_over: true");
  });

  test("IPR-07 a password that nothing can prove is not recorded as proven, and is proven as soon as it can be", async () => {
    const { world } = await made();
    const next = { password: { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 } };
    const keyless = ipressoManifest(shop(next), { hand: "person" });
    const provenIn = async () => (await world.open(keyless)).state.entries[user]?.secrets.password?.proven;
    expect(await provenIn()).toBe(true);
    await world.apply(keyless);
    const { store } = world.ipresso;
    const password = await chosen(world, keyless);
    await confirmIn(world, keyless, `${user}/set_password`, "done");
    expect([await provenIn(), await world.secret(keyless, "SHOP_PASSWORD")]).toEqual([false, password]);
    const keyed = manifest(shop(next));
    const proves = await world.apply(keyed);
    expect(proves.steps.map(({ step, result }) => `${step.operation} ${result}`)).toEqual(["prove failed"]);
    store.changeUser(store.user("shop.two")!.id, { password });
    await world.apply(keyed);
    expect([await provenIn(), lines(await world.plan(keyed))]).toEqual([true, []]);
  });

  test("change, get another password and go, by instructions that say what to look at first", async () => {
    const { world } = await made();
    const next = { password: { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 }, surname: "Sync" };
    const changed = manifest(shop(next));
    await world.apply(changed);
    const { store } = world.ipresso;
    const { id } = store.user("shop.two")!;
    store.changeUser(id, { password: await chosen(world, changed) });
    const tellNext = (step: string) => confirmIn(world, changed, step, "done");
    await tellNext(`${user}/set_password`);
    await world.apply(changed);
    const screen = await screenOf(world, changed, `${user}/update`);
    expect(screen.acts.find(({ act }) => act === "fill")).toMatchObject({ fields: [{ value: "Sync" }] });
    expect(screen.results.map(({ result, asks }) => `${result} ${asks.length}`)).toEqual([
      "done 0",
      "not-done 0",
      "failed 0",
    ]);
    store.changeUser(id, { surname: "Sync" });
    await tellNext(`${user}/update`);
    await world.apply(changed);
    expect(lines(await world.plan(changed))).toEqual([]);
    expect(await world.secret(changed, "SHOP_PASSWORD")).toBe(store.user("shop.two")?.password);
    const none = manifest({});
    await world.apply(none, { consents: { allowDeletions: 2 } });
    store.removeUser(id);
    await confirmIn(world, none, `${user}/delete`, "done");
    await world.apply(none);
    await confirmIn(world, none, `${group}/delete`, "done");
    expect(lines(await world.plan(none))).toEqual([]);
  });

  test("are looked at again when somebody wants it: what differs is drift, what is gone is held", async () => {
    const { world, text, tell } = await made();
    const ask = async (address: string) => world.apply(text, { consents: { ask: [address] } });
    await ask(user);
    await tell(`${user}/inspect`, "found", {
      ...{ email: "shop.two@coffee.example", groups: "Shop integration", allowed_addresses: "10.0.0.1" },
    });
    expect((await world.plan(text)).changes[0]?.attributes).toMatchObject([
      { path: "allowed_addresses", before: ["10.0.0.1"], after: ["any"], drift: true },
    ]);
    expect(lines(await world.plan(text))).toEqual([`held update ${user}`]);
    await ask(group);
    await tell(`${group}/inspect`, "absent");
    expect(lines(await world.plan(text))).toContain(`held create ${group}`);
  });
});

describe("the settings by a person", () => {
  const panel = "ipresso_api_settings.panel";

  test("are told as they are, with the key, and what differs is changed by the next plan", async () => {
    const resources = { ipresso_api_settings: { panel: { validity_seconds: 60, deliver_to: "local:KEY" } } };
    const { world, text, tell } = await begun(resources);
    await world.apply(text);
    const told = await tell(`${panel}/adopt`, "done", { validity_seconds: "3600", returns_different_token: "off" });
    expect(told.because).toContain("another validity_seconds");
    await world.recover(text);
    await world.apply(text);
    await tell(`${panel}/update`, "done");
    await world.apply(text);
    await tell(`${panel}/deliver`, "done", {}, { customer_key: "k".repeat(32) });
    await world.apply(text);
    expect(await world.secret(text, "KEY")).toBe("k".repeat(32));
    expect(lines(await world.plan(text))).toEqual([]);
    await world.apply(text, { consents: { ask: [panel] } });
    await tell(`${panel}/inspect`, "found", { validity_seconds: "30", returns_different_token: "off" });
    expect(lines(await world.plan(text))).toEqual([`held update ${panel}`]);
  });

  test("take no key that cannot be one", async () => {
    const { world, text, tell } = await begun({ ipresso_api_settings: { panel: { deliver_to: "local:KEY" } } });
    await world.apply(text);
    await tell(`${panel}/adopt`, "done", { validity_seconds: "3600", returns_different_token: "off" });
    await world.apply(text);
    const wrong = tell(`${panel}/deliver`, "done", {}, { customer_key: "two words" });
    expect(await refusalOf(wrong)).toContain("is empty or holds blanks: nothing was recorded");
    const none = tell(`${panel}/adopt`, "done", { validity_seconds: "soon", returns_different_token: "off" });
    expect(await refusalOf(none)).not.toBe("");
  });
});
