import { Fault } from "../../diagnostic.ts";
import { isSecretRef } from "../../resource.ts";
import type { Secret } from "../../secret.ts";
import type { Given, Outcome, Settled, StepContext } from "../connector.ts";
import { inspectDraft } from "../drafts.ts";
import { settledBy, targetIn, textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { proveOperation } from "../prove.ts";
import { onConsole, type VesonKind } from "./kind.ts";
import type { VesonLabel } from "./labels.ts";
import type { VesonReader } from "./reader.ts";
import type { ScreenOf } from "./screens.ts";
import { clearScreen, inspectTokenScreen, requestScreen } from "./screens-token.ts";
import { actualOf } from "./seen.ts";
import { assessToken } from "./token-assess.ts";
import { lowerToken, tokenSecret } from "./token-lower.ts";
import { readBack, type VesonOperation } from "./verify.ts";

/** API tokens: each user has one, which never expires. */
export function apiToken(labels: LabelsOf<VesonLabel>): VesonKind {
  return {
    name: "veson_api_token",
    ...onConsole,
    async list(reader) {
      const { users } = await reader.list();
      const objects = users.filter(({ has_token: has }) => has === true).map((seen) => tokenOf(String(seen.user_name)));
      // Where no column shows it, each recorded one is asked for by itself before it counts as gone, and its owner's panel tells of others.
      return { objects, complete: true };
    },
    read: async (reader, id) => ((await reader.token(id))?.has ? tokenOf(id) : undefined),
    whyNotAdopted: () =>
      "a token that Steward did not request: its value cannot be had, and a declared one ends it, with --replace (VES-16)",
    assess: assessToken,
    lower: lowerToken,
    inspect: (view) => inspectDraft({ owner: view.recorded?.id ?? "" }),
    operations: tokenOperations(labels),
    probe: {
      secret: tokenSecret,
      harmless: true,
      ask: (reader, _entry, token) => reader.probe(token),
      advice: (address) =>
        `look whether its user is active and has its API permission, and whether probe_path is what it may read; only then --replace ${address}, which ends it (VES-16)`,
    },
  };
}

const tokenOf = (owner: string) => ({
  ...actualOf({ owner, user_name: owner }, "user_name"),
  attributes: { owner, expires_at: "never" },
});

function tokenOperations(labels: LabelsOf<VesonLabel>): Record<string, VesonOperation> {
  const by = (screen: ScreenOf): Pick<VesonOperation, "screen"> => ({
    screen: (step, system) => screen(labels(system), step, system),
  });
  return {
    request: {
      ...by(requestScreen),
      // It can be used only when its owner is External Access Only (VES-11).
      ...{ creates: true, testedLater: true },
      accept: acceptRequested,
      settle: settleRequest,
    },
    clear: {
      ...by(clearScreen),
      ...readBack(async (context, reader) => {
        return settledBy((await reader.token(textIn(context, "owner")))?.has !== true);
      }),
    },
    prove,
    inspect: {
      ...by(inspectTokenScreen),
      accept: async (_context, { result }): Promise<Outcome> => (result === "absent" ? { gone: true } : {}),
    },
  };
}

const prove: VesonOperation = proveOperation<VesonReader, { reader: VesonReader }>({
  secret: tokenSecret,
  what: "token",
  ask: (writer, token) => writer.reader.probe(token, { fresh: true }),
  refused:
    "look whether its user is active and has its API permission, and whether probe_path is what it may read; then apply again",
  inconclusive: "apply again; probe_path and api_url of the system say what is asked",
}) as VesonOperation;

/** The value that was told, or read off the page: in its sink before anything else. */
async function acceptRequested(context: StepContext, { result, secrets }: Given): Promise<Outcome> {
  if (result !== "done") return {};
  const token = secrets.token;
  if (!token || token.reveal() === "") {
    const remedy = "look at the panel of its owner; a person gives it with --secret token";
    throw new Fault("the token does not show", { happened: "unknown", remedy });
  }
  const former = await formerOf(context);
  if (former?.reveal() === token.reveal()) {
    const message = "this is the former token: no new one was requested and saved. Nothing was recorded";
    throw new Fault(message, { happened: "unknown", remedy: "apply again" });
  }
  await context.secrets.put(targetIn(context, tokenSecret), token);
  return { id: textIn(context, "owner") };
}

/** What the sink held before; undefined where there was none, or it cannot be had. */
async function formerOf({ input, secrets }: StepContext): Promise<Secret | undefined> {
  const { former } = input;
  if (!isSecretRef(former)) return undefined;
  try {
    return await secrets.read(former);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/**
 * A token that shows and is not the former one is the one that was requested. One that is there and does not show was given away
 * and not kept; where there was one before, whether that still works tells which of the two it is.
 */
async function settleRequest(context: StepContext, reader: VesonReader): Promise<Settled> {
  const owner = textIn(context, "owner");
  const done: Settled = { verdict: "done", outcome: { id: owner } };
  const target = targetIn(context, tokenSecret);
  if (await context.secrets.has(target)) return done;
  const seen = await reader.token(owner);
  if (!seen?.has) return { verdict: "not-done" };
  const former = await formerOf(context);
  if (seen.value) {
    if (former?.reveal() === seen.value.reveal()) return { verdict: "not-done" };
    await context.secrets.put(target, seen.value);
    return done;
  }
  if (!former) return { verdict: "lost", because: `${owner} has a token, and its value does not show any more` };
  const { health, detail = "" } = await reader.probe(former, { fresh: true });
  if (health === "working") return { verdict: "not-done" };
  if (health === "refused")
    return { verdict: "lost", because: "the former token ended, and the new one does not show" };
  return { verdict: "unknown", because: `nobody can tell whether the former token still works: ${detail}` };
}
