import { describe, expect, test } from "vitest";
import { sayAgo, sayMoment } from "../src/render/moment.ts";
import { type RunReport, renderRun } from "../src/render/run.ts";
import { colorStyle } from "../src/render/style.ts";
import { renderWaiting, type WaitingRun, waitingJson } from "../src/render/waiting.ts";
import type { StepResult } from "../src/step.ts";
import { hostile, instructionFullOf, instructionOf, peoplePlan } from "./render-people.ts";

const serv = "momentus_api_user.moco_serv";
const nowMs = Date.parse("2026-11-22T10:00:00Z");

const run: WaitingRun = {
  run: { id: "7f3a91", openedAt: "2026-11-20T09:12:33Z", by: "ann@build" },
  waiting: [
    { ...instructionOf(`${serv}/create`), since: "2026-11-20T11:00:00.000Z" },
    {
      ...instructionOf("momentus_app_approval.exhibitor/approve"),
      ...{ since: "2026-11-22T09:59:00Z", answeredBefore: "2026-11-21: not-done" },
    },
  ],
  loans: [{ system: "momentus", name: "Basic API", since: "2026-11-21T09:00:00Z", address: serv }],
  ...{ resume: "steward apply plan.json", close: "steward apply --env test --abandon 7f3a91" },
};

/** A report of the plan of people with these results, in order. */
function reportOf(...results: StepResult[]): RunReport {
  const { steps } = peoplePlan();
  return {
    results: results.map((result, index) => ({ step: steps[index]!, result })),
    serial: 30,
    resume: "steward apply plan.json",
    waits: false,
  };
}

describe("waiting work", () => {
  test("says for whom, what, since when, what is borrowed, and what to do", () => {
    expect(renderWaiting([run], { nowMs, env: "test" })).toMatchInlineSnapshot(`
      "Run 7f3a91 waits: 2 steps · opened 2 days ago (2026-11-20 09:12 UTC) by ann@build

        WAITS FOR                           STEP                                     SINCE                                ANSWERED BEFORE
        an Enterprise support user          momentus_api_user.moco_serv/create       1 day ago (2026-11-20 11:00 UTC)     –
        a Support User of Momentus Connect  momentus_app_approval.exhibitor/approve  1 minute ago (2026-11-22 09:59 UTC)  2026-11-21: not-done

        Borrowed and not given back: Basic API on momentus, 1 day ago (2026-11-21 09:00 UTC), for momentus_api_user.moco_serv
        It goes back when the steps of this run are told. To drop the run and give it back:  steward apply --env test --abandon 7f3a91

        See, do and tell it: steward do --env test momentus_api_user.moco_serv/create
                             steward do --env test momentus_app_approval.exhibitor/approve
        Then go on:          steward apply plan.json
      "
    `);
  });

  test("of two runs is told run by run", () => {
    const other = { ...run, run: { ...run.run, id: "b2" }, waiting: run.waiting.slice(0, 1), loans: [] };
    const text = renderWaiting([run, other], { nowMs });
    expect(text.match(/^Run .*$/gm)).toEqual([
      "Run 7f3a91 waits: 2 steps · opened 2 days ago (2026-11-20 09:12 UTC) by ann@build",
      "Run b2 waits: 1 step · opened 2 days ago (2026-11-20 09:12 UTC) by ann@build",
    ]);
    expect(text.slice(text.indexOf("Run b2"))).not.toContain("ANSWERED BEFORE");
  });

  test("of a run that waits for nobody names what is borrowed all the same", () => {
    expect(renderWaiting([{ ...run, waiting: [] }], { nowMs, env: "test" })).toMatchInlineSnapshot(`
      "Run 7f3a91 is not finished · opened 2 days ago (2026-11-20 09:12 UTC) by ann@build

        Borrowed and not given back: Basic API on momentus, 1 day ago (2026-11-21 09:00 UTC), for momentus_api_user.moco_serv
        To give it back now:  steward apply --env test --abandon 7f3a91

        Go on:               steward apply plan.json
      "
    `);
    const idle = { ...run, waiting: [], close: "steward recover --env test" };
    expect(renderWaiting([idle], { nowMs })).toContain("To give it back now:  steward recover --env test\n");
  });

  test("of many steps leaves their commands to the table", () => {
    const many = Array.from({ length: 6 }, () => run.waiting[0]!);
    const text = renderWaiting([{ ...run, waiting: many, loans: [] }], { nowMs });
    expect(text).toContain("  See, do and tell it: steward do STEP\n");
  });

  test("says so when nothing waits", () => {
    expect(renderWaiting([], { nowMs })).toBe("Nothing waits for a person.\n");
    expect(JSON.parse(waitingJson([], {}))).toEqual({ formatVersion: 1, runs: [] });
  });

  test("shows what is borrowed in the color of what is wrong", () => {
    const text = renderWaiting([run], { nowMs, style: colorStyle });
    expect(text).toContain(
      "\u001b[31mBorrowed and not given back: Basic API on momentus, 1 day ago (2026-11-21 09:00 UTC)\u001b[39m",
    );
  });

  test("for programs has every step with its results and its command", () => {
    const { runs } = JSON.parse(waitingJson([run], { env: "test" }));
    expect(runs[0].waiting[0]).toMatchInlineSnapshot(`
      {
        "address": "momentus_api_user.moco_serv",
        "do": "steward do --env test momentus_api_user.moco_serv/create",
        "question": false,
        "results": [
          "done",
          "found",
          "failed",
        ],
        "role": "an Enterprise support user",
        "since": "2026-11-20T11:00:00.000Z",
        "step": "momentus_api_user.moco_serv/create",
        "system": "momentus",
        "title": "create the API user",
      }
    `);
    expect(runs[0]).toMatchObject({ run: run.run, loans: run.loans, resume: run.resume });
  });

  test("lets nothing from outside begin a line or move the cursor", () => {
    const { step, screen } = instructionFullOf(hostile);
    const forged: WaitingRun = {
      run: { id: hostile, openedAt: hostile, by: hostile },
      waiting: [{ step, screen, since: hostile, answeredBefore: hostile }],
      loans: [{ system: hostile, name: hostile, since: hostile, address: hostile }],
      ...{ resume: hostile, close: hostile },
    };
    const text = renderWaiting([forged], { nowMs });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toMatch(/^(# Approved|```|~~~)/m);
    expect(waitingJson([forged], {}).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test.each([
    ["2026-11-22T09:59:30Z", "just now"],
    ["2026-11-22T10:05:00Z", "just now"],
    ["2026-11-22T09:58:59Z", "1 minute ago"],
    ["2026-11-22T08:00:00Z", "2 hours ago"],
    ["2026-11-20T10:00:01Z", "1 day ago"],
    ["2026-11-20T10:00:00Z", "2 days ago"],
    ["yesterday", "at an unknown time"],
  ])("%s is %s", (iso, ago) => {
    expect(sayAgo(iso, nowMs)).toBe(ago);
  });

  test("a moment is shown to the minute, and anything else as it is", () => {
    expect(sayMoment("2026-11-20T09:12:33.123Z")).toBe("2026-11-20 09:12 UTC");
    expect(sayMoment("2026-11-20T09:12:33+01:00")).toBe("2026-11-20T09:12:33+01:00");
  });
});

describe("a run that waits", () => {
  test("is not called a failure, and says how far the rest came", () => {
    const report = reportOf("done", "not-needed", "done", "waiting", "skipped", "skipped", "done", "untouched");
    expect(renderRun({ ...report, waits: true })).toMatchInlineSnapshot(`
      "apply waits for a person

        done          3   momentus_api_user.moco_serv, momentus_app_approval.event_portal
        waiting       1   momentus_api_user.moco_serv › create    for a person
        skipped       2   momentus_api_user.moco_serv › prove     needs a step that waits
                          momentus_api_user.moco_serv › return    needs a step that waits
        not needed    1   momentus_api_user.moco_serv
        untouched     1   momentus_app_approval.exhibitor

      The rest of the plan went on without you: 3 of 7 steps are done. Exit code 3.
      When it is told, go on:  steward apply plan.json     (state serial 30, lock released)
      "
    `);
  });

  test("is a failure when something failed beside it", () => {
    const text = renderRun(reportOf("done", "waiting", "failed"));
    expect(text).toContain("apply did not get through");
    expect(text).toMatch(/waiting +1 +.* for a person/);
    expect(text).not.toContain("Exit code 3");
  });

  test("says that it was stopped when it was", () => {
    expect(renderRun(reportOf("done", "waiting"), { stopped: "by Ctrl-C" })).toContain("apply stopped: by Ctrl-C");
  });

  test("is complete when every step is done or not needed", () => {
    expect(renderRun(reportOf("done", "not-needed", "done"))).toBe(
      "Apply complete: 2 steps done, 1 not needed. State serial 30.\n",
    );
  });
});
