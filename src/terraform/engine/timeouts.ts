import { durationMs } from "../../schema.ts";
import type { TerraformAttribute } from "../form.ts";
import type { ApplyRequest, Call, TerraformDiagnostic } from "../wire/service.ts";
import { isObjectValue, type ObjectValue } from "../wire/value.ts";
import { say } from "./diagnostics.ts";

/** `timeouts` of a resource: how long an apply begins steps. What is in flight then is brought to its end, and the next apply goes on. */

const actions = ["create", "update", "delete"] as const;

const timeoutOf = (action: string): TerraformAttribute => ({
  type: "string",
  description: `How long a ${action} may take, such as 90s, 10m or 1h.`,
  description_kind: "plain",
  optional: true,
});

/** The attribute, which every resource has. */
export const timeoutsAttribute: TerraformAttribute = {
  nested_type: { nesting_mode: "single", attributes: Object.fromEntries(actions.map((one) => [one, timeoutOf(one)])) },
  description: "After how long no new step is begun. What was begun is brought to its end, and the next apply goes on.",
  description_kind: "plain",
  optional: true,
};

/** What is wrong with the timeouts of a configuration. */
export function timeoutProblems({ timeouts }: ObjectValue): TerraformDiagnostic[] {
  if (!isObjectValue(timeouts)) return [];
  return Object.entries(timeouts).flatMap(([name, value]) =>
    typeof value === "string" && durationMs(value) === undefined
      ? [{ ...say("error", `timeouts.${name} must be a duration`, "such as 90s, 10m or 1h"), path: ["timeouts", name] }]
      : [],
  );
}

/** Does the work with a signal that tells it to begin nothing more: Terraform was stopped, or the time is over. */
export async function withDeadline<T>(
  { prior, planned }: ApplyRequest,
  call: Pick<Call, "signal">,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const action = planned === null ? "delete" : prior === null ? "create" : "update";
  const { timeouts } = planned ?? prior ?? {};
  const text = isObjectValue(timeouts) ? timeouts[action] : undefined;
  const timeoutMs = typeof text === "string" ? durationMs(text) : undefined;
  const deadline = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
  return work(AbortSignal.any([call.signal, ...deadline]));
}
