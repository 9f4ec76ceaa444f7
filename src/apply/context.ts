import type { Operation, StepContext } from "../connectors/connector.ts";
import { assert, Fault } from "../diagnostic.ts";
import { type Lookup, referencesIn, resolveAll } from "../resolve.ts";
import type { Value } from "../resource.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";

/** What a step is carried out with: its operation, its input, and what is recorded by now. */

/** References at run time: what is recorded by now. */
export function lookupRecorded(workspace: Workspace): Lookup {
  return (address, attribute) => {
    const entry = workspace.state.entries[address];
    if (!entry) return undefined;
    if (attribute === "id") return entry.id;
    const name = attribute || workspace.kinds.get(entry.kind)?.schema["x-identity"][0] || "id";
    return entry.attributes[name];
  };
}

/** The input of a step with references resolved; throws a Fault when one is still open. Asks no system. */
export function inputOf(workspace: Workspace, step: Step): Record<string, Value> {
  const input: Record<string, Value> = resolveAll(step.input, lookupRecorded(workspace));
  const open = referencesIn(input)[0];
  if (!open) return input;
  throw new Fault(`${open.address} has no ${open.attribute || "identity"} yet`, {
    happened: "no",
    address: step.address,
    remedy: "plan again: what it refers to was not made",
  });
}

/** What an operation gets. Throws a Fault when a reference in its input is still open. */
export async function contextOf(workspace: Workspace, step: Step): Promise<StepContext> {
  const facts = await workspace.system(step.system).facts();
  const input = inputOf(workspace, step);
  const entry = workspace.state.entries[step.address];
  return {
    step,
    system: workspace.config(step.system),
    facts,
    input,
    ...(entry ? { entry } : {}),
    now: () => workspace.io.clock.now(),
    secrets: workspace.secrets,
  };
}

/** The operation of the kind that carries this step out. */
export function operationOf(workspace: Workspace, step: Step): Operation {
  // Only connectors of systems that the manifest declares are loaded: without the system there may be no kind either.
  workspace.config(step.system);
  const operation = workspace.kinds.get(step.kind)?.operations[step.operation];
  assert(operation, `${step.kind} has no operation ${step.operation}`);
  return operation;
}
