import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The package as it is installed: dist/, schemas/ and package.json side by side, dependencies above. */
const root = resolve(import.meta.dirname, "..");
const installed = join(root, "coverage", `demo-${process.pid}`);
let temporary = "";

beforeAll(async () => {
  await mkdir(installed, { recursive: true });
  await build({
    entryPoints: [join(root, "src/cli.ts")],
    outdir: join(installed, "dist"),
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", packages: "external" },
    ...{ target: "node20.19", chunkNames: "chunks/[name]-[hash]", logLevel: "warning" },
  });
  await cp(join(root, "schemas"), join(installed, "schemas"), { recursive: true });
  await cp(join(root, "package.json"), join(installed, "package.json"));
  temporary = await mkdtemp(join(tmpdir(), "steward-test-"));
});

afterAll(async () => {
  for (const folder of [installed, temporary]) await rm(folder, { recursive: true, force: true });
});

/** Runs the demo in a place of its own; `onText` sees what was printed so far. */
function runDemo(onText: (text: string, child: ReturnType<typeof spawn>) => void = () => {}) {
  const env = { PATH: process.env.PATH, HOME: temporary, TMPDIR: temporary, CI: "true" };
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const child = spawn(process.execPath, [join(installed, "dist", "cli.js"), "demo"], {
    cwd: temporary,
    env,
    stdio: [...stdio],
  });
  let text = "";
  const read = (chunk: Buffer) => {
    text += chunk.toString("utf8");
    onText(text, child);
  };
  child.stdout!.on("data", read);
  child.stderr!.on("data", read);
  return new Promise<{ code: number | null; text: string }>((done) =>
    child.on("close", (code) => done({ code, text })),
  );
}

/** What lies in the temporary folder beside the browser that was unpacked there for good. */
async function leftBehind(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => !name.startsWith("steward-browser-"));
}

/** Pictures stay where a browser was found, and are said; what they were is looked at and taken away here. */
async function takePictures(text: string): Promise<void> {
  const [, folder] = /left on this machine but the pictures in (\S+)\.\n/.exec(text) ?? [];
  if (folder === undefined) return expect(text).toContain("There is no browser here");
  expect(text).toContain("steward apply consoles.json");
  const names = await readdir(folder, { recursive: true });
  expect(names.filter((name) => name.endsWith(".png")).length).toBeGreaterThan(20);
  await rm(folder, { recursive: true });
}

describe("the demo", () => {
  test("goes as it says without a terminal, in an empty home, and leaves nothing behind but its pictures", {
    timeout: 300_000,
  }, async () => {
    const { code, text } = await runDemo();
    expect([code, text.split("\n").slice(-12)]).toEqual([
      0,
      expect.arrayContaining([expect.stringContaining("Try next")]),
    ]);
    const acts = [
      "trust --all",
      "doctor",
      "validate",
      "plan --out",
      "apply plan.json",
      "drift",
      "tokens",
      "secret exec",
    ];
    const places = acts.map((words) => text.indexOf(`$ steward ${words}`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(text).toContain("happened, and what it gave is lost");
    expect(text).toContain("HTTP 200: the token works");
    await takePictures(text);
    expect(await leftBehind()).toEqual([]);
  });

  test("stops at Ctrl-C, says so, and leaves nothing behind", { timeout: 60_000 }, async () => {
    let sent = false;
    const { code, text } = await runDemo((so, child) => {
      if (!sent && so.includes("2. Trust")) sent = child.kill("SIGINT");
    });
    expect([sent, code]).toEqual([true, 1]);
    expect(text).toContain("it was stopped by a signal");
    expect(await leftBehind()).toEqual([]);
  });

  test("says what was not as claimed, ends with 1, and leaves nothing behind", { timeout: 60_000 }, async () => {
    const schema = join(installed, "schemas", "velocloud", "velocloud_role.json");
    const aside = `${schema}.aside`;
    await rename(schema, aside);
    try {
      const { code, text } = await runDemo();
      expect(code).toBe(1);
      expect(text).toMatch(/the demo did not go as it says: steward .* ended with exit code \d+, not with 0/);
      expect(text).not.toContain("All of it went as claimed");
      expect(await leftBehind()).toEqual([]);
    } finally {
      await rename(aside, schema);
    }
  });
});

describe("steward simulate as a process", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("prints one line when ready and ends well with %s", async (signal) => {
    const words = [join(installed, "dist", "cli.js"), "simulate", "--json"];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    let notes = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      notes += chunk.toString("utf8");
    });
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.endsWith("\n")) child.kill(signal);
    });
    const code = await new Promise<number | null>((done) => child.on("close", done));
    expect([code, text.trimEnd().split("\n").length, notes]).toEqual([0, 1, ""]);
    expect(JSON.parse(text).velocloud.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
