import { describe, expect, test } from "vitest";
import { instructionsOf } from "../src/commands/asked.ts";
import { renderRunbook } from "../src/render/runbook.ts";
import { divide } from "../src/render/runbook-tasks.ts";
import { connector, fuel, fuelToken, makeSite, planned, type Resources } from "./veson-fixture.ts";

/** A runbook of several changes that borrow: whoever is parked is back before the next change begins. */

const password = { generate: true, deliver_to: "local:OPS_PASSWORD" };
const two: Resources = {
  veson_user: { fuel, ops: { ...fuel, user_name: "sys.ops", password } },
  veson_api_token: { fuel: fuelToken, ops: { owner: "${veson_user.ops}", deliver_to: "local:OPS_TOKEN" } },
};

async function runbookOf(resources: Resources) {
  const site = await makeSite(resources, { seatsFree: 0 }, { hand: "person" });
  const { plan } = await planned(site);
  const kinds = new Map(connector.kinds.map((kind) => [kind.name, kind as never]));
  const instructions = instructionsOf(plan, kinds, site.world.manifest(site.text));
  const { tasks } = divide(plan.steps, instructions);
  const text = renderRunbook(plan, instructions, { format: "markdown", file: "plan.json" });
  return { text, ids: tasks.flatMap(({ steps }) => steps.map(({ step }) => step.id)) };
}

describe("a runbook with two Veson users", () => {
  test("has the window of each loan whole", async () => {
    const { ids } = await runbookOf(two);
    const windows = ["fuel", "ops"].map((name) => {
      const first = ids.indexOf(`veson_user.${name}/park`);
      return ids.slice(first, ids.indexOf(`veson_user.${name}/unpark`) + 1);
    });
    expect(windows.map((window) => [...new Set(window.map((id) => id.replace(/^.*\.(\w+)\/.*$/, "$1")))])).toEqual([
      ["fuel"],
      ["ops"],
    ]);
    expect(windows[0]?.map((id) => id.replace(/^.*\//, ""))).toEqual([
      ...["park", "create", "permissions", "veslink", "rights", "request", "external", "deactivate", "unpark"],
    ]);
  });

  test("keeps what is needed first", async () => {
    const site = await makeSite(two, { seatsFree: 0 }, { hand: "person" });
    const { plan } = await planned(site);
    const { ids } = await runbookOf(two);
    for (const { id, needs } of plan.steps.filter(({ hand }) => hand === "person")) {
      for (const need of needs.filter((one) => ids.includes(one))) {
        expect(ids.indexOf(need), `${need} before ${id}`).toBeLessThan(ids.indexOf(id));
      }
    }
  });

  test("speaks of licenses, as the document does, and says of what is not borrowed only that it was carried out", async () => {
    const { text } = await runbookOf(two);
    expect(text).not.toMatch(/\bseats?\b/i);
    expect(text).toContain("Borrows license on");
    const numberOf = (what: string): string => text.split(what)[0]?.match(/[0-9]+\.[0-9]+(?=\*\* $)/)?.[0] ?? "none";
    const made = numberOf("Create the user `sys.ops`");
    const parked = numberOf("Deactivate `j.doe` for a while");
    expect(text).toContain(`Only if step ${made} was carried out.\n`);
    expect(text).toContain(`Only if step ${parked} was carried out: what it borrowed goes back.\n`);
  });
});
