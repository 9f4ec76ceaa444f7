import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BrowserPlace, findBrowser, thisPlace } from "../src/hands/browser/find.ts";
import { launchBrowser } from "../src/hands/browser/launch.ts";
import { packagedBrowser } from "../src/hands/browser/packaged.ts";
import { faultOf } from "./console-pages.ts";

function place(files: string[], more: Partial<BrowserPlace> = {}): BrowserPlace {
  return {
    ...{ variables: {}, platform: "linux" },
    canStart: async (path) => files.includes(path),
    packaged: async () => undefined,
    ...more,
  };
}

const windows = {
  platform: "win32",
  variables: { ProgramFiles: "C:\\Programs", "ProgramFiles(x86)": "C:\\Programs86", LOCALAPPDATA: "C:\\Me\\Local" },
};
const mac = { platform: "darwin", variables: { HOME: "/Users/me" } };
const linux = { variables: { PATH: "/usr/local/bin:relative:/usr/bin" } };

const macChrome = "/Users/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const edge = "C:\\Programs86\\Microsoft\\Edge\\Application\\msedge.exe";
const ownChrome = "C:\\Me\\Local\\Google\\Chrome\\Application\\chrome.exe";
const opt = "/opt/microsoft/msedge/msedge";

describe("a browser", () => {
  it.each<[string, string[], Partial<BrowserPlace>, string]>([
    ["Chrome before Chromium", ["/usr/bin/chromium", "/usr/bin/google-chrome"], linux, "/usr/bin/google-chrome"],
    ["in the order of PATH", ["/usr/bin/chromium", "/usr/local/bin/chromium"], linux, "/usr/local/bin/chromium"],
    ["Edge on Linux", [opt, "relative/chromium"], linux, opt],
    ["Chrome of one user on a Mac", [macChrome], mac, macChrome],
    ["Edge on Windows", [edge], windows, edge],
    ["Chrome of one user on Windows", [ownChrome, edge], windows, ownChrome],
  ])("that is installed is found: %s", async (_what, files, more, path) => {
    expect(await findBrowser(place(files, more))).toMatchObject({ path, from: "installed", hasWindow: true });
  });

  it("that STEWARD_BROWSER names comes first, and is never replaced by another one", async () => {
    const variables = { PATH: "/usr/bin", STEWARD_BROWSER: "/opt/mine" };
    const found = await findBrowser(place(["/usr/bin/chromium", "/opt/mine"], { variables }));
    expect(found).toMatchObject({ path: "/opt/mine", from: "STEWARD_BROWSER" });
    const fault = await faultOf(findBrowser(place(["/usr/bin/chromium"], { variables })));
    expect(fault).toMatchObject({ code: "browser", happened: "no", remedy: expect.stringContaining("path") });
  });

  it("from npm is the last way, has no window, and keeps no sandbox from being used where there is one", async () => {
    const packaged = async () => "/tmp/x/chromium";
    expect(await findBrowser(place(["/usr/bin/chromium"], { ...linux, packaged }))).toMatchObject({
      from: "installed",
      hasSandbox: true,
    });
    const found = await findBrowser(place([], { ...linux, packaged }));
    expect(found).toMatchObject({ path: "/tmp/x/chromium", from: "package", hasWindow: false, hasSandbox: false });
    const headed = launchBrowser(place([], { packaged }), { origins: [], headed: true });
    expect(await faultOf(headed)).toMatchObject({
      message: "the browser from npm cannot show a window",
      code: "browser",
    });
    const unseen = launchBrowser(place(["/usr/bin/chromium"], linux), { origins: [], headed: true });
    expect(await faultOf(unseen)).toMatchObject({
      ...{ message: "there is no display here on which a window could show", code: "browser" },
      remedy: expect.stringContaining("leave --headed out"),
    });
  });

  it("that is nowhere is a fault that says how to get one, and how to do without", async () => {
    const { remedy, ...fault } = await faultOf(findBrowser(place([])));
    expect(fault).toMatchObject({ message: "there is no browser", code: "browser", happened: "no" });
    for (const way of ["Chrome", "STEWARD_BROWSER", "npm install @sparticuz/chromium", "hand: person"])
      expect(remedy).toContain(way);
  });

  it("from npm is unpacked once, also while another browser starts and temporary files go to its profile", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "steward-find-"));
    const before = process.env.TMPDIR;
    try {
      process.env.TMPDIR = elsewhere;
      const path = await packagedBrowser();
      expect(path?.startsWith(elsewhere) ?? false).toBe(false);
      expect(await readdir(elsewhere)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it("of a package that cannot be unpacked is a fault with the way on; what a killed process left goes", async (context) => {
    if (process.platform !== "linux" || process.arch !== "x64")
      return context.skip("only Linux on x64 has the package");
    const packages = await mkdtemp(join(tmpdir(), "steward-packages-"));
    const folder = join(packages, "node_modules", "@sparticuz", "chromium");
    const own = join(tmpdir(), `steward-browser-${userInfo().uid}`);
    const [old, young] = [join(own, `unpacking-old-${process.pid}`), join(own, `unpacking-young-${process.pid}`)];
    try {
      await mkdir(join(folder, "bin"), { recursive: true });
      await mkdir(join(folder, "build", "cjs"), { recursive: true });
      await writeFile(join(folder, "build", "cjs", "index.js"), "");
      const about = { name: "@sparticuz/chromium", version: `0.0.${process.pid}`, main: "build/cjs/index.js" };
      await writeFile(join(folder, "package.json"), JSON.stringify(about));
      await writeFile(join(folder, "bin", "chromium.br"), "this is not compressed");
      for (const one of [old, young]) await mkdir(one, { recursive: true, mode: 0o700 });
      const yesterday = new Date(Date.now() - 86_400_000);
      await utimes(old, yesterday, yesterday);
      const fault = await faultOf(packagedBrowser(packages));
      expect(fault.message).toContain(`could not be unpacked into ${own}`);
      expect(fault).toMatchObject({ happened: "no", code: "browser", remedy: expect.stringContaining("TMPDIR") });
      const left = await readdir(own);
      expect(left.filter((name) => name.includes(String(process.pid)))).toEqual([`unpacking-young-${process.pid}`]);
    } finally {
      for (const one of [packages, old, young]) await rm(one, { recursive: true, force: true });
    }
  });

  it("is a file that may be started", async () => {
    const folder = await mkdtemp(join(tmpdir(), "steward-find-"));
    try {
      const { canStart } = thisPlace({});
      const path = join(folder, "chrome");
      await mkdir(join(folder, "folder"));
      await writeFile(path, "#!/bin/sh\nexit 3\n", { mode: 0o600 });
      expect([
        await canStart(path),
        await canStart(join(folder, "folder")),
        await canStart(join(folder, "no")),
      ]).toEqual([...[false, false, false]]);
      await chmod(path, 0o700);
      expect(await canStart(path)).toBe(true);
      const variables = { STEWARD_BROWSER: path, HTTPS_PROXY: "http://me:canary-1@proxy.test" };
      const fault = await faultOf(
        launchBrowser(thisPlace(variables), { origins: [], proxy: "http://me:canary-1@proxy.test" }),
      );
      expect(fault).toMatchObject({ message: `the browser ${path} does not start`, code: "browser", happened: "no" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
