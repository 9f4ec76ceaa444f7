import { noSuchPage, PageRefusal } from "../../console/frame.ts";
import type { ApiUserRecord } from "../records.ts";
import { type ConsoleCall, isSupport } from "./console-call.ts";

/** Who reaches the screen API Users, and whom they see there. */

/**
 * The API module must be on for the screen, or only for adding, as the settings say. What the product shows instead is
 * not documented. Throws a page.
 */
export function requireLicense(call: ConsoleCall, what: "menu" | "add"): void {
  if (call.store.licensing.isLicensed(call.environment)) return;
  if (call.settings.licenseGate === "add" && what === "menu") return;
  const message = `This environment is not licensed for the API. The licensing team adds the module; a mail to it names the environment URL and serial number that ${call.labels.about} shows.`;
  throw new PageRefusal(403, call.labels.apiUsers, message);
}

/** Internal users exist for support only. */
export function isVisible(call: ConsoleCall, user: ApiUserRecord): boolean {
  return !user.isInternal || isSupport(call);
}

/** The API user of the path. Throws "not found" for one that the account may not see. */
export function shownUser(call: ConsoleCall): ApiUserRecord {
  requireLicense(call, "menu");
  const user = call.store[call.environment].apiUsers.get(call.keys[0] ?? "");
  if (!user || !isVisible(call, user)) throw noSuchPage();
  return user;
}

/** The path of an API user's page, or of one below it. */
export function pathOf(call: ConsoleCall, user: ApiUserRecord, rest = ""): string {
  return `/${call.environment}/api-users/${encodeURIComponent(user.id)}${rest}`;
}
