import type { SystemConfig } from "../../manifest/manifest.ts";

/** What the account of a browser sees: a customer's is not shown internal users, nor two of the check boxes (MOM-02). */
type ConsoleRights = "support" | "customer";

/** The cautious reading: who does not say otherwise sees less, and proves no absence (MOM-30). */
export const customerRights: ConsoleRights = "customer";

export function consoleRights({ settings }: Pick<SystemConfig, "settings">): ConsoleRights {
  return settings.console_rights === "support" ? "support" : customerRights;
}

/** What a browser can tell of its own account, where a person is asked. */
export function knownRights(system: SystemConfig): { known?: { rights: ConsoleRights } } {
  return system.hand === "browser" ? { known: { rights: consoleRights(system) } } : {};
}
