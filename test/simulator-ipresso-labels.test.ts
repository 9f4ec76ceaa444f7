import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { descendants, textOf } from "../src/hands/forms/element.ts";
import { nameOf, roleOf } from "../src/hands/forms/page.ts";
import { defaultLabels } from "../src/simulators/ipresso/console/labels.ts";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import { areas, areasOf, verbs } from "../src/simulators/ipresso/permissions.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { chooseOf, deleteGroup, goTo, makeIpresso, openConsole, TestConsole, tokenOf } from "./ipresso-client.ts";

type Label = { key: string; label: string; where: string; role: string; mark: string; page?: string; reason?: string };
const { system, labels } = JSON.parse(readFileSync("schemas/ipresso/labels.json", "utf8")) as {
  system: string;
  labels: Label[];
};

type Look = (page: TestConsole) => void;
let simulator: IpressoSimulator;
let admin: TestConsole;

async function renew(options: IpressoSimulatorOptions = {}): Promise<void> {
  ({ simulator } = makeIpresso({ consolePageSize: 1, ...options }));
  admin = await openConsole(simulator);
}
beforeEach(() => renew());

/** The pages of the two subsections, in the states that they have by themselves. */
async function visitLists(look: Look): Promise<void> {
  for (const path of ["api-users", "user-groups"]) {
    for (const query of ["", "?page=2", "?search=nobody", "?said=user"]) {
      await admin.goto(`/system/accesses/${path}${query}`);
      look(admin);
    }
    for (const target of ["add", "999"]) {
      await admin.goto(`/system/accesses/${path}/${target}`);
      look(admin);
    }
    await admin.goto(`/system/accesses/${path}/add`);
    await admin.click("button", "Save");
    look(admin);
  }
  await chooseOf(admin, "bi.export", "edit");
  look(admin);
  await chooseOf(admin, "bi.export", "delete");
  look(admin);
}

async function visitGroups(look: Look): Promise<void> {
  const menu = simulator.settings.groupActions === "menu";
  const press = async (name: "Edit" | "Delete") => {
    await goTo(admin, "User groups");
    const row = admin.row("API Group");
    await (menu ? admin.click("menuitem", name.toLowerCase(), row) : admin.click("button", name, row));
    look(admin);
  };
  await press("Edit");
  await press("Delete");
  if (!menu) await deleteGroup(admin, "API Group");
  look(admin);
}

async function visitOthers(look: Look): Promise<void> {
  for (const path of ["/", "/system", "/system/accesses", "/system/accesses/api-users-settings", "/nowhere"]) {
    await admin.goto(path);
    look(admin);
  }
  if (simulator.settings.settingsPlace === "page") {
    await admin.goto("/system/accesses/api-users-settings");
    admin.fill("The validity of the API key", "x");
    await admin.click("button", "Save");
    look(admin);
  }
  const marketer = await openConsole(simulator, "marketer");
  look(marketer);
  await marketer.goto("/system");
  look(marketer);
  const stranger = new TestConsole(simulator);
  await stranger.goto("/system");
  look(stranger);
}

const otherForms: IpressoSimulatorOptions = {
  ...{ settingsPlace: "list", differentTokenControl: "choice", groupsPerUser: "several", addressesField: "lines" },
  ...{ groupActions: "menu", listColumns: "narrow", consolePageSize: 50 },
};

const forms: readonly IpressoSimulatorOptions[] = [{}, otherForms, { differentTokenControl: "switch" }];

/** Looks at each kind of page at least once, in every state of this form of the console. */
async function visit(look: Look): Promise<void> {
  await visitLists(look);
  await visitGroups(look);
  await visitOthers(look);
}

/** The ways in, each with its second page. */
async function visitSignIn(look: Look): Promise<void> {
  const { username, password } = simulator.world.admin;
  for (const signInMode of ["password", "mfa", "sso"] as const) {
    const site = new TestConsole(makeIpresso({ signInMode }).simulator);
    await site.goto("/signin");
    look(site);
    if (signInMode === "sso") await site.click("button", "Sign in with single sign-on");
    if (signInMode === "mfa") await site.post("/signin", { username, password });
    look(site);
  }
}

/** The same in every form that prints something else. */
async function visitAll(look: Look): Promise<void> {
  for (const options of forms) {
    await renew(options);
    await visit(look);
  }
  await visitSignIn(look);
}

const permissionNames = verbs.flatMap((verb) => areasOf(verb).map((area) => `${verb} ${area}`));

describe("labels of the console", () => {
  it("stand in labels.json, each with the page that documents it or the reason why it is assumed", () => {
    expect(system).toBe("ipresso");
    expect(Object.fromEntries(labels.map(({ key, label }) => [key, label]))).toEqual(defaultLabels);
    expect(new Set(labels.map(({ key }) => key)).size).toBe(labels.length);
    for (const { key, mark, where, page, reason } of labels) {
      expect([key, mark, where !== "", page !== undefined, reason !== undefined]).toEqual([
        ...[key, mark, true, mark === "documented", mark === "assumed"],
      ]);
    }
  });

  it("are printed somewhere under the role that is written down, areas after their operation", async () => {
    const printed = new Set<string>();
    await visitAll(({ page }) => {
      for (const element of descendants(page)) printed.add(`${roleOf(element)} ${nameOf(element)}`);
    });
    const others = labels.filter(({ key }) => !areas.some((area) => area === key));
    expect(others.filter(({ role, label }) => !printed.has(`${role} ${label}`))).toEqual([]);
    expect(permissionNames.filter((name) => !printed.has(`checkbox ${name}`))).toEqual([]);
    expect(labels.filter(({ key, role }) => areas.some((area) => area === key) && role !== "checkbox")).toEqual([]);
  });

  it("name every field, button, tab, menu item and column that there is, but for names out of the data", async () => {
    const known = new Set([...labels.map(({ label }) => label), ...permissionNames]);
    for (const { name } of simulator.store.groups.values()) known.add(name);
    const unknown = new Set<string>();
    const roles = "button textbox searchbox checkbox combobox switch tab menuitem columnheader region group".split(" ");
    await visitAll((console) => {
      for (const role of [...roles, "alertdialog", "option"]) {
        for (const name of console.all(role).map(nameOf)) if (!known.has(name)) unknown.add(`${role} ${name}`);
      }
    });
    // The group that nobody has chosen yet.
    expect([...unknown]).toEqual(["option "]);
  });

  it("can be others, as on a localized console", async () => {
    await renew({
      consolePageSize: 50,
      labels: { system: "Układ", addUser: "DODAJ", login: "Identyfikator", get: "POBIERZ", contact: "kontakt" },
    });
    await admin.goto("/");
    await admin.click("link", "Układ");
    await admin.click("link", "API Users");
    await admin.click("button", "DODAJ");
    expect(admin.value("Identyfikator")).toBe("");
    await admin.click("tab", "System Accesses");
    await admin.click("link", "API Users");
    await admin.click("tab", "User groups");
    await admin.click("button", "Edit", admin.row("Reports"));
    expect(admin.value("POBIERZ kontakt")).toBe(true);
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
      expect([path, status]).toEqual([path, 200]);
      if (/@import|url\(|import\(/.test(body)) foreign.push(path);
    }
    expect(foreign).toEqual([]);
  });

  it("forbid scripts and styles that do not come from the console, and being framed", async () => {
    const { headers, body } = await simulator.handle({ method: "GET", path: "/signin", headers: {}, body: "" });
    const policy = String(headers["content-security-policy"]);
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split("; ")).toContain(rule);
    }
    expect(body).not.toMatch(/<script>|style=|onclick=/);
  });

  it("show no password and no token, and the customer key in the settings only", async () => {
    const leaks: string[] = [];
    let keys = 0;
    for (const options of forms) {
      await renew(options);
      const token = await tokenOf(simulator);
      const { users, accounts, installation } = simulator.store;
      const secrets = [token, ...[...users.values(), ...accounts].map(({ password }) => password)];
      await visit(({ source, path, page }) => {
        if (secrets.some((secret) => source.includes(secret))) leaks.push(path);
        if (!source.includes(installation.customerKey)) return;
        keys += 1;
        const settings = descendants(page).some((element) => nameOf(element) === "API key (CUSTOMER_KEY)");
        if (!settings) leaks.push(path);
      });
    }
    expect([leaks, keys > 3]).toEqual([[], true]);
  });
});
