import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Fault, type FaultDetails } from "../src/diagnostic.ts";
import { ConsoleDriver, type ConsoleDriverOptions } from "../src/hands/forms/driver.ts";
import type { ConsoleRequest, ConsoleResponse } from "../src/hands/forms/wire.ts";
import { consoleFieldCharactersMax, consoleRedirectsMax } from "../src/limits.ts";
import { Secret } from "../src/secret.ts";

const canary = "canary-5f1c";
const html = (body: string, status = 200, headers: ConsoleResponse["headers"] = {}): ConsoleResponse => ({
  ...{ status, headers: { "content-type": "text/html; charset=utf-8", ...headers }, body },
});
const redirect = (location: string, headers: ConsoleResponse["headers"] = {}): ConsoleResponse => ({
  ...{ status: 303, headers: { location, ...headers }, body: "" },
});

type Answers = Record<string, ConsoleResponse | (() => ConsoleResponse)>;

/** A console of a few fixed pages, by method and path, and what it was asked. */
function consoleOf(answers: Answers, options: ConsoleDriverOptions = {}) {
  const asked: ConsoleRequest[] = [];
  const send = async (request: ConsoleRequest): Promise<ConsoleResponse> => {
    asked.push(request);
    const answer = answers[`${request.method} ${request.path}`] ?? html("<h1>Not found</h1>", 404);
    return typeof answer === "function" ? answer() : answer;
  };
  return { driver: new ConsoleDriver(send, options), asked };
}

async function open(body: string, more: Answers = {}, options: ConsoleDriverOptions = {}) {
  const made = consoleOf({ "GET /a?q=1": html(body), ...more }, options);
  await made.driver.goto("/a?q=1");
  return made;
}

async function faultOf(act: () => unknown): Promise<{ message: string } & Partial<FaultDetails>> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(inspect(error, { depth: 9 })).not.toContain(canary);
    return { message: error.message, ...error.details };
  }
  return { message: "nothing was wrong" };
}

const form = `<h1>New</h1><form method="post" action="/save"><input type="hidden" name="csrf" value="t&amp;1">
<label for="n">Name</label><input id="n" name="name" maxlength="5"><label for="t">Text</label><textarea id="t" name="text">
old
line</textarea><label for="b">On</label><input id="b" type="checkbox" name="on" value="Y">
<label for="c">Off</label><input id="c" type="checkbox" name="off" checked><label for="s">Which</label><select id="s" name="which">
<option value="1">One</option><option value="2" selected>Two</option></select><label for="p">Secret</label>
<input id="p" type="password" name="secret"><label for="r">Fixed</label><input id="r" name="fixed" value="${canary}" readonly>
<input name="gone" value="x" disabled><button name="do" value="it">OK</button><button type="button">Nothing</button></form>`;

describe("filling in a form", () => {
  it("sends what a browser would: fields that are on, chosen values, line breaks, the pressed button", async () => {
    const { driver, asked } = await open(form, { "POST /save": redirect("/a?q=1") });
    expect([driver.value("Which"), driver.value("Text"), driver.value("On"), driver.value("Off")]).toEqual([
      ...["Two", "old\nline", false, true],
    ]);
    driver.fill("Name", "Ada");
    driver.fill("Text", "a\nb");
    driver.fill("On", true);
    driver.fill("Off", false);
    driver.fill("Which", "One");
    driver.fill("Secret", new Secret("s&cret"));
    expect([driver.value("Which"), driver.value("Text"), driver.value("On"), driver.value("Secret")]).toEqual([
      ...["One", "a\nb", true, "(secret)"],
    ]);
    expect(driver.choices("Which")).toEqual(["One", "Two"]);
    await driver.click("button", "OK");
    expect([...new URLSearchParams(asked[1]!.body)]).toEqual([
      ["csrf", "t&1"],
      ["name", "Ada"],
      ["text", "a\r\nb"],
      ["on", "Y"],
      ["which", "1"],
      ["secret", "s&cret"],
      ["fixed", canary],
      ["do", "it"],
    ]);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /a?q=1", "POST /save", "GET /a?q=1"]);
    expect(driver.value("Name")).toBe("");
  });

  it("sends a form without POST as a query", async () => {
    const search =
      '<form action="/list?old=1"><label for=s>Search</label><input id=s name=q type=search><button>Go</button></form>';
    const { driver, asked } = await open(search);
    driver.fill("Search", "a b&c");
    await driver.click("button", "Go");
    expect(asked[1]).toMatchObject({ method: "GET", path: "/list?q=a+b%26c", body: "" });
  });

  it.each([
    ["Name", "sixsix", 'the field "Name" takes at most 5 characters'],
    ["Name", "a\nb", 'the field "Name" takes one line'],
    ["Secret", new Secret("x".repeat(consoleFieldCharactersMax + 1)), "takes at most 65536 characters"],
    ["Name", true, 'the field "Name" is no check box'],
    ["On", "yes", 'the field "On" is a check box: on or off'],
    ["Which", "Three", 'the field "Which" has no option "Three"; there are "One", "Two"'],
    ["Which", new Secret(canary), 'the field "Which" has no option for a secret; there are "One", "Two"'],
    ["Fixed", "x", 'the field "Fixed" cannot be changed'],
    [
      "Other",
      "x",
      'there is no field "Other" on "New" (/a); there is "Name", "Text", "Secret", "Fixed", "Which", "On", "Off"',
    ],
  ])("refuses into %s what it does not take: %s", async (label, input, message) => {
    const { driver, asked } = await open(form);
    const fault = await faultOf(() => driver.fill(label, input));
    expect(fault).toMatchObject({ message: expect.stringContaining(message), happened: "no", code: "screen" });
    expect(asked).toHaveLength(1);
  });

  it("gives a secret that a field shows as a secret, and what a copy button holds", async () => {
    const { driver } = await open(`${form}<button type="button" data-copy="${canary}">Copy</button>`);
    expect(inspect(driver.secret("Fixed"))).toBe("(secret)");
    expect(driver.secret("Fixed").reveal()).toBe(canary);
    await driver.click("button", "Copy");
    expect([inspect(driver.copied), driver.copied?.reveal()]).toEqual(["(secret)", canary]);
  });
});

describe("what is not there", () => {
  const list = `<h1>API Users</h1><div role="alert">Two are retired</div><table><tr><th scope="row"><a href="/x">X</a></th>
<td>${canary}</td><td><button>Edit</button></td></tr><tr><th scope="row">Y</th><td>${canary}</td></tr></table>
<button>Edit</button><button>Add</button>`;

  it.each<[string, (driver: ConsoleDriver) => unknown, string]>([
    [
      "a button",
      (d) => d.find("button", "Save"),
      'there is no button "Save" on "API Users" (/a), which says "Two are retired"; there is "Edit", "Add"',
    ],
    [
      "one of two",
      (d) => d.find("button", "Edit"),
      'there are 2 of button "Edit" on "API Users" (/a), which says "Two are retired"',
    ],
    [
      "a row",
      (d) => d.row("Z"),
      'there is no rowheader "Z" on "API Users" (/a), which says "Two are retired"; there is "X", "Y"',
    ],
    [
      "a tab",
      (d) => d.find("tab", "Keys"),
      'there is no tab "Keys" on "API Users" (/a), which says "Two are retired"; there is no tab at all',
    ],
    [
      "in a row",
      (d) => d.find("button", "Edit", d.row("Y")),
      'there is no button "Edit" in the row "Y" of "API Users" (/a), which says "Two are retired"; there is no button at all',
    ],
    [
      "a cell, whose neighbors may be secrets",
      (d) => d.find("cell", "K"),
      'there is no cell "K" on "API Users" (/a), which says "Two are retired"; there are 3 of role cell',
    ],
  ])("is said with what is there instead: %s", async (_what, act, message) => {
    const { driver } = await open(list, {}, { on: "momentus", origin: "http://console.test" });
    const fault = await faultOf(() => act(driver));
    expect(fault).toMatchObject({
      message,
      happened: "no",
      code: "screen",
      on: "momentus",
      at: "http://console.test/a",
    });
    expect(fault.remedy).toContain("screens:");
  });

  it("names at most twelve, and cuts long names", async () => {
    const many = Array.from({ length: 20 }, (_, index) => `<button>${"n".repeat(70)}${index}</button>`).join("");
    const { message } = await faultOf(async () => (await open(`<h1>x</h1>${many}`)).driver.find("button", "Save"));
    expect(message).toContain("…");
    expect(message.length).toBeLessThan(900);
  });

  it("is a button that needs a script, one outside of forms, one that is disabled, and a menu that leads nowhere", async () => {
    const page = `${form}<button>Alone</button><button disabled>Off</button><button aria-haspopup="menu" aria-controls="m">Menu</button>`;
    const { driver, asked } = await open(page);
    for (const name of ["Nothing", "Alone", "Off", "Menu"]) {
      expect(await faultOf(() => driver.click("button", name))).toMatchObject({ code: "screen", happened: "no" });
    }
    expect(asked).toHaveLength(1);
  });
});

describe("moving between pages", () => {
  it("follows links, relative ones too, and opens a menu without leaving", async () => {
    const page =
      '<h1>A</h1><a href="?page=2">Next</a><button aria-haspopup="menu" aria-controls="m">Tools</button><div id="m" role="menu" hidden></div>';
    const { driver, asked } = await open(page, { "GET /a?page=2": html("<h1>B</h1>") });
    await driver.click("button", "Tools");
    await driver.click("link", "Next");
    expect([driver.title(), driver.path, driver.status, driver.text()]).toEqual(["B", "/a?page=2", 200, "B"]);
    expect(asked).toHaveLength(2);
  });

  it("sends nothing to another site, whether a link, a form or a redirect leads there", async () => {
    const page =
      '<a href="https://evil.example/x">Out</a><form method=post action="//evil.example"><button>Send</button></form>';
    const { driver, asked } = await open(page, { "GET /r": redirect("http://evil.example/"), "GET /n": redirect("") });
    for (const act of [() => driver.click("link", "Out"), () => driver.click("button", "Send")]) {
      expect(await faultOf(act)).toMatchObject({
        code: "page",
        happened: "no",
        message: expect.stringContaining("another site"),
      });
    }
    expect(await faultOf(() => driver.goto("/r"))).toMatchObject({ code: "page" });
    expect(asked.map(({ path }) => path)).toEqual(["/a?q=1", "/r"]);
  });

  it("keeps cookies, replaces and drops them, and shows none of them", async () => {
    const { driver, asked } = consoleOf({
      "GET /1": html("<p></p>", 200, {
        "set-cookie": [`s=${canary}; Path=/; HttpOnly`, "t=2", `long=${"x".repeat(5000)}`],
      }),
      "GET /2": redirect("/3", { "set-cookie": "t=; Max-Age=0" }),
    });
    for (const path of ["/1", "/2"]) await driver.goto(path);
    expect(asked.map(({ headers }) => headers.cookie)).toEqual([undefined, `s=${canary}; t=2`, `s=${canary}`]);
    expect([driver.cookie("s")?.reveal(), driver.cookie("t"), driver.cookie("long")]).toEqual([
      canary,
      undefined,
      undefined,
    ]);
    expect(inspect(driver, { depth: 9, showHidden: true })).not.toContain(canary);
  });

  it("shows pages of any status, and ends a circle of redirects", async () => {
    const { driver, asked } = await open("<h1>A</h1>", { "GET /circle": redirect("/circle") });
    await driver.goto("/nothing");
    expect([driver.status, driver.title()]).toEqual([404, "Not found"]);
    expect(await faultOf(() => driver.goto("/circle"))).toMatchObject({ code: "page", happened: "no" });
    expect(asked).toHaveLength(2 + consoleRedirectsMax + 1);
  });
});

describe("an answer that is no page", () => {
  const plain = (status: number): ConsoleResponse => ({
    status,
    headers: { "content-type": "text/plain" },
    body: "no",
  });
  const cut = (): ConsoleResponse => html("<p>x</p>", 200, { "content-length": "900" });
  const lost = (happened: "no" | "unknown") => (): never => {
    throw new Fault("the connection was cut", { happened });
  };

  it.each<[string, Answers, "GET" | "POST", Partial<FaultDetails>]>([
    ["500 to a look", { "GET /x": plain(500) }, "GET", { happened: "no", transient: true }],
    ["500 to a form", { "POST /x": plain(500) }, "POST", { happened: "unknown", transient: true }],
    ["429 to a form", { "POST /x": plain(429) }, "POST", { happened: "no", transient: true }],
    ["429 after a form", { "POST /x": redirect("/y"), "GET /y": plain(429) }, "POST", { happened: "unknown" }],
    ["half a page", { "POST /x": cut }, "POST", { happened: "unknown" }],
    ["a page that cannot be read", { "POST /x": html("<p>") }, "POST", { happened: "unknown" }],
    ["a redirect that repeats a form", { "POST /x": html("", 307) }, "POST", { happened: "unknown" }],
    ["nothing, before a form arrived", { "POST /x": lost("no") }, "POST", { happened: "no" }],
    [
      "nothing, after a form was taken",
      { "POST /x": redirect("/y"), "GET /y": lost("no") },
      "POST",
      { happened: "unknown" },
    ],
  ])("is a Fault that tells whether something happened: %s", async (_what, answers, method, details) => {
    const { driver } = consoleOf(answers);
    const { message, ...found } = await faultOf(() => driver.send(method, "/x", ""));
    expect(message).not.toBe("nothing was wrong");
    expect(found).toMatchObject(details);
  });

  it("leaves no page behind that somebody could act on", async () => {
    const { driver } = await open(form, { "POST /save": lost("unknown") });
    await faultOf(() => driver.click("button", "OK"));
    expect([driver.status, driver.text()]).toEqual([0, ""]);
    expect(await faultOf(() => driver.click("button", "OK"))).toMatchObject({ code: "screen" });
  });

  it("passes on what is no Fault", async () => {
    const driver = new ConsoleDriver(async () => Promise.reject(new TypeError("ours")));
    await expect(driver.goto("/")).rejects.toThrow(TypeError);
  });
});
