import type { Operation } from "../connector.ts";
import type { VelocloudReader } from "./reader.ts";
import { isLive } from "./wire.ts";
import type { VelocloudWriter } from "./writer.ts";

/** Revokes the token that `input.id` names. One that is revoked, expired or gone already needs no write. */
export const revokeOperation: Operation<VelocloudReader, VelocloudWriter> = {
  async run(context, writer) {
    const id = Number(context.input.id);
    if (await isLiveToken(writer.reader, id)) await writer.revokeToken(id);
    return {};
  },
  async settle(context, reader) {
    const isDone = !(await isLiveToken(reader, Number(context.input.id)));
    return isDone ? { verdict: "done", outcome: {} } : { verdict: "not-done" };
  },
};

async function isLiveToken(reader: VelocloudReader, id: number): Promise<boolean> {
  const token = (await reader.tokens({ fresh: true })).find((candidate) => candidate.id === id);
  return isLive(token?.state);
}
