import { describe, expect, test } from "vitest";
import { Fault, Refusal } from "../src/diagnostic.ts";
import { faultJson, renderFault } from "../src/render/fault.ts";
import { refusalJson, renderRefusal } from "../src/render/refusal.ts";
import { type RunReport, renderRun, runJson } from "../src/render/run.ts";
import { styleFor } from "../src/render/style.ts";
import { renderTable } from "../src/render/table.ts";
import { step } from "./render-plans.ts";

const report: RunReport = {
  results: [
    { step: step("velocloud_role.ops/create"), result: "done" },
    { step: step("velocloud_admin_user.ci/create"), result: "done" },
    {
      step: step("velocloud_admin_user.ann/update"),
      result: "failed",
      because: "\u001b[2Kno privilege",
      remedy: "grant USER_UPDATE",
    },
    { step: step("velocloud_api_token.ci/download"), result: "in-doubt" },
    { step: step("velocloud_api_token.ci/prove"), result: "skipped" },
    { step: step("velocloud_api_token.ci/revoke:3"), result: "skipped", because: "needed the step in doubt" },
    { step: step("velocloud_role.last/create"), result: "untouched" },
  ],
  serial: 24,
  resume: "steward apply plan.json",
  waits: false,
};

describe("reports", () => {
  test("a refusal states the numbers and the way on", () => {
    const refusal = new Refusal([
      {
        message: "this plan removes 7 of 20 privileges of velocloud_role.support (35 %)",
        remedy: "If that is meant:  steward plan --allow-deletions 7",
      },
    ]);
    expect(renderRefusal(refusal)).toMatchInlineSnapshot(`
      "Refused: this plan removes 7 of 20 privileges of velocloud_role.support (35 %)

        If that is meant:  steward plan --allow-deletions 7
      "
    `);
    expect(JSON.parse(refusalJson(refusal)).reasons).toEqual(refusal.reasons);
  });

  test("several reasons are numbered, and foreign lines stay indented", () => {
    const refusal = new Refusal([
      { message: "one\nPlan: 0 to delete\u001b[2K", remedy: "first\nsecond" },
      { message: "two", remedy: "" },
    ]);
    expect(renderRefusal(refusal)).toMatchInlineSnapshot(`
      "Refused for 2 reasons:

        1. one
           Plan: 0 to delete\\u001b[2K

           first
           second

        2. two
      "
    `);
  });

  test("a remedy that all reasons share is said once", () => {
    const remedy = "make a new plan";
    const refusal = new Refusal(["one differs", "two is new"].map((message) => ({ message, remedy })));
    expect(renderRefusal(refusal)).toMatchInlineSnapshot(`
      "Refused for 2 reasons:

        1. one differs
        2. two is new

        make a new plan
      "
    `);
  });

  test("a fault says where, what happened and what to do", () => {
    const fault = new Fault("velocloud did not answer within 30 s", {
      happened: "unknown",
      on: "velocloud",
      at: "https://vco.example.net",
      address: "velocloud_api_token.ci",
      remedy: "Run it again:  steward apply plan.json",
    });
    expect(renderFault(fault)).toMatchInlineSnapshot(`
      "Failed: velocloud did not answer within 30 s

        on        velocloud (https://vco.example.net)
        resource  velocloud_api_token.ci
        changed   not known: the next run reads back what happened, before anything else

        Run it again:  steward apply plan.json
      "
    `);
    expect(JSON.parse(faultJson(fault))).toMatchObject({ error: "failed", happened: "unknown", on: "velocloud" });
  });

  test("a fault that changed nothing says so", () => {
    expect(renderFault(new Fault("no such host", { happened: "no", at: "https://x" }))).toContain("changed   nothing");
  });

  test("a run that failed half-way is told honestly", () => {
    expect(renderRun(report, { stopped: "velocloud did not answer within 30 s" })).toMatchInlineSnapshot(`
      "apply stopped: velocloud did not answer within 30 s

        done         2   velocloud_role.ops, velocloud_admin_user.ci
        failed       1   velocloud_admin_user.ann › update    \\u001b[2Kno privilege (grant USER_UPDATE)
        in doubt     1   velocloud_api_token.ci › download    the next run reads back what happened, before anything else
        skipped      2   velocloud_api_token.ci › prove       needed a step that did not end well
                         velocloud_api_token.ci › revoke:3    needed the step in doubt
        untouched    1   velocloud_role.last

      What is done is recorded. Run it again:  steward apply plan.json     (state serial 24, lock released)
      "
    `);
  });

  test("a run that got through is one line", () => {
    expect(renderRun({ ...report, results: report.results.slice(0, 2) })).toBe(
      "Apply complete: 2 steps done. State serial 24.\n",
    );
  });

  test("a long list of failures is cut and counted", () => {
    const results = Array.from({ length: 30 }, (_, index) => ({
      step: step(`velocloud_role.r${index}/create`),
      result: "failed" as const,
    }));
    expect(renderRun({ ...report, results })).toContain("… 10 more");
  });

  test("a run for programs counts every result", () => {
    const missing = { pictures: ".steward/evidence/run", picturesProblem: "no picture a.png could be kept: ENOSPC" };
    expect(renderRun({ ...report, ...missing })).toContain(
      "Pictures of what the browser did:  .steward/evidence/run\nPictures are missing:  no picture a.png could be kept: ENOSPC\n",
    );
    expect(JSON.parse(runJson({ ...report, ...missing }))).toMatchObject(missing);
    const document = JSON.parse(runJson(report));
    expect(document.counts).toEqual({
      ...{ done: 2, failed: 1, "in-doubt": 1, lost: 0, skipped: 2, untouched: 1 },
      ...{ waiting: 0, "not-needed": 0, refused: 0 },
    });
    expect(document.results).toHaveLength(7);
  });

  test("a table aligns its columns, also with wide characters", () => {
    const table = renderTable(
      ["address", "state"],
      [
        ["velocloud_api_token.ci", "enabled"],
        ["veson.日本", undefined],
        ["x\n\u202e", ""],
      ],
    );
    expect(table).toMatchInlineSnapshot(`
      "ADDRESS                 STATE
      velocloud_api_token.ci  enabled
      veson.日本              –
      x\\n\\u202e               –
      "
    `);
  });

  test("color comes only when asked", () => {
    expect(styleFor(false)("bad", "x")).toBe("x");
    expect(styleFor(true)("bad", "x")).toBe("\u001b[31mx\u001b[39m");
  });
});
