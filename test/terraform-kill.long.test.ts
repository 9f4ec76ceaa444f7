import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoBrowser } from "./console-fixture.ts";
import { terraformProgram } from "./provider-terraform-fixture.ts";
import { LaunchedConsole, launchedCases } from "./world/launched-consoles.ts";
import { type BuiltProviders, buildProviders } from "./world/launched-providers.ts";

/** SIGKILL of the provider, and of Terraform, right after each write on a console or each mail: the next applies bring all to its end. */

let built: BuiltProviders;
let site: LaunchedConsole | undefined;
beforeAll(() => {
  built = buildProviders();
});
afterEach(async () => {
  await site?.close();
  site = undefined;
});
afterAll(() => built.remove());

/** More than any case has. */
const writesMax = 30;
const deaths = launchedCases
  .filter(({ system }) => system !== "ipresso")
  .flatMap((one) => (["provider", "terraform"] as const).map((who) => ({ ...one, who })));

describe("the next apply brings all to its end", () => {
  test.for(deaths)("when $who is killed at any write of $name", { timeout: 7_200_000 }, async (one, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    if (process.platform !== "linux") return context.skip("children of a process are looked up in /proc");
    const why = await whyNoBrowser();
    if (why !== undefined) return context.skip(`no browser can be started here: ${why}`);
    let write = 1;
    for (; write <= writesMax; write++) {
      site = await LaunchedConsole.start(one, built.mirror);
      await site.folder.expect(0, "init -no-color");
      const hasDied = await site.dieAtWrite(one.who, write);
      await site.applyToTheEnd().catch((error: unknown) => {
        throw new Error(`after the death at write ${write}: ${(error as Error).message}`, { cause: error });
      });
      await site.assertMade();
      await site.close();
      site = undefined;
      if (!hasDied) break;
    }
    expect(write).toBeGreaterThan(1);
    expect(write).toBeLessThan(writesMax);
  });
});
