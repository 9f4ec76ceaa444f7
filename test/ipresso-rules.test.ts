import { describe, expect, test } from "vitest";
import type { InvalidManifest } from "../src/diagnostic.ts";
import { refresh } from "../src/refresh.ts";
import { type Attributes, applied, clear, lines, refusalOf } from "./world/conformance-world.ts";
import { deletion, notesOf, panel, planOf, refused, users, worldWith } from "./world/ipresso-plans.ts";
import { IpressoWorld, ipressoManifest, shop, shopGroup, shopUser } from "./world/ipresso-world.ts";

/** What docs/systems/ipresso.md says of the console, rule by rule. */

/** What a plan says of the proof where only some addresses are allowed. */
const boundNote =
  "its password is proven only from an allowed address: elsewhere it counts as accepted once it is saved (IPR-08)";

/** Whether the state says that the password of the user is proven. */
async function provenOf(world: IpressoWorld, text: string): Promise<boolean | undefined> {
  const workspace = await world.open(text);
  const { secrets } = workspace.state.entries["ipresso_api_user.one"]!;
  await workspace.close();
  return secrets.password?.proven;
}

/** What a probe of every kind finds. */
async function probed(world: IpressoWorld, text: string, probe: "harmless" | "all") {
  const workspace = await world.open(text);
  const { probes } = await refresh(workspace, { probe });
  await workspace.close();
  return probes;
}

describe("the settings", () => {
  test("IPR-02 the key goes to its sink before users whose proof needs it", async () => {
    const text = ipressoManifest({ ...panel({ deliver_to: "local:KEY" }), ...shop() });
    const plan = await planOf(text);
    const create = plan.steps.find(({ id }) => id === "ipresso_api_user.shop/create")!;
    const prove = plan.steps.find(({ id }) => id === "ipresso_api_user.shop/prove")!;
    expect(create.needs).toContain("ipresso_api_settings.panel/deliver");
    expect(prove.input.customer_key).toEqual({ $secret: { from: "sink", name: "local:KEY" } });
    const world = await worldWith(text);
    expect(await world.secret(text, "KEY")).toBe(world.ipresso.world.customerKey);
    expect(JSON.stringify(await world.plan(text))).not.toContain(world.ipresso.world.customerKey);
  });

  test("IPR-02 a proof takes the key of the credentials first, and the page's where nothing else is known", async () => {
    const written = ipressoManifest(
      { ...panel({ deliver_to: "local:KEY" }), ...shop() },
      { credentials: 'customer_key: "${env.IPR_KEY}"' },
    );
    const prove = (await planOf(written)).steps.find(({ operation }) => operation === "prove")!;
    expect(prove.input.customer_key).toEqual({ $secret: { from: "env", name: "IPR_KEY" } });
    const text = ipressoManifest(shop());
    expect((await planOf(text)).steps.find(({ operation }) => operation === "prove")!.input).toEqual({
      login: "shop.two",
    });
    const world = await worldWith(text);
    expect(world.ipresso.store.countOf("ipresso/auth")).toBe(1);
  });

  test("IPR-02 the key of settings that were delivered before is found by later users", async () => {
    const settings = panel({ deliver_to: "local:KEY" });
    const world = await worldWith(ipressoManifest(settings));
    const text = ipressoManifest({ ...settings, ...shop() });
    expect(lines(await applied(world, text))).toContain("create ipresso_api_user.shop");
  });

  test("IPR-02 without a way to the key nothing is proven, and the plan says so", async () => {
    const text = ipressoManifest(shop(), { hand: "person" });
    const plan = await planOf(text);
    expect(plan.steps.filter(({ operation }) => operation === "prove")).toEqual([]);
    expect(notesOf(plan, "ipresso_api_user.shop")).toContainEqual(expect.stringContaining("is not proven: the key"));
    const create = plan.steps.find(({ operation, kind }) => operation === "create" && kind === "ipresso_api_user")!;
    expect(create.promotes).toHaveLength(1);
  });

  test("IPR-03 a change says that it counts for every API user", async () => {
    const text = ipressoManifest(panel({ validity_seconds: 60 }));
    const plan = await planOf(text);
    expect(notesOf(plan, "ipresso_api_settings.panel")).toEqual([
      "it counts for every API user of the installation (IPR-03)",
    ]);
    const world = await worldWith(text);
    expect(world.ipresso.store.installation.validitySeconds).toBe(60);
    const same = ipressoManifest(panel({ validity_seconds: 3600 }));
    expect(notesOf(await planOf(same), "ipresso_api_settings.panel")).toEqual([]);
  });

  test.each([
    ["longer", 60, "held update ipresso_api_settings.panel"],
    ["shorter", 7200, "update ipresso_api_settings.panel"],
  ])("IPR-03 a validity that is %s than somebody left", async (_what, left, line) => {
    const text = ipressoManifest(panel({ validity_seconds: 3600 }));
    const world = await worldWith(text);
    const { store } = world.ipresso;
    store.installation = { ...store.installation, validitySeconds: left };
    expect(lines(await world.plan(text))).toEqual([line]);
  });

  test("IPR-04 authorizes when a password was set and on demand, and never for a plan", async () => {
    const text = ipressoManifest({ ...panel({ returns_different_token: true }), ...shop() });
    const world = await worldWith(text);
    expect(world.ipresso.store.countOf("ipresso/auth")).toBe(1);
    await world.plan(text);
    expect(await probed(world, text, "harmless")).toEqual({});
    expect(world.ipresso.store.countOf("ipresso/auth")).toBe(1);
    expect(await probed(world, text, "all")).toEqual({ "ipresso_api_user.shop": { health: "working" } });
    expect(world.ipresso.store.countOf("ipresso/auth")).toBe(2);
  });
});

describe("users", () => {
  test("IPR-05 two declared users cannot share an e-mail address, in whatever letter case", async () => {
    const twin = { ...shopUser, login: "other", email: "Shop.Two@coffee.example" };
    const text = users({ one: shopUser, two: { ...twin, password: { value: "${env.IPR_GIVEN}" } } });
    expect(await refused(text)).toContain("ipresso_api_user.one has the same email");
    const again = users({
      one: shopUser,
      two: { ...twin, email: "o@coffee.example", login: "SHOP.two", password: { value: "${env.IPR_GIVEN}" } },
    });
    expect(await refused(again)).toContain("ipresso_api_user.one has the same login");
  });

  test("IPR-05 nor with one that is there already, whoever made it", async () => {
    const taken = { ...shopUser, email: "BI@coffee.example" };
    expect(await refused(users({ one: taken }))).toContain(
      "the API user bi.export, which Steward does not manage, has this e-mail address already (IPR-05)",
    );
    const world = await worldWith(users({ one: shopUser }));
    const other = { ...shopUser, login: "third", password: { value: "${env.IPR_GIVEN}" } };
    const moved = users({ one: { ...shopUser, email: "new@coffee.example" }, two: other });
    expect(await refusalOf(world.plan(moved))).toContain("ipresso_api_user.one has this e-mail address already");
    const renamed = users({ one: { ...shopUser, login: "BI.export" } });
    expect(await refusalOf(world.plan(renamed))).toContain(
      "the API user bi.export, which Steward does not manage, has this login",
    );
    expect(world.writes().filter((name) => name.startsWith("console/users"))).toEqual(["console/users/add"]);
  });

  test("IPR-05 a login that differs only in letter case is the same one", async () => {
    const text = users({ one: { ...shopUser, login: "BI.Export" } });
    expect(await refused(text)).toContain("ipresso_api_user.one exists already on ipresso (id bi.export)");
  });

  test("IPR-06 login, e-mail address and groups must be said, and a password of whoever is new", async () => {
    for (const name of ["login", "email", "groups"]) {
      const { [name]: _left, ...rest } = shopUser;
      expect(await refused(users({ one: rest }))).toContain(`${name} is missing`);
    }
    const { password: _password, ...rest } = shopUser;
    expect(await refused(users({ one: rest }))).toContain("a new API user needs a password (IPR-06)");
    const world = await worldWith(users({ one: { ...shopUser, name: "Shop", surname: "Two" } }));
    await applied(world, users({ one: { ...shopUser, name: clear, surname: clear } }));
    expect(world.user("shop.two")).toMatchObject({ name: "", surname: "" });
  });

  test("IPR-07 a change leaves the password as it is", async () => {
    const world = await worldWith(users({ one: shopUser }));
    const { password } = world.user("shop.two")!;
    await applied(world, users({ one: { ...shopUser, surname: "Sync" } }));
    expect(world.user("shop.two")).toMatchObject({ surname: "Sync", password });
  });

  test("IPR-07 where the form wants the password each time, only one that Steward knows will do", async () => {
    const system = ["console: { password_on_edit: required }"];
    const world = new IpressoWorld({ emptyPasswordOnEdit: "refused" });
    const found = { login: "bi.export", email: "bi@coffee.example", groups: ["Reports"], allowed_addresses: ["any"] };
    const adopting = { ...found, lifecycle: { adopt: true } };
    const text = ipressoManifest({ ipresso_api_user: { bi: adopting } }, { system });
    expect(await refused(text, world)).toContain("Steward does not know that of bi.export (IPR-07)");
    const taking = { ...adopting, password: { generate: true, deliver_to: "local:BI" }, take_over: true };
    const taken = ipressoManifest({ ipresso_api_user: { bi: taking } }, { system });
    await applied(world, taken);
    expect(world.user("bi.export")).toMatchObject({ addresses: [], password: await world.secret(taken, "BI") });
  });

  test("IPR-07 a password that Steward did not set is left alone unless it may be taken over", async () => {
    const world = new IpressoWorld();
    const { store } = world.ipresso;
    const { login, email, addresses } = store.user("bi.export")!;
    const found = { login, email, groups: ["Reports"], allowed_addresses: addresses, lifecycle: { adopt: true } };
    const password = { generate: true, deliver_to: "local:BI" };
    const text = ipressoManifest({ ipresso_api_user: { bi: { ...found, password } } });
    expect(await refused(text, world)).toContain("write take_over: true");
  });

  test("IPR-08 addresses are never left unsaid, and everywhere is one word of its own", async () => {
    const { allowed_addresses: _any, ...rest } = shopUser;
    expect(await refused(users({ one: rest }))).toContain("allowed_addresses is missing");
    const mixed = users({ one: { ...shopUser, allowed_addresses: ["any", "10.0.0.1"] } });
    expect(await refused(mixed)).toContain("allowed_addresses holds any and addresses (IPR-08)");
    const wrong = users({ one: { ...shopUser, allowed_addresses: ["10.0.0.999"] } });
    expect(await refused(wrong)).toContain("holds 10.0.0.999, which is no IP address (IPR-08)");
  });

  test("IPR-08 a plan says when it opens to everywhere", async () => {
    const narrow = users({ one: { ...shopUser, allowed_addresses: ["127.0.0.1"] } });
    expect(notesOf(await planOf(narrow), "ipresso_api_user.one")).toEqual([boundNote]);
    const world = await worldWith(narrow);
    const open = users({ one: shopUser });
    expect(notesOf(await world.plan(open), "ipresso_api_user.one")).toEqual([
      "it may be used from everywhere (IPR-08)",
    ]);
    await applied(world, open);
    expect(world.user("shop.two")?.addresses).toEqual([]);
  });

  test.each([
    ["narrowed", ["127.0.0.1", "10.0.0.1"], ["127.0.0.1"], "held update ipresso_api_user.one"],
    ["narrowed from everywhere", ["any"], ["127.0.0.1"], "held update ipresso_api_user.one"],
    ["opened to everywhere", ["127.0.0.1"], [], "update ipresso_api_user.one"],
    ["widened", ["127.0.0.1"], ["127.0.0.1", "10.0.0.1"], "update ipresso_api_user.one"],
  ])("IPR-08 addresses that somebody %s", async (_what, allowed, left, line) => {
    const text = users({ one: { ...shopUser, allowed_addresses: allowed } });
    const world = await worldWith(text);
    const { store } = world.ipresso;
    store.changeUser(store.user("shop.two")!.id, { addresses: left });
    expect(lines(await world.plan(text))).toEqual([line]);
    await applied(world, text, { restore: ["ipresso_api_user.one"] });
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("IPR-08 where the address of this machine is not allowed, the password counts as accepted when it was saved", async () => {
    const text = users({ one: { ...shopUser, allowed_addresses: ["203.0.113.10"] } });
    const world = new IpressoWorld();
    await world.trust(text);
    expect(notesOf(await world.plan(text), "ipresso_api_user.one")).toContain(boundNote);
    const { steps } = await world.apply(text);
    const proof = steps.find(({ step }) => step.operation === "prove");
    expect([proof?.result, proof?.because]).toEqual([
      "done",
      expect.stringMatching(
        /^not proven: .*error code 112.*The console took the password at the save; whether the API/,
      ),
    ]);
    expect(world.ipresso.store.countOf("ipresso/auth")).toBe(1);
    expect(await world.secret(text, "SHOP_PASSWORD")).toBe(world.user("shop.two")?.password);
    expect(lines(await world.plan(text))).toEqual([]);
    const found = await probed(world, text, "all");
    expect(found["ipresso_api_user.one"]).toMatchObject({ health: "inconclusive" });
    expect(await provenOf(world, text)).toBe(false);
    // Once its addresses are opened, the very next plan proves it.
    const open = users({ one: { ...shopUser, allowed_addresses: ["any"] } });
    const opened = await world.apply(open, { consents: { restore: ["ipresso_api_user.one"] } });
    expect(opened.steps.map(({ step, because }) => [step.operation, because])).toEqual([
      ["update", undefined],
      ["prove", undefined],
    ]);
    expect(await provenOf(world, open)).toBe(true);
    expect(lines(await world.plan(open))).toEqual([]);
  });

  test("IPR-08 addresses are opened before a new password is proven", async () => {
    const world = await worldWith(users({ one: { ...shopUser, allowed_addresses: ["203.0.113.10"] } }));
    const password = { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 };
    const text = users({ one: { ...shopUser, allowed_addresses: ["any"], password } });
    const { steps } = await world.apply(text, { consents: { restore: ["ipresso_api_user.one"] } });
    expect(steps.map(({ step, result, because }) => [step.operation, result, because])).toEqual([
      ["update", "done", undefined],
      ["set_password", "done", undefined],
      ["prove", "done", undefined],
    ]);
    expect(await provenOf(world, text)).toBe(true);
  });

  test("IPR-08 where the form wants the password with the addresses, the new one is proven once more after them", async () => {
    const options = { system: ["console: { password_on_edit: required }"] };
    const made = (user: Attributes) =>
      ipressoManifest({ ipresso_user_group: { shop: shopGroup }, ipresso_api_user: { one: user } }, options);
    const world = new IpressoWorld({ emptyPasswordOnEdit: "refused" });
    const before = made({ ...shopUser, allowed_addresses: ["203.0.113.10"] });
    await world.trust(before);
    await world.apply(before);
    const password = { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 };
    const text = made({ ...shopUser, allowed_addresses: ["any"], password });
    const { steps } = await world.apply(text, { consents: { restore: ["ipresso_api_user.one"] } });
    expect(steps.map(({ step, result }) => [step.operation, result])).toEqual([
      ...["set_password", "prove", "update", "prove"].map((operation) => [operation, "done"]),
    ]);
    expect(await provenOf(world, text)).toBe(true);
  });

  test("IPR-08 a cut password is set anew where nobody can ask from here", async () => {
    const text = users({ one: { ...shopUser, allowed_addresses: ["203.0.113.10"] } });
    const world = await worldWith(text);
    const next = { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 };
    const second = users({ one: { ...shopUser, allowed_addresses: ["203.0.113.10"], password: next } });
    world.ipresso.faults.add({ fault: "cut-after-commit", method: "console/users/save", times: 1 });
    await world.apply(second);
    await world.recover(second);
    await applied(world, second);
    expect(await world.secret(text, "SHOP_PASSWORD")).toBe(world.user("shop.two")?.password);
    expect(lines(await world.plan(second))).toEqual([]);
  });

  test("IPR-09 deleting is said, confirmed in the window, and ends all access", async () => {
    const world = await worldWith(users({ one: shopUser }));
    const none = users({});
    const plan = await world.plan(none, deletion);
    expect(notesOf(plan, "ipresso_api_user.one")).toEqual(["it disappears, and cannot use the API any more (IPR-09)"]);
    expect(await refusalOf(world.plan(none))).toContain("--allow-deletions 1");
    await applied(world, none, deletion);
    expect(world.user("shop.two")).toBeUndefined();
    expect(world.ipresso.store.countOf("console/users/askToDelete")).toBe(1);
  });

  test("IPR-13 a form that shows no check boxes, yet or at all, does not say that there is no permission", async () => {
    const world = new IpressoWorld();
    const handle = world.ipresso.handle.bind(world.ipresso);
    let opened = 0;
    world.ipresso.handle = async (request) => {
      const response = await handle(request);
      const { body } = response;
      if (!/group.*\/(add|new)/.test(request.path) || typeof body !== "string") return response;
      opened++;
      return { ...response, body: body.replace(/<input[^>]*type="checkbox"[^>]*>/g, "") };
    };
    const text = users({});
    await world.trust(text);
    expect((await world.plan(text)).steps.map(({ operation }) => operation)).toEqual(["create"]);
    expect(opened).toBeGreaterThan(0);
  });

  test("IPR-13 a permission that the console does not offer is refused by the plan, with its place and what there is", async () => {
    const wrong = { ...shopGroup, permissions: ["POST contact", "DELETE nonsense", "GET contact"] };
    const text = users({}, { shop: wrong });
    const world = new IpressoWorld();
    await world.trust(text);
    const error = await world.plan(text).catch((thrown: unknown) => thrown);
    const [found, ...others] = (error as InvalidManifest).diagnostics;
    expect(others).toEqual([]);
    expect(found?.message).toBe("the console of ipresso offers no permission DELETE nonsense (IPR-13)");
    expect(found?.hint).toMatch(/it offers DELETE action, .*GET contact, /);
    const { line = 0, column = 0 } = found?.source ?? {};
    expect(text.split("\n")[line - 1]?.slice(column - 1)).toMatch(
      /^(?:permissions: )?\[?"POST contact","DELETE nonsense"/,
    );
    const near = users({}, { shop: { ...shopGroup, permissions: ["GET contcat"] } });
    expect(await refused(near)).toContain("offers no permission GET contcat");
    expect(world.writes()).toEqual([]);
  });

  test("IPR-13 nothing is looked at for permissions that are on already, nor where no form opens", async () => {
    const text = users({}, { shop: shopGroup });
    const world = await worldWith(text);
    world.counted();
    await world.plan(text);
    expect(world.counted()["console/groups/addForm"]).toBeUndefined();
    const blind = new IpressoWorld({ labels: { addGroup: "New" } });
    expect(
      (await planOf(users({}, { shop: { ...shopGroup, permissions: ["GET nonsense"] } }), blind)).steps,
    ).not.toEqual([]);
  });

  test("IPR-14 several groups need a form that takes them", async () => {
    const both = { ...shopUser, groups: ["Reports", "${ipresso_user_group.shop}"] };
    const text = users({ one: both });
    expect(await refused(text)).toContain("whether a user can be in several groups is not documented (IPR-14)");
  });

  test("IPR-15 networks and IPv6 are let through with a note", async () => {
    const allowed = ["10.0.0.0/8", "127.0.0.1", "2001:db8::1"];
    const text = users({ one: { ...shopUser, allowed_addresses: allowed } });
    expect(notesOf(await planOf(text), "ipresso_api_user.one")).toEqual([
      "whether iPresso takes networks and IPv6 is not documented: 10.0.0.0/8, 2001:db8::1 (IPR-15)",
      boundNote,
    ]);
    const world = await worldWith(text, new IpressoWorld({ addressForms: "networks" }));
    expect(world.user("shop.two")?.addresses).toEqual(allowed);
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("IPR-15 several addresses stand one on each line where the form has it so", async () => {
    const allowed = ["10.0.0.1", "127.0.0.1"];
    const manifest = {
      ipresso_user_group: { shop: shopGroup },
      ipresso_api_user: { one: { ...shopUser, allowed_addresses: allowed } },
    };
    const world = new IpressoWorld({ addressesField: "lines" });
    await worldWith(ipressoManifest(manifest, { system: ["console: { addresses: lines }"] }), world);
    expect(world.user("shop.two")?.addresses).toEqual(allowed);
  });

  test("IPR-27 one that bears the name of Steward's own account keeps it", async () => {
    const own = { ...shopUser, login: "a.keller@coffee.example" };
    const world = await worldWith(users({ one: own }));
    expect(await refusalOf(world.plan(users({}), deletion))).toContain("the account that Steward signs in with");
    const renamed = users({ one: { ...own, login: "other" } });
    expect(await refusalOf(world.plan(renamed))).toContain("the account that Steward signs in with");
    const mailed = users({ one: { ...shopUser, email: "A.Keller@coffee.example" } });
    const second = await worldWith(mailed);
    expect(await refusalOf(second.plan(users({}), deletion))).toContain("the account that Steward signs in with");
    await applied(second, users({ one: { ...shopUser, email: "A.Keller@coffee.example", surname: "K." } }));
  });
});
