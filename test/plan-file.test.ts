import { beforeAll, describe, expect, it } from "vitest";
import { Refusal } from "../src/diagnostic.ts";
import { digestOfPlan, parsePlan, planText } from "../src/plan/file.ts";
import type { Plan } from "../src/step.ts";
import { manifestWith, TestWorld } from "./world/test-world.ts";

const text = manifestWith(`
  velocloud_role:
    fixers: { name: Fixers, description: they fix, privileges: [SD-WAN Enterprise Admin, SD-WAN Enterprise Support] }
  velocloud_admin_user:
    ann:
      username: ann@acme.example
      role: "\${velocloud_role.fixers}"
      password: { generate: true, deliver_to: local:ann }
  velocloud_api_token:
    ann: { owner: "\${velocloud_admin_user.ann}", name: pipeline, lifetime: 90d, rotate_before: 14d, deliver_to: local:token }`);

let world: TestWorld;
let plan: Plan;

beforeAll(async () => {
  world = new TestWorld();
  await world.trust(text);
  plan = await world.plan(text);
});

type Path = (string | number)[];

/** Every leaf of a plan, and every list and record that could lose or gain something. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length > 0 ? [path, ...inside] : inside;
}

/** A copy in which one thing is different. */
function changedAt(original: Plan, path: Path): Plan {
  const copy = structuredClone(original) as unknown as Record<string, unknown>;
  let holder = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const last = path.at(-1)!;
  holder[last] = different(holder[last]);
  return copy as unknown as Plan;
}

function different(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}x`;
  if (Array.isArray(value)) return value.length > 0 ? value.slice(1) : ["more"];
  return { ...(value as object), more: 1 };
}

const refusalOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  return "accepted";
};

describe("a plan file", () => {
  it("is read back as it was written", () => {
    expect(parsePlan(planText(plan))).toEqual(plan);
  });

  it("is refused when any one field was changed", () => {
    const paths = pathsOf(plan);
    for (const path of paths) {
      const refusal = refusalOf(() => parsePlan(JSON.stringify(changedAt(plan, path))));
      expect(refusal, path.join(".")).toMatch(/^the plan file (was edited|is damaged)/);
    }
    expect(paths.length).toBeGreaterThan(150);
  });

  it("is refused with a digest made anew when what it would do, or for what, differs", async () => {
    const deciding: Path[] = pathsOf(plan).filter(([part]) =>
      ["changes", "steps", "environment", "basis"].includes(String(part)),
    );
    for (const path of deciding) {
      const forged = changedAt(plan, path);
      forged.digest = digestOfPlan(forged);
      const error = await world.apply(text, { file: forged }).catch((thrown: unknown) => thrown);
      expect(error, path.join(".")).toBeInstanceOf(Refusal);
    }
    expect(world.simulator.store.mutatingCalls).toEqual([]);
    expect(deciding.length).toBeGreaterThan(120);
  });

  it.each([
    ["from the future", 10 * 60_000, /made in the future/],
    ["older than seven days", -7 * 86_400_000 - 1_000, /8 days old|7 days old/],
  ])("is refused with a digest made anew when it is %s", async (_name, offsetMs, message) => {
    const forged = { ...plan, now: new Date(Date.parse(plan.now) + offsetMs).toISOString() };
    forged.digest = digestOfPlan(forged);
    await expect(world.apply(text, { file: forged })).rejects.toThrow(message);
  });

  it("is damaged when a change, a step or a notice has another form, also with a digest made anew", () => {
    const wrong = [null, 5, "x", [], {}, { address: "a" }, { id: 1, needs: "all" }];
    for (const part of ["changes", "steps", "notices"] as const) {
      for (const one of wrong) {
        const forged = { ...plan, [part]: [one] } as Plan;
        forged.digest = digestOfPlan(forged);
        expect(refusalOf(() => parsePlan(planText(forged)))).toContain(`${part} missing or of the wrong form`);
      }
    }
  });

  it.each([
    ["", /is empty/],
    ["  \n", /is empty/],
    ["{", /not JSON/],
    ["[]", /missing or of the wrong form/],
    ['{"changes":[],"steps":[]}', /missing or of the wrong form/],
    ["null", /missing or of the wrong form/],
    [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, /missing or of the wrong form/],
    [`{"changes":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, /missing or of the wrong form/],
  ])("that holds %j is an error, never 0 changes", (content, message) => {
    expect(() => parsePlan(content)).toThrow(message);
  });
});

describe("a run that was cut off", () => {
  it("is resumed by the same file, and by no other", async () => {
    const cut = new TestWorld(5);
    await cut.trust(text);
    const file = await cut.plan(text);
    cut.simulator.faults.add("500:enterprise/insertEnterpriseUser:1");
    const first = await cut.apply(text, { file });
    expect(first.outcome).toBe("unfinished");
    const results = Object.fromEntries(first.steps.map(({ step, result }) => [step.id, result]));
    expect(results).toEqual({
      "velocloud_role.fixers/create": "done",
      "velocloud_admin_user.ann/create": "failed",
      "velocloud_api_token.ann/create": "skipped",
      "velocloud_api_token.ann/download": "skipped",
      "velocloud_api_token.ann/prove": "skipped",
    });
    const reserved = await cut.plan(text);
    expect(reserved.changes.map((change) => change.blocked?.because)).toEqual([
      expect.stringMatching(/has not finished it/),
      expect.stringMatching(/has not finished it/),
    ]);
    const second = await cut.apply(text, { file });
    expect([second.resumed, second.outcome]).toEqual([true, "done"]);
    expect((await cut.plan(text)).changes).toEqual([]);
  });

  it("does not go on when what is left was declared differently since", async () => {
    const cut = new TestWorld(6);
    await cut.trust(text);
    const file = await cut.plan(text);
    cut.simulator.faults.add("500:enterprise/insertEnterpriseUser:1");
    await cut.apply(text, { file });
    const other = text.replace("lifetime: 90d", "lifetime: 60d");
    await expect(cut.apply(other, { file })).rejects.toThrow(/velocloud_api_token.ann is declared differently now/);
  });
});
