import { Fault, Refusal } from "../../diagnostic.ts";
import { isSecretRef } from "../../resource.ts";
import type { Secret } from "../../secret.ts";
import type { Operation, Probe, StepContext } from "../connector.ts";
import { targetIn } from "../inputs.ts";
import { proveOperation } from "../prove.ts";
import { bundleSecret, keyPrefix, makeBundle, readBundle } from "./bundle.ts";
import type { ApiUserCredentials } from "./jwt.ts";
import type { MomentusReader } from "./reader.ts";
import type { MomentusWriter } from "./writer.ts";

/** From what a person copies to a bundle that is tested and lies in its sink. */

/**
 * Tests credentials by a real call before they are believed, and keeps them. Throws a Refusal, with nothing kept, when Momentus
 * does not accept them. A test without an answer lets them pass: the proof follows as a step of its own.
 */
export async function takeCredentials(
  context: StepContext,
  reader: MomentusReader,
  credentials: ApiUserCredentials,
): Promise<{ key_prefix: string }> {
  const bundle = makeBundle(credentials);
  const probe = await reader.probe(bundle, { fresh: true });
  if (probe.health === "refused") throw refusedCredentials(credentials.id, probe);
  return keepCredentials(context, credentials, bundle);
}

/** What takes credentials in: with a test or without one. */
export type TakeCredentials = typeof takeCredentials;

/** Keeps a bundle without a test. */
export async function keepCredentials(
  context: StepContext,
  credentials: ApiUserCredentials,
  bundle = makeBundle(credentials),
): Promise<{ key_prefix: string }> {
  await context.secrets.put(targetIn(context, bundleSecret), bundle);
  return { key_prefix: keyPrefix(credentials.key) };
}

/** The bundle that a reference of the step's input leads to. Throws a Refusal when it holds something else. */
export async function bundleIn(context: StepContext, name: string): Promise<ApiUserCredentials | undefined> {
  const reference = context.input[name];
  if (!isSecretRef(reference)) return undefined;
  const credentials = readBundle(await context.secrets.read(reference));
  if (credentials) return credentials;
  const message = `what lies at ${reference.$secret.name} is not ID, Secret and Key as Steward keeps them (MOM-26)`;
  throw new Refusal([{ message, remedy: "have it delivered again: steward plan --replace ADDRESS" }]);
}

/** The same where nothing hangs on it: undefined also when it cannot be had, or is something else. */
export async function bundleIfAny(context: StepContext, name: string): Promise<ApiUserCredentials | undefined> {
  try {
    return await bundleIn(context, name);
  } catch (error) {
    if (error instanceof Fault || error instanceof Refusal) return undefined;
    throw error;
  }
}

/** A secret that the screen asks for. */
export function given(secrets: Readonly<Record<string, Secret>>, name: string): Secret {
  const secret = secrets[name];
  if (secret) return secret;
  throw new Refusal([{ message: `the ${name} is missing`, remedy: `give it: --secret ${name}` }]);
}

function refusedCredentials(id: string, { detail = "" }: Probe): Refusal {
  const message = `these credentials of ${id} do not work: ${detail}. Nothing was recorded`;
  const remedy = `copy Secret and Key of ${id} once more from its screen, and answer again`;
  return new Refusal([{ message, remedy }]);
}

/** The proof of a delivered bundle. */
export const prove: Operation<MomentusReader, MomentusWriter> = proveOperation({
  secret: bundleSecret,
  what: "key",
  ask: (writer, bundle) => writer.reader.probe(bundle),
  refused: "look at the API user's screen; to have Secret and Key told anew: steward plan --replace ADDRESS",
  inconclusive: "apply again",
});
