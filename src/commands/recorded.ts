import { Refusal } from "../diagnostic.ts";
import { closest } from "../manifest/closest.ts";
import type { Address, StateEntry } from "../resource.ts";
import type { Session } from "./session.ts";

/** What is recorded at an address. Throws a Refusal with the nearest address when nothing is. */
export function recordedEntry({ workspace, manifest }: Session, address: Address): StateEntry {
  const { entries } = workspace.state;
  const entry = Object.hasOwn(entries, address) ? entries[address] : undefined;
  if (entry) return entry;
  const declared = manifest.resources.some((resource) => resource.address === address);
  const near = closest(address, Object.keys(entries));
  const message = declared
    ? `${address} is declared, and nothing is recorded of it yet`
    : `nothing is recorded at ${address}${near ? ` (did you mean ${near}?)` : ""}`;
  const remedy = declared ? "make it first: steward apply" : "steward state list shows what is recorded";
  throw new Refusal([{ message, remedy }]);
}
