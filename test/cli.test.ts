import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningSimulators, startSimulators } from "../src/simulators/simulate.ts";
import { generateIdentity } from "../src/sinks/age-format.ts";
import { manifestText, origin, userAndToken } from "./commands-fixture.ts";

/** The real program in a process of its own, against a simulator on loopback. */

const bundle = new URL(`../dist/test-cli-${process.pid}/cli.js`, import.meta.url).pathname;
let simulators: RunningSimulators;
let folder: string;
let identity: string;

beforeAll(async () => {
  await build({
    ...{ entryPoints: [new URL("../src/cli.ts", import.meta.url).pathname], outfile: bundle, bundle: true },
    ...{ format: "esm", platform: "node", packages: "external", logLevel: "warning" },
  });
});
afterAll(() => rmSync(join(bundle, ".."), { recursive: true, force: true }));

beforeEach(async () => {
  simulators = await startSimulators();
  folder = mkdtempSync(join(tmpdir(), "steward-cli-"));
  const pair = await generateIdentity();
  identity = pair.identity.reveal();
  const text = manifestText(pair.recipient, userAndToken).replace(origin, simulators.ready.velocloud.url);
  writeFileSync(join(folder, "steward.yaml"), text);
});
afterEach(async () => {
  await simulators.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  /** Resolves when standard error has this text. */
  says(text: string): Promise<void>;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

function start(words: string): Running {
  const env = { PATH: process.env.PATH, VCO_TOKEN: simulators.ready.velocloud.token, STEWARD_AGE_IDENTITY: identity };
  const child = spawn(process.execPath, [bundle, ...words.split(" ")], { cwd: folder, env });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => (err += String(chunk)));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
  const says = async (text: string): Promise<void> => {
    for (let tries = 0; tries < 500 && !err.includes(text); tries++) await new Promise((next) => setTimeout(next, 20));
    expect(err).toContain(text);
  };
  return { child, says, ended };
}

const run = (words: string) => start(words).ended;
const slow = () => simulators.velocloud.faults.add("slow:enterprise/insertEnterpriseUser:1:1500ms");

describe("the process", () => {
  test("prints what was asked for on standard output, errors on standard error, and exits with the code", async () => {
    expect(await run("validate --env test")).toMatchObject({ code: 0, err: "" });
    const refused = await run("plan --env test");
    expect(refused).toMatchObject({ code: 4, out: "" });
    expect(refused.err).toContain("steward trust --env test velocloud");
    expect(await run("plan --bogus")).toMatchObject({ code: 64, out: "" });
  });

  test("the first Ctrl-C lets the steps in flight end, and the run can be resumed", async () => {
    await run("trust --all --env test");
    await run("plan --env test --out plan.json");
    slow();
    const apply = start("apply plan.json");
    await waitForWrite();
    apply.child.kill("SIGINT");
    await apply.says("stopping; what has begun is finished first; press again to end at once");
    const { code, out } = await apply.ended;
    expect(code).toBe(1);
    expect(out).toMatch(/done +1 .*velocloud_admin_user\.ci/);
    expect(out).toMatch(/untouched +3/);
    expect((await run("apply plan.json")).out).toContain("Apply complete: 4 steps done.");
  });

  test("the second Ctrl-C ends at once with 130; the dead lock is taken over and the doubt is settled", async () => {
    await run("trust --all --env test");
    await run("plan --env test --out plan.json");
    slow();
    const apply = start("apply plan.json");
    await waitForWrite();
    apply.child.kill("SIGINT");
    await apply.says("press again");
    apply.child.kill("SIGINT");
    expect((await apply.ended).code).toBe(130);
    await new Promise((next) => setTimeout(next, 1_600));
    const again = await run("apply plan.json");
    expect(again.err).toContain("velocloud_admin_user.ci/create  happened");
    expect(again.code).toBe(0);
    expect((await run("plan --env test")).out).toContain("No changes.");
  });

  test("a reader that leaves early does not end a run", async () => {
    await run("trust --all --env test");
    const apply = start("apply --env test --auto-approve");
    apply.child.stdout?.destroy();
    expect((await apply.ended).err).not.toContain("EPIPE");
    expect((await run("plan --env test")).out).toContain("No changes.");
  });
});

/** Until the simulator has been asked to make the user. */
async function waitForWrite(): Promise<void> {
  const { store } = simulators.velocloud;
  const asked = () => store.countOf("enterprise/insertEnterpriseUser") > 0;
  for (let tries = 0; tries < 500 && !asked(); tries++) await new Promise((next) => setTimeout(next, 20));
  expect(asked()).toBe(true);
}
