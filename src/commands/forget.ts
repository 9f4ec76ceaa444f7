import { exitCodes, Refusal } from "../diagnostic.ts";
import { stringify } from "../render/json.ts";
import { phrase } from "../render/visible.ts";
import type { Address, StateEntry } from "../resource.ts";
import { closingCommand, reservedAddresses } from "../run.ts";
import type { State } from "../state.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { assertKnown } from "./plan-options.ts";
import { withLock, withSession } from "./session.ts";

/** `steward forget`. */
export const addForget: AddCommand = (command, run) => {
  command
    .description("Takes resources out of the state and leaves them on their systems as they are. Asks no system.")
    .argument("<address...>", "addresses of recorded resources")
    .addHelpText("after", "\nExample:\n  steward forget velocloud_admin_user.ci velocloud_role.support")
    .action(run<object, [Address[]]>(forget));
};

async function forget(console: Console, options: SharedOptions, addresses: Address[]): Promise<number> {
  return withSession(console, options, {}, async (session) => {
    const { workspace, manifest } = session;
    const forgotten = await withLock(session, "forget", async () => {
      const entries = [...new Set(addresses)].map((address) => recordedEntry(workspace.state, address));
      const base = { type: "entry" as const, at: workspace.timestamp(), by: workspace.who, why: "forget" as const };
      await workspace.append(entries.map(({ address }) => ({ ...base, address, entry: null })));
      return entries;
    });
    if (options.format === "json") {
      console.write(stringify({ formatVersion: 1, forgotten, serial: workspace.state.serial }));
      return exitCodes.done;
    }
    for (const entry of forgotten) {
      console.write(
        `Forgotten: ${phrase(entry.address)}. It stays on ${phrase(entry.system)} (id ${phrase(entry.id)}).\n`,
      );
    }
    const declared = forgotten.filter(({ address }) =>
      manifest.resources.some((resource) => resource.address === address),
    );
    for (const { address } of declared)
      console.note(`${phrase(address)} is still declared: the next plan speaks of it again.\n`);
    return exitCodes.done;
  });
}

function recordedEntry(state: State, address: Address): StateEntry {
  assertKnown(address, Object.keys(state.entries));
  const run = reservedAddresses(state).get(address);
  if (!run) return state.entries[address]!;
  const message = `${address} belongs to run ${run.id} of ${run.openedAt}, which is not finished`;
  throw new Refusal([{ message, remedy: `finish or close that run first: ${closingCommand(run)}` }]);
}
