import { applyOne, type OneReport } from "../../apply/one.ts";
import type { Kind } from "../../connectors/connector.ts";
import { Fault } from "../../diagnostic.ts";
import type { PlanResult } from "../../plan/plan.ts";
import type { Address } from "../../resource.ts";
import type { TerraformForm } from "../form.ts";
import type { ApplyRequest, Call, ResourceState, TerraformDiagnostic } from "../wire/service.ts";
import type { ObjectValue } from "../wire/value.ts";
import type { ConfigText } from "./config-text.ts";
import { fromError, hasErrors, Refused, say } from "./diagnostics.ts";
import { sayWaiting } from "./people.ts";
import { readPrivate } from "./private-data.ts";
import { addressOf, type ResourceConfig } from "./resource-config.ts";
import { diagnosticsOf, readConfig } from "./resource-plan.ts";
import { identityOf, keptOf, shownAttributes, shownState } from "./resource-read.ts";
import { sayPictures, sayStep } from "./step-report.ts";
import { withDeadline } from "./timeouts.ts";
import { sayUntold } from "./told-secrets.ts";
import { completed } from "./values.ts";
import type { Walk } from "./walk.ts";

/** Carries out what was planned for one resource: the steps of its change, in order, by the journal. */

type Applied = ResourceState & { diagnostics?: readonly TerraformDiagnostic[] };

interface Target {
  walk: Walk;
  form: TerraformForm;
  kind: Kind;
  address: Address;
  request: ApplyRequest;
}

/** Applies it. A create that failed or waits answers no state, so that Terraform never replaces what must not be made twice. */
export async function applyResource(
  walk: Walk,
  form: TerraformForm,
  request: ApplyRequest,
  call: Call,
): Promise<Applied> {
  let text: ConfigText | undefined;
  const { prior, config, private: kept } = request;
  try {
    const kind = walk.kind(form.kind);
    await walk.begin();
    const known = readPrivate(kept);
    if (known) walk.recall(known);
    const { state } = walk.workspace;
    const address =
      (prior && known?.address) || (config ? addressOf(config, kind, walk.system.name, state).address : undefined);
    if (address === undefined) return { state: null };
    const target: Target = { walk, form, kind, address, request };
    if (config === null) return await remove(target, known?.entry?.id, call);
    const read = readConfig(walk, kind, address, config, (found) => {
      text = found;
    });
    walk.declare(read.resource);
    return await make(target, read, call);
  } catch (error) {
    return { state: prior, diagnostics: fromError(error, text) };
  }
}

async function make(target: Target, read: ResourceConfig, call: Call): Promise<Applied> {
  const { walk, form, kind, address, request } = target;
  const report = await carryOut(target, read, call);
  const entry = walk.workspace.state.entries[address];
  const { prior, planned } = request;
  const isDone = report.outcome === "done" || report.outcome === "nothing-to-do";
  const actual = entry && (await walk.sight.lookAgain(kind, entry.id));
  if (isDone && planned) {
    if (!entry || !actual) throw vanished(address);
    const state = completed(form, planned, shownAttributes(actual, entry));
    const diagnostics = sayPictures(walk.pictures, walk.workspace.manifest.folder, false);
    return { state, private: keptOf(walk, address), ...identityOf(kind, state), diagnostics };
  }
  const diagnostics = await sayReport(walk, report);
  if (!hasErrors(diagnostics)) diagnostics.push(say("error", `${address} is not finished`, "apply again: it goes on"));
  // Of a create Terraform keeps nothing: what was reached stands in the journal, and the next apply goes on with it.
  if (prior === null) return { state: null, diagnostics };
  const state: ObjectValue = actual ? shownState(form, prior, actual, entry) : prior;
  return { state, private: keptOf(walk, address), diagnostics };
}

const vanished = (address: Address): Fault =>
  new Fault(`${address} was made, and cannot be found`, {
    happened: "unknown",
    remedy: "plan again when the system shows it",
  });

async function remove(target: Target, id: string | undefined, call: Call): Promise<Applied> {
  const { walk, kind, address, request } = target;
  walk.undeclare(address);
  const entry = walk.workspace.state.entries[address];
  // Another object has taken its place already, and this one went with that.
  if (entry && id !== undefined && entry.id !== id && !entry.deposed.some((one) => one.id === id))
    return { state: null };
  const report = await carryOut(target, undefined, call);
  if (report.outcome === "done" || report.outcome === "nothing-to-do") {
    if (entry) await walk.sight.forget(kind, entry.id);
    return { state: null };
  }
  const diagnostics = await sayReport(walk, report);
  if (!hasErrors(diagnostics))
    diagnostics.push(say("error", `${address} is not removed yet`, "apply again: it goes on"));
  return { state: request.prior, private: keptOf(walk, address), diagnostics };
}

/** What did not get through, and what people are asked for. */
async function sayReport(walk: Walk, { steps, run }: OneReport): Promise<TerraformDiagnostic[]> {
  const open = run && walk.workspace.state.runs[run.id];
  const failed = steps.flatMap(sayStep);
  const { folder } = walk.workspace.manifest;
  const pictures = sayPictures(walk.pictures, folder, failed.length > 0);
  return [...failed, ...pictures, ...(open ? await sayWaiting(walk, open) : [])];
}

function carryOut(
  { walk, kind, address, request }: Target,
  read: ResourceConfig | undefined,
  call: Call,
): Promise<OneReport> {
  const approve = (result: PlanResult): void => {
    const diagnostics = [...diagnosticsOf(kind, { result }, read), ...sayUntold(result.plan.steps, walk.isTold)];
    if (hasErrors(diagnostics)) throw new Refused(diagnostics);
  };
  return withDeadline(request, call, (stop) =>
    walk.carry((onRun) =>
      applyOne(walk.workspace, () => walk.request(address, read), address, {
        carrier: walk.carrier,
        isAlive: walk.isAlive,
        stop,
        onRun,
        approve,
        untilLent: () => walk.untilOthersAppend(),
        onStep: ({ step, state, because }) =>
          call.log("info", `${step.id}: ${state}`, because === undefined ? {} : { because }),
      }),
    ),
  );
}
