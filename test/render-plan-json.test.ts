import { describe, expect, test } from "vitest";
import { planDocument, renderPlanJson } from "../src/render/plan-json.ts";
import { peoplePlan, peopleRoles } from "./render-people.ts";
import { change, plan, richPlan } from "./render-plans.ts";

describe("a plan as JSON", () => {
  test("has a stable shape", () => {
    const document = planDocument(richPlan());
    expect(Object.keys(document)).toMatchInlineSnapshot(`
      [
        "formatVersion",
        "version",
        "environment",
        "now",
        "serial",
        "declared",
        "systems",
        "digest",
        "scope",
        "consents",
        "counts",
        "outcome",
        "changes",
        "notices",
      ]
    `);
  });

  test("counts what people count", () => {
    expect(planDocument(richPlan()).counts).toMatchInlineSnapshot(`
      {
        "adopt": 0,
        "ask": 0,
        "blocked": 0,
        "browserSteps": 0,
        "calls": 6,
        "create": 2,
        "delete": 0,
        "forget": 0,
        "held": 0,
        "move": 0,
        "personSteps": 3,
        "personStepsMin": 3,
        "replace": 0,
        "revive": 0,
        "rotate": 1,
        "tidy": 0,
        "update": 1,
      }
    `);
  });

  test("carries changes with their attributes and steps", () => {
    const { attributes, steps, ...rest } = planDocument(richPlan()).changes[0]!;
    expect(rest).toMatchInlineSnapshot(`
      {
        "action": "create",
        "address": "momentus_api_user.moco_serv",
        "after": [],
        "because": "not found on momentus",
        "kind": "momentus_api_user",
        "notes": [],
        "system": "momentus",
      }
    `);
    expect(attributes.at(-1)).toMatchInlineSnapshot(`
      {
        "path": "secret",
        "secret": true,
        "text": "(secret → local:momentus/moco-serv)",
      }
    `);
    expect(steps[1]).toMatchInlineSnapshot(`
      {
        "always": false,
        "hand": "person",
        "id": "momentus_api_user.moco_serv/create",
        "needs": [
          "momentus_api_user.moco_serv/ask",
        ],
        "operation": "create",
        "remarks": [
          "→ local:momentus/moco-serv",
        ],
        "title": "create the API user",
      }
    `);
  });

  test("carries branches, questions, loans and roles of steps", () => {
    const { steps } = planDocument(peoplePlan(), { roles: peopleRoles() }).changes[0]!;
    expect(steps[0]).toMatchObject({ asks: true, role: "an Enterprise support user" });
    expect(steps[2]).toMatchInlineSnapshot(`
      {
        "always": false,
        "hand": "person",
        "id": "momentus_api_user.moco_serv/borrow",
        "loan": {
          "name": "Basic API",
          "part": "take",
        },
        "needs": [
          "momentus_api_user.moco_serv/observe",
        ],
        "operation": "borrow",
        "remarks": [
          "if unlicensed",
          "borrows Basic API",
          "waits for whoever writes to Licensing",
        ],
        "role": "whoever writes to Licensing",
        "title": "ask for the Basic API module by e-mail",
        "when": {
          "is": "unlicensed",
          "of": "momentus_api_user.moco_serv/observe",
        },
      }
    `);
    expect(planDocument(peoplePlan()).counts).toMatchObject({ personSteps: 6, personStepsMin: 4 });
  });

  test("carries values as in a plan file and gives them back unchanged", () => {
    const after = {
      list: ["\u202ex", "\u001b[2K", "\u{e0041}"],
      ref: { $ref: { address: "velocloud_role.a", attribute: "id" } },
    };
    const text = renderPlanJson(
      plan({ changes: [change("velocloud_role.b", { attributes: [{ path: "x", after }] })] }),
    );
    expect(text).toContain("\\u202ex");
    expect(text).not.toMatch(/[^\n\x20-\x7e]/);
    expect(JSON.parse(text).changes[0].attributes[0].after).toEqual(after);
  });

  test("never carries a secret's value", () => {
    const attributes = [
      { path: "password", secret: true as const, before: "hunter2", after: "hunter2", recorded: "hunter2" },
    ];
    const text = renderPlanJson(plan({ changes: [change("velocloud_admin_user.a", { attributes })] }));
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text).changes[0].attributes[0]).toEqual({ path: "password", text: "(secret)", secret: true });
  });

  test("leaves out what stays as it is", () => {
    expect(planDocument(plan({ changes: [change("velocloud_role.a", { action: "none" })] })).changes).toEqual([]);
  });
});
