import type { ConsoleDriver } from "../src/hands/forms/driver.ts";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import type { ApiUserRecord, GroupRecord } from "../src/simulators/ipresso/records.ts";
import { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import type { SimResponse } from "../src/simulators/wire.ts";
import { startMs, TestConsole } from "./momentus-client.ts";

/** A simulator with a clock that only moves when told to, callers of its API, and the steps of the documents for its tests. */

export { startMs, TestConsole };

export function makeIpresso(options: IpressoSimulatorOptions = {}) {
  const clock = { ms: startMs };
  const sleep = async (ms: number): Promise<void> => {
    clock.ms += ms;
  };
  return { simulator: new IpressoSimulator({ now: () => clock.ms, sleep, ...options }), clock };
}

export async function openConsole(
  simulator: IpressoSimulator,
  who: "admin" | "marketer" = "admin",
): Promise<TestConsole> {
  const console = new TestConsole(simulator);
  await console.signIn(simulator.world[who]);
  return console;
}

type Answer = { status: number; code: number; message: string; data?: unknown; errorCode?: number };
export type CallOptions = {
  token?: string;
  form?: Record<string, string>;
  headers?: Record<string, string>;
  from?: string;
};

export const formType = "application/x-www-form-urlencoded";
/** What the public client sends with each call, by the names of today. */
export const clientHeaders = { "user-agent": "iPresso", accept: "text/json" };

export function readAnswer({ status, body }: SimResponse): Answer {
  return { status, ...(JSON.parse(body) as Omit<Answer, "status">) };
}

/** One call of the API below `/api/2/`; `target` is `GET tag/7`. */
export async function callApi(simulator: IpressoSimulator, target: string, options: CallOptions = {}): Promise<Answer> {
  const { token, form, headers = {}, from } = options;
  const [method = "GET", path = ""] = target.split(" ");
  const body = form ? new URLSearchParams(form).toString() : "";
  const all = {
    ...{ ...clientHeaders, ...(form ? { "content-type": formType } : {}) },
    ...{ ...(token === undefined ? {} : { "ipresso-token": token }), ...headers },
  };
  const request = { method, path: `/api/2/${path}`, headers: all, body, ...(from === undefined ? {} : { from }) };
  return readAnswer(await simulator.handle(request));
}

export const basic = (login: string, password: string): string =>
  `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;

type Credentials = { login: string; password: string; key?: string };

/** What the authorization answers; as the API user that came with the simulator unless told otherwise. */
export function authorize(
  simulator: IpressoSimulator,
  credentials: Credentials = simulator.world.apiUser,
  options: CallOptions = {},
): Promise<Answer> {
  const { login, password, key = simulator.world.customerKey } = credentials;
  const headers = { authorization: basic(login, password), ...options.headers };
  return callApi(simulator, `GET auth/${key}`, { ...options, headers });
}

/** The token of an authorization that must succeed. */
export async function tokenOf(simulator: IpressoSimulator, credentials?: Credentials): Promise<string> {
  const { code, data, message } = await authorize(simulator, credentials);
  if (code !== 200) throw new Error(`the authorization was refused: ${code} ${message}`);
  return String(data);
}

/** From the start page to one of the two subsections. */
export async function goTo(console: ConsoleDriver, subsection: "API Users" | "User groups"): Promise<void> {
  await console.goto("/");
  await console.click("link", "System");
  await console.click("tab", "System Accesses");
  await console.click("link", "API Users");
  await console.click("tab", subsection);
}

export function fillAll(console: ConsoleDriver, fields: Record<string, string | boolean>): void {
  for (const [label, value] of Object.entries(fields)) console.fill(label, value);
}

export const goodPassword = "Long-Enough-77";

export const newUser = {
  Login: "crm.feed",
  Password: goodPassword,
  Name: "CRM",
  Surname: "Feed",
  "E-mail address": "crm@coffee.example",
  "User groups": "API Group",
  "Allowed IP addresses for API User": "127.0.0.1, 203.0.113.7",
};

/** Opens ADD and saves with these fields. */
export async function addUser(
  console: ConsoleDriver,
  fields: Record<string, string | boolean> = newUser,
): Promise<void> {
  await goTo(console, "API Users");
  await console.click("button", "ADD");
  fillAll(console, fields);
  await console.click("button", "Save");
}

/** Chooses edit or delete under More options of a user's row. */
export async function chooseOf(console: ConsoleDriver, login: string, option: "edit" | "delete"): Promise<void> {
  await goTo(console, "API Users");
  await console.click("button", "More options", console.row(login));
  await console.click("menuitem", option, console.row(login));
}

/** Changes fields of a user. */
export async function editUser(
  console: ConsoleDriver,
  login: string,
  fields: Record<string, string | boolean>,
): Promise<void> {
  await chooseOf(console, login, "edit");
  fillAll(console, fields);
  await console.click("button", "Save");
}

/** Deletes a user and confirms it. */
export async function deleteUser(console: ConsoleDriver, login: string): Promise<void> {
  await chooseOf(console, login, "delete");
  await console.click("button", "Confirm");
}

/** Adds a group with these permissions. */
export async function addGroup(
  console: ConsoleDriver,
  name: string,
  permissions: readonly string[] = ["GET contact"],
): Promise<void> {
  await goTo(console, "User groups");
  await console.click("button", "Add");
  console.fill("Name", name);
  for (const permission of permissions) console.fill(permission, true);
  await console.click("button", "Save");
}

/** Presses Delete in the row of a group and confirms it. */
export async function deleteGroup(console: ConsoleDriver, name: string): Promise<void> {
  await goTo(console, "User groups");
  await console.click("button", "Delete", console.row(name));
  await console.click("button", "Confirm");
}

/** A user of the store, who must be there. */
export function userOf(simulator: IpressoSimulator, login: string): ApiUserRecord {
  const user = simulator.store.user(login);
  if (!user) throw new Error(`there is no API user ${login}`);
  return user;
}

/** A group of the store, which must be there. */
export function groupOf(simulator: IpressoSimulator, name: string): GroupRecord {
  const group = simulator.store.group(name);
  if (!group) throw new Error(`there is no group ${name}`);
  return group;
}
