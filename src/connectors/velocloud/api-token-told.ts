import { Fault, Refusal } from "../../diagnostic.ts";
import type { Secret } from "../../secret.ts";
import type { Given, Outcome, Probe, StepContext } from "../connector.ts";
import { targetIn, textIn } from "../inputs.ts";
import { tokenSecret } from "./api-token-lower.ts";
import type { VelocloudReader } from "./reader.ts";

/**
 * Takes in the value of a token that its owner downloaded in person. Any token that works would pass a probe: our own, another
 * user's, the former one. A rotation would then revoke the only good one. So it must be told that this very token was downloaded,
 * and by its owner (VCO-10, VCO-11). A test without an answer lets the value pass: the proof follows.
 */
export async function acceptDownloaded(
  context: StepContext,
  given: Given,
  reader: VelocloudReader,
  id: number,
): Promise<Outcome> {
  if (given.result !== "done") return {};
  const { token } = given.secrets;
  if (!token) throw refused(context, "the token is missing");
  const former = context.entry?.secrets[tokenSecret];
  const known = former?.delivered ? await context.secrets.recall(former) : undefined;
  if (known?.reveal() === token.reveal())
    throw refused(context, "it is the former value: the new token has another one");
  const { health, detail = "" } = await probeAsOwners(token, reader, { id, owner: textIn(context, "owner") });
  if (health === "refused") throw refused(context, detail);
  await context.secrets.put(targetIn(context, tokenSecret), token);
  return {};
}

/** Whether a value works, is that of this very token, and belongs to its owner. Where the system cannot tell, nobody can. */
export async function probeAsOwners(
  token: Secret,
  reader: VelocloudReader,
  { id, owner }: { id: number; owner: string },
): Promise<Probe> {
  try {
    const problem = await problemOfList(token, reader, id);
    if (problem !== undefined) return { health: "refused", detail: problem };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { health: "inconclusive", detail: error.message };
  }
  const { probe, username } = await reader.identify(token);
  if (probe.health === "refused") {
    const because = probe.detail === undefined ? "" : `: ${probe.detail}`;
    return { health: "refused", detail: `the orchestrator does not accept this token${because}` };
  }
  if (username === undefined || username.toLowerCase() === owner.toLowerCase()) return probe;
  return { health: "refused", detail: `it is a token of ${username}, and this one belongs to ${owner}` };
}

/** What the list of tokens says against it. */
async function problemOfList(token: Secret, reader: VelocloudReader, id: number): Promise<string | undefined> {
  const listed = await reader.tokens({ fresh: true });
  const ours = listed.find((one) => one.id === id);
  if (ours?.state === "PENDING") return `token ${id} is still Pending: nobody has downloaded it yet`;
  const claims = new Set(claimsOf(token));
  const other = listed.find((one) => one.id !== id && one.uuid !== null && claims.has(one.uuid));
  return other && `it is the value of token ${other.id} "${other.name}", not of ${id}`;
}

/** Texts that the token says about itself. What they mean is not documented; one that names another token is telling. */
function claimsOf(token: Secret): string[] {
  const [, payload = ""] = token.reveal().split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return Object.values(claims as object).filter((value) => typeof value === "string");
  } catch {
    return [];
  }
}

function refused(context: StepContext, problem: string): Refusal {
  const message = `${problem}. Nothing was recorded`;
  const remedy = `copy the token of ${textIn(context, "owner")} whole, and answer again; if its value is lost, answer failed`;
  return new Refusal([{ message, remedy }]);
}
