import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { descendants, textOf } from "../src/hands/forms/element.ts";
import { nameOf, roleOf } from "../src/hands/forms/page.ts";
import { defaultLabels } from "../src/simulators/veson/console/labels.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { chooseRight, goToList, makeVeson, openConsole, openRow, TestConsole, userOf } from "./veson-client.ts";

type Label = { key: string; label: string; where: string; role: string; mark: string; page?: string; reason?: string };
const { system, labels } = JSON.parse(readFileSync("schemas/veson/labels.json", "utf8")) as {
  system: string;
  labels: Label[];
};

type Look = (page: TestConsole) => void;
let simulator: VesonSimulator;
let admin: TestConsole;

async function renew(options: VesonSimulatorOptions = {}): Promise<void> {
  ({ simulator } = makeVeson({ consolePageSize: 4, licenseShown: "about", activationAsks: true, ...options }));
  admin = await openConsole(simulator);
}
beforeEach(() => renew());

async function visitSecurity(look: Look): Promise<void> {
  for (const path of ["", "?page=2", "?search=nobody", "/new-user", "/new-group", "/report", "/users/99"]) {
    await admin.goto(`/data-center/security${path}`);
    look(admin);
  }
  for (const name of ["j.doe", "sys.reports", "r.winter", "Chartering"]) {
    await openRow(admin, name);
    look(admin);
    await admin.click("tab", "Access Rights");
    for (const module of ["Veslink (Voyage Reporting)", "Vessel"]) await admin.click("button", `Expand ${module}`);
    look(admin);
  }
  for (const right of ["Read and Write", "Read Only", "All Rights Denied", "Read, Write, and Delete"]) {
    await chooseRight(admin, "API Write", right);
    look(admin);
  }
  await openRow(admin, "j.doe");
  await admin.click("button", "Change Password");
  look(admin);
  admin.fill("User Name", "");
  await admin.click("button", "Save");
  look(admin);
  await goToList(admin);
  admin.fill("Select j.doe", true);
  await admin.click("link", "Deactivate");
  look(admin);
}

async function visitOthers(look: Look): Promise<void> {
  for (const path of ["/", "/about", "/my-profile", "/nowhere", "/operations/voyage-reporting-security"]) {
    await admin.goto(path);
    look(admin);
  }
  for (const path of ["new", `users/${simulator.store.veslinkAccount("sys.reports")!.id}`]) {
    await admin.goto(`/operations/voyage-reporting-security/${path}`);
    look(admin);
    await admin.click("link", "Permissions");
    look(admin);
  }
  const groupAdmin = await openConsole(simulator, "groupAdmin");
  await openRow(groupAdmin, "j.doe");
  look(groupAdmin);
  const business = await openConsole(simulator, "business");
  look(business);
  await business.goto("/my-profile");
  look(business);
  await business.goto("/data-center/security");
  look(business);
}

async function visitSignIn(look: Look): Promise<void> {
  const { username, password } = simulator.world.admin;
  for (const signInMode of ["password", "mfa", "sso"] as const) {
    const site = new TestConsole(makeVeson({ signInMode }).simulator);
    await site.goto("/signin");
    look(site);
    if (signInMode === "sso") await site.click("button", "Sign in with single sign-on");
    if (signInMode === "mfa") await site.post("/signin", { username, password });
    look(site);
  }
}

/** Looks at each kind of page at least once, in every state that prints something else. */
async function visitAll(look: Look): Promise<void> {
  await visitSecurity(look);
  await visitOthers(look);
  await visitSignIn(look);
}

describe("labels of the console", () => {
  it("stand in labels.json, each with the page that documents it or the reason why it is assumed", () => {
    expect(system).toBe("veson");
    expect(Object.fromEntries(labels.map(({ key, label }) => [key, label]))).toEqual(defaultLabels);
    expect(new Set(labels.map(({ key }) => key)).size).toBe(labels.length);
    for (const { key, mark, where, page, reason } of labels) {
      expect([key, mark, where !== "", page !== undefined, reason !== undefined]).toEqual([
        ...[key, mark, true, mark === "documented", mark === "assumed"],
      ]);
    }
  });

  it("are printed somewhere under the role that is written down", async () => {
    const printed = new Set<string>();
    await visitAll(({ page }) => {
      for (const element of descendants(page)) printed.add(`${roleOf(element)} ${nameOf(element)}`);
    });
    expect(labels.filter(({ role, label }) => !printed.has(`${role} ${label}`))).toEqual([]);
  });

  it("name every field, button, tab, menu item and column that there is, but for names out of the data", async () => {
    const known = new Set(labels.map(({ label }) => label));
    const { users, groups } = simulator.store;
    const people = [...users.values().map(({ userName }) => userName), ...groups.values().map(({ name }) => name)];
    for (const name of people) known.add(name).add(`Select ${name}`);
    const rights = new Set<string>();
    const unknown = new Set<string>();
    const roles = [
      "button",
      "textbox",
      "searchbox",
      "checkbox",
      "combobox",
      "tab",
      "menuitem",
      "columnheader",
      "region",
    ];
    await visitAll((console) => {
      for (const name of console.all("rowheader").map(nameOf)) rights.add(name);
      for (const role of roles) {
        for (const name of console.all(role).map(nameOf)) if (!known.has(name)) unknown.add(`${role} ${name}`);
      }
    });
    const left = [...unknown].filter((found) => {
      const [, , name = ""] = /^(button Expand|button Rights of|checkbox) (.+)$/.exec(found)?.slice(0) ?? [];
      return !rights.has(name);
    });
    // The letters on the button of My Profile, and the heading of a panel.
    expect(left.sort()).toEqual(["button GL", "button JD", "button SH"]);
  });

  it("can be others, as on a localized site", async () => {
    await renew({
      labels: { security: "Sikkerhet", newUser: "Ny bruker", fullName: "Fullt navn", apiRead: "API lesing" },
    });
    await admin.click("menuitem", "Sikkerhet");
    await admin.click("menuitem", "Ny bruker");
    expect(admin.value("Fullt navn")).toBe("");
    await admin.goto("/data-center/security/users/6?tab=rights&expanded=veslink");
    expect(admin.all("rowheader", "API lesing")).toHaveLength(1);
  });
});

describe("pages of the console", () => {
  it("have one heading, names for everything that can be used, and ids that lead somewhere", async () => {
    const problems: string[] = [];
    await visitAll(({ page, path }) => {
      problems.push(...accessibilityProblems(page).map((problem) => `${path}: ${problem}`));
    });
    expect(problems).toEqual([]);
  });

  it("say in small print that they are a simulator's, not the vendor's product", async () => {
    const silent: string[] = [];
    await visitAll((console) => {
      const print = console.all("contentinfo").map(textOf).join();
      if (!print.includes("It is not the vendor's product") || !console.text().includes("Simulator"))
        silent.push(console.path);
    });
    expect(silent).toEqual([]);
  });

  it("name no other site, not even for a style sheet or an icon", async () => {
    const foreign: string[] = [];
    await visitAll(({ page }) => {
      for (const { attributes } of descendants(page)) {
        const targets = ["href", "src", "action"].flatMap((name) => attributes.get(name) ?? []);
        foreign.push(...targets.filter((target) => !/^(\/(?!\/)|#)/.test(target)));
      }
    });
    for (const path of ["/assets/console.css", "/assets/console.js", "/assets/console.svg"]) {
      const { status, body } = await simulator.handle({ method: "GET", path, headers: {}, body: "" });
      const urls = body.replace('xmlns="http://www.w3.org/2000/svg"', "").match(/url\(|@import|https?:/g);
      expect([path, status, urls]).toEqual([path, 200, null]);
    }
    expect(foreign).toEqual([]);
  });

  it("let nobody frame them, keep nothing, and run nothing from elsewhere", async () => {
    const { headers, body } = await simulator.handle({ method: "GET", path: "/signin", headers: {}, body: "" });
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(String(headers["set-cookie"])).toContain("HttpOnly; SameSite=Lax");
    expect(body).not.toMatch(/<script>|style=|onclick=/);
  });

  it("show no password and no token but that of the panel", async () => {
    const { users } = simulator.store;
    const secrets = users
      .values()
      .flatMap(({ password, token, totpSecret }) => [password, totpSecret, token ?? []].flat());
    const own = [userOf(simulator, "sys.reports").token, userOf(simulator, "j.doe").token];
    const leaked = new Set<string>();
    await visitAll(({ source }) => {
      for (const secret of secrets) if (source.includes(secret)) leaked.add(secret);
    });
    expect([...leaked].sort()).toEqual(own.sort());
  });
});
