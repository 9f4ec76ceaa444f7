import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PictureFolder } from "../src/hands/browser/evidence.ts";
import type { BrowserPage } from "../src/hands/browser/page.ts";
import type { Control } from "../src/hands/console.ts";
import { EvidenceRuns } from "../src/hands/evidence-runs.ts";
import { performScreen } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { loadLabels } from "../src/schema-files.ts";
import { Secret } from "../src/secret.ts";
import { faultOf, labelOf, noSecret, screenOf, siteOf } from "./console-pages.ts";
import { benchAt, scenarios, screenFor, secretsFor, simulatorFor, stepFor } from "./console-scenarios.ts";
import { connector } from "./momentus-console-fixture.ts";
import { TestBrowser } from "./world/test-browser.ts";

const browser = new TestBrowser();
const control = (role: string, text: string): Control => ({ role, text });
type Context = Parameters<TestBrowser["open"]>[0];

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "steward-pictures-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A page that shows one value in every way in which a console can show it. */
const page = (secret: string, other = "same") => `<h1>API user</h1>
<label for="s">Secret</label><input id="s" readonly value="${secret}"><label for="p">Password</label><input id="p" type="password" value="${"x".repeat(secret.length % 7)}">
<label for="n">Name</label><input id="n" value="${other}"><p>You sign with <b>${secret}</b> from now on.</p>
<table><thead><tr><th scope="col">Name</th><th scope="col">Key</th></tr></thead><tbody><tr><th scope="row">one</th><td>${secret}</td></tr></tbody></table>`;

/** Both of one width: what is covered has the same shape. */
const [one, two] = ["WWWW-1111", "WWWW-2222"];

describe("a picture", () => {
  const pictureOf = async (
    context: Context,
    html: string,
    secrets: Control[],
    use?: (page: BrowserPage) => Promise<unknown>,
  ) => {
    browser.site = siteOf({ "GET /": html });
    const opened = await browser.open(context, { secrets });
    await opened.open("/");
    await use?.(opened);
    const picture = Buffer.from(await opened.picture()).toString("base64");
    await opened.close();
    return picture;
  };
  const known = [control("textbox", "Secret"), control("columnheader", "Key")];
  const said = (html: string) => html.replace(/<p>.*<\/p>/, "");

  it("shows what is no secret", async (context) => {
    const [a, b] = [
      await pictureOf(context, said(page(one, "Ada")), known),
      await pictureOf(context, said(page(one, "Bob")), known),
    ];
    expect(a === b).toBe(false);
    expect(a === (await pictureOf(context, said(page(one, "Ada")), known))).toBe(true);
  });

  it("shows neither a field nor a column whose label says that it is a secret, nor what a password field holds", async (context) => {
    const [a, b] = [await pictureOf(context, said(page(one)), known), await pictureOf(context, said(page(two)), known)];
    expect(a === b).toBe(true);
    const [c, d] = [await pictureOf(context, said(page(one)), []), await pictureOf(context, said(page(two)), [])];
    expect(c === d).toBe(false);
  });

  it.each<[string, (page: BrowserPage, value: string) => Promise<unknown>]>([
    ["was read off a field", (opened) => opened.secret(control("textbox", "Secret"))],
    ["was read off a column", (opened) => opened.secrets(control("columnheader", "Key"))],
    ["was filled in", (opened, value) => opened.fill(control("textbox", "Name"), new Secret(value))],
  ])("shows no value that %s, wherever on the page it stands", async (_how, use, context?: never) => {
    const [a, b] = [
      await pictureOf(context!, page(one), [], (opened) => use(opened, one)),
      await pictureOf(context!, page(two), [], (opened) => use(opened, two)),
    ];
    expect(a === b).toBe(true);
  });

  it.each<[string, (value: string) => string]>([
    ["split over elements", (value) => `<p><b>${value.slice(0, 7)}</b><i>${value.slice(7)}</i></p>`],
    ["in place of what is entered", (value) => `<input aria-label="q" placeholder="${value}">`],
    ["added by a style", (value) => `<style>.c::after{content:"${value}"}</style><p class="c"></p>`],
    [
      "added by a style from elsewhere",
      (value) => `<style>.c::after{content:attr(title)}</style><p class="c" title="${value}"></p>`,
    ],
    ["in other letters", (value) => `<p>${value.toLowerCase()}</p>`],
    ["on a page within the page", (value) => `<iframe srcdoc="${value}" height="40"></iframe>`],
  ])("shows no known value %s", async (how, shown, context?: Context) => {
    const form = '<h1>User</h1><label for="n">Name</label><input id="n">';
    const filled = (value: string) => (opened: BrowserPage) =>
      opened.fill(control("textbox", "Name"), new Secret(value));
    const [a, b] = [
      await pictureOf(context!, form + shown(one), [], filled(one)),
      await pictureOf(context!, form + shown(two), [], filled(two)),
    ];
    expect(a === b).toBe(true);
    const unknown = await pictureOf(context!, form + shown(one), [], filled("another"));
    expect(unknown === a).toBe(how === "on a page within the page");
  });
});

describe("pictures of what is done", () => {
  it("are one for every page that is seen, numbered, and for this user only", (context) =>
    inFolder(async (folder) => {
      const scenario = scenarios.find(({ name }) => name === "approve an app, with the prompt")!;
      const simulator = simulatorFor(scenario);
      browser.site = simulator;
      const signIn = connector.console!.signIn({});
      const secrets = loadLabels().momentus!.filter(({ secret }) => secret);
      const opened = await browser.open(context, { signIn, secrets });
      const bench = benchAt(browser.origin);
      const { username, password } = simulator.world.support;
      const desk = new SignInDesk(signIn, { userName: username, password: new Secret(password) }, bench.clock);
      const evidence = new PictureFolder(opened, systemDisk, join(folder, "run", "step"));
      const secret = secretsFor(simulator, stepFor(bench, scenario));
      await performScreen(opened, screenFor(bench, scenario), { secret, evidence, signIn: () => desk.signIn(opened) });
      const names = (await readdir(join(folder, "run", "step"))).sort();
      expect(names.map((name) => name.replace(/\.png$/, ""))).toEqual([
        ...["01-start", "02-shows", "03-shows", "04-go", "05-fill", "06-press"],
        ...["07-press", "08-prompt", "09-shows"],
      ]);
      for (const name of names) {
        const { mode, size } = await stat(join(folder, "run", "step", name));
        expect([mode & 0o077, size > 1_000]).toEqual([0, true]);
      }
    }));

  it("name the last one where it stopped", (context) =>
    inFolder(async (folder) => {
      browser.site = siteOf({ "GET /start": "<h1>Start</h1>" });
      const opened = await browser.open(context, { waitMs: 100 });
      const evidence = new PictureFolder(opened, systemDisk, folder);
      const screen = {
        ...screenOf([{ act: "press", button: labelOf("button", "OK") }]),
        url: `${browser.origin}/start`,
      };
      const fault = await faultOf(performScreen(opened, screen, { ...noSecret, evidence }));
      expect(fault.remedy).toContain(`the page as it was: ${join(folder, "02-stopped.png")}`);
      expect((await readdir(folder)).sort()).toEqual(["01-start.png", "02-stopped.png"]);
    }));

  it("fail nothing when they cannot be kept", async (context) => {
    browser.site = siteOf({ "GET /start": "<h1>Start</h1>" });
    const opened = await browser.open(context);
    const lost: string[] = [];
    const log = { kept: () => lost.push("kept"), lost: (problem: string) => lost.push(problem) };
    const evidence = new PictureFolder(opened, systemDisk, "/dev/null/nowhere", log);
    const screen = { ...screenOf([]), url: `${browser.origin}/start` };
    expect((await performScreen(opened, screen, { ...noSecret, evidence })).result).toBe("done");
    expect(lost).toEqual([
      expect.stringMatching(/^no picture \/dev\/null\/nowhere\/01-start.png could be kept: .+ is a file/),
    ]);
  });

  it("are whole or not there: a full disk leaves none behind, and the run says so", () =>
    inFolder(async (folder) => {
      const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
      const disk: typeof systemDisk = Object.create(systemDisk, {
        write: {
          value: async (path: string) => {
            await systemDisk.write(path, new Uint8Array());
            throw full;
          },
        },
      });
      const place = { disk, folder, now: () => "2026-11-25T17:06:52Z", removeFolder: async () => undefined };
      const runs = new EvidenceRuns(place);
      const picture = async () => new Uint8Array([1]);
      const evidence = new PictureFolder({ picture }, disk, () => runs.folderFor("run/step"), runs);
      for (const what of ["start", "go"]) expect(await evidence.keep(what)).toBeUndefined();
      const step = join(folder, "2026-11-25T17-06-52Z-run", "001-step");
      expect(await readdir(step)).toEqual([]);
      expect([runs.folder, runs.lostCount]).toEqual([undefined, 2]);
      expect(runs.problem).toBe(`no picture ${join(step, "01-start.png")} could be kept: ENOSPC`);
    }));
});
