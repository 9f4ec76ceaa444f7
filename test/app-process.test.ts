import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appEnvironment } from "../src/commands/synthesize.ts";
import { type AppOptions, runApp } from "../src/platform/app-process.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/steward-app-`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(command: string, more: Partial<AppOptions> = {}) {
  let text = "";
  const onOutput = (piece: string) => {
    text += piece;
  };
  const environment = { PATH: process.env.PATH };
  const { signal } = new AbortController();
  const end = await runApp(command, { folder, environment, timeoutMs: 20_000, signal, onOutput, ...more });
  return { end, text };
}

describe("an app", () => {
  test("is a command line for the shell", async () => {
    expect(await run('A="b c" sh -c \'echo "$A"\' && exit 3')).toEqual({
      end: { is: "ended", code: 3 },
      text: "b c\n",
    });
  });

  test("that is not there ends as the shell says", async () => {
    expect((await run("steward-no-such-app")).end).toEqual({ is: "ended", code: 127 });
  });

  test("that takes too long is ended, also when it does not want to", async () => {
    const began = performance.now();
    expect((await run("sleep 60", { timeoutMs: 200 })).end).toEqual({ is: "timeout" });
    expect((await run('trap "" TERM; sleep 60', { timeoutMs: 200 })).end).toEqual({ is: "timeout" });
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test("that leaves something behind in the background does not keep us", async () => {
    const began = performance.now();
    expect((await run("sleep 60 & echo done")).text).toBe("done\n");
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("that is stopped before it began ends at once", async () => {
    const stop = new AbortController();
    stop.abort();
    expect((await run("sleep 60", { signal: stop.signal })).end).toEqual({ is: "stopped" });
  });
});

test("the environment of an app is chosen by name: what is not known to be harmless stays here", () => {
  const all = {
    ...{ PATH: "/bin", Path: "C:\\", LC_TIME: "C", XDG_CACHE_HOME: "/c", NODE_OPTIONS: "--enable-source-maps" },
    ...{ AWS_SECRET_ACCESS_KEY: "x", npm_config__authToken: "x", STEWARD_AGE_IDENTITY: "x", ACTIONS_ID_TOKEN: "x" },
    ...{ STEWARD_VAR_domain: "x", CDKTF_OUTDIR: "elsewhere", CDKTF_CONTEXT_JSON: "{}" },
  };
  expect(appEnvironment(all, "out", {})).toEqual({
    ...{ PATH: "/bin", Path: "C:\\", LC_TIME: "C", XDG_CACHE_HOME: "/c", NODE_OPTIONS: "--enable-source-maps" },
    CDKTF_OUTDIR: "out",
  });
});
