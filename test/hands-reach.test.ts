import { describe, expect, it, type TestContext } from "vitest";
import type { ConsolePage } from "../src/hands/console.ts";
import { ConsoleDesk } from "../src/hands/desk.ts";
import { performScreen, readList } from "../src/hands/perform.ts";
import type { Act, ScreenResult } from "../src/screen.ts";
import { faultOf, html, labelOf, members, noSecret, openMember, type Pages, plain, redirect } from "./console-pages.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** Pages that are tried, choices that are all the same, and lists that must be theirs: alike in both members of the port. */

const browser = new TestBrowser();
const label = labelOf;

const ask = { name: "licensed", label: "Is it licensed", choices: ["yes", "no"] };
const rights = { name: "rights", label: "Rights" };
const question: ScreenResult[] = [
  { result: "found", means: "it is there", asks: [] },
  { result: "absent", means: "it is not there", asks: [rights, ask] },
  { result: "cannot-see", means: "it cannot be seen", asks: [{ ...ask, optional: true }] },
];
const menu = '<h1>Start</h1><nav aria-label="Menu"><a href="/users">Users</a></nav>';
const listOf = (...names: string[]): string =>
  `<h1>Users</h1><form action="/users"><label for="q">Search</label><input type="search" id="q" name="q"></form><table>${names.map((name) => `<tr><th scope="row"><a href="/x">${name}</a></th></tr>`).join("")}</table><form action="/new"><button>Add</button></form>`;
const closed = (status: number) => html('<h1>Users</h1><p role="alert">This is not licensed.</p>', status);
const search = label("searchbox", "Search");

const toList: Act = {
  ...{ act: "reach", path: [label("navigation", "Menu"), label("link", "Users")], asks: "licensed" },
};
const acts: Act[] = [
  toList,
  { act: "look", row: "B", on: search },
  {
    ...{ act: "reach", path: [label("button", "Add")], shows: label("heading", "New user") },
    ...{ asks: "licensed", unlessFound: true },
  },
];

describe.each(members)("a console by %s", (member) => {
  const opened = async (pages: Pages, context: TestContext): Promise<{ page: ConsolePage; asked: string[] }> => {
    const { page, site } = await openMember(member, { browser, context, pages });
    return { page, asked: site.asked };
  };
  const screen = (results = question) => ({
    ...{ role: "somebody", url: `${browser.origin}/start`, acts, results, known: { rights: "support" } },
  });
  const told = (page: ConsolePage) => performScreen(page, screen(), noSecret);

  it("answers a question by whether a page can be got to, and tries nothing more than it must", async (context) => {
    const open = { "GET /start": menu, "GET /new": "<h1>New user</h1>" };
    const found = await opened({ ...open, "GET /users": listOf("A", "B") }, context);
    expect(await told(found.page)).toMatchObject({ result: "found", fields: {} });
    expect(found.asked).toEqual(["GET /start", "GET /users"]);

    const absent = await opened({ ...open, "GET /users": listOf("A") }, context);
    expect(await told(absent.page)).toMatchObject({
      result: "absent",
      fields: { rights: "support", licensed: "yes" },
    });
    expect(absent.asked).toEqual(["GET /start", "GET /users", "GET /new?"]);
  });

  it.each([
    ["the page is refused", { "GET /start": menu, "GET /users": closed(403) }, "cannot-see", { licensed: "no" }],
    ["the page says no", { "GET /start": menu, "GET /users": closed(200) }, "cannot-see", { licensed: "no" }],
    [
      "the menu has no such link",
      { "GET /start": '<h1>Start</h1><nav aria-label="Menu"><a href="/about">About</a></nav>' },
      "cannot-see",
      { licensed: "no" },
    ],
    [
      "only adding is refused",
      { "GET /start": menu, "GET /users": listOf("A"), "GET /new": closed(403) },
      "absent",
      { rights: "support", licensed: "no" },
    ],
    [
      "there is nothing to add with",
      { "GET /start": menu, "GET /users": listOf("A").replace("Add", "Other") },
      "absent",
      { rights: "support", licensed: "no" },
    ],
  ] as const)("takes it for closed where %s", async (_name, pages, result, fields, context?: TestContext) => {
    const { page } = await opened(pages, context!);
    expect(await told(page)).toMatchObject({ result, fields });
  });

  it.each([
    ["the page fails", { "GET /users": closed(500) }],
    ["the console asks for patience", { "GET /users": closed(429) }],
    ["what comes is no page", { "GET /users": plain(502) }],
    ["there is not even a menu", { "GET /start": "<h1>Start</h1>" }],
    ["another page comes, without the list", { "GET /users": "<h1>Moved</h1>" }],
    ["another form comes", { "GET /users": listOf("A"), "GET /new": "<h1>Moved</h1>" }],
  ] as const)("says neither where %s", async (_name, pages, context?: TestContext) => {
    const { page } = await opened({ "GET /start": menu, ...pages }, context!);
    expect(await faultOf(told(page))).toMatchObject({ happened: "no" });
  });

  it("reads a list only behind a page that can be got to, and only where each of its pages is one of the list", async (context) => {
    const list = { url: `${browser.origin}/start`, acts: [toList], next: label("link", "Next"), on: search };
    const first = listOf("A").replace("</table>", '</table><a href="/more">Next</a>');
    const whole = await opened({ "GET /start": menu, "GET /users": first, "GET /more": listOf("B") }, context);
    const rows = await readList(whole.page, list, noSecret);
    expect(rows.map(({ header }) => header)).toEqual(["A", "B"]);
    const shut = await opened({ "GET /start": menu, "GET /users": closed(403) }, context);
    expect(await faultOf(readList(shut.page, list, noSecret))).toMatchObject({ code: "privilege", happened: "no" });
    const moved = await opened({ "GET /start": menu, "GET /users": first, "GET /more": "<h1>Moved</h1>" }, context);
    expect(await faultOf(readList(moved.page, list, noSecret))).toMatchObject({ code: "screen", happened: "no" });
  });

  it("takes any choice: the one that is there, else the first that is one", async (context) => {
    const field = label("combobox", "Place");
    const form = (options: string): string =>
      `<h1>New</h1><form method="post" action="/save"><label for="p">Place</label><select id="p" name="p">${options}</select><button>OK</button></form>`;
    const results: ScreenResult[] = [{ result: "done", means: "it is saved", asks: [] }];
    const choosing: Act[] = [
      { act: "choose", field },
      { act: "press", button: label("button", "OK") },
    ];
    const saved = async (options: string): Promise<string | undefined> => {
      const { page, asked } = await opened(
        { "GET /start": form(options), "POST /save": redirect("/end"), "GET /end": "<h1>End</h1>" },
        context,
      );
      await performScreen(page, { ...screen(results), acts: choosing }, noSecret);
      return asked.find((one) => one.startsWith("POST"));
    };
    const places = '<option value="10">Halls</option><option value="20">Arena</option>';
    expect(await saved(`<option value="">Choose one</option><option disabled>None</option>${places}`)).toBe(
      "POST /save p=10",
    );
    expect(await saved(places.replace('"20"', '"20" selected'))).toBe("POST /save p=20");
    expect(await faultOf(saved('<option value="">Choose one</option>'))).toMatchObject({
      ...{ message: 'the field "Place" has nothing to choose from', happened: "no", code: "screen" },
    });
  });
});

it("whoever only looks may narrow a list, and changes nothing", async () => {
  const desk = new ConsoleDesk(() => Promise.reject(new Error("it was opened")));
  const show: Act = { act: "press", button: label("button", "Show") };
  await expect(desk.rows({ url: "x", acts: [{ ...show, narrows: true }, toList] })).rejects.toThrow("it was opened");
  expect(() => desk.rows({ url: "x", acts: [show] })).toThrow("cannot press");
});
