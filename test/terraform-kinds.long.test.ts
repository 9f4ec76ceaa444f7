import { afterEach, describe, test } from "vitest";
import { terraformProgram } from "./provider-terraform-fixture.ts";
import { accept, type Served, serveSite } from "./world/terraform-acceptance.ts";
import { momentusCases, velocloudCases } from "./world/terraform-cases-api.ts";
import { ipressoCases, momentusConsoleCases, vesonCases } from "./world/terraform-cases-console.ts";

/** Every kind through a real Terraform: planned, made, left alone, changed in every attribute, imported and removed. */

const cases = [...velocloudCases, ...momentusCases, ...momentusConsoleCases, ...ipressoCases, ...vesonCases];

describe("terraform, over the engine", () => {
  let served: Served | undefined;
  afterEach(() => served?.stop());

  test.for(cases)("takes $kind through its whole life", { timeout: 600_000 }, async (acceptance, context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    served = await serveSite(acceptance.site());
    await accept(served, acceptance);
  });
});
