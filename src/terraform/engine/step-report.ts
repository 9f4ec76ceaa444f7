import { relative } from "node:path";
import type { EvidenceRuns } from "../../hands/evidence-runs.ts";
import type { StepReport } from "../../step.ts";
import type { TerraformDiagnostic } from "../wire/service.ts";
import { say } from "./diagnostics.ts";

/** How the steps of a resource that did not get through are said to the user. */

/** Nothing for a step that got through, or that only waits for another one. */
export function sayStep({ step, result, because, remedy }: StepReport): TerraformDiagnostic[] {
  const why = because === undefined ? "" : `: ${because}`;
  switch (result) {
    case "failed":
      return [say("error", `${step.title}${why}`, remedy ?? "apply again: it goes on where it stopped")];
    case "in-doubt":
      return [
        say(
          "error",
          `whether this happened is not known: ${step.title}${why}`,
          remedy ?? "apply again: it is read back first",
        ),
      ];
    case "lost":
      return [say("error", `${step.title}${why}`, "apply again: what was lost is revoked, and made anew")];
    case "waiting":
      // What a person is asked for is said with its instruction.
      return step.hand === "person" ? [] : [say("error", `${step.id} waits${why}`, "apply again: it goes on")];
    default:
      return [];
  }
}

/** Where the pictures of what a browser did lie, when that did not get through, and once why some are missing. */
export function sayPictures(pictures: Pictures | undefined, folder: string, isFailed: boolean): TerraformDiagnostic[] {
  if (!pictures) return [];
  const said: TerraformDiagnostic[] = [];
  if (isFailed && pictures.folder !== undefined)
    said.push(say("warning", `pictures of what the browser did: ${relative(folder, pictures.folder)}`));
  const problem = pictures.takeProblem();
  if (problem !== undefined) said.push(say("warning", `pictures of what the browser did are missing: ${problem}`));
  return said;
}

type Pictures = Pick<EvidenceRuns, "folder" | "takeProblem">;
