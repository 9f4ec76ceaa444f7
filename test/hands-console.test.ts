import { describe, expect, it } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import type { ConsolePage, Control } from "../src/hands/console.ts";
import { inOne } from "../src/hands/hearing.ts";
import { Secret } from "../src/secret.ts";
import {
  cut,
  faultOf as faultIn,
  html,
  members,
  openMember,
  type Pages,
  plain,
  redirect,
  signIn,
  signInPage,
} from "./console-pages.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** What each member of the port of a console does, on the same pages. */

const browser = new TestBrowser();
const control = (role: string, text: string): Control => ({ role, text });
const canary = "canary-77b1";

const faultOf = (act: () => Promise<unknown>) => faultIn(act());

const list = `<h1>Users</h1><nav aria-label="Menu"><a href="/users">Users</a></nav><main><a href="/other">Users</a>
<table><thead><tr><th scope="col">ID</th><th scope="col">Key</th><th scope="col">Actions</th></tr></thead><tbody>
<tr><th scope="row"><a href="/u/A">A</a></th><td><code>${canary}-1</code></td><td><form method="post" action="/edit/A"><button>Edit</button></form></td></tr>
<tr><th scope="row">B</th><td>${canary}-2</td><td><button type="button" aria-haspopup="menu" aria-controls="m">More</button>
<div role="menu" id="m"><a role="menuitem" href="/edit/B">Edit</a></div></td></tr></tbody></table>
<p hidden>gone <button>Hidden</button></p></main>`;

const form = `<h1>Form</h1><form method="post" action="/save"><label for="n">Name</label><input id="n" name="n" maxlength="5">
<label for="t">Text</label><textarea id="t" name="t">\nold</textarea><label for="o">On</label><input type="checkbox" id="o" name="o">
<label for="s">Which</label><select id="s" name="s"><option value="1">One</option><option value="2" selected>Two</option></select>
<label for="p">Secret</label><input id="p" name="p" type="password"><label for="r">Fixed</label><input id="r" readonly value="${canary}">
<button name="do" value="it">OK</button><button name="do" value="other">Other</button></form>`;

const permissions = `<h1>Group</h1><a role="tab" href="/one" aria-selected="true">One</a><a role="tab" href="/two" aria-selected="false">Two</a>
<form method="post" action="/save"><input type="checkbox" id="x" checked><label for="x">Elsewhere</label>
<div role="group" aria-labelledby="g"><h2 id="g">Allowed</h2>
<input type="checkbox" id="a" checked><label for="a">GET it's: "all"</label><input type="checkbox" id="b"><label for="b">GET b</label>
<input type="checkbox" id="c" checked><label for="c">POST c</label></div><button>OK</button></form>`;

const search = `<h1>Search</h1><form action="/found"><label for="q">Search</label><input type="search" id="q" name="q"><button name="b" value="1">Go</button></form>`;

/** A check box that is a button, as some consoles have it: each press sends the form, and its state is told by the server. */
function toggles(states: string[]): Pages {
  let at = 0;
  const shown = () => {
    const state = states[Math.min(at, states.length - 1)];
    return html(
      `<h1>Rights</h1><form method="post" action="/toggle"><button role="checkbox" aria-checked="${state}" aria-label="Read"></button></form>`,
    );
  };
  return {
    "GET /rights": shown,
    "POST /toggle": () => {
      at += 1;
      return redirect("/rights");
    },
  };
}

describe.each(members)("a console by %s", (member) => {
  const opens = (pages: Pages, context: Parameters<typeof openMember>[1]["context"], options = {}) =>
    openMember(member, { browser, context, pages }, options);
  const at = async (page: ConsolePage, path: string) => {
    await page.open(browser.origin + path);
    return page;
  };

  it("finds a control where it is said to be: in a part of the page, in a row, in a menu of a row", async (context) => {
    const pages = { "GET /users": list, "GET /edit/B": "<h1>Edit B</h1>", "POST /edit/A": () => redirect("/users") };
    const { page, site } = await opens(pages, context);
    await at(page, "/users");
    const twice = await faultOf(() => page.press(control("link", "Users")));
    expect(twice).toMatchObject({ message: 'there are 2 of link "Users" on "Users" (/users)', code: "screen" });
    await page.press(control("link", "Users"), { within: control("navigation", "Menu") });
    await page.press(control("button", "Edit"), { row: "A" });
    expect(page.sent).toBe(1);
    await page.press(control("menuitem", "Edit"), { row: "B", menu: control("button", "More") });
    expect(await page.has(control("heading", "Edit B"))).toBe(true);
    expect(site.asked).toEqual(["GET /users", "GET /users", "POST /edit/A", "GET /users", "GET /edit/B"]);
    expect(page.sent).toBe(1);
  });

  it("names the check boxes of a part of the page that are on, and tells the selected tab", async (context) => {
    const { page } = await opens({ "GET /group": permissions }, context);
    await at(page, "/group");
    const group = control("group", "Allowed");
    expect(await page.ticked(group)).toEqual(['GET it\'s: "all"', "POST c"]);
    expect(await page.ticked(group, true)).toEqual(['GET it\'s: "all"', "GET b", "POST c"]);
    await page.fill(control("checkbox", "GET b"), true);
    await page.fill(control("checkbox", "POST c"), false);
    expect(await page.ticked(group)).toEqual(['GET it\'s: "all"', "GET b"]);
    const tabs = ["One", "Two", "Three"].map((name) => page.isSelected(control("tab", name)));
    expect(await Promise.all(tabs)).toEqual([true, false, false]);
    expect(await faultOf(() => page.ticked(control("group", "Denied")))).toMatchObject({ code: "screen" });
  });

  it("opens a row by its link", async (context) => {
    const { page } = await opens({ "GET /users": list, "GET /u/A": "<h1>User A</h1>" }, context);
    await (await at(page, "/users")).openRow("A");
    expect(await page.has(control("heading", "User A"))).toBe(true);
  });

  it("reads the rows of lists, and the cells of one column as secrets", async (context) => {
    const { page } = await opens({ "GET /users": list }, context);
    const rows = await (await at(page, "/users")).rows();
    expect(rows.map(({ header, cells }) => [header, cells.ID, cells.Key])).toEqual([
      ["A", "A", `${canary}-1`],
      ["B", "B", `${canary}-2`],
    ]);
    const secrets = await page.secrets(control("columnheader", "Key"));
    expect(JSON.stringify(secrets)).toBe('["(secret)","(secret)"]');
    expect(secrets.map((secret) => secret.reveal())).toEqual([`${canary}-1`, `${canary}-2`]);
    expect(await faultOf(() => page.secrets(control("columnheader", "Token")))).toMatchObject({
      message: 'there is no columnheader "Token" on "Users" (/users); there is "ID", "Key", "Actions"',
    });
  });

  it("says what was looked for and what was there, and of cells only how many", async (context) => {
    const { page } = await opens({ "GET /users": list }, context, { on: "prod" });
    await at(page, "/users");
    const missing = await faultOf(() => page.press(control("button", "Add")));
    const details = { happened: "no", code: "screen", on: "prod", at: `${browser.origin}/users` };
    expect(missing).toMatchObject({ ...details, remedy: expect.stringContaining("screens:") });
    expect(missing.message).toContain('there is no button "Add" on "Users" (/users); there is "Edit"');
    expect((await faultOf(() => page.press(control("button", "Add"), { row: "A" }))).message).toBe(
      'there is no button "Add" in the row "A" of "Users" (/users); there is "Edit"',
    );
    expect((await faultOf(() => page.openRow("Z"))).message).toBe(
      'there is no rowheader "Z" on "Users" (/users); there is "A", "B"',
    );
    expect((await faultOf(() => page.waitFor([control("cell", "Z")]))).message).toBe(
      'there is no cell "Z" on "Users" (/users); there are 4 of role cell',
    );
    expect(page.sent).toBe(0);
  });

  it("tells which of several is there, and whether something is there now", async (context) => {
    const { page } = await opens({ "GET /users": list }, context);
    await at(page, "/users");
    const [heading, button] = [control("heading", "Users"), control("button", "Edit")];
    expect(await page.waitFor([control("tab", "X"), heading])).toEqual(heading);
    expect([await page.has(heading), await page.has(control("tab", "X"))]).toEqual([true, false]);
    expect([await page.has(button, { row: "A" }), await page.has(button, { row: "B" })]).toEqual([true, false]);
  });

  it("fills in a form and sends what was filled in", async (context) => {
    const { page, site } = await opens({ "GET /form": form, "POST /save": () => redirect("/form") }, context);
    await at(page, "/form");
    await page.fill(control("textbox", "Name"), "Ada");
    await page.fill(control("textbox", "Text"), "a\nb");
    await page.fill(control("checkbox", "On"), true);
    await page.fill(control("combobox", "Which"), "One");
    await page.fill(control("field", "Secret"), new Secret("s&cret"));
    const values = ["Name", "Text", "On", "Which"].map((name) => page.value(control("field", name)));
    expect(await Promise.all(values)).toEqual(["Ada", "a\nb", true, "One"]);
    expect((await page.secret(control("textbox", "Fixed"))).reveal()).toBe(canary);
    await page.press(control("button", "Other"));
    expect(site.asked[1]).toBe("POST /save n=Ada&t=a%0D%0Ab&o=on&s=1&p=s%26cret&do=other");
    expect(page.sent).toBe(1);
  });

  it.each<[string, string, string | boolean | Secret, string]>([
    ["textbox", "Name", "sixsix", 'the field "Name" takes at most 5 characters'],
    ["textbox", "Name", "a\nb", 'the field "Name" takes one line'],
    ["textbox", "Name", true, 'the field "Name" is no check box'],
    ["checkbox", "On", "yes", 'the field "On" is a check box: on or off'],
    ["combobox", "Which", "Three", 'the field "Which" has no option "Three"; there are "One", "Two"'],
    ["combobox", "Which", new Secret(canary), 'the field "Which" has no option for a secret; there are "One", "Two"'],
    ["textbox", "Fixed", "x", 'the field "Fixed" cannot be changed'],
  ])("does not fill into %s %s what that does not take", async (role, name, value, message, context?: never) => {
    const { page, site } = await opens({ "GET /form": form }, context!);
    await at(page, "/form");
    expect(await faultOf(() => page.fill(control(role, name), value))).toMatchObject({
      ...{ message, happened: "no", code: "screen" },
    });
    expect(site.asked).toHaveLength(1);
  });

  it("sends a form by Enter as by its first button", async (context) => {
    const { page, site } = await opens({ "GET /search": search, "GET /found": "<h1>Found</h1>" }, context);
    await at(page, "/search");
    await page.fill(control("searchbox", "Search"), "a b");
    await page.enter(control("searchbox", "Search"));
    expect(await page.has(control("heading", "Found"))).toBe(true);
    expect([site.asked[1], page.sent]).toEqual(["GET /found?q=a+b&b=1", 0]);
  });

  it("reads back what a control shows that is no plain one, and never counts presses", async (context) => {
    const read = control("checkbox", "Read");
    const { page, site } = await opens(toggles(["mixed", "true"]), context);
    await at(page, "/rights");
    expect(await page.value(read)).toBe("mixed");
    await page.fill(read, true);
    expect(await page.value(read)).toBe(true);
    await page.fill(read, true);
    expect([site.asked.filter((one) => one.startsWith("POST")).length, page.sent]).toEqual([1, 1]);
  });

  it("stops where such a control does not come to show what it should", async (context) => {
    const { page } = await opens(toggles(["false", "mixed"]), context);
    await at(page, "/rights");
    const fault = await faultOf(() => page.fill(control("checkbox", "Read"), true));
    expect(fault).toMatchObject({ code: "screen", message: expect.stringContaining("mixed") });
    expect(page.sent).toBeGreaterThan(0);
  });

  it.each<[string, string | undefined]>([
    ['<h1>A</h1><p role="alert">It is  <b>taken</b></p>', "It is taken"],
    ['<h1>A</h1><p role="alert"></p>', undefined],
    ["<h1>A</h1>", undefined],
  ])("hears what the page says went wrong: %s", async (body, said, context?: never) => {
    const { page } = await opens({ "GET /a": body }, context!);
    expect(await (await at(page, "/a")).hear().then(inOne)).toBe(said);
  });

  it("takes a page that came with an error for one, even where it does not say so", async (context) => {
    const { page } = await opens({ "GET /form": form, "POST /save": html("<h1>Oh no</h1>", 500) }, context);
    await at(page, "/form");
    await page.press(control("button", "OK"));
    expect([inOne(await page.hear()), page.sent]).toEqual(["Oh no (HTTP 500)", 1]);
    await at(page, "/nothing");
    expect(inOne(await page.hear())).toBe("Not found (HTTP 404)");
  });

  const ok = control("button", "OK");
  it.each<[string, Pages, "no" | "unknown", number]>([
    ["no page after a form", { "POST /save": plain(500) }, "unknown", 1],
    ["too much haste", { "POST /save": plain(429) }, "no", 0],
    ["no answer to a form", { "POST /save": cut }, "unknown", 1],
    ["no answer after a form that was taken", { "POST /save": redirect("/cut"), "GET /cut": cut }, "unknown", 1],
  ])("knows whether something may have happened: %s", async (_what, pages, happened, sent, context?: never) => {
    const { page } = await opens({ "GET /form": form, ...pages }, context!);
    await at(page, "/form");
    const fault = await faultOf(() => page.press(ok));
    expect([fault.happened, page.sent]).toEqual([happened, sent]);
  });

  it.each<[string, Pages]>([
    ["no answer", { "GET /look": cut }],
    ["no page", { "GET /look": plain(200) }],
  ])("knows that looking changes nothing: %s", async (_what, pages, context?: never) => {
    const { page } = await opens(pages, context!);
    expect(await faultOf(() => at(page, "/look"))).toMatchObject({ happened: "no" });
    expect(page.sent).toBe(0);
  });

  it("notices the sign-in page instead of what was asked for, after a look and after a form", async (context) => {
    const pages: Pages = { "GET /in": "<h1>In</h1><a href='/out'>Out</a>", "GET /out": redirect("/signin") };
    const more: Pages = { "GET /signin": signInPage, "GET /form": form, "POST /save": redirect("/signin") };
    const { page } = await opens({ ...pages, ...more }, context, { signIn });
    await at(page, "/in");
    const gone = { code: "unauthorized", happened: "no" };
    expect(await faultOf(() => page.press(control("link", "Out")))).toMatchObject(gone);
    expect(await faultOf(() => at(page, "/out"))).toMatchObject(gone);
    expect(page.sent).toBe(0);
    await at(page, "/form");
    await faultOf(() => page.press(ok));
    expect(page.sent).toBe(1);
  });

  it("goes to no other site", async (context) => {
    const port = Number(new URL(browser.origin).port);
    const out = `http://localhost:${port}/out`;
    const pages = {
      "GET /a": `<h1>A</h1><a href="${out}">Out</a>`,
      "GET /b": redirect(out),
      "GET /out": "<h1>Out</h1>",
    };
    const { page, site } = await opens(pages, context);
    await at(page, "/a");
    expect(await faultOf(() => page.press(control("link", "Out")))).toMatchObject({ happened: "no", code: "page" });
    expect(await faultOf(() => at(page, "/b"))).toMatchObject({ happened: "no", code: "page" });
    await expect(page.open(out)).rejects.toThrow(Fault);
    expect(site.asked).toEqual(["GET /a", "GET /b"]);
  });
});
