import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generateIdentity } from "../src/sinks/age-format.ts";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(() => bench.close());

/** The key at hand is lost: a new one is the only recipient, and the sink is trusted anew. */
async function loseIdentity(): Promise<void> {
  const { identity, recipient } = await generateIdentity();
  const manifest = bench.read("steward.yaml");
  bench.write("steward.yaml", manifest.replace(/recipients: \[.*?\]/, `recipients: [${recipient}]`));
  bench.environmentVariables.STEWARD_AGE_IDENTITY = identity.reveal();
  expect((await bench.steward("trust local --env test")).code).toBe(0);
}

describe("doctor when the identity was lost", () => {
  const findings = async () => {
    const { code, out } = await bench.steward("doctor --env test --format json");
    const { examined } = JSON.parse(out) as { examined: { findings: Record<string, string>[] }[] };
    return { code, errors: examined.flatMap((one) => one.findings).filter(({ level }) => level === "error") };
  };

  test("names each secret that cannot be decrypted, and what it says leads back to health", async () => {
    await bringUp(bench);
    await loseIdentity();
    const { code, errors } = await findings();
    expect(code).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual([
      "the value of velocloud_admin_user.ci at local:velocloud/ci-password cannot be decrypted with the identity at hand",
      "the value of velocloud_api_token.ci at local:velocloud/ci-token cannot be decrypted with the identity at hand",
    ]);
    expect(errors.map(({ remedy }) => /steward apply --env test (--replace \S+)$/.exec(remedy ?? "")?.[1])).toEqual([
      "--replace velocloud_admin_user.ci",
      "--replace velocloud_api_token.ci",
    ]);
    const words = "apply --env test --auto-approve --replace velocloud_admin_user.ci --replace velocloud_api_token.ci";
    const { code: applied, out } = await bench.steward(words);
    expect([applied, out]).toEqual([0, out]);
    expect(await findings()).toEqual({ code: 0, errors: [] });
  });

  test("still says what is not there at all", async () => {
    await bringUp(bench);
    await rm(join(bench.folder, "secrets", "test", "velocloud", "ci-token.age.json"));
    const { errors } = await findings();
    expect(errors.map(({ remedy }) => remedy)).toEqual([
      "if you moved the sink's files, put them back; otherwise have it issued anew: steward apply --env test --replace velocloud_api_token.ci",
    ]);
  });
});

describe("apply without an identity", () => {
  const runs = () => bench.read(".steward/state/test/log.jsonl").split('"event":"opened"').length - 1;
  const words = "apply --env test --auto-approve";

  test("makes a user and its token: what it reads, it put there itself", async () => {
    delete bench.environmentVariables.STEWARD_AGE_IDENTITY;
    await bringUp(bench);
  });

  test("refuses before its run is opened when a password must be read, and says where it looked", async () => {
    await bringUp(bench);
    const identity = bench.environmentVariables.STEWARD_AGE_IDENTITY;
    delete bench.environmentVariables.STEWARD_AGE_IDENTITY;
    const before = [runs(), bench.simulator.store.mutatingCalls.length];
    const { code, err } = await bench.steward(`${words} --replace velocloud_api_token.ci`);
    expect([runs(), bench.simulator.store.mutatingCalls.length]).toEqual(before);
    expect(code).toBe(4);
    expect(err).toContain("velocloud_api_token.ci/download must read sink local");
    for (const place of ["STEWARD_AGE_IDENTITY,", "STEWARD_AGE_IDENTITY_FILE", ".steward/identity.txt", bench.folder]) {
      expect(err.replaceAll(/\s+/g, " ")).toContain(place);
    }
    bench.environmentVariables.STEWARD_AGE_IDENTITY = identity;
    expect((await bench.steward(`${words} --replace velocloud_api_token.ci`)).code).toBe(0);
    expect(runs()).toBe(before[0]! + 1);
  });
});
