import { describe, expect, test } from "vitest";
import { checkSettings } from "../src/connectors/momentus/settings.ts";
import { type Attributes, applied, lines, refusalOf } from "./world/conformance-world.ts";
import { faultOf, MomentusWorld, momentusManifest, worldWith } from "./world/momentus-world.ts";

const cora: Attributes = { id: "CDAY", display_name: "Cora Day" };
const withUser = (more: Attributes = {}): string => momentusManifest({ momentus_user: { cora: { ...cora, ...more } } });

const claimsOf = (authorization: string): { header: Attributes; claims: Attributes } => {
  const [header = "", claims = ""] = authorization.replace("Bearer ", "").split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Attributes;
  return { header: read(header), claims: read(claims) };
};

describe("momentus", () => {
  test("MOM-08 and MOM-09 are named when credentials are refused, and no credential is", async () => {
    const world = new MomentusWorld();
    world.momentus.store.prod.apiUsers.put({ ...world.momentus.store.prod.apiUser("STEWARD")!, isRetired: true }, 0);
    const { secret, key } = world.momentus.world.apiUser.prod;
    world.rewrite = (_path, headers) => {
      headers["www-authenticate"] = `Bearer error_description="retired ${secret} ${key}"`;
    };
    const fault = await faultOf(world, withUser());
    expect(fault).toMatch(/^unauthorized: .*"retired \(secret\) \(secret\)".*MOM-09.*MOM-08/);
  });

  test("MOM-11 each call bears a token of its own with the ID, the Key and two minutes", async () => {
    const world = await worldWith(withUser());
    const { id, key } = world.momentus.world.apiUser.prod;
    const tokens = world.requests.map(({ headers }) => claimsOf(headers.authorization!));
    for (const { header, claims } of tokens) {
      expect(header).toEqual({ typ: "JWT", alg: "HS256" });
      expect(claims).toMatchObject({ iss: id, key, nbf: claims.iat, exp: Number(claims.iat) + 120 });
      expect(Object.keys(claims).sort()).toEqual(["exp", "iat", "iss", "key", "nbf"]);
    }
    world.requests.length = 0;
    world.momentus.faults.add("429:users/search:90s:1");
    await world.plan(withUser());
    const issued = world.requests.map(({ headers }) => Number(claimsOf(headers.authorization!).claims.iat));
    expect(Math.max(...issued) - Math.min(...issued)).toBeGreaterThanOrEqual(90);
  });

  test.each(["MOM_SECRET", "MOM_KEY"])("MOM-12 %s that is no GUID is refused before anything is sent", async (name) => {
    const world = new MomentusWorld();
    world.moreVariables = { [name]: "canary-4711" };
    const fault = await faultOf(world, withUser());
    expect(fault).toContain(`settings: the ${name === "MOM_KEY" ? "key" : "secret"} of the credentials is no GUID`);
    expect(fault).not.toContain("canary");
    expect(world.requests).toEqual([]);
  });

  test("MOM-13 a page is another place, and the messages of a refusal are shown", async () => {
    const world = new MomentusWorld();
    const wrong = withUser().replace("venue.test/prod", "venue.test/nowhere");
    expect(await faultOf(world, wrong)).toMatch(/^misplaced: it answered with a page.*\/prod or \/test/);
    const text = withUser({ organization: "99" });
    await world.trust(text);
    const report = await world.apply(text);
    expect(report.steps[0]).toMatchObject({ result: "failed" });
    expect(report.steps[0]?.because).toContain('"simulated: there is no organization 99"');
  });

  test("MOM-14 every page is read with the cookies of the first, and only from the same host and path", async () => {
    const world = await worldWith(withUser(), new MomentusWorld({ users: 7, pageSizeMax: 2 }));
    world.requests.length = 0;
    expect(lines(await world.plan(withUser()))).toEqual([]);
    const pages = world.requests.filter(({ path }) => path.startsWith("/prod/api/v1/Users?search="));
    expect(pages.map(({ headers }) => headers.cookie?.includes("AWSALB=") ?? false)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    world.rewrite = (path, headers) => {
      if (path.includes("/Users?")) {
        const metadata = String(headers["x-searchmetadata"]);
        headers["x-searchmetadata"] = metadata.replaceAll("//venue.test/", "//evil.test/");
      }
    };
    const sent = world.requests.length;
    expect(await faultOf(world, withUser())).toMatch(/^misplaced: the next page of a list lies at another address/);
    expect(world.requests.slice(sent).filter(({ path }) => path.includes("/Users?"))).toHaveLength(1);
  });

  test.each([
    ["without metadata", () => undefined],
    ["with fewer rows than counted", (text: string) => text.replace(/"ResultsTotal":\d+/, '"ResultsTotal":999')],
  ])("MOM-14 a list %s proves no absence", async (_name, change) => {
    const world = new MomentusWorld();
    await world.trust(withUser());
    world.rewrite = (path, headers) => {
      const changed = change(String(headers["x-searchmetadata"]));
      if (!path.includes("/Users?")) return;
      if (changed === undefined) delete headers["x-searchmetadata"];
      else headers["x-searchmetadata"] = changed;
    };
    const plan = await world.plan(withUser());
    expect(lines(plan)).toEqual(["blocked none momentus_user.cora"]);
    expect(plan.steps).toEqual([]);
  });

  test("MOM-14 a user counts as gone when neither the read nor a search shows it", async () => {
    const world = await worldWith(withUser());
    world.momentus.store.prod.users.remove("CDAY", world.clock.now());
    const plan = await world.plan(withUser());
    expect(lines(plan)).toEqual(["held create momentus_user.cora"]);
    expect(world.requests.filter(({ path }) => path.includes("search=ID%20eq%20%27CDAY%27"))).toHaveLength(1);
  });

  test("MOM-15 another ID is an error, and letter case makes no other ID", async () => {
    const world = await worldWith(withUser());
    expect(lines(await world.plan(withUser({ id: "cday" })))).toEqual([]);
    expect(await refusalOf(world.plan(withUser({ id: "CDAY2" })))).toContain("the ID of a user is permanent (MOM-15)");
    expect(() => world.manifest(withUser({ id: "ELEVENCHARS" }))).toThrow();
    expect(() => world.manifest(withUser({ id: "A/B" }))).toThrow();
  });

  test("MOM-16 nothing can be cleared, and a change sends only what changes", async () => {
    const world = await worldWith(withUser({ email: "cora@venue.example" }));
    expect(() => world.manifest(withUser().replace('"Cora Day"', '"Cora Day", "email": !clear'))).toThrow();
    await applied(world, withUser({ email: "cday@venue.example" }));
    const [put] = world.requests.filter(({ method }) => method === "PUT");
    expect(JSON.parse(put!.body)).toEqual({ Email: "cday@venue.example" });
  });

  test.each([
    [-90_000, "90 s ahead of"],
    [300_000, "300 s behind"],
  ])("MOM-17 a token that the clock spoils (%i ms) is a fault that says so", async (aheadMs, said) => {
    const world = new MomentusWorld();
    world.aheadMs = aheadMs;
    const fault = await faultOf(world, withUser());
    expect(fault).toMatch(/^clock: it does not accept the token: "simulated: .*"; this machine's clock is /);
    expect(fault).toContain(`${said} the system's (MOM-17) => set the clock`);
  });

  test("MOM-17 MOM-19 doctor asks whether the credentials work, what can be read and what the clock says", async () => {
    const world = await worldWith(withUser());
    const workspace = await world.open(withUser());
    const findings = await workspace.system("momentus").examine();
    expect(findings.map(({ level }) => level)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    expect(findings[0]?.message).toBe("runs as the API user STEWARD");
    expect(world.momentus.store.countOf("sdk/initialize")).toBe(1);
    world.aheadMs = 60_000;
    const late = await workspace.system("momentus").examine();
    expect(late.at(-1)).toMatchObject({
      level: "warning",
      message: "this machine's clock is 60 s behind the system's",
    });
    await workspace.close();
  });

  test("MOM-18 a missing license proves no absence, and the way out names what the vendor asks for", async () => {
    const world = new MomentusWorld({}, undefined);
    const text = momentusManifest({ momentus_user: { cora } }, ["serial_number: SIM-4711"]);
    await world.trust(text);
    world.momentus.store.licensing.switchOff("prod", "Basic API");
    expect(lines(await world.plan(text))).toEqual(["blocked none momentus_user.cora"]);
    const workspace = await world.open(text);
    const findings = await workspace.system("momentus").examine();
    expect(findings[0]?.remedy).toContain("address of the environment and the serial number SIM-4711 (MOM-18)");
    await workspace.close();
  });

  test.each([{}, { retired: false }])(
    "MOM-20 a user that somebody retired is held, and comes back with --restore (%o)",
    async (more) => {
      const world = await worldWith(withUser(more));
      world.changeBehind("CDAY", { Retire: "Y" });
      world.momentus.store.addMembership("prod", "CDAY", "OPS");
      const held = await world.plan(withUser(more));
      expect(lines(held)).toEqual(["held revive momentus_user.cora"]);
      expect(held.steps).toEqual([]);
      expect(held.changes[0]?.notes).toEqual(["takes effect with the roles that it has: OPS"]);
      await applied(world, withUser(more), { restore: ["momentus_user.cora"] });
      expect(world.stored("users", "CDAY")).toMatchObject({ Retire: "N" });
      expect(lines(await world.plan(withUser(more)))).toEqual([]);
    },
  );

  test("MOM-20 an ID that was retired is revived, never made twice, and is ours from then on", async () => {
    const world = await worldWith(withUser());
    await applied(world, momentusManifest({}), { allowDeletions: 1 });
    expect(world.stored("users", "CDAY")).toMatchObject({ Retire: "Y" });
    const renamed = withUser({ display_name: "Cora M. Day" });
    expect(lines(await world.plan(renamed))).toEqual(["held revive momentus_user.cora"]);
    await applied(world, renamed, { restore: ["momentus_user.cora"] });
    expect(world.stored("users", "CDAY")).toMatchObject({ Retire: "N", DisplayName: "Cora M. Day" });
    expect(world.writes()).toEqual(["users/add", "users/edit", "users/edit"]);
    expect(lines(await applied(world, momentusManifest({}), { allowDeletions: 1 }))).toEqual([
      "delete momentus_user.cora",
    ]);
    expect(lines(await world.plan(momentusManifest({})))).toEqual([]);
  });

  test("MOM-20 a user whose block leaves is only forgotten when somebody retired it before", async () => {
    const world = await worldWith(withUser());
    world.changeBehind("CDAY", { Retire: "Y" });
    expect(lines(await applied(world, momentusManifest({})))).toEqual(["forget momentus_user.cora"]);
    expect(world.writes()).toEqual(["users/add"]);
  });

  test("MOM-21 a login that another user has is an error", async () => {
    const world = new MomentusWorld();
    await world.trust(withUser());
    expect(await refusalOf(world.plan(withUser({ login_id: "AGREEN" })))).toContain(
      'the login "AGREEN" belongs to the user AGREEN (MOM-21)',
    );
    world.changeBehind("AGREEN", { Retire: "Y" });
    expect(await refusalOf(world.plan(withUser({ login_id: "AGREEN" })))).toContain(
      "AGREEN, which is retired (MOM-21)",
    );
  });

  test("MOM-22 a role is never removed, and a user waits for the role that is its group", async () => {
    const both = momentusManifest({
      momentus_user: { cora: { ...cora, group: "AUDIT" } },
      momentus_role: { audit: { id: "AUDIT", display_name: "Auditors" } },
    });
    const world = await worldWith(both);
    expect(world.writes()).toEqual(["roles/add", "users/add"]);
    expect(await refusalOf(world.plan(momentusManifest({ momentus_user: { cora } })))).toContain(
      "steward forget momentus_role.audit",
    );
  });

  test("MOM-23 a membership names a user and a role that are there, and one that is gone is not removed again", async () => {
    const pair = (user: string, role: string) => momentusManifest({ momentus_user_role: { it: { user, role } } });
    const world = await worldWith(pair("AGREEN", "OPS"));
    expect(await refusalOf(world.plan(pair("NOBODY", "NONE")))).toMatch(/no user "NOBODY"[\s\S]*no role "NONE"/);
    expect(await refusalOf(world.plan(pair("BSTONE", "OPS")))).toContain(
      "(id BSTONE/OPS), and Steward did not make it",
    );
    const plan = await world.plan(momentusManifest({}), { allowDeletions: 1 });
    expect(plan.steps.map(({ title }) => title)).toEqual(["take the role OPS from the user AGREEN"]);
    world.momentus.store.prod.userRoles.remove("AGREEN/OPS", world.clock.now());
    expect(lines(await world.plan(pair("AGREEN", "OPS")))).toEqual(["held create momentus_user_role.it"]);
    expect(lines(await applied(world, momentusManifest({})))).toEqual(["forget momentus_user_role.it"]);
    expect(world.writes()).toEqual(["userRoles/add"]);
  });

  test("MOM-24 no mail is ever sent", async () => {
    const world = await worldWith(withUser({ email: "cora@venue.example" }));
    await applied(world, withUser({ email: "cday@venue.example" }));
    expect(world.momentus.store.outbox).toEqual([]);
  });

  test("never retires the API user that Steward runs as, nor takes a role from it", async () => {
    const world = new MomentusWorld();
    const user = { ...world.momentus.store.prod.users.get("AGREEN")!.fields, ID: "STEWARD", LoginID: "STEWARD" };
    world.momentus.store.putRow("prod", "users", { id: "STEWARD", fields: user });
    const me = { id: "STEWARD", display_name: "Alma Green", lifecycle: { adopt: true, on_remove: "delete" } };
    const role = { user: "STEWARD", role: "OPS", lifecycle: { on_remove: "delete" } };
    await worldWith(momentusManifest({ momentus_user: { me }, momentus_user_role: { role } }), world);
    const refused = await refusalOf(world.plan(momentusManifest({}), { allowDeletions: 2 }));
    expect(refused.match(/STEWARD is the API user that Steward runs as/g)).toHaveLength(2);
  });

  test("MOM-25 a system without credentials is opened, and what the v1 API would list proves no absence", async () => {
    const world = new MomentusWorld();
    const text = withUser().replace(/\n {4}credentials: .*/, "");
    await world.trust(text);
    const plan = await world.plan(text);
    expect(plan.steps).toEqual([]);
    const [change] = plan.changes;
    expect(change?.blocked?.because).toContain(
      "systems.momentus has no credentials for the v1 API: write credentials:",
    );
    expect(plan.notices.map(({ message }) => message).join()).toContain("systems.momentus has no credentials");
    expect(world.requests).toEqual([]);
  });

  test("settings that cannot work are refused with the way out", () => {
    const world = new MomentusWorld();
    const { momentus } = world.manifest(withUser()).systems;
    expect(checkSettings(momentus!)).toEqual([]);
    const wrong = checkSettings({
      ...momentus!,
      hand: "browser",
      url: "https://venue.test/prod/api/v1",
      credentials: { api_user_id: "STEWARD" },
    });
    expect(wrong.map(({ message }) => message)).toEqual([
      "momentus has hand: browser and no username, password",
      "momentus has no secret, key",
      "the url of momentus must end before /api/v1",
    ]);
    expect(wrong[0]?.hint).toContain("hand: person");
    expect(wrong[2]?.hint).toContain("https://venue.test/prod,");
    expect(checkSettings({ ...momentus!, hand: "person", credentials: {} })).toEqual([]);
  });
});
