import { expect, test } from "vitest";
import { completeHints, type Said } from "../src/render/hints.ts";

const said: Said = { env: "test", allowDeletions: 5, allowMissing: 2, restore: ["a.b"], replace: ["c.d"] };

test.each<[string, string, Said]>([
  [
    "steward plan --out FILE",
    "steward plan --env test --allow-deletions 5 --out FILE",
    { env: "test", allowDeletions: 5 },
  ],
  ["steward plan --out FILE", "steward plan --out FILE", {}],
  [
    "steward plan --restore a.b",
    "steward plan --env test --allow-deletions 5 --allow-missing 2 --replace c.d --restore a.b",
    said,
  ],
  [
    "steward plan --allow-deletions 7",
    "steward plan --env test --allow-deletions 7",
    { env: "test", allowDeletions: 5 },
  ],
  ["steward plan --out FILE", "steward plan --destroy --out FILE", { destroy: true }],
  ["steward destroy", "steward destroy --env test --allow-deletions 5", said],
  ["steward trust velocloud", "steward trust --env test velocloud", said],
  ["steward plan --env prod --out FILE", "steward plan --env prod --out FILE", { env: "test" }],
  [
    "a review, then: steward apply plan.json; or --auto-approve",
    "a review, then: steward apply plan.json; or --auto-approve",
    said,
  ],
  ["steward state unlock ID", "steward state unlock --env test ID", said],
  ["steward recover, then steward plan", "steward recover --env test, then steward plan --env test", { env: "test" }],
  ["steward plan shows what is left", "steward plan --env test shows what is left", said],
  ["steward show plan.json", "steward show plan.json", said],
  ["steward do a.b/create", "steward do --env test a.b/create", said],
  ["steward confirm a.b/ask --result absent", "steward confirm --env test a.b/ask --result absent", said],
  ["see steward status", "see steward status --env test", said],
  ["steward apply plan.json", "steward apply --manifest access/ plan.json", { manifest: "access/", env: "test" }],
  ["steward plan", "steward plan --manifest 'my access'", { manifest: "my access" }],
  ["steward plan", "steward plan --manifest 'a$(reboot)'", { manifest: "a$(reboot)" }],
])("%s becomes %s", (hint, completed, given) => {
  expect(completeHints(hint, given)).toBe(completed);
});
