import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningSimulators, startSimulators } from "../src/simulators/simulate.ts";
import { type BuiltPackage, buildPackage, startChild, startProgram } from "./world/built-package.ts";
import { chosen, manifest, origins } from "./world/canary-world.ts";
import { findLeaks } from "./world/leaks.ts";
import { watchCommandLines } from "./world/process-list.ts";
import { testIdentity } from "./world/test-world.ts";

/** Real processes on a real machine, whose list of processes everybody can read. */

let built: BuiltPackage;
let one: RunningSimulators;
let two: RunningSimulators;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  built = buildPackage();
  one = await startSimulators({ seed: 3 });
  two = await startSimulators({ seed: 4 });
  folder = mkdtempSync(join(tmpdir(), "steward-canary-"));
  const text = manifest.replace(origins.login, one.ready.velocloud.url).replace(origins.token, two.ready.velocloud.url);
  writeFileSync(join(folder, "steward.yaml"), text);
  writeFileSync(join(folder, "canary.txt"), chosen["password in a file"]);
  const { username, password } = one.ready.velocloud.credentials;
  env = {
    ...{ VCO_USER: username, VCO_PASSWORD: password, VCO_TOKEN: two.ready.velocloud.token },
    ...{ CANARY: chosen["password in a variable"], STEWARD_AGE_IDENTITY: testIdentity.identity },
    ...{ PATH: process.env.PATH ?? "", BYSTANDER: chosen["variable that nobody asked for"] },
  };
});
afterAll(async () => {
  await one.close();
  await two.close();
  built.close();
  rmSync(folder, { recursive: true, force: true });
});

function secrets(): Map<string, string> {
  const all = new Map<string, string>(Object.entries(chosen));
  for (const { store } of [one.velocloud, two.velocloud]) {
    for (const value of store.tokenValues.keys()) all.set(`token ${all.size}`, value);
    for (const user of store.users.values()) if (user.password) all.set(`password ${all.size}`, user.password);
  }
  return all;
}

/** Runs a child to its end and looks for secrets in its command lines and in what it prints. */
async function leaksOf({ child, ended }: ReturnType<typeof startProgram>) {
  const lines = await watchCommandLines(child.pid!, ended);
  const { code, out, err } = await ended;
  const found = (text: string) => findLeaks(text, secrets());
  return { code, lines: lines.length, list: found(lines.join("\n")), printed: found(out + err), shown: out + err };
}

describe.runIf(existsSync("/proc/self/cmdline"))("canary secrets stand in no list of processes", () => {
  test("of commands that hold them, and of the program that gets one", async () => {
    const exec = "process.exitCode = process.env.TOKEN.length > 99 ? 7 : 9; setTimeout(() => {}, 100);";
    const commands: [words: string[], code: number][] = [
      [["trust", "--all"], 0],
      [["apply", "--auto-approve", "--debug"], 0],
      [["drift", "--debug"], 0],
      [["secret", "exec", "velocloud_api_token.ci=TOKEN", "--", "node", "-e", exec], 7],
    ];
    for (const [words, code] of commands) {
      const { shown, lines, ...rest } = await leaksOf(startChild(built.program, words, { folder, env }));
      expect({ words, ...rest, shown: rest.code === code ? "" : shown }).toEqual({
        words,
        code,
        list: [],
        printed: [],
        shown: "",
      });
      expect(lines).toBeGreaterThanOrEqual(words.includes("exec") ? 2 : 1);
    }
  });

  test("and one that does is caught, also in a grandchild", async () => {
    const hex = Buffer.from(chosen["password in a file"]).toString("hex");
    const sleep = ["-e", "setTimeout(() => {}, 150)", "--"];
    const direct = await leaksOf(
      startProgram(process.execPath, [...sleep, chosen["password in a variable"]], { folder, env }),
    );
    expect(direct.list).toContainEqual({ secret: "password in a variable", as: "plain" });
    const inside = `require("node:child_process").spawnSync(process.execPath, ["-e", "setTimeout(() => {}, 150)", "--", process.env.HEX])`;
    const nested = await leaksOf(startProgram(process.execPath, ["-e", inside], { folder, env: { ...env, HEX: hex } }));
    expect(nested.list).toContainEqual({ secret: "password in a file", as: "hex" });
  });
});
