import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CodeBench, makeCodeBench, serviceAccount, withRole } from "./plan-folder-fixture.ts";
import { type Synthesized, synthesized } from "./terraform-json-fixture.ts";

let bench: CodeBench;
beforeEach(async () => {
  bench = await makeCodeBench();
});
afterEach(() => bench.close());

/** A program that synthesises, and says on both streams what it sees. */
function writeApp(body: string): void {
  bench.write("app.mjs", `#!/usr/bin/env node\nimport { mkdirSync, writeFileSync } from "node:fs";\n${body}\n`);
  chmodSync(join(bench.folder, "app.mjs"), 0o755);
}

const synthesizing = (parts: Synthesized) => `
const folder = process.env.CDKTF_OUTDIR + "/stacks/access";
mkdirSync(folder, { recursive: true });
writeFileSync(folder + "/cdk.tf.json", ${JSON.stringify(synthesized(parts, "access"))});
writeFileSync(process.env.CDKTF_OUTDIR + "/manifest.json", '{"stacks":{"access":{}}}');
`;

describe("--app", () => {
  test("runs the app first, and plans what it wrote; its output goes to standard error", async () => {
    writeApp(`${synthesizing(serviceAccount())}console.log("to out"); console.error("to err");`);
    await bench.expectDone("trust --all --env test");
    const { out, err } = await bench.expectDone("plan --app ./app.mjs --env test");
    expect(out).toContain("Plan: 2 to create");
    expect(out).not.toContain("to out");
    expect(err).toContain("to out\n");
    expect(err).toContain("to err\n");
    expect(readFileSync(join(bench.folder, "cdktf.out/manifest.json"), "utf8")).toContain("access");
  });

  test("hands on what an app needs, and no secret", async () => {
    bench.environmentVariables.GITHUB_TOKEN = "ghp_x";
    bench.environmentVariables.HTTPS_PROXY = "http://user:pass@proxy";
    bench.environmentVariables.LC_ALL = "C.UTF-8";
    bench.write("cdktf.json", JSON.stringify({ context: { allowSepCharsInLogicalIds: "true" } }));
    writeApp(`${synthesizing(withRole({}))}writeFileSync("seen.json", JSON.stringify(process.env));`);
    await bench.expectDone("trust --all --env test");
    await bench.expectDone("plan --app ./app.mjs --env test");
    const seen = JSON.parse(bench.read("seen.json"));
    expect(seen).toMatchObject({
      PATH: process.env.PATH,
      LC_ALL: "C.UTF-8",
      CDKTF_OUTDIR: "cdktf.out",
      CDKTF_CONTEXT_JSON: '{"allowSepCharsInLogicalIds":"true"}',
    });
    for (const name of ["VCO_TOKEN", "STEWARD_AGE_IDENTITY", "GITHUB_TOKEN", "HTTPS_PROXY"])
      expect(seen).not.toHaveProperty(name);
  });

  test("is refused under --untrusted before anything runs, with the way out", async () => {
    writeApp('writeFileSync("ran", "");');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test --untrusted");
    expect(code).toBe(4);
    expect(err).toContain("--app runs code that the manifest's folder brings along");
    expect(err).toContain("steward plan FOLDER --untrusted");
    expect(existsSync(join(bench.folder, "ran"))).toBe(false);
  });

  test("that fails is a fault, and what it printed is shown", async () => {
    writeApp('console.error("no such thing"); process.exit(7);');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test");
    expect(code).toBe(1);
    expect(err).toContain("no such thing\n");
    expect(err).toContain("the app ended with code 7");
  });

  test("that writes nothing is a fault: what lies there is of an earlier run", async () => {
    bench.synthesize({ access: serviceAccount() });
    writeApp('console.log("nothing to do");');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test");
    expect(code).toBe(1);
    expect(err).toContain("the app ended well and wrote nothing to cdktf.out");
  });

  test("needs a command, and a folder that is there: no app runs in another one", async () => {
    writeApp('writeFileSync("ran", "");');
    const none = await bench.steward("plan --env test --app=");
    expect(none).toMatchObject({ code: 64, err: expect.stringContaining("--app needs a command") });
    const elsewhere = await bench.steward("plan acess/ --app ./app.mjs --env test");
    expect(elsewhere).toMatchObject({ code: 64, err: "error: there is no folder acess/ to run the app in\n" });
    expect(existsSync(join(bench.folder, "ran"))).toBe(false);
  });

  test("is told no context that is longer than an environment can hold", async () => {
    bench.write("cdktf.json", JSON.stringify({ context: { names: "x".repeat(200_000) } }));
    writeApp(synthesizing(withRole({})));
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test");
    expect(code).toBe(1);
    expect(err).toContain("the context in cdktf.json has 200012 bytes");
  });

  test("whose output folder is a file is a fault", async () => {
    bench.write("cdktf.out", "");
    writeApp('console.log("nothing to do");');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test");
    expect(code).toBe(1);
    expect(err).toContain("wrote nothing to cdktf.out");
  });

  test("that is stopped by Ctrl-C ends with everything that it started", async () => {
    const stop = new AbortController();
    writeApp(`
import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
writeFileSync("pids.json", JSON.stringify([process.pid, child.pid]));
console.log("waiting");
setInterval(() => {}, 1000);`);
    const note = (text: string) => {
      if (text.includes("waiting")) stop.abort(new Error("stopped by the test"));
    };
    const { code } = await bench.steward("plan --app ./app.mjs --env test", { stop: stop.signal, note });
    expect(code).not.toBe(0);
    const pids: number[] = JSON.parse(bench.read("pids.json"));
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that ended and that nobody has asked about yet is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
