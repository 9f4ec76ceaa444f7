import { expect, test } from "vitest";
import { renderPlanText } from "../src/render/plan-text.ts";
import { fuel, fuelAndToken, madeSite, withResources } from "./veson-fixture.ts";

/** What a plan says of questions that were asked before. */

test("a plan says nothing of what a browser found before: it looks again", async () => {
  const changed = { ...fuelAndToken, veson_user: { fuel: { ...fuel, api_permission: "write" } } };
  const { world, text } = withResources(await madeSite(), changed);
  const plan = await world.plan(text);
  const questions = plan.steps.filter(({ asks }) => asks);
  expect(questions.map(({ hand }) => hand)).toContain("browser");
  expect(questions.filter(({ answered }) => answered)).toEqual([]);
  expect(renderPlanText(plan)).not.toMatch(/absent|it was/);
});
