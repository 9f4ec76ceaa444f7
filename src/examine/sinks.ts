import { join } from "node:path";
import type { Finding } from "../connectors/connector.ts";
import { Fault, Refusal } from "../diagnostic.ts";
import { writeProblem } from "../platform/access.ts";
import type { SecretEntry, StateEntry } from "../resource.ts";
import type { Secret } from "../secret.ts";
import { cannotDecrypt, isRecipient, recipientsOf } from "../sinks/age-format.ts";
import type { Sink } from "../sinks/sink.ts";

export interface SinkSurroundings {
  /** Absolute folder of the manifest. */
  folder: string;
  /** The age identity that is at hand. */
  identity: Secret | undefined;
  /** What is recorded; secrets that it says are delivered must be there. */
  entries: readonly StateEntry[];
}

/** Checks of one sink for `doctor`: can be written, can be read here, holds what the state says. Writes nothing. */
export async function examineSink(sink: Sink, surroundings: SinkSurroundings): Promise<Finding[]> {
  const { path } = sink.target;
  const findings: Finding[] = [];
  if (typeof path === "string") findings.push(await examinePlace(join(surroundings.folder, path), path));
  if (sink.type === "age") findings.push(...(await examineKeys(sink, surroundings.identity)));
  findings.push(...(await examineContents(sink, surroundings.entries)));
  return findings;
}

async function examinePlace(absolute: string, path: string): Promise<Finding> {
  const problem = await writeProblem(absolute);
  if (problem === undefined) return { level: "ok", message: `${path} can be written` };
  const remedy = "give this user the right to write there, or choose another path";
  return { level: "error", message: `${path} cannot be written: ${problem}`, remedy };
}

async function examineKeys(sink: Sink, identity: Secret | undefined): Promise<Finding[]> {
  const recipients = [sink.target.recipients ?? []].flat();
  const findings: Finding[] = [];
  for (const recipient of recipients) {
    if (await isRecipient(recipient)) continue;
    const remedy = "write the public key that steward init or age-keygen -y prints";
    findings.push({ level: "error", message: `${recipient} is no age recipient: a character is wrong`, remedy });
  }
  if (findings.length === 0) {
    findings.push({
      level: "ok",
      message: `${recipients.length} ${recipients.length === 1 ? "recipient" : "recipients"}`,
    });
  }
  return [...findings, await examineIdentity(recipients, identity)];
}

async function examineIdentity(recipients: readonly string[], identity: Secret | undefined): Promise<Finding> {
  if (!identity) {
    const message = "no age identity is at hand: secrets can be put here and not read";
    const remedy = "set STEWARD_AGE_IDENTITY or STEWARD_AGE_IDENTITY_FILE, or keep it in .steward/identity.txt";
    return { level: "warning", message, remedy };
  }
  try {
    const own = await recipientsOf(identity);
    if (own.some((one) => recipients.includes(one))) {
      return { level: "ok", message: "the age identity at hand belongs to one of the recipients" };
    }
  } catch (error) {
    return fromError(error);
  }
  const remedy = "use the identity of one of the recipients, or add its public key to recipients and trust the sink";
  return { level: "error", message: "the age identity at hand belongs to none of the recipients", remedy };
}

async function examineContents(sink: Sink, entries: readonly StateEntry[]): Promise<Finding[]> {
  const wanted = entries.flatMap(({ address, secrets }) =>
    Object.values(secrets)
      .filter((secret) => secret.sink === sink.name && secret.delivered)
      .map((secret): [string, SecretEntry] => [address, secret]),
  );
  const findings: Finding[] = [];
  for (const [address, secret] of wanted) findings.push(...(await examineSecret(sink, address, secret)));
  if (findings.length > 0 || wanted.length === 0) return findings;
  const what = wanted.length === 1 ? "the recorded secret is" : `all ${wanted.length} recorded secrets are`;
  return [{ level: "ok", message: `${what} there${sink.readable ? " and can be read" : ""}` }];
}

const putBack = "if you moved the sink's files, put them back";

/** Nothing when it is there and, where the sink can be read here, opens. The value itself is dropped at once. */
async function examineSecret(sink: Sink, address: string, { path, issueId }: SecretEntry): Promise<Finding[]> {
  const anew = `have it issued anew: steward apply --replace ${address}`;
  const place = `${sink.name}:${path}`;
  try {
    const slot = await sink.has(path, issueId);
    if (!slot)
      return [
        {
          level: "error",
          message: `the value of ${address} is not at ${place}`,
          remedy: `${putBack}; otherwise ${anew}`,
        },
      ];
    if (sink.readable) await sink.read(path, slot);
    return [];
  } catch (error) {
    if (!(error instanceof Fault && error.details.code === cannotDecrypt)) return [fromError(error)];
    const message = `the value of ${address} at ${place} cannot be decrypted with the identity at hand`;
    return [{ level: "error", message, remedy: `use the identity that it was encrypted for, or ${anew}` }];
  }
}

/** What the world or a refusal says, as a finding. Throws what is neither. */
export function fromError(error: unknown): Finding {
  if (error instanceof Fault) {
    const { remedy } = error.details;
    return { level: "error", message: error.message, ...(remedy === undefined ? {} : { remedy }) };
  }
  if (!(error instanceof Refusal)) throw error;
  const [reason] = error.reasons;
  return { level: "error", message: error.message, ...(reason ? { remedy: reason.remedy } : {}) };
}
