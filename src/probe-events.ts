import type { Observation } from "./observation.ts";
import { withProven } from "./record.ts";
import type { Event } from "./state.ts";
import type { Workspace } from "./workspace.ts";

type ProbeEvent = Extract<Event, { type: "probe" }>;

/** What the log is to learn of probes: a refusal, the end of one, and the proof of what could not be proven before. */
export function probeEvents(workspace: Workspace, { probes }: Observation): ProbeEvent[] {
  const { state, kinds } = workspace;
  const at = workspace.timestamp();
  return Object.entries(probes).flatMap(([address, { health }]): ProbeEvent[] => {
    const isKnown = state.refusedAt[address] !== undefined;
    if (health === "refused") return isKnown ? [] : [{ type: "probe", at, address, health }];
    if (health !== "working") return [];
    const entry = state.entries[address];
    const secret = entry && kinds.get(entry.kind)?.probe?.secret;
    const isOpen = entry !== undefined && secret !== undefined && entry.secrets[secret]?.proofOpen === true;
    const proven = isOpen ? { entry: withProven(entry, secret) } : {};
    return isKnown || isOpen ? [{ type: "probe", at, address, health, ...proven }] : [];
  });
}
