import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedSimulator, serveSimulator } from "../src/simulators/server.ts";
import { consoleCases, whyNoBrowser } from "./console-fixture.ts";
import { type BuiltPackage, buildPackage, type ChildRun, startChild } from "./world/built-package.ts";
import { testIdentity } from "./world/test-world.ts";

/** Real processes with a real browser, and what is left of both when they end in whatever way. */

const [momentus] = consoleCases;
const started = momentus!.start();
let built: BuiltPackage;
let served: ServedSimulator;
let folder: string;
let env: Record<string, string>;
/** Told once the console was asked for a page. */
let whenAsked: () => void = () => undefined;

beforeAll(async () => {
  built = buildPackage();
  served = await serveSimulator({
    async handle(request) {
      if (request.path.includes("api-users")) whenAsked();
      return started.site.handle(request);
    },
  });
  folder = mkdtempSync(join(tmpdir(), "steward-processes-"));
  mkdirSync(join(folder, "tmp"));
  const text = `systems:
  momentus: { ${momentus!.settings(served.url)}, hand: browser, credentials: { username: "${started.username}", password: "\${env.PASSWORD}" } }
sinks: { local: { type: age, path: secrets/, recipients: [${testIdentity.recipient}] } }
`;
  writeFileSync(join(folder, "steward.yaml"), text);
  env = { PATH: process.env.PATH ?? "", HOME: tmpdir(), TMPDIR: join(folder, "tmp"), PASSWORD: started.password };
  if (process.env.STEWARD_BROWSER) env.STEWARD_BROWSER = process.env.STEWARD_BROWSER;
});
afterAll(async () => {
  built.close();
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: string[]): ChildRun => startChild(built.program, words, { folder, env });

/** A check that has got as far as the list of API users. */
async function underWay(): Promise<ChildRun> {
  const asked = new Promise<void>((resolve) => {
    whenAsked = resolve;
  });
  const child = run("console", "check", "momentus");
  await Promise.race([asked, child.ended]);
  return child;
}

/** Browsers that run with a profile below our folder. */
function browsers(): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(join(folder, "tmp", "steward-browser-"));
    } catch {
      return false;
    }
  });
}

/** Folders of processes, below that of this user. */
function left(): string[] {
  const all = readdirSync(join(folder, "tmp"), { recursive: true, encoding: "utf8" });
  return all.filter((name) => /of-\d+$/.test(name));
}

/** Whoever ends a process is told before its children are gone. */
async function untilNoBrowser(): Promise<void> {
  for (let tries = 0; tries < 100 && browsers().length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.runIf(existsSync("/proc/self/cmdline"))("a command with a browser", () => {
  test("leaves neither a process nor a folder, whether it ends well or is stopped by Ctrl-C", async (context) => {
    const why = await whyNoBrowser();
    if (why !== undefined) context.skip(`no browser can be started here: ${why}`);
    expect((await run("trust", "--all").ended).code).toBe(0);
    const stopped = await underWay();
    expect([browsers().length > 0, left().length]).toEqual([true, 1]);
    stopped.child.kill("SIGINT");
    const { code, err, out } = await stopped.ended;
    expect([code, err, out]).toEqual([1, expect.stringContaining("it was stopped by a signal"), ""]);
    await untilNoBrowser();
    expect([browsers(), left()]).toEqual([[], []]);
    expect((await run("doctor", "momentus").ended).code).toBe(0);
    expect([browsers(), left()]).toEqual([[], []]);
  });

  test("that is killed takes its browser along, and the next one removes the profile that it left", async (context) => {
    const why = await whyNoBrowser();
    if (why !== undefined) context.skip(`no browser can be started here: ${why}`);
    const killed = await underWay();
    killed.child.kill("SIGKILL");
    expect((await killed.ended).signal).toBe("SIGKILL");
    await untilNoBrowser();
    expect([browsers(), left().length]).toEqual([[], 1]);
    expect((await run("doctor", "momentus").ended).code).toBe(0);
    expect([browsers(), left()]).toEqual([[], []]);
  });
});
