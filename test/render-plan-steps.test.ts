import { expect, test } from "vitest";
import { renderPlanText } from "../src/render/plan-text.ts";
import { change, plan, step } from "./render-plans.ts";

/** Steps of a change on a terminal. */

test("keeps the hands in line below a title that is too long, and tells work in a browser from calls", () => {
  const long = "clear External Access Only of sys.fuel for a while: it counts, and could sign in";
  const steps = [
    step("a.b/one", { hand: "browser", title: long }),
    step("a.b/two", { hand: "browser", title: "save" }),
    step("a.b/three", { hand: "api", title: "prove" }),
  ];
  const text = renderPlanText(plan({ changes: [change("a.b", { action: "update" })], steps }));
  expect(text).toContain(`1  ${long}\n`);
  const columns = text.split("\n").flatMap((line) => [/(?<= {2})(?:browser|api)$/.exec(line)?.index ?? []].flat());
  expect([columns.length, new Set(columns).size]).toEqual([3, 1]);
  expect(text).toContain("About 1 call and 2 steps in a browser. ");
});
