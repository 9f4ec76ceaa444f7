import { expect, test } from "vitest";
import type { Probe } from "../src/connectors/connector.ts";
import { noticesOf } from "../src/plan/notices.ts";
import { emptyState } from "../src/state.ts";
import { tokenOverview } from "../src/token-overview.ts";
import { connector, reportsEntry as entry, makeBench, planFor, reportsAddress } from "./momentus-console-fixture.ts";

/** What is said of credentials: whether they work, and what to do first when they do not. */

const kinds = new Map(connector.kinds.map((kind) => [kind.name, kind as never]));

function observed(probe: Probe) {
  const { id, attributes } = entry;
  const object = { id, attributes, unobservable: [], seen: { how: "read" as const }, health: "unchecked" as const };
  const listing = { objects: [object], complete: false, attested: true as const };
  const system = { fingerprint: "f", facts: { me: null }, kinds: { momentus_api_user: listing } };
  return { at: "2026-01-01", environment: "test", systems: { momentus: system }, probes: { [reportsAddress]: probe } };
}

const stateOf = (probe: Probe) =>
  tokenOverview({ kinds, resources: [], entries: [entry], observation: observed(probe) }).tokens[0];

test.each<[Probe, string]>([
  [{ health: "working" }, "works"],
  [{ health: "working", detail: "it is not licensed" }, "recognized"],
  [{ health: "refused", detail: "no" }, "recorded, refused"],
  [{ health: "inconclusive", detail: "no answer" }, "recorded"],
])("a credential of which %j is known is shown as %s", (probe, state) => {
  expect(stateOf(probe)).toMatchObject({ state, ...(probe.detail === undefined ? {} : { detail: probe.detail }) });
});

function noticeOf(probe: Probe, known: ReadonlyMap<string, unknown> = kinds): string {
  const { manifest } = { manifest: { resources: [], systems: {} } };
  const input = { manifest, kinds: known, state: emptyState("l"), observation: observed(probe) } as never;
  return noticesOf(input, []).find(({ address }) => address === reportsAddress)!.message;
}

test("a refused credential is looked at first, and a kind without advice offers a new one", () => {
  const probe: Probe = { health: "refused", detail: "HTTP 401" };
  const said = noticeOf(probe);
  expect(said.indexOf("look at its screen first")).toBeGreaterThan(0);
  expect(said.indexOf("--replace")).toBeGreaterThan(said.indexOf("look at its screen first"));
  expect(noticeOf(probe, new Map())).toBe(
    `its credential is refused (HTTP 401); to issue a new one: --replace ${reportsAddress}`,
  );
});

test("a value that is not in its sink may have been moved away with it", () => {
  const missing: Probe = { health: "inconclusive", detail: "its value is not at local:reports", missing: true };
  expect(noticeOf(missing)).toMatch(
    /^its value is not at local:reports; if you moved the sink's files, put them back; /,
  );
});

test("an inconclusive answer is no notice", () => {
  expect(planFor(makeBench(), { resources: {} }).plan.notices).toEqual([]);
  expect(() => noticeOf({ health: "inconclusive" })).toThrow();
});
