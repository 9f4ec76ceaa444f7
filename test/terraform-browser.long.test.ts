import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoBrowser } from "./console-fixture.ts";
import { terraformProgram } from "./provider-terraform-fixture.ts";
import { LaunchedConsole, launchedCases } from "./world/launched-consoles.ts";
import { type BuiltProviders, buildProviders } from "./world/launched-providers.ts";

/** The shipped providers at consoles, in a real Chromium under a real Terraform. */

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

describe("a browser under terraform", () => {
  test.for(launchedCases)("makes $name, and removes it", { timeout: 300_000 }, async (one, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const why = await whyNoBrowser();
    if (why !== undefined) return context.skip(`no browser can be started here: ${why}`);
    site = await LaunchedConsole.start(one, built.mirror);
    await site.folder.expect(0, "init -no-color");
    await site.applyToTheEnd();
    await site.assertMade();
    expect(site.folder.files()).toContain(".steward");
    await site.destroy();
  });
});
