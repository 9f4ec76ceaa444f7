import { Fault } from "../../diagnostic.ts";
import { isSecretRef } from "../../resource.ts";
import type { Secret, SecretTarget } from "../../secret.ts";
import type { Operation, Settled, StepContext } from "../connector.ts";
import { targetIn, textIn } from "../inputs.ts";
import type { LabelsOf } from "../labels.ts";
import { proveOperation } from "../prove.ts";
import { tokenSecret } from "./api-token-lower.ts";
import { acceptDownloaded, probeAsOwners } from "./api-token-told.ts";
import { downloadScreen, type VelocloudLabel } from "./download-screen.ts";
import type { VelocloudReader } from "./reader.ts";
import { revokeOperation } from "./revoke.ts";
import { isLive, type WireToken } from "./wire.ts";
import type { VelocloudWriter } from "./writer.ts";

type TokenOperation = Operation<VelocloudReader, VelocloudWriter>;

const create: TokenOperation = {
  creates: true,
  async run(context, writer) {
    const ownerId = await userIdOf(writer.reader, textIn(context, "owner"));
    const { description } = context.input;
    const mark = textIn(context, "mark");
    const id = await writer.createToken(ownerId, {
      name: textIn(context, "name"),
      description: typeof description === "string" ? `${description} ${mark}` : mark,
      lifetimeMs: Number(context.input.lifetime_ms),
    });
    return { id: String(id) };
  },
  async settle(context, reader) {
    const mark = textIn(context, "mark");
    const made = (await reader.tokens({ fresh: true })).filter((token) => token.description.endsWith(mark));
    const newest = made.sort((a, b) => Number(isLive(b.state)) - Number(isLive(a.state)) || b.id - a.id)[0];
    return newest ? { verdict: "done", outcome: { id: String(newest.id) } } : { verdict: "not-done" };
  },
};

const download: TokenOperation = {
  async run(context, writer) {
    const target = targetIn(context, tokenSecret);
    const password = await ownersPassword(context);
    const owner = { username: textIn(context, "owner"), password };
    await writer.downloadToken(tokenIdIn(context), owner, async (token) => keep(context, target, token));
    return {};
  },
  async settle(context, reader) {
    const id = tokenIdIn(context);
    const token = (await reader.tokens({ fresh: true })).find((candidate) => candidate.id === id);
    return downloadSettled(token, await context.secrets.has(targetIn(context, tokenSecret)));
  },
};

const prove: TokenOperation = proveOperation({
  secret: tokenSecret,
  what: "token",
  ask: (writer, token, context) =>
    context.input.owner === undefined
      ? writer.reader.probe(token)
      : probeAsOwners(token, writer.reader, { id: tokenIdIn(context), owner: textIn(context, "owner") }),
  refused: "the former token was left as it is; an operator can have switched token authentication off",
  inconclusive: "apply again; the former token was left as it is",
});

/** What can be done to a token. Where the owner downloads in person, the value is told and tested. */
export function tokenOperations(labels: LabelsOf<VelocloudLabel>): Record<string, TokenOperation> {
  const told: TokenOperation = {
    ...download,
    screen: (step, system) => downloadScreen(labels(system), step, system),
    accept: (context, given, reader) => acceptDownloaded(context, given, reader, tokenIdIn(context)),
  };
  return { create, download: told, prove, revoke: revokeOperation };
}

/** Enabled and not in the sink: somebody got the only copy, and it was not the sink (VCO-12). */
function downloadSettled(token: WireToken | undefined, isKept: boolean): Settled {
  if (isKept) return { verdict: "done", outcome: {} };
  if (token?.state === "PENDING") return { verdict: "not-done" };
  const state = token ? `is ${token.state}` : "is gone";
  return { verdict: "lost", because: `the token ${state}, and its value is not in the sink` };
}

/** The token is downloaded when this runs: whatever goes wrong here is not "nothing happened". */
async function keep(context: StepContext, target: SecretTarget, token: Secret): Promise<void> {
  try {
    await context.secrets.put(target, token);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.message, { ...error.details, happened: "unknown" });
  }
}

async function ownersPassword(context: StepContext): Promise<Secret> {
  const { password } = context.input;
  if (isSecretRef(password)) return context.secrets.read(password);
  const remedy = "declare the owner with password: { generate: true, deliver_to: SINK:PATH }, and plan again";
  const message = `only ${textIn(context, "owner")} may download the token, and no sink holds its password`;
  throw new Fault(message, { happened: "no", remedy });
}

async function userIdOf(reader: VelocloudReader, username: string): Promise<number> {
  const id = await reader.userId(username);
  if (id !== undefined) return id;
  throw new Fault(`there is no user ${username}`, { happened: "no", code: "absent", remedy: "plan again" });
}

function tokenIdIn(context: StepContext): number {
  return Number(context.entry?.id);
}
