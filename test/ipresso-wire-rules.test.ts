import { describe, expect, test } from "vitest";
import { readAuthentication } from "../src/connectors/ipresso/answer.ts";
import { ipressoConnector } from "../src/connectors/ipresso/connector.ts";
import type { IpressoReader } from "../src/connectors/ipresso/reader.ts";
import { checkSettings } from "../src/connectors/ipresso/settings.ts";
import type { SystemConfig } from "../src/manifest/manifest.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import { Secret } from "../src/secret.ts";
import { applied, lines, refusalOf } from "./world/conformance-world.ts";
import { IpressoWorld, ipressoManifest, shop, shopGroup, shopUser } from "./world/ipresso-world.ts";

/** What docs/systems/ipresso.md says of the wire, of the way to the console and of what no document says about it. */

const connector = ipressoConnector(loadKindSchemas(), loadLabels());
const deletion = { allowDeletions: 1 };

async function worldWith(text: string, world = new IpressoWorld()): Promise<IpressoWorld> {
  await world.trust(text);
  await applied(world, text);
  return world;
}

/** What the reader of the panel says. */
async function reading<T>(world: IpressoWorld, text: string, work: (reader: IpressoReader) => Promise<T>) {
  await world.trust(text);
  const workspace = await world.open(text);
  const result = await work(workspace.system("ipresso").reader as IpressoReader);
  await workspace.close();
  return result;
}

const answer = (status: number, body: object | string) =>
  readAuthentication(
    { status, headers: {}, body: typeof body === "string" ? body : JSON.stringify(body) },
    (text) => text,
  );

describe("an authorization", () => {
  const text = ipressoManifest(shop(), { credentials: 'customer_key: "${env.IPR_KEY}"' });

  test("IPR-16 is all that a proof asks: whatever the group allows", async () => {
    const poor = ipressoManifest(shop({}, { permissions: ["DELETE www"] }));
    const world = await worldWith(poor);
    const calls = world.requests.filter(({ path }) => path.startsWith("/api/"));
    expect(calls.map(({ method, path }) => `${method} ${path.split("/").slice(0, 4).join("/")}`)).toEqual([
      "GET /api/2/auth",
    ]);
    expect(await world.secret(poor, "SHOP_PASSWORD")).toBe(world.user("shop.two")?.password);
  });

  test("IPR-17 is sent as the public client sends it, by the header names of today", async () => {
    const world = await worldWith(text);
    const [call] = world.requests.filter(({ path }) => path.startsWith("/api/"));
    const { password } = world.user("shop.two")!;
    expect(call).toMatchObject({ method: "GET", path: `/api/2/auth/${world.ipresso.world.customerKey}`, body: "" });
    expect(call!.headers["user-agent"]).toBe("iPresso");
    expect(call!.headers.authorization).toBe(`Basic ${Buffer.from(`shop.two:${password}`).toString("base64")}`);
    expect(Object.keys(call!.headers).filter((name) => name.includes("_"))).toEqual([]);
  });

  test("IPR-18 with a wrong key says nothing of the password; with a wrong login it is refused", async () => {
    const world = await worldWith(text);
    const password = new Secret(world.user("shop.two")!.password);
    const ask = (login: string, secret = password) =>
      reading(world, text, (reader) => reader.authenticate(login, secret));
    expect(await ask("shop.two")).toEqual({ health: "working" });
    expect(await ask("shop.two", new Secret("wrong"))).toMatchObject({ health: "refused" });
    expect(await ask("nobody")).toMatchObject({ health: "refused" });
    world.moreVariables.IPR_KEY = "0".repeat(32);
    expect(await ask("shop.two")).toMatchObject({
      ...{ health: "inconclusive", because: "key" },
      detail: expect.stringContaining("the key of the installation is another one"),
    });
    expect(answer(403, { code: 403, message: "no" }).health).toBe("refused");
    expect(answer(401, { code: 401, message: "no" }).health).toBe("refused");
  });

  test("IPR-18 a proof with a wrong key fails and says so", async () => {
    const world = new IpressoWorld();
    world.moreVariables.IPR_KEY = "0".repeat(32);
    await world.trust(text);
    const { steps } = await world.apply(text);
    const proof = steps.find(({ step }) => step.operation === "prove");
    expect(proof).toMatchObject({ result: "failed", because: expect.stringContaining("CUSTOMER_KEY, IPR-18") });
  });

  test("IPR-19 error codes tell a blocked user from a blocked address and from too many calls", () => {
    expect(answer(403, { code: 403, message: "x", errorCode: 113 })).toMatchObject({ health: "refused" });
    expect(answer(403, { code: 403, message: "x", errorCode: 112 })).toMatchObject({
      health: "inconclusive",
      because: "address",
    });
    expect(answer(403, { code: 403, message: "x", errorCode: 2 })).toEqual({
      ...{ health: "inconclusive", detail: 'it says "x" (HTTP 403, error code 2)' },
    });
    expect(answer(403, { code: 403, message: "x", errorCode: 113 }).detail).toContain("blocked");
  });

  test("IPR-20 what is no answer of the API proves nothing", () => {
    const others = [
      "<html>Sign in</html>",
      "",
      "[]",
      '"token"',
      { data: "token" },
      { code: 200, message: "OK", data: "" },
    ];
    for (const body of others) expect(answer(200, body).health, JSON.stringify(body)).toBe("inconclusive");
    expect(answer(302, "").health).toBe("inconclusive");
    expect(answer(200, { code: 200, message: "OK", data: "token" })).toEqual({ health: "working" });
  });

  test("IPR-20 texts are shown short and without secrets, also when they repeat what was sent", async () => {
    const world = await worldWith(text);
    const { password } = world.user("shop.two")!;
    const key = world.ipresso.world.customerKey;
    const basic = Buffer.from(`shop.two:${password}`).toString("base64");
    const said = `${key}\u0007${basic} ${password} ${"x".repeat(5000)}`;
    world.answerApi = () => ({ status: 401, headers: {}, body: JSON.stringify({ code: 401, message: said }) });
    const { detail = "" } = await reading(world, text, (reader) =>
      reader.authenticate("shop.two", new Secret(password)),
    );
    for (const secret of [key, basic, password]) expect(detail).not.toContain(secret);
    expect(detail).toContain("(secret) (secret) (secret)");
    expect(detail.length).toBeLessThan(500);
  });

  test.each(["cut-before", "500", "429", "slow"] as const)(
    "IPR-21 leaves no key in traces and faults after %s",
    async (fault) => {
      const world = new IpressoWorld();
      await world.trust(text);
      world.ipresso.faults.add({ fault, method: "ipresso/auth", ...(fault === "slow" ? { ms: 600_000 } : {}) });
      const report = await world.apply(text);
      const said = JSON.stringify(report) + world.traces.join("\n");
      expect(world.traces.some((line) => line.includes("GET https://panel.test/api/2/auth/ "))).toBe(true);
      for (const secret of [world.ipresso.world.customerKey, world.user("shop.two")!.password]) {
        expect(said.includes(secret)).toBe(false);
        expect(said.includes(encodeURIComponent(secret))).toBe(false);
      }
    },
  );
});

describe("the way to the console", () => {
  const step = (kind: string, operation: string, input: object) =>
    ({ kind, operation, input, hand: "browser" }) as never;
  const system = {
    name: "ipresso",
    type: "ipresso",
    url: "https://panel.test",
    hand: "browser",
    settings: {},
    credentials: {},
  };
  const screenOf = (kind: string, operation: string, input: object, settings: object = {}) => {
    const one = connector.kinds.find(({ name }) => name === kind)!;
    return one.operations[operation]!.screen!(step(kind, operation, input), { ...system, settings } as never);
  };
  const pathOf = (screen: ReturnType<typeof screenOf>): string[] =>
    screen.acts.flatMap((act) => (act.act === "go" ? act.path.map(({ text }) => text) : []));

  test("IPR-01 is that of the document, by names and not by addresses", async () => {
    const place = ["Modules", "System", "System Accesses", "API Users"];
    const user = screenOf("ipresso_api_user", "delete", { login: "x" });
    expect([user.url, ...pathOf(user)]).toEqual(["https://panel.test", ...place, "API Users"]);
    expect(pathOf(screenOf("ipresso_user_group", "delete", { name: "x" }))).toEqual([...place, "User groups"]);
    const world = await worldWith(ipressoManifest(shop()));
    const opened = world.requests.filter(({ path, method }) => method === "GET" && path === "/");
    expect(opened.length).toBeGreaterThan(0);
  });

  test("IPR-22 an empty plan of 200 users reads lists only, where the list shows all that is declared", async () => {
    const world = new IpressoWorld({ users: 200 });
    const { store } = world.ipresso;
    const declared = store.users.values().filter(({ login }) => login.startsWith("user"));
    expect(declared.length).toBe(200);
    const blocks = declared.map(({ login, name, email }) => [
      login,
      { login, name, email, groups: ["Reports"], allowed_addresses: ["any"], lifecycle: { adopt: true } },
    ]);
    const text = ipressoManifest({ ipresso_api_user: Object.fromEntries(blocks) });
    await worldWith(text, world);
    world.counted();
    expect(lines(await world.plan(text))).toEqual([]);
    const { "console/users/view": forms, "console/users/list": pages, ...others } = world.counted();
    expect(forms).toBeUndefined();
    // Each way to a list passes the first page of users; the list itself has five pages.
    expect(pages).toBeLessThanOrEqual(11);
    expect(Object.keys(others).filter((name) => /view$/.test(name))).toEqual(["console/settings/view"]);
  });

  test("IPR-22 what the list lacks is read on the form, for those of whom it matters", async () => {
    const world = new IpressoWorld({ users: 20, listColumns: "narrow" });
    const text = ipressoManifest(shop());
    await worldWith(text, world);
    world.counted();
    expect(lines(await world.plan(text))).toEqual([]);
    expect(world.counted()).toMatchObject({ "console/users/view": 1, "console/groups/view": 1 });
    const { store } = world.ipresso;
    store.changeUser(store.user("shop.two")!.id, { surname: "Changed", addresses: ["10.0.0.1"] });
    const changed = ipressoManifest(shop({ surname: "Sync" }));
    const plan = await world.plan(changed, { restore: ["ipresso_api_user.shop"] });
    expect(plan.changes[0]?.attributes.map(({ path, before }) => [path, before])).toEqual([
      ["surname", "Changed"],
      ["allowed_addresses", ["10.0.0.1"]],
    ]);
  });

  test("IPR-23 hand: api is refused, and a browser does the work unless a person is to", () => {
    const given = { ...system, hand: "api", source: { file: "m", line: 1, column: 1 } } as unknown as SystemConfig;
    expect(checkSettings(given)).toMatchObject([
      {
        message: "ipresso cannot be managed with hand: api: iPresso has no API for it (IPR-23)",
        hint: expect.stringContaining("hand: person"),
      },
    ]);
    expect(checkSettings({ ...given, hand: "person" })).toEqual([]);
    const manifest = new IpressoWorld().manifest(ipressoManifest({}));
    expect(manifest.systems.ipresso?.hand).toBe("browser");
    const kind = connector.kinds.find(({ name }) => name === "ipresso_api_user")!;
    expect([kind.hand!({ ...given, hand: "person" }), kind.hand!({ ...given, hand: "browser" })]).toEqual([
      "person",
      "browser",
    ]);
  });

  test.each([
    [{ username: "x" }, "ipresso has no password"],
    [{ password: "x" }, "ipresso has no username"],
    [{ totp: "x" }, "ipresso has no username, password"],
  ])("IPR-25 an account is whole or not there: %o", (credentials, message) => {
    const given = { ...system, credentials, source: { file: "m", line: 1, column: 1 } } as unknown as SystemConfig;
    expect(checkSettings(given).map((one) => one.message)).toEqual([message]);
    expect(checkSettings({ ...given, credentials: {} })).toEqual([]);
  });

  test("an address of the API is no address of the panel", () => {
    const given = { ...system, url: "https://panel.test/api/2", source: { file: "m", line: 1, column: 1 } };
    expect(checkSettings(given as unknown as SystemConfig)[0]?.hint).toBe(
      "write url: https://panel.test, the address of the panel",
    );
  });

  test("IPR-24 leads to a page of the settings, or ends above the list", async () => {
    const update = (settings: object) => pathOf(screenOf("ipresso_api_settings", "update", { changes: {} }, settings));
    expect(update({}).at(-1)).toBe("Settings");
    expect(update({ console: { settings: "list" } }).at(-1)).toBe("API Users");
    const text = ipressoManifest({
      ipresso_api_settings: { panel: { returns_different_token: true, validity_seconds: 60 } },
    });
    const switched = await worldWith(text, new IpressoWorld({ differentTokenControl: "switch" }));
    expect(switched.ipresso.store.installation).toMatchObject({ returnsDifferentToken: true, validitySeconds: 60 });
  });

  test("IPR-25 an account that does not see the module is told what was looked for, and codes are given", async () => {
    const world = new IpressoWorld({ signInMode: "mfa" });
    const text = ipressoManifest(shop());
    await worldWith(text, world);
    expect(world.user("shop.two")).toBeDefined();
    const other = new IpressoWorld();
    const { marketer } = other.ipresso.world;
    other.moreVariables.IPR_PASSWORD = marketer.password;
    const theirs = text.replace("a.keller@coffee.example", marketer.username);
    await other.trust(theirs);
    await expect(other.plan(theirs)).rejects.toThrow(/there is no navigation "Modules"/);
  });

  test("IPR-26 a window that is called otherwise leaves the user, and nobody says that it is gone", async () => {
    const world = new IpressoWorld({ labels: { deleteUserHeading: "Really?", deleteGroupHeading: "Really?" } });
    await worldWith(ipressoManifest(shop()), world);
    const none = ipressoManifest({ ipresso_user_group: { shop: shopGroup } });
    const { steps } = await world.apply(none, { consents: deletion });
    const [own] = steps;
    expect([own?.step.operation, own?.result]).toEqual(["delete", "failed"]);
    expect(world.user("shop.two")).toBeDefined();
    await world.recover(none);
    expect(lines(await world.plan(none, deletion))).toEqual(["delete ipresso_api_user.shop"]);
  });

  test("IPR-26 a save that changed nothing does not count, whatever the page says", async () => {
    const world = await worldWith(ipressoManifest(shop()));
    const { store } = world.ipresso;
    const { id } = store.user("shop.two")!;
    const change = store.changeUser.bind(store);
    store.changeUser = (user, fields) => change(user, user === id ? {} : fields);
    const changed = ipressoManifest(shop({ surname: "Sync" }));
    const { steps } = await world.apply(changed);
    expect(steps.map(({ step, result, because }) => [step.operation, result, because])).toEqual([
      ["update", "failed", "it was carried out, and the console does not show it"],
    ]);
  });

  test("IPR-05 one whose login somebody took meanwhile is not ours, and the next plan says so", async () => {
    const world = new IpressoWorld();
    const text = ipressoManifest(shop());
    await world.trust(text);
    const { store } = world.ipresso;
    const handle = world.ipresso.handle.bind(world.ipresso);
    world.ipresso.handle = async (request) => {
      if (request.method === "POST" && request.path.endsWith("/api-users/add")) {
        store.addUser({ login: "shop.two", email: "stranger@coffee.example", groupIds: [store.group("Reports")!.id] });
      }
      return handle(request);
    };
    const { steps } = await world.apply(text);
    const own = steps.find(({ step }) => step.id === "ipresso_api_user.shop/create");
    expect(own).toMatchObject({
      result: "failed",
      because: expect.stringContaining("There is an API user with the login"),
    });
    await world.recover(text);
    expect(await refusalOf(world.plan(text))).toContain("ipresso_api_user.shop exists already on ipresso");
  });
});

test("a manifest that mixes what needs one another is refused with all of it", async () => {
  const text = ipressoManifest({
    ipresso_api_user: { one: { ...shopUser, groups: ["Nowhere"], allowed_addresses: ["any", "127.0.0.1"] } },
  });
  const world = new IpressoWorld();
  await world.trust(text);
  const said = await refusalOf(world.plan(text));
  expect(said).toContain("IPR-10");
  expect(said).toContain("IPR-08");
});
