import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import {
  addApiUser,
  callApi,
  makeMomentus,
  mocoServ,
  openConsole,
  signToken,
  type TestConsole,
} from "./momentus-client.ts";

let simulator: MomentusSimulator;
let clock: { ms: number };
let support: TestConsole;
let customer: TestConsole;

beforeEach(async () => {
  ({ simulator, clock } = makeMomentus());
  support = await openConsole(simulator);
  customer = await openConsole(simulator, "customerAdmin");
});

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const works = async (credentials: { id: string; secret: string; key: string }) =>
  (await callApi(simulator, "GET sdk_initialize", { token: signToken(credentials) })).status === 200;

/** ID, Secret and first Key, read off the screen. */
async function readCredentials(console: TestConsole, id: string) {
  await console.goto(`/prod/api-users/${id}`);
  const secret = String(console.value("Secret"));
  await console.click("tab", "Keys");
  const [key = ""] = keysShown(console);
  return { id, secret, key };
}

const keysShown = (console: TestConsole) => console.all("cell").map((cell) => textOf(cell).split(" ")[0]!);

describe("signing in", () => {
  it("leads to the page that was asked for and back out", async () => {
    const console = await openConsole(simulator);
    await console.click("button", "Sign out");
    await console.goto("/prod/api-users");
    expect(console.title()).toBe("Sign in");
    console.fill("User name", simulator.world.support.username);
    console.fill("Password", simulator.world.support.password);
    await console.click("button", "Sign in");
    expect([console.path, console.title()]).toEqual(["/prod/api-users", "API Users"]);
  });

  it("refuses a wrong password and leads nobody to another site", async () => {
    const { username, password } = simulator.world.support;
    const stranger = await openConsole(simulator);
    await stranger.click("button", "Sign out");
    await expect(stranger.signIn({ username, password: "wrong" })).rejects.toThrow("does not let");
    expect([stranger.status, stranger.alert()]).toEqual([403, "User name or password is wrong."]);
    for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
      await stranger.goto(`/signin?next=${encodeURIComponent(next)}`);
      expect(stranger.source).toContain('name="next" value="/"');
    }
    stranger.fill("User name", username);
    stranger.fill("Password", password);
    await stranger.click("button", "Sign in");
    expect(stranger.path).toBe("/");
  });

  it("gives a new session, ends it after half an hour without a request and on signing out", async () => {
    const before = support.cookie("momentus.session")!.reveal();
    clock.ms += 29 * 60 * 1000;
    await support.goto("/prod/api-users");
    clock.ms += 29 * 60 * 1000;
    await support.goto("/prod/api-users");
    expect(support.title()).toBe("API Users");
    clock.ms += 30 * 60 * 1000;
    await support.goto("/prod/api-users");
    expect(support.title()).toBe("Sign in");
    await support.signIn(simulator.world.support);
    expect(support.cookie("momentus.session")!.reveal()).not.toBe(before);
  });

  it("refuses a form without the token of the session", async () => {
    await support.send("POST", "/prod/add-api-user", "display-name=X&id=X&organization=10");
    expect([support.status, simulator.store.prod.apiUser("X")]).toEqual([403, undefined]);
    await customer.goto("/prod/add-api-user");
    const foreign = customer.csrf;
    await support.post("/prod/add-api-user", { "display-name": "X", id: "X", organization: "10", csrf: foreign });
    expect([support.status, simulator.store.prod.apiUser("X")]).toEqual([403, undefined]);
  });
});

describe("adding an API user", () => {
  it("makes MOCO-SERV with the settings of the document, and Secret and first Key with it", async () => {
    await addApiUser(support, mocoServ);
    expect(support.path).toBe("/prod/api-users/MOCO-SERV?said=saved");
    for (const [label, value] of Object.entries(mocoServ))
      expect([label, support.value(label)]).toEqual([label, value]);
    const credentials = await readCredentials(support, "MOCO-SERV");
    expect([credentials.secret, credentials.key]).toEqual([expect.stringMatching(guid), expect.stringMatching(guid)]);
    expect(await works(credentials)).toBe(true);
    expect(simulator.store.test.apiUser("MOCO-SERV")).toBeUndefined();
  });

  it("refuses a taken ID in any case, even that of a user who is hidden", async () => {
    await addApiUser(support, mocoServ);
    for (const ID of ["MOCO-SERV", "moco-serv"]) {
      await addApiUser(customer, { "Display Name": "Mine", ID });
      expect([customer.status, customer.alert()]).toEqual([422, `There is an API user ${ID} already.`]);
    }
    expect(customer.value("Display Name")).toBe("Mine");
    expect(simulator.store.prod.apiUser("MOCO-SERV")!.displayName).toBe("Momentus Connect");
  });

  it.each([
    ["", "Name"],
    ["ELEVENCHARS", "Name"],
    ["WITH SPACE", "Name"],
    ["PLUS+", "Name"],
    ["GOOD", ""],
  ])("refuses the ID %j with the name %j", async (ID, name) => {
    await support.goto("/prod/add-api-user");
    await support.post("/prod/add-api-user", { id: ID, "display-name": name, organization: "10" });
    expect(support.status).toBe(422);
    expect(support.all("alert")).toHaveLength(1);
    expect(simulator.store.prod.apiUsers.size).toBe(1);
  });

  it("refuses an organization that is not offered", async () => {
    await support.goto("/prod/add-api-user");
    await support.post("/prod/add-api-user", { "display-name": "X", id: "X", organization: "99" });
    expect([support.status, support.alert()]).toEqual([422, "Organization is not known."]);
  });

  it("escapes what people type", async () => {
    await addApiUser(support, { ID: "X", "Display Name": `<b>"x"&'y'</b>`, Description: "</textarea><i>" });
    expect([support.value("Display Name"), support.value("Description")]).toEqual([`<b>"x"&'y'</b>`, "</textarea><i>"]);
    await support.goto("/prod/api-users");
    expect(textOf(support.row("X"))).toContain(`<b>"x"&'y'</b>`);
  });
});

describe("changing an API user", () => {
  it("keeps ID, Secret and keys, and a retired user stops working", async () => {
    const before = simulator.world.apiUser.prod;
    await support.goto("/prod/api-users/STEWARD");
    expect(() => support.fill("ID", "OTHER")).toThrow('the field "ID" cannot be changed');
    await support.post("/prod/api-users/STEWARD", { id: "OTHER", "display-name": "Renamed", organization: "10" });
    support.fill("Display Name", "Steward 2");
    support.fill("Retire", true);
    await support.click("button", "OK");
    expect([support.value("ID"), support.value("Display Name"), support.value("Retire")]).toEqual([
      ...["STEWARD", "Steward 2", true],
    ]);
    expect(await readCredentials(support, "STEWARD")).toEqual(before);
    expect(await works(before)).toBe(false);
    await support.click("tab", "General");
    support.fill("Display Name", " ");
    await support.click("button", "OK");
    expect(support.alert()).toBe("Display Name is missing.");
  });

  it("adds keys beside those that are there", async () => {
    const first = await readCredentials(support, "STEWARD");
    await support.click("button", "Add");
    const keys = keysShown(support);
    expect(keys).toHaveLength(2);
    expect(await works({ ...first, key: keys[1]! })).toBe(true);
    expect(await works(first)).toBe(true);
    expect(support.all("menuitem", "Copy Key to Clipboard").map((item) => item.attributes.get("data-copy"))).toEqual(
      keys,
    );
  });

  it("copies the Secret from Tools, and regenerates it after a question", async () => {
    const before = await readCredentials(support, "STEWARD");
    expect(support.find("button", "Tools").attributes.get("aria-haspopup")).toBe("menu");
    expect(support.find("menuitem", "Copy Secret to Clipboard").attributes.get("data-copy")).toBe(before.secret);
    await support.click("menuitem", "Regenerate Secret");
    await support.click("button", "Cancel");
    expect(await works(before)).toBe(true);
    await support.click("menuitem", "Regenerate Secret");
    await support.click("button", "Regenerate Secret");
    const secret = String(support.value("Secret"));
    expect([secret === before.secret, await works(before)]).toEqual([false, false]);
    expect(await works({ ...before, secret })).toBe(true);
  });
});

describe("who sees what", () => {
  it("hides internal users and the two support fields from customers", async () => {
    await addApiUser(support, mocoServ);
    await customer.goto("/prod/api-users");
    expect(customer.all("rowheader").map(textOf)).toEqual(["STEWARD"]);
    for (const path of ["", "/keys", "/secret"]) {
      await customer.goto(`/prod/api-users/MOCO-SERV${path}`);
      expect([customer.status, customer.title()]).toEqual([404, "Not found"]);
    }
    await customer.goto("/prod/add-api-user");
    expect(customer.all("checkbox", "Internal")).toEqual([]);
    expect(customer.all("checkbox", "License Special Access")).toEqual([]);
    await support.goto("/prod/api-users");
    expect(support.all("rowheader").map(textOf)).toEqual(["MOCO-SERV", "STEWARD"]);
  });

  it("ignores the support fields when a customer sends them", async () => {
    await customer.goto("/prod/add-api-user");
    const special = { internal: "Y", "license-special-access": "Y" };
    await customer.post("/prod/add-api-user", { "display-name": "X", id: "X", organization: "10", ...special });
    expect(simulator.store.prod.apiUser("X")).toMatchObject({ isInternal: false, hasLicenseSpecialAccess: false });
    simulator.store.changeApiUser("prod", "X", { hasLicenseSpecialAccess: true });
    await customer.goto("/prod/api-users/X");
    await customer.click("button", "OK");
    expect(simulator.store.prod.apiUser("X")).toMatchObject({ hasLicenseSpecialAccess: true });
  });

  it("refuses API Users to everybody while no API module is on", async () => {
    simulator.store.licensing.switchOff("prod");
    for (const console of [support, customer]) {
      for (const path of ["api-users", "add-api-user", "api-users/STEWARD", "api-users/STEWARD/keys"]) {
        await console.goto(`/prod/${path}`);
        expect([console.status, console.title(), console.alert()]).toEqual([
          ...[403, "API Users", expect.stringContaining("not licensed for the API")],
        ]);
      }
    }
    await support.goto("/test/api-users");
    expect(support.status).toBe(200);
  });

  it("can close only adding while no API module is on", async () => {
    const open = makeMomentus({ modules: [], licenseGate: "add" }).simulator;
    const console = await openConsole(open);
    await console.goto("/prod/api-users");
    expect(console.all("rowheader").map(textOf)).toEqual(["STEWARD"]);
    await console.click("button", "Add");
    expect(console.status).toBe(403);
  });
});

describe("the list", () => {
  it("finds by a part of ID or name and pages through the rest", async () => {
    for (let index = 1; index <= 25; index += 1) {
      const id = `API${String(index).padStart(3, "0")}`;
      simulator.store.addApiUser("prod", { id, displayName: `Number ${index}` });
    }
    await support.goto("/prod/api-users");
    const first = support.all("rowheader").map(textOf);
    expect([first.length, support.all("link", "Previous").length]).toEqual([20, 0]);
    await support.click("link", "Next");
    const second = support.all("rowheader").map(textOf);
    expect([...first, ...second]).toEqual(
      simulator.store.prod.apiUsers
        .values()
        .map(({ id }) => id)
        .sort(),
    );
    expect(support.all("link", "Next")).toEqual([]);
    support.fill("Search", "number 25");
    await support.click("button", "Search");
    expect(support.all("rowheader").map(textOf)).toEqual(["API025"]);
    support.fill("Search", "steward");
    await support.click("button", "Search");
    await support.click("link", "STEWARD");
    expect(support.title()).toBe("STEWARD");
  });

  it("shows where mails about licenses find URL and serial number", async () => {
    await support.goto("/test/about");
    expect(support.text()).toContain("http://venue.example/test");
    expect(support.text()).toContain(simulator.store.serialNumbers.test);
  });
});
