import { Fault } from "../diagnostic.ts";
import { isSecretRef } from "../resource.ts";
import type { Secret, SecretTarget } from "../secret.ts";
import type { StepDraft } from "../step.ts";
import type { Operation, Outcome, Probe, StepContext } from "./connector.ts";
import { apiDraft } from "./drafts.ts";
import { settledBy } from "./inputs.ts";

/** The proof of a credential that was delivered: the data plane is asked with the very value, which is current from then on. */

interface ProofDraft {
  /** Name of the secret in the state entry. */
  secret: string;
  title: string;
  target: SecretTarget;
  needs?: string[];
  input?: StepDraft["input"];
}

/** One that the step's input refers to under its name. */
async function givenIn({ input, secrets }: StepContext, name: string): Promise<Secret | undefined> {
  const reference = input[name];
  return isSecretRef(reference) ? secrets.read(reference) : undefined;
}

/** The step that proves one issue of a secret. */
export function proveDraft({ secret, title, target, needs, input = {} }: ProofDraft): StepDraft {
  const { sink, path, issueId } = target;
  return apiDraft({
    operation: "prove",
    title,
    input,
    expects: { is: "anything" },
    records: { is: "proven", secret },
    promotes: [{ sink, path, issueId }],
    ...(needs ? { needs } : {}),
  });
}

interface Proof<W> {
  /** Name of the secret in the state entry. */
  secret: string;
  /** "token": what is proven, for error texts. */
  what: string;
  /** `says`: what people should know of one that counts as working; `unproven`: all the same nobody could ask. */
  ask(writer: W, secret: Secret, context: StepContext): Promise<Probe & Pick<Outcome, "says" | "unproven">>;
  /** What to do when it is refused. */
  refused: string;
  /** What to do when nobody can tell. */
  inconclusive: string;
}

/** The operation of `proveDraft`. Asking changes nothing, so a cut one is simply asked again. */
export function proveOperation<R, W>({ secret, what, ask, refused, inconclusive }: Proof<W>): Operation<R, W> {
  return {
    async run(context, writer) {
      const target = context.step.promotes?.[0];
      const value = (target && (await context.secrets.recall(target))) ?? (await givenIn(context, secret));
      if (!value) {
        const remedy = `the first sink of a ${what} must be readable where Steward runs`;
        throw new Fault(`the sink does not give the ${what} back to be proven`, { happened: "no", remedy });
      }
      const { health, detail, says, unproven } = await ask(writer, value, context);
      if (health === "working") {
        return { ...(says === undefined ? {} : { says }), ...(unproven ? { unproven } : {}) };
      }
      const reason = detail === undefined ? "" : `: ${detail}`;
      if (health === "refused") {
        throw new Fault(`the ${what} is not accepted${reason}`, { happened: "no", code: "refused", remedy: refused });
      }
      const message = `whether the ${what} works could not be found out${reason}`;
      throw new Fault(message, { happened: "no", transient: true, remedy: inconclusive });
    },
    async settle(context) {
      const entry = context.entry?.secrets[secret];
      return settledBy(entry?.proven === true && entry.issueId === context.step.promotes?.[0]?.issueId);
    },
  };
}
