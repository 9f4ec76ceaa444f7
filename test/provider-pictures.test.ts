import { expect, test } from "vitest";
import { EvidenceRuns } from "../src/hands/evidence-runs.ts";
import { sayPictures } from "../src/terraform/engine/step-report.ts";
import { CrashDisk } from "./world/crash-disk.ts";

/** Pictures of what a browser did under Terraform: where they lie is said when something failed, and what is missing is said once. */

async function pictures(): Promise<EvidenceRuns> {
  const runs = new EvidenceRuns({
    ...{ disk: new CrashDisk({ onPoint: () => undefined }), folder: "/repo/.steward/evidence/prod" },
    now: () => "2026-11-25T17:06:52.000Z",
    removeFolder: async () => undefined,
  });
  await runs.folderFor("run/step");
  return runs;
}

test("are named where a step failed, from the folder of the provider", async () => {
  const runs = await pictures();
  runs.kept();
  expect(sayPictures(runs, "/repo", false)).toEqual([]);
  expect(sayPictures(runs, "/repo", true)).toEqual([
    {
      severity: "warning",
      summary: "Pictures of what the browser did: .steward/evidence/prod/2026-11-25T17-06-52Z-run",
    },
  ]);
  expect(sayPictures(undefined, "/repo", true)).toEqual([]);
});

test("that are missing are told once, whatever else got through", async () => {
  const runs = await pictures();
  runs.lost("the disk is full");
  expect(sayPictures(runs, "/repo", false)).toEqual([
    { severity: "warning", summary: "Pictures of what the browser did are missing: the disk is full" },
  ]);
  expect(sayPictures(runs, "/repo", false)).toEqual([]);
});
