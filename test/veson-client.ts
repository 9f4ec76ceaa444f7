import type { ConsoleDriver } from "../src/hands/forms/driver.ts";
import { textOf } from "../src/hands/forms/element.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { UserRecord } from "../src/simulators/veson/records.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import type { SimResponse } from "../src/simulators/wire.ts";
import { startMs, TestConsole } from "./momentus-client.ts";

/** A simulator with a clock that only moves when told to, and the steps of the document for its tests. */

export { startMs, TestConsole };

export function makeVeson(options: VesonSimulatorOptions = {}) {
  const clock = { ms: startMs };
  const sleep = async (ms: number): Promise<void> => {
    clock.ms += ms;
  };
  return { simulator: new VesonSimulator({ now: () => clock.ms, sleep, ...options }), clock };
}

export async function openConsole(
  simulator: VesonSimulator,
  who: "admin" | "groupAdmin" | "business" = "admin",
): Promise<TestConsole> {
  const console = new TestConsole(simulator);
  await console.signIn(simulator.world[who]);
  return console;
}

/** One call of the data plane; `target` is `GET forms`. The token stands in the query. */
export function callApi(
  simulator: VesonSimulator,
  target: string,
  token: string | null | undefined,
  body = "",
): Promise<SimResponse> {
  const [method = "GET", path = ""] = target.split(" ");
  const query = token == null ? "" : `${path.includes("?") ? "&" : "?"}apiToken=${token}`;
  return simulator.handle({ method, path: `/v1/${path}${query}`, headers: {}, body });
}

/** Whether a token reads what every reader may. */
export async function works(simulator: VesonSimulator, token: string | null | undefined): Promise<boolean> {
  return (await callApi(simulator, "GET forms", token)).status === 200;
}

export const goodPassword = "Long-Enough-77";

export const systemUser = {
  "User Name": "sys.fuel",
  "Full Name": "Fuel export",
  Email: "sys.fuel@shipping.example",
  Password: goodPassword,
  Confirm: goodPassword,
};

/** From the main menu to the Security List. */
export async function goToList(console: ConsoleDriver): Promise<void> {
  await console.goto("/");
  await console.click("button", "Main menu");
  await console.click("menuitem", "Security");
}

export function fillAll(console: ConsoleDriver, fields: Record<string, string | boolean>): void {
  for (const [label, value] of Object.entries(fields)) console.fill(label, value);
}

/** Opens New User and saves it with these fields. */
export async function addUser(
  console: ConsoleDriver,
  fields: Record<string, string | boolean> = systemUser,
): Promise<void> {
  await goToList(console);
  await console.click("button", "+");
  await console.click("menuitem", "New User");
  fillAll(console, fields);
  await console.click("button", "Save");
}

/** Opens the panel of a row of the list, whatever its status. */
export async function openRow(console: ConsoleDriver, name: string): Promise<void> {
  await goToList(console);
  console.fill("Search", name);
  console.fill("Status", "All");
  await console.click("button", "Search");
  await console.click("link", name);
}

/** Creates a Veslink account on its first page. */
export async function addVeslinkAccount(console: ConsoleDriver, name: string, password = goodPassword): Promise<void> {
  await console.goto("/");
  await console.click("menuitem", "Voyage Reporting Security");
  await console.click("button", "Add user");
  fillAll(console, { "User Name": name, Password: password, Confirm: password });
  await console.click("button", "Save");
}

const veslinkModule = "Veslink (Voyage Reporting)";

/** Shows the rights of a module, if they are not shown. */
export async function expand(console: ConsoleDriver, label: string): Promise<void> {
  const arrow = console.find("button", `Expand ${label}`);
  if (arrow.attributes.get("aria-expanded") === "false") await console.click("button", `Expand ${label}`);
}

/** Chooses a right from the menu beside it, on the open tab Access Rights. */
export async function chooseRight(console: ConsoleDriver, label: string, right: string): Promise<void> {
  await console.click("button", `Rights of ${label}`, console.row(label));
  await console.click("menuitem", right, console.row(label));
}

/** What stands beside a right in words. */
export function rightOf(console: ConsoleDriver, label: string): string {
  return textOf(console.all("cell", undefined, console.row(label)).at(-1)!);
}

/** On an open panel: gives an API permission and saves. */
export async function grantApi(console: ConsoleDriver, permission = "API Read", right = "Read Only"): Promise<void> {
  await console.click("tab", "Access Rights");
  await expand(console, veslinkModule);
  await chooseRight(console, permission, right);
  await console.click("button", "Save");
}

/** On an open panel: requests a token, saves, and reads it. */
export async function requestToken(console: ConsoleDriver): Promise<string> {
  await console.click("tab", "Profile");
  await console.click("button", "Request New API Token");
  await console.click("button", "Save");
  return console.secret("API Token").reveal();
}

/** The whole document: user, Veslink account, permission, token, External Access Only. Returns the token. */
export async function makeSystemUser(console: ConsoleDriver, name = "sys.fuel"): Promise<string> {
  await addUser(console, { ...systemUser, "User Name": name });
  await addVeslinkAccount(console, name);
  await openRow(console, name);
  await grantApi(console);
  const token = await requestToken(console);
  console.fill("External Access Only", true);
  await console.click("button", "Save");
  return token;
}

/** A user of the store, who must be there. */
export function userOf(simulator: VesonSimulator, name: string): UserRecord {
  const user = simulator.store.user(name);
  if (!user) throw new Error(`there is no user ${name}`);
  return user;
}
