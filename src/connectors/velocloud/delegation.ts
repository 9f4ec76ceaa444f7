import type { Diagnostic } from "../../diagnostic.ts";
import type { StepDraft } from "../../step.ts";
import type { Assessment, Operation, Verdict, View } from "../connector.ts";
import { apiDraft, errorAt, writesOf } from "../drafts.ts";
import { settledBy } from "../inputs.ts";
import { listingOf, seenNow } from "../listing.ts";
import { factsOf } from "./facts.ts";
import type { VelocloudKind } from "./kind.ts";
import type { VelocloudReader } from "./reader.ts";
import { settingsOf } from "./settings.ts";
import type { VelocloudWriter } from "./writer.ts";

/** The switch has no id of its own: there is one per enterprise. */
const onlyId = "delegation";

/** Setting it twice does no harm: where it cannot be read back it is set again. */
const set: Operation<VelocloudReader, VelocloudWriter> = {
  async run(context, writer) {
    await writer.delegate(context.input.delegated === true);
    return { id: onlyId };
  },
  async settle(context, reader) {
    const now = await reader.delegated({ fresh: true });
    const settled = settledBy(now === (context.input.delegated === true));
    return settled.verdict === "done" ? { verdict: "done", outcome: { id: onlyId } } : settled;
  },
};

/** Whether the enterprise lets its operator manage its users and tokens (VCO-07). */
export const delegation: VelocloudKind = {
  name: "velocloud_user_management_delegation",
  list: (reader) =>
    listingOf(async () => {
      if (reader.scope.name !== "enterprise") return [];
      const delegated = await reader.delegated();
      return [seenNow(onlyId, { delegated: delegated ?? null }, delegated === undefined ? ["delegated"] : [])];
    }),
  assess: assessDelegation,
  lower: lowerDelegation,
  operations: { set },
};

/** Only the enterprise itself may set it (VCO-29). */
function assessDelegation(view: View, general: Verdict): Assessment {
  if (!view.desired) return {};
  const errors: Diagnostic[] = [];
  const { scope } = settingsOf(view.system);
  if (scope.name !== "enterprise") {
    const message = `the scope of ${view.system.name} is ${scope.name}; only an enterprise delegates`;
    errors.push(errorAt(view, undefined, message, "declare it on a system with scope: enterprise"));
  }
  const { me } = factsOf(view.facts);
  if (general.action !== "none" && me && me.userType !== "ENTERPRISE") {
    const message = `${me.username} is no user of the enterprise, and only the enterprise itself may delegate (VCO-29)`;
    errors.push(errorAt(view, undefined, message, "use the credentials of an Enterprise Superuser"));
  }
  return { errors };
}

function lowerDelegation(view: View, verdict: Verdict): StepDraft[] {
  const attributes = verdict.action === "create" ? (view.desired ?? {}) : writesOf(verdict);
  const { delegated } = attributes;
  if (delegated === undefined) return [];
  const draft = apiDraft({
    operation: "set",
    title: `${delegated === true ? "delegate user management to the operator" : "end the delegation of user management"}`,
    input: { delegated },
    expects: { is: "anything" },
    records:
      verdict.action === "create"
        ? { is: "created", attributes, generation: view.generationNext }
        : { is: "updated", attributes },
  });
  return [draft];
}
