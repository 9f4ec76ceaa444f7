import type { SystemConfig } from "../../manifest/manifest.ts";
import { rightsDefault } from "./settings.ts";

/** What the account of a browser sees: a customer's is not shown internal users, nor two of the check boxes (MOM-02). */
type ConsoleRights = "support" | "customer";

/** The rights of the account that a browser signs in with, as the settings say. */
export function consoleRights({ settings }: Pick<SystemConfig, "settings">): ConsoleRights {
  return settings.console_rights === "support" ? "support" : rightsDefault;
}

/** What a browser can tell of its own account, where a person is asked. */
export function knownRights(system: SystemConfig): { known?: { rights: ConsoleRights } } {
  return system.hand === "browser" ? { known: { rights: consoleRights(system) } } : {};
}
