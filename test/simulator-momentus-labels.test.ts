import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { descendants, textOf } from "../src/hands/forms/element.ts";
import { nameOf, roleOf } from "../src/hands/forms/page.ts";
import { copyProdToTest } from "../src/simulators/momentus/connect.ts";
import { defaultLabels } from "../src/simulators/momentus/console/labels.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { addApiUser, makeMomentus, mocoServ, openConsole, type TestConsole } from "./momentus-client.ts";

type Label = { key: string; label: string; where: string; role: string; mark: string; page?: string; reason?: string };
const { labels } = JSON.parse(readFileSync("schemas/momentus/labels.json", "utf8")) as { labels: Label[] };

let simulator: MomentusSimulator;
let support: TestConsole;

beforeEach(async () => {
  simulator = makeMomentus({ consolePageSize: 1 }).simulator;
  support = await openConsole(simulator);
});

const appPath = (name: string, action: string) =>
  `/connect/apps/${simulator.store.apps.find((app) => app.name === name && app.tenant === "prod")!.id}/${action}`;

/** Looks at each kind of page at least once, in every state that prints something else. */
async function visitAll(look: (page: TestConsole) => void): Promise<void> {
  const visit = async (path: string) => {
    await support.goto(path);
    look(support);
  };
  await addApiUser(support, mocoServ);
  for (const path of ["/", "/prod", "/prod/about", "/prod/api-users", "/prod/api-users?page=2"]) await visit(path);
  for (const path of ["add-api-user", ...["", "/keys", "/secret"].map((part) => `api-users/MOCO-SERV${part}`)]) {
    await visit(`/prod/${path}`);
  }
  const apps = "/connect/customers/1/apps";
  for (const path of ["/connect", "/connect/customers/1", apps, "/connect/marketplace"]) await visit(path);
  await visit(appPath("Floor Plan Studio", "credentials"));
  await visit("/nowhere");
  const { store } = simulator;
  store.connectApiUsers.set("prod", store.credentialsOf("prod", "MOCO-SERV"));
  const { id } = store.apps.find((app) => app.name === "Floor Plan Studio" && app.tenant === "prod")!;
  for (const status of ["approved", "active", "disabled", "deleted"] as const) {
    store.changeApp(id, { status });
    await visit(apps);
    if (status === "approved") await visit(appPath("Floor Plan Studio", "configuration"));
  }
  await support.goto("/prod");
  await support.click("button", "Sign out");
  look(support);
}

describe("labels of the console", () => {
  it("stand in labels.json, each with the page that documents it or the reason why it is assumed", () => {
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

  it("name every field, button, tab and menu item that there is", async () => {
    const known = new Set(labels.map(({ label }) => label));
    const unknown = new Set<string>();
    await visitAll((console) => {
      for (const role of [
        "button",
        "textbox",
        "searchbox",
        "checkbox",
        "combobox",
        "tab",
        "menuitem",
        "columnheader",
      ]) {
        for (const name of console.all(role).map(nameOf)) if (!known.has(name)) unknown.add(`${role} ${name}`);
      }
    });
    expect([...unknown]).toEqual([]);
  });

  it("can be others, as on a localized site", async () => {
    const words = { apiUsers: "API-Benutzer", add: "Hinzufügen", retire: "Stillgelegt" };
    const console = await openConsole(makeMomentus({ labels: words }).simulator);
    await console.goto("/prod");
    await console.click("link", "API-Benutzer");
    await console.click("button", "Hinzufügen");
    expect(console.value("Stillgelegt")).toBe(false);
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
      if (!print.includes("It is not the vendor's product") || !console.text().includes("Simulator")) {
        silent.push(console.path);
      }
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
    const request = { method: "GET", path: "/signin", headers: {}, body: "" };
    const { headers, body } = await simulator.handle(request);
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(String(headers["set-cookie"])).toContain("HttpOnly; SameSite=Lax");
    expect(body).not.toMatch(/<script>|style=|onclick=/);
  });

  it("say nothing about keys that a copy from production made useless", async () => {
    await addApiUser(support, mocoServ);
    await support.goto("/prod/api-users/MOCO-SERV/keys");
    const before = support.source.replaceAll("/prod", "/test").replaceAll("Enterprise prod", "Enterprise test");
    copyProdToTest(simulator.store);
    await support.goto("/test/api-users/MOCO-SERV/keys");
    expect(support.source).toBe(before);
  });
});
