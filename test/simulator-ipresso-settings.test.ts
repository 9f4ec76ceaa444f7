import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { goTo, makeIpresso, openConsole, TestConsole, tokenOf } from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let clock: { ms: number };
let admin: TestConsole;

async function renew(options: IpressoSimulatorOptions = {}): Promise<void> {
  ({ simulator, clock } = makeIpresso(options));
  admin = await openConsole(simulator);
}
beforeEach(() => renew());

const differentToken = "Authorization returns different token";
const validity = "The validity of the API key";
const openSettings = async () => {
  await goTo(admin, "API Users");
  await admin.click("link", "Settings");
};

describe("API Users - Settings", () => {
  it("show the key, which is the one that authorizes and cannot be changed", async () => {
    await openSettings();
    expect([admin.title(), admin.secret("API key (CUSTOMER_KEY)").reveal()]).toEqual([
      ...["API Users - Settings", simulator.world.customerKey],
    ]);
    expect(() => admin.fill("API key (CUSTOMER_KEY)", "x")).toThrow("cannot be changed");
    await admin.post(admin.path, { "api-key": "x", validity: "60" });
    expect(simulator.store.installation).toMatchObject({
      customerKey: simulator.world.customerKey,
      validitySeconds: 60,
    });
  });

  it("change validity and token option, and nothing before Save", async () => {
    const first = await tokenOf(simulator);
    await openSettings();
    expect([admin.value(validity), admin.value(differentToken)]).toEqual(["3600", false]);
    admin.fill(validity, "120");
    admin.fill(differentToken, true);
    expect(simulator.store.installation.validitySeconds).toBe(3600);
    await admin.click("button", "Save");
    expect(admin.all("status").map(textOf)).toEqual(["The settings were saved."]);
    expect([admin.value(validity), admin.value(differentToken)]).toEqual(["120", true]);
    expect(await tokenOf(simulator)).not.toBe(first);
    admin.fill(differentToken, false);
    await admin.click("button", "Save");
    expect([await tokenOf(simulator), simulator.store.installation.validitySeconds]).toEqual([first, 120]);
  });

  it.each(["", "0", "-5", "1.5", "an hour", "1e3"])("refuse the validity %j", async (typed) => {
    await openSettings();
    admin.fill(validity, typed);
    admin.fill(differentToken, true);
    await admin.click("button", "Save");
    expect([admin.status, admin.alert()]).toEqual([422, "The validity is a number of seconds."]);
    expect([admin.value(validity), admin.value(differentToken)]).toEqual([typed, true]);
    expect(simulator.store.installation).toMatchObject({ validitySeconds: 3600, returnsDifferentToken: false });
  });

  it("can have a choice of Yes and No", async () => {
    await renew({ differentTokenControl: "choice" });
    await openSettings();
    expect([admin.choices(differentToken), admin.value(differentToken)]).toEqual([["Yes", "No"], "No"]);
    admin.fill(differentToken, "Yes");
    await admin.click("button", "Save");
    expect([simulator.store.installation.returnsDifferentToken, admin.value(differentToken)]).toEqual([true, "Yes"]);
    admin.fill(differentToken, "No");
    await admin.click("button", "Save");
    expect(simulator.store.installation.returnsDifferentToken).toBe(false);
  });

  it("can have a switch that counts at once, and Save for the rest", async () => {
    await renew({ differentTokenControl: "switch" });
    await openSettings();
    for (const isOn of [true, false, true]) {
      await admin.click("switch", differentToken);
      expect(admin.find("switch", differentToken).attributes.get("aria-checked")).toBe(String(isOn));
      expect(simulator.store.installation.returnsDifferentToken).toBe(isOn);
    }
    admin.fill(validity, "60");
    await admin.click("button", "Save");
    expect(simulator.store.installation).toMatchObject({ validitySeconds: 60, returnsDifferentToken: true });
  });

  it("can stand above the list of API users", async () => {
    await renew({ settingsPlace: "list" });
    await goTo(admin, "API Users");
    expect([admin.all("link", "Settings"), admin.all("region", "Settings").length]).toEqual([[], 1]);
    admin.fill(validity, "60");
    await admin.click("button", "Save");
    expect([admin.path.split("?")[0], admin.value(validity)]).toEqual(["/system/accesses/api-users", "60"]);
    admin.fill(validity, "x");
    await admin.click("button", "Save");
    expect([admin.status, admin.alert(), admin.value(validity)]).toEqual([
      ...[422, "The validity is a number of seconds.", "x"],
    ]);
  });
});

describe("who may do what", () => {
  it("shows the module System to administrators only", async () => {
    const marketer = await openConsole(simulator, "marketer");
    expect([marketer.all("link", "System"), admin.all("link", "System").length]).toEqual([[], 1]);
    const paths = ["", "/accesses", "/accesses/api-users", "/accesses/api-users/add", "/accesses/user-groups"];
    for (const path of [...paths, "/accesses/api-users-settings"]) {
      await marketer.goto(`/system${path}`);
      expect([path, marketer.status, marketer.alert()]).toEqual([path, 403, "Your account does not see this module."]);
    }
  });

  it("takes no form from anybody else", async () => {
    const marketer = await openConsole(simulator, "marketer");
    const fields = { login: "x", password: "x", email: "x@y", group: "1", validity: "60" };
    const before = [simulator.store.users.values(), simulator.store.groups.values(), simulator.store.installation];
    const { id } = simulator.store.users.values()[0]!;
    for (const path of ["api-users/add", `api-users/${id}`, `api-users/${id}/delete`, "api-users-settings"]) {
      await marketer.goto("/");
      await marketer.post(`/system/accesses/${path}`, fields);
      expect([path, marketer.status]).toEqual([path, 403]);
    }
    expect([simulator.store.users.values(), simulator.store.groups.values(), simulator.store.installation]).toEqual(
      before,
    );
    expect(simulator.store.mutatingCalls.map(({ principal, committed }) => [principal, committed])).toEqual(
      Array.from({ length: 4 }, () => [simulator.world.marketer.username, false]),
    );
  });
});

describe("signing in", () => {
  it("leads to the page that was asked for and back out", async () => {
    const console = new TestConsole(simulator);
    await console.goto("/system/accesses/user-groups?search=rep");
    expect(console.title()).toBe("Sign in");
    console.fill("User name", simulator.world.admin.username);
    console.fill("Password", simulator.world.admin.password);
    await console.click("button", "Sign in");
    expect([console.title(), console.value("Search")]).toEqual(["API Users", "rep"]);
    await console.click("button", "Sign out");
    await console.goto("/system");
    expect(console.title()).toBe("Sign in");
  });

  it("refuses a wrong password and API users, and leads nobody to another site", async () => {
    const console = new TestConsole(simulator);
    const { login, password } = simulator.world.apiUser;
    await expect(console.signIn({ username: login, password })).rejects.toThrow();
    expect([console.status, console.alert()]).toEqual([403, "User name or password is wrong."]);
    await console.goto("/signin?next=//evil.example");
    console.fill("User name", simulator.world.admin.username);
    console.fill("Password", simulator.world.admin.password);
    await console.click("button", "Sign in");
    expect(console.path).toBe("/");
  });

  it("gives a session that ends after half an hour without a request", async () => {
    for (let time = 0; time < 3; time += 1) {
      clock.ms += 29 * 60 * 1000;
      await goTo(admin, "API Users");
    }
    clock.ms += 30 * 60 * 1000;
    await admin.goto("/system");
    expect(admin.title()).toBe("Sign in");
  });

  it("is needed for every form, with the token of the session in it", async () => {
    await openSettings();
    await admin.send("POST", "/system/accesses/api-users-settings", "validity=60");
    expect([admin.status, admin.title()]).toEqual([403, "Refused"]);
    const other = await openConsole(simulator);
    await other.goto("/system");
    await admin.goto("/system");
    await admin.send("POST", "/system/accesses/api-users-settings", `validity=60&csrf=${other.csrf}`);
    expect([admin.status, simulator.store.installation.validitySeconds]).toEqual([403, 3600]);
  });
});
