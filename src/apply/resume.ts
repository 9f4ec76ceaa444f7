import { digestOf } from "../canonical.ts";
import { Refusal } from "../diagnostic.ts";
import type { Observation } from "../observation.ts";
import type { Address, Resource } from "../resource.ts";
import { closingCommand, isFinished } from "../run.ts";
import type { OpenRun } from "../state.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { whyNotExpectedIn } from "./expects.ts";

/** Whether a run that was opened earlier can still go on: the world, the manifest and the systems are as they were. */

/**
 * A resumed run is not planned again: what its unfinished steps expect must hold against a fresh refresh, and what their
 * addresses declare, with what they reference, must be as it was when the run was opened (law 2).
 */
export function assertResumable(workspace: Workspace, run: OpenRun, observation: Observation): void {
  const unfinished = run.plan.steps.filter((step) => !isFinished(run, step));
  assertSamePlaces(workspace, run, unfinished);
  const reasons = unfinished.flatMap((step) => {
    const kind = workspace.kinds.get(step.kind);
    const why = kind && whyNotExpectedIn(observation, kind, step);
    return why ? [`${step.id}: ${why}`] : [];
  });
  const today = resourceDigests(workspace.manifest.resources, [...new Set(unfinished.map((step) => step.address))]);
  const before = run.plan.resources;
  for (const [address, digest] of Object.entries(today)) {
    if (before[address] !== digest) reasons.push(`${address} is declared differently now`);
  }
  for (const { address } of unfinished) {
    if (before[address] !== undefined && today[address] === undefined) reasons.push(`${address} left the manifest`);
  }
  if (reasons.length === 0) return;
  const remedy = `close the run and plan again: ${closingCommand(run)}, then steward plan --out FILE`;
  throw new Refusal(
    [...new Set(reasons)].map((message) => ({ message: `run ${run.id} cannot go on: ${message}`, remedy })),
  );
}

/** Throws a Refusal when a system of these steps means another place than when the run was opened. */
export function assertSamePlaces(workspace: Workspace, run: OpenRun, steps: readonly Step[]): void {
  const moved = [...new Set(steps.map(({ system }) => system))].filter(
    (name) => run.plan.basis.targets[name] !== workspace.fingerprint(name),
  );
  if (moved.length === 0) return;
  const remedy = `undo the change, or give the run up: steward apply --abandon ${run.id}`;
  throw new Refusal(
    moved.map((name) => ({ message: `system ${name} leads elsewhere than when run ${run.id} was opened`, remedy })),
  );
}

/** Digests of what the plan's addresses declare, so that a resumed run can tell whether the manifest changed under it. */
export function resourceDigests(
  resources: readonly Resource[],
  addresses: readonly Address[],
): Record<Address, string> {
  const declared = new Map(resources.map((resource) => [resource.address, resource]));
  const wanted = new Set(addresses);
  for (const address of addresses) for (const need of declared.get(address)?.dependsOn ?? []) wanted.add(need);
  const digests = [...wanted].sort().flatMap((address): [Address, string][] => {
    const resource = declared.get(address);
    if (!resource) return [];
    const { source: _source, ...meaning } = resource;
    return [[address, digestOf(meaning)]];
  });
  return Object.fromEntries(digests);
}
