import { Fault } from "../diagnostic.ts";
import type { OpenRun } from "../state.ts";
import type { Step, StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { noteBegin } from "./begin.ts";
import { contextOf, inputOf, operationOf } from "./context.ts";
import { done, generationOf, notDone } from "./ends.ts";
import { chooseSecrets } from "./filled.ts";
import { mailOf } from "./mail.ts";

/** Steps that no connector carries out: people are asked, and mails are sent. */

/** A person is asked once; the answer comes by `steward do` or `steward confirm`. */
export async function askPerson(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  if (run.steps[step.id]?.state === "asked") {
    if (await wasKept(workspace, step)) return done(workspace, run, step, {});
  } else {
    inputOf(workspace, step);
    await chooseSecrets(operationOf(workspace, step), step, workspace.secrets);
    const at = workspace.timestamp();
    const { id, address } = step;
    const asked = { type: "asked" as const, at, run: run.id, step: id, address, generation: generationOf(step) };
    await noteBegin(workspace, run, step, asked);
  }
  return { step, result: "waiting" };
}

/**
 * An answer that was cut off after its secret was kept: the value may never be had again, so it is not asked for again where
 * reading back says that the step is done.
 */
async function wasKept(workspace: Workspace, step: Step): Promise<boolean> {
  const { settle, chooses = [] } = operationOf(workspace, step);
  const recorded = workspace.state.entries[step.address]?.secrets ?? {};
  // What Steward chose was kept before anybody was asked, and what is recorded was told and is asked for again: neither says anything.
  const targets = Object.entries(step.delivers ?? {}).flatMap(([name, target]) =>
    chooses.includes(name) || recorded[name]?.issueId === target.issueId ? [] : [target],
  );
  if (!settle || targets.length === 0) return false;
  const kept = await Promise.all(targets.map((target) => workspace.secrets.has(target)));
  if (!kept.every(Boolean)) return false;
  return (await settle(await contextOf(workspace, step), workspace.system(step.system).reader)).verdict === "done";
}

/** The manifest had one when it was planned. */
function noServer({ id, system }: Step): Fault {
  const remedy = `declare the mail server of ${system} again`;
  return new Fault(`${id} is a mail, and ${system} has no mail server any more`, { happened: "no", remedy });
}

/** Intent, mail, outcome. One that was cut off is sent again with the same Message-ID: whoever gets it twice has one mail. */
export async function sendMail(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  const server = await workspace.system(step.system).mailServer?.();
  if (!server) throw noServer(step);
  const wasTried = run.steps[step.id]?.state === "intended";
  if (!wasTried) {
    const at = workspace.timestamp();
    const intent = { type: "intent" as const, at, run: run.id, step: step.id, address: step.address, generation: 0 };
    await noteBegin(workspace, run, step, intent);
  }
  try {
    await workspace.io.mailer.send(mailOf(workspace, run, step), server);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // That this try did not get through says nothing of the one before it.
    if (error.details.happened === "no" && !wasTried) return notDone(workspace, run, step, error);
    const again = "the next run sends the same mail again";
    return {
      step,
      result: "in-doubt",
      because: error.message,
      remedy: [error.details.remedy, again].filter(Boolean).join("; "),
    };
  }
  return done(workspace, run, step, {});
}
