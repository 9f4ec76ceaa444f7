import { describe, expect, it } from "vitest";
import type { Control } from "../src/hands/console.ts";
import { inOne } from "../src/hands/hearing.ts";
import { performScreen } from "../src/hands/perform.ts";
import type { Act } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import type { SimResponse } from "../src/simulators/wire.ts";
import { faultOf, html, labelOf, noSecret, type Pages, plain, redirect, screenOf, siteOf } from "./console-pages.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** What only a browser meets: scripts, windows of its own, controls that are not plain, other sites. */

const browser = new TestBrowser();
const control = (role: string, text: string): Control => ({ role, text });
const json = (status: number): SimResponse => ({ status, headers: { "content-type": "application/json" }, body: "{}" });

async function open(context: Parameters<TestBrowser["open"]>[0], pages: Pages, options = {}) {
  const site = siteOf(pages);
  browser.site = site;
  const page = await browser.open(context, { waitMs: 2_000, ...options });
  await page.open("/start");
  return { page, site };
}

const app = (script: string, body = "") =>
  `<h1>App</h1>${body}<button id="go">Go</button><script>
const go = document.getElementById("go"); const say = (text, role) => { const p = document.createElement("p");
p.textContent = text; if (role) p.setAttribute("role", role); document.body.append(p); }; ${script}</script>`;

describe("a page with scripts", () => {
  it("is waited for: for what a script asks the system, and for what appears late", async (context) => {
    const script = `go.onclick = async () => { await fetch("/data", { method: "PUT" }); say("Saved", "heading");
setTimeout(() => say("Later", "heading"), 400); };`;
    const slow = { "PUT /data": json(200) };
    const { page, site } = await open(context, { "GET /start": app(script), ...slow });
    await page.press(control("button", "Go"));
    expect(await page.has(control("heading", "Saved"))).toBe(true);
    expect(await page.has(control("heading", "Later"))).toBe(false);
    expect(await page.waitFor([control("heading", "Later")])).toEqual(control("heading", "Later"));
    expect([site.asked, page.sent]).toEqual([["GET /start", "PUT /data"], 1]);
  });

  it.each<[string, SimResponse, string | undefined]>([
    ["it was refused and the page keeps silent", json(409), "PUT was answered with HTTP 409"],
    ["it was done", json(200), undefined],
  ])("is heard where %s", async (_what, answer, said, context?: never) => {
    const { page } = await open(context!, {
      "GET /start": app('go.onclick = () => fetch("/data", { method: "PUT" })'),
      "PUT /data": answer,
    });
    await page.press(control("button", "Go"));
    expect(inOne(await page.hear())).toBe(said);
  });

  it.each<[string, string, string]>([
    ["a change that was refused", "", "PUT was answered with HTTP 409"],
    ["a further alert", '.then(() => say("No license is left", "alert"))', "No license is left"],
  ])("is heard beside a notice that stands there all the time: %s", async (_what, then, said, context?: never) => {
    const { page } = await open(context!, {
      "GET /start": app(
        `say("Closed on Sunday", "alert"); go.onclick = () => fetch("/data", { method: "PUT" })${then}`,
      ),
      "PUT /data": json(409),
    });
    const press: Act = { act: "press", button: labelOf("button", "Go") };
    const screen = { ...screenOf([press]), url: `${browser.origin}/start` };
    const fault = await faultOf(performScreen(page, screen, noSecret));
    expect(fault).toMatchObject({ code: "refused", message: `after "Go" the console says "${said}"` });
  });

  it("may take its time to answer, and may ask for news without an end", async (context) => {
    const never = new Promise<SimResponse>(() => undefined);
    const later = new Promise<SimResponse>((resolve) => {
      setTimeout(() => resolve(html("<h1>There</h1>")), 1_500);
    });
    const script = 'fetch("/news"); go.onclick = () => { location.href = "/slow"; };';
    const { page, site } = await open(context, { "GET /start": app(script) }, { waitMs: 500 });
    const answer = site.handle.bind(site);
    site.handle = (request) => (request.path === "/news" ? never : request.path === "/slow" ? later : answer(request));
    await page.open("/start");
    await page.press(control("button", "Go"));
    expect(await page.has(control("heading", "There"))).toBe(true);
  });

  it("that keeps what is open after the # of its address begins anew each time", async (context) => {
    const body = '<nav aria-label="Main"><a href="#/list">List</a></nav><p id="open">nothing</p>';
    const script = 'go.onclick = async () => { await fetch("/who"); say("Open", "heading"); };';
    const pages = { "GET /start": app(script, body), "GET /who": json(200) };
    const { page, site } = await open(context, pages);
    const acts: Act[] = [{ act: "go", path: [labelOf("link", "List")] }];
    const screen = { ...screenOf(acts), url: `${browser.origin}/start` };
    const options = { ...noSecret, ways: new Map<string, string>() };
    for (const url of ["/start", "/start#/list", "/start#/list"]) {
      await performScreen(page, { ...screen, url: `${browser.origin}${url}` }, options);
      expect(await page.has(control("heading", "Open"))).toBe(false);
      await page.press(control("button", "Go"));
      expect(await page.has(control("heading", "Open"))).toBe(true);
    }
    await performScreen(page, screen, options);
    expect(await page.has(control("heading", "Open"))).toBe(false);
    expect(site.asked.filter((one) => one === "GET /start")).toHaveLength(5);
    expect(options.ways.size).toBe(0);
  });

  it("answers a window of the page that comes up late", async (context) => {
    const dialog = `setTimeout(() => { say("Delete user", "heading"); const ok = document.createElement("button"); ok.append("OK");
ok.onclick = () => { document.querySelector("p").remove(); ok.remove(); fetch("/gone", { method: "POST" }); }; document.body.append(ok); }, 300)`;
    const { page, site } = await open(context, {
      "GET /start": app(`go.onclick = () => ${dialog}`),
      "POST /gone": json(200),
    });
    const acts: Act[] = [
      { act: "press", button: labelOf("button", "Go") },
      { act: "prompt", heading: labelOf("heading", "Delete user"), fields: [], button: labelOf("button", "OK") },
    ];
    await performScreen(page, { ...screenOf(acts), url: `${browser.origin}/start` }, noSecret);
    expect([site.asked.at(-1), page.sent]).toEqual(["POST /gone", 1]);
  });

  it("that opens a window of its own says so", async (context) => {
    const { page } = await open(context, { "GET /start": app('go.onclick = () => { open("/other"); };') });
    await page.press(control("button", "Go"));
    // The browser tells of a window when it has one, which may be after the click is over.
    await expect.poll(() => page.hear().then(inOne), { timeout: 10_000 }).toContain("opens another window");
    expect(inOne(await page.hear())).toBeUndefined();
  });

  it("can ask in a window of the browser, which is answered with no and told", async (context) => {
    const script = 'go.onclick = () => { if (confirm("Really delete?")) fetch("/data", { method: "DELETE" }); };';
    const { page, site } = await open(context, { "GET /start": app(script) });
    const press = { act: "press" as const, button: labelOf("button", "Go") };
    const fault = await faultOf(
      performScreen(page, { ...screenOf([press]), url: `${browser.origin}/start` }, noSecret),
    );
    expect(fault.message).toBe('after "Go" the console says "the browser asks "Really delete?""');
    expect(fault.happened).toBe("no");
    expect(site.asked).toEqual(["GET /start", "GET /start"]);
  });

  it("says of a control that cannot be used that it cannot, not with what", async (context) => {
    const { page } = await open(context, { "GET /start": app("go.disabled = true;") }, { waitMs: 300 });
    const fault = await faultOf(page.press(control("button", "Go")));
    expect(fault).toMatchObject({ happened: "no", code: "screen", message: expect.stringContaining("it is disabled") });
  });
});

const custom = `<h1>Custom</h1>
<div role="combobox" aria-label="Color" aria-expanded="false" tabindex="0">Red</div>
<div role="listbox" id="colors" hidden><div role="option">Red</div><div role="option">Blue</div></div>
<div role="radiogroup" aria-label="Different token"><label><input type="radio" name="d" checked>No</label><label><input type="radio" name="d">Yes</label></div>
<button role="switch" aria-checked="false" aria-label="Active"></button>
<button role="checkbox" aria-checked="mixed" aria-label="Rights"></button>
<button role="checkbox" aria-checked="false" aria-label="Stubborn"></button>
<script>
const [box] = document.querySelectorAll("[role=combobox]"); const list = document.getElementById("colors");
box.onclick = () => { list.hidden = false; box.ariaExpanded = "true"; };
list.onclick = ({ target }) => { box.textContent = target.textContent; list.hidden = true; box.ariaExpanded = "false"; };
const toggle = (name, next) => { const one = document.querySelector("[aria-label=" + name + "]");
one.onclick = () => { one.ariaChecked = next[one.ariaChecked]; }; };
toggle("Active", { false: "true", true: "false" });
toggle("Rights", { mixed: "false", false: "true", true: "mixed" });
toggle("Stubborn", { false: "mixed", mixed: "false" });
</script>`;

describe("a control that is not plain", () => {
  it("is set, and read back", async (context) => {
    const { page } = await open(context, { "GET /start": custom });
    const wanted = [
      [control("combobox", "Color"), "Blue"],
      [control("radiogroup", "Different token"), "Yes"],
      [control("switch", "Active"), true],
      [control("checkbox", "Rights"), true],
    ] as const;
    const shown = () => Promise.all(wanted.map(([one]) => page.value(one)));
    expect(await shown()).toEqual(["Red", "No", false, "mixed"]);
    for (const [one, value] of wanted) await page.fill(one, value);
    expect(await shown()).toEqual(["Blue", "Yes", true, true]);
    for (const [one, value] of wanted) await page.fill(one, value);
    expect(await shown()).toEqual(["Blue", "Yes", true, true]);
  });

  it.each([
    ["checkbox", "Stubborn", true, "never shows on, only false, mixed"],
    ["switch", "Active", "yes", "is a check box: on or off"],
    ["radiogroup", "Different token", true, "is no check box"],
  ])("is not taken for set when it does not show it: %s %s", async (role, name, value, message, context?: never) => {
    const { page } = await open(context!, { "GET /start": custom });
    const fault = await faultOf(page.fill(control(role, name), value));
    expect(fault).toMatchObject({ happened: "no", code: "screen", message: `the field "${name}" ${message}` });
  });

  it("does not repeat a secret that it did not take", async (context) => {
    const { page } = await open(context, { "GET /start": custom }, { waitMs: 300 });
    for (const name of ["Color", "Different token"]) {
      const fault = await faultOf(page.fill(control("field", name), new Secret("canary-4e11")));
      expect(fault).toMatchObject({ code: "screen", message: `the field "${name}" has no option for a secret` });
    }
  });
});

describe("other sites", () => {
  it("are not reached: not by pictures, scripts and redirects, nor by a form with a password in it", async (context) => {
    const out = browser.origin.replace("127.0.0.1", "localhost");
    const body = `<img src="${out}/picture"><script src="${out}/script"></script><a href="/away">Away</a>
<form method="post" action="${out}/steal"><label for="p">Password</label><input id="p" name="p" type="password"><button>Send</button></form>`;
    const { page, site } = await open(context, { "GET /start": app("", body), "GET /away": redirect(`${out}/there`) });
    await page.fill(control("textbox", "Password"), new Secret("canary-99aa"));
    expect(await faultOf(page.press(control("button", "Send")))).toMatchObject({ code: "page", happened: "no" });
    expect(page.sent).toBe(0);
    await page.open("/start");
    expect(await faultOf(page.press(control("link", "Away")))).toMatchObject({ code: "page", happened: "no" });
    expect(site.asked).toEqual(["GET /start", "GET /start", "GET /away"]);
  });

  it("on another port of the same machine are left at once: nothing is entered or read there", async (context) => {
    const { serveSimulator } = await import("../src/simulators/server.ts");
    const there = await serveSimulator(siteOf({ "GET /": app("", "<label>Password<input type=password></label>") }));
    try {
      const { page } = await open(context, { "GET /start": `<h1>A</h1><a href="${there.url}/">There</a>` });
      const elsewhere = {
        code: "page",
        message: `the console leads to another site, ${there.url}, where nothing is done`,
      };
      expect(await faultOf(page.press(control("link", "There")))).toMatchObject(elsewhere);
      const enter = page.fill(control("textbox", "Password"), new Secret("canary-5511"));
      expect(await faultOf(enter)).toMatchObject(elsewhere);
      await page.open("/start");
      expect(await page.has(control("heading", "A"))).toBe(true);
    } finally {
      await there.close();
    }
  });

  it("keeps nothing that a page wants to have downloaded", async (context) => {
    const file = { ...plain(200), headers: { "content-type": "application/zip", "content-disposition": "attachment" } };
    const { page } = await open(context, { "GET /start": '<h1>A</h1><a href="/file">File</a>', "GET /file": file });
    expect(await faultOf(page.press(control("link", "File")))).toMatchObject({ code: "page", happened: "no" });
    expect((await faultOf(page.open("/file"))).happened).toBe("no");
  });
});

describe("a browser that ended", () => {
  it("is a fault, and what was sent before may have happened", async (context) => {
    const hang = () => html("<h1>x</h1>");
    const { page } = await open(context, { "GET /start": app(""), "GET /x": hang });
    await page.close();
    expect(await faultOf(page.press(control("button", "Go")))).toMatchObject({ code: "page", transient: true });
  });
});
