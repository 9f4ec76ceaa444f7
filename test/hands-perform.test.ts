import { describe, expect, it } from "vitest";
import type { Fault } from "../src/diagnostic.ts";
import type { Evidence } from "../src/hands/console.ts";
import { type PerformOptions, performScreen } from "../src/hands/perform.ts";
import type { Act, ScreenResult } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import { faultOf, html, labelOf, noSecret, type Pages, pageOf, redirect, screenOf } from "./console-pages.ts";

const canary = "canary-0c4f";
const label = labelOf;
const done: ScreenResult = { result: "done", means: "it is done", asks: [] };

const form = `<h1>New</h1><form method="post" action="/save"><label for="n">Name</label><input id="n" name="n" value="old">
<label for="s">Secret</label><input id="s" name="s" type="password"><label for="o">On</label><input type="checkbox" id="o" name="o" checked>
<button>OK</button></form>`;
const press: Act = { act: "press", button: label("button", "OK") };
const fillSecret: Act = {
  act: "fill",
  fields: [{ label: label("textbox", "Secret"), value: { secret: "credentials" } }],
};

const notice = '<p role="alert">Closed on Sunday</p>';

describe("carrying out a screen", () => {
  it("follows a path, searches with a button of the same words or with Enter, and opens a row", async () => {
    const field = label("searchbox", "Search");
    const list = (
      button: string,
    ) => `<h1>List</h1><form action="/list"><label for="q">Search</label><input type="search" id="q" name="q">
<button>${button}</button></form><table><tr><th scope="row"><a href="/x">X</a></th></tr></table>`;
    const acts: Act[] = [
      { act: "go", path: [label("navigation", "Menu"), label("link", "List")] },
      { act: "search", field, text: "X" },
      { act: "open", row: "X" },
      { act: "shows", labels: [label("heading", "It is X")], text: "" },
      { act: "note", text: "look at it" },
    ];
    for (const button of ["Search", "Go"]) {
      const start = '<h1>Start</h1><a href="/no">List</a><nav aria-label="Menu"><a href="/list">List</a></nav>';
      const { site, page } = pageOf({ "GET /start": start, "GET /list": list(button), "GET /x": "<h1>It is X</h1>" });
      expect(await performScreen(page, screenOf(acts), noSecret)).toEqual({ result: "done", fields: {}, secrets: {} });
      expect(site.asked).toEqual(["GET /start", "GET /list", "GET /list?q=X", "GET /x"]);
    }
  });

  it("opens at its address what a path led to before, and follows the path again where that address leads elsewhere", async () => {
    const acts: Act[] = [{ act: "go", path: [label("link", "Menu"), label("link", "List")] }];
    const pages: Pages = {
      "GET /start": '<a href="/menu">Menu</a>',
      "GET /menu": '<a href="/list">List</a>',
      "GET /list": "<h1>List</h1>",
    };
    const { site, page } = pageOf(pages);
    const options = { ...noSecret, ways: new Map<string, string>() };
    const whole = ["GET /start", "GET /menu", "GET /list"];
    const asked = async (): Promise<string[]> => {
      await performScreen(page, screenOf(acts), options);
      return site.asked.splice(0);
    };
    expect(await asked()).toEqual(whole);
    expect(await asked()).toEqual(["GET /list"]);
    pages["GET /list"] = redirect("/elsewhere");
    pages["GET /elsewhere"] = "<h1>Elsewhere</h1>";
    expect(await asked()).toEqual(["GET /list", "GET /elsewhere", ...whole, "GET /elsewhere"]);
  });

  it("never takes a page that keeps its address for another one", async () => {
    const acts: Act[] = [{ act: "go", path: [label("link", "List")] }];
    const { site, page } = pageOf({ "GET /start": '<a href="/start">List</a>' });
    const options = { ...noSecret, ways: new Map<string, string>() };
    for (const _time of [1, 2]) await performScreen(page, screenOf(acts), options);
    expect(site.asked).toEqual(["GET /start", "GET /start", "GET /start", "GET /start"]);
  });

  it("fills in a secret where the step has it, and answers a prompt only when it comes up", async () => {
    const prompt: Act = {
      ...{ act: "prompt", heading: label("heading", "Who are you"), button: label("button", "Save") },
      fields: [{ label: label("textbox", "Key"), value: { secret: "credentials", part: "key" } }],
    };
    const asks =
      '<h1>Who are you</h1><form method="post" action="/key"><label for="k">Key</label><input id="k" name="k"><button>Save</button></form>';
    const asked: unknown[] = [];
    const secret: PerformOptions["secret"] = async (value) => {
      asked.push(value);
      return new Secret(value.part ?? "whole");
    };
    const pages: Pages = {
      "GET /start": form,
      "GET /ask": asks,
      "GET /end": "<h1>End</h1>",
      "POST /key": redirect("/end"),
    };
    for (const [next, sent] of [
      ["/ask", ["POST /save n=old&s=whole&o=on", "POST /key k=key"]],
      ["/end", ["POST /save n=old&s=whole&o=on"]],
    ] as const) {
      const { site, page } = pageOf({ ...pages, "POST /save": redirect(next) });
      await performScreen(page, screenOf([fillSecret, press, prompt]), { secret });
      expect(site.asked.filter((one) => one.startsWith("POST"))).toEqual(sent);
    }
    expect(asked).toEqual([
      { secret: "credentials" },
      { secret: "credentials", part: "key" },
      { secret: "credentials" },
    ]);
  });

  it("stops before anything is changed when the console shows other than expected", async () => {
    const fields = [
      { label: label("textbox", "Name"), value: "new" },
      { label: label("checkbox", "On"), value: false },
      { label: { ...label("textbox", "Secret"), secret: true as const }, value: canary },
    ];
    const { site, page } = pageOf({ "GET /start": form });
    const fault = await faultOf(performScreen(page, screenOf([{ act: "expect", fields }, press]), noSecret));
    expect(fault).toMatchObject({ happened: "no", code: "changed", remedy: "plan again" });
    expect(fault.message).toContain('Name is "old" instead of "new", On is on instead of off, Secret is another one');
    expect(site.asked).toEqual(["GET /start"]);
  });

  it("stops where only a person can go on, and passes over what copies and what need not be there", async () => {
    const acts: Act[] = [
      { act: "press", button: label("button", "Copy"), copies: true },
      { act: "press", button: label("button", "Show"), optional: true },
      { act: "note", text: "choose a customer", toPerson: true },
    ];
    const { page } = pageOf({ "GET /start": form });
    const fault = await faultOf(performScreen(page, screenOf(acts), noSecret));
    expect(fault).toMatchObject({ happened: "no", message: "only a person can do this: choose a customer" });
    expect(fault.remedy).toContain("hand: person");
  });

  it("says what the page says, with no secret in it; after something was sent nobody knows whether it happened", async () => {
    const alert = `<h1>New</h1><p role="alert">No: ${canary} is taken</p>`;
    const secret = async () => new Secret(canary);
    const looks = pageOf({ "GET /start": '<h1>A</h1><a href="/b">B</a>', "GET /b": html(alert, 403) });
    const follow: Act = { act: "go", path: [label("link", "B")] };
    const said = await faultOf(
      performScreen(
        pageOf({ "GET /start": form, "POST /save": html(alert, 422) }).page,
        screenOf([fillSecret, press]),
        { secret },
      ),
    );
    expect(said).toMatchObject({ happened: "unknown", code: "refused" });
    expect(said.message).toBe('after "OK" the console says "No: (secret) is taken"');
    const looked = performScreen(looks.page, screenOf([follow]), noSecret).catch((error: Fault) => error);
    expect(await looked).toMatchObject({ details: { happened: "no", code: "refused" } });
  });

  it("hears only what is new: a notice on every page stops nothing", async () => {
    const { page } = pageOf({ "GET /start": `${notice}${form}`, "POST /save": `<h1>Saved</h1>${notice}` });
    expect((await performScreen(page, screenOf([press]), noSecret)).result).toBe("done");
  });

  it.each<[string, string | ReturnType<typeof html>, string]>([
    ["another alert", '<p role="alert">No license is left</p>', "No license is left"],
    ["the same words once more", notice, "Closed on Sunday"],
    ["an error", html(`<h1>Sorry</h1>${notice}`, 409), "Sorry (HTTP 409)"],
  ])("hears beside a notice on every page: %s", async (_what, answer, said) => {
    const saved = typeof answer === "string" ? notice + answer : answer;
    const { page } = pageOf({ "GET /start": `${notice}${form}`, "POST /save": saved });
    const fault = await faultOf(performScreen(page, screenOf([press]), noSecret));
    expect(fault).toMatchObject({ code: "refused", message: `after "OK" the console says "${said}"` });
  });

  it("takes nothing for done that came with an error, or while the window is still there", async () => {
    const broken = pageOf({ "GET /start": form, "POST /save": html("<h1>Sorry</h1>", 500) });
    const fault = await faultOf(performScreen(broken.page, screenOf([press]), noSecret));
    expect(fault).toMatchObject({ happened: "unknown", message: 'after "OK" the console says "Sorry (HTTP 500)"' });
    const stays = pageOf({ "GET /start": form, "POST /save": form });
    const prompt: Act = { act: "prompt", heading: label("heading", "New"), fields: [], button: label("button", "OK") };
    expect(await faultOf(performScreen(stays.page, screenOf([prompt]), noSecret))).toMatchObject({
      ...{ happened: "unknown", code: "screen", message: expect.stringContaining("is still there") },
    });
  });

  it("does not know what happened when something is missing after it sent something", async () => {
    const shows: Act = { act: "shows", labels: [label("heading", "Saved")], text: "" };
    const acts = [press, shows];
    const { page } = pageOf({ "GET /start": form, "POST /save": "<h1>Elsewhere</h1>" });
    const fault = await faultOf(performScreen(page, screenOf(acts), noSecret));
    expect(fault).toMatchObject({ happened: "unknown", code: "screen" });
    expect(fault.message).toContain('there is no heading "Saved" on "Elsewhere"');
  });

  it("keeps pictures in the order of what it did, and names the last one where it stopped", async () => {
    const kept: string[] = [];
    const evidence: Evidence = {
      async keep(what) {
        kept.push(what);
        return `/run/${what}.png`;
      },
    };
    const read: Act = { act: "read", ask: "name", field: label("textbox", "Name") };
    const shows: Act = { act: "shows", labels: [label("heading", "New")], text: "" };
    const results = [{ ...done, asks: [{ name: "name", label: "Name" }] }];
    const stops: Act = { act: "press", button: label("button", "Gone") };
    const { page } = pageOf({ "GET /start": form });
    const acts: Act[] = [
      shows,
      read,
      { act: "fill", fields: [{ label: label("textbox", "Name"), value: "x" }] },
      stops,
    ];
    const fault = await faultOf(performScreen(page, screenOf(acts, results), { ...noSecret, evidence }));
    expect(kept).toEqual(["start", "read", "fill", "stopped"]);
    expect(fault.remedy).toMatch(/; the page as it was: \/run\/stopped\.png$/);
  });
});

describe("answering", () => {
  const keys = `<h1>Keys</h1><table><tr><th scope="col">Name</th><th scope="col">Key</th></tr>
<tr><th scope="row">one</th><td>AAAA-${canary}</td></tr><tr><th scope="row">two</th><td>bbbb-${canary}</td></tr></table>`;
  const column = label("columnheader", "Key");
  const asks = [{ name: "key", label: "Key", secret: true as const }];

  it.each([
    ["the last one", {}, "bbbb"],
    ["the one that begins so, in any letter case", { begins: "aaaa" }, "AAAA"],
  ])("tells of a column %s", async (_which, more, begin) => {
    const { page } = pageOf({ "GET /start": keys });
    const read: Act = { act: "read", ask: "key", column, ...more };
    const given = await performScreen(page, screenOf([read], [{ ...done, asks }]), noSecret);
    expect([given.secrets.key?.reveal(), JSON.stringify(given)]).toEqual([
      ...[`${begin}-${canary}`, '{"result":"done","fields":{},"secrets":{"key":"(secret)"}}'],
    ]);
  });

  it.each([
    ["none begins so", keys, { begins: "cccc" }, 'there is none that begins with "cccc" under "Key"'],
    [
      "several begin so",
      keys.replace("AAAA", "bbbb"),
      { begins: "bbbb" },
      'there are 2 that begins with "bbbb" under "Key"',
    ],
    ["there is none at all", keys.replace(/<tr><th scope="row">.*<\/tr>/s, ""), {}, 'there is none under "Key"'],
  ])("tells nothing where %s", async (_why, body, more, message) => {
    const { page } = pageOf({ "GET /start": body });
    const read: Act = { act: "read", ask: "key", column, ...more };
    expect(await faultOf(performScreen(page, screenOf([read], [{ ...done, asks }]), noSecret))).toMatchObject({
      message,
    });
  });

  const states = `<h1>Apps</h1><table><tr><th scope="col">App</th><th scope="col">State</th></tr>
<tr><th scope="row">A</th><td>Läuft</td></tr><tr><th scope="row">B</th><td>Kaputt</td></tr></table>`;
  const state = label("columnheader", "State");
  const words = { active: label("cell", "Läuft") };
  it.each([
    ["A", "active"],
    ["C", "not listed"],
  ])("tells what a row shows in our words: %s", async (row, told) => {
    const { page } = pageOf({ "GET /start": states });
    const read: Act = { act: "read", ask: "state", column: state, row, missing: "not listed", words };
    const results = [{ ...done, asks: [{ name: "state", label: "State" }] }];
    expect((await performScreen(page, screenOf([read], results), noSecret)).fields).toEqual({ state: told });
  });

  it("tells no word that nobody knows", async () => {
    const { page } = pageOf({ "GET /start": states });
    const read: Act = { act: "read", ask: "state", column: state, row: "B", words };
    const results = [{ ...done, asks: [{ name: "state", label: "State" }] }];
    expect(await faultOf(performScreen(page, screenOf([read], results), noSecret))).toMatchObject({
      message: '"Kaputt" is none of the words that are known for state: "Läuft"',
    });
  });

  const question: ScreenResult[] = [
    { result: "found", means: "there", asks: [] },
    { result: "absent", means: "not there", asks: [{ name: "rights", label: "Rights", choices: ["all", "some"] }] },
    { result: "cannot-see", means: "unknown", asks: [] },
  ];
  const more = { next: label("link", "Next") };
  const paged: Pages = {
    "GET /start": `${states}<a href="/2">Next</a>`,
    "GET /2": '<h1>Apps</h1><table><tr><th scope="row">Z</th></tr></table>',
  };
  it.each<[string, Act, Record<string, string>, string]>([
    ["a row that is there", { act: "look", row: "A" }, {}, "found"],
    ["a row of the next page", { act: "look", row: "Z", ...more }, {}, "found"],
    ["a row of a page that is not looked at", { act: "look", row: "Z" }, {}, "cannot-see"],
    ["none, with unknown rights", { act: "look", row: "N", ...more }, {}, "cannot-see"],
    ["none, with known rights", { act: "look", row: "N", ...more }, { rights: "all" }, "absent"],
    ["one of the words", { act: "look", row: "A", among: { column: state, words: [words.active] } }, {}, "found"],
    [
      "another word",
      { act: "look", row: "B", among: { column: state, words: [words.active] } },
      { rights: "all" },
      "absent",
    ],
  ])("a question by looking: %s", async (_what, look, known, result) => {
    const { page } = pageOf(paged);
    const given = await performScreen(page, screenOf([look], question), { ...noSecret, known });
    expect(given).toEqual({ result, fields: result === "absent" ? known : {}, secrets: {} });
  });

  it.each([
    ["AaAa", "found"],
    ["cccc", "absent"],
  ])("a question by the beginning of a cell, in any letter case: %s", async (begins, result) => {
    const { page } = pageOf({ "GET /start": keys });
    const options = { ...noSecret, known: { rights: "all" } };
    expect((await performScreen(page, screenOf([{ act: "look", column, begins }], question), options)).result).toBe(
      result,
    );
    const empty = pageOf({ "GET /start": "<h1>Keys</h1><p>None</p>" });
    const none = await performScreen(empty.page, screenOf([{ act: "look", column, begins }], question), options);
    expect(none.result).toBe("absent");
  });

  it("a question whose rest is of no use without what was looked for ends there", async () => {
    const gone: Act = { act: "press", button: label("button", "Gone") };
    const options = { ...noSecret, known: { rights: "all" } };
    const screen = (row: string) => screenOf([{ act: "look", row, ends: true }, gone], question);
    expect((await performScreen(pageOf(paged).page, screen("N"), options)).result).toBe("absent");
    expect((await faultOf(performScreen(pageOf(paged).page, screen("A"), options))).code).toBe("screen");
  });

  it("a question without anything to look at is not answered", async () => {
    const { page } = pageOf(paged);
    expect((await performScreen(page, screenOf([], question), { ...noSecret, known: { rights: "all" } })).result).toBe(
      "cannot-see",
    );
  });
});
