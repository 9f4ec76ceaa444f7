import type { SimRequest, SimResponse } from "../wire.ts";
import type { Principal } from "./call.ts";
import { expiredSession, invalidToken, VcoError } from "./envelope.ts";
import type { VelocloudStore } from "./foreign-edits.ts";
import type { SimulatorSettings } from "./options.ts";
import { isObject } from "./params.ts";
import type { UserRecord } from "./records.ts";
import type { UserType } from "./scopes.ts";

/** Login, logout, and who a request comes from. */

const userTypesOf: Readonly<Record<string, readonly UserType[]>> = {
  "login/enterpriseLogin": ["ENTERPRISE", "MSP"],
  "login/operatorLogin": ["OPERATOR"],
};

/** The paths of login and logout, with the names under which calls are counted and faults are matched. */
export const sessionPaths: Readonly<Record<string, string>> = {
  "/portal/rest/login/enterpriseLogin": "login/enterpriseLogin",
  "/portal/rest/login/operatorLogin": "login/operatorLogin",
  "/login/enterpriseLogin": "login/enterpriseLogin",
  "/login/operatorLogin": "login/operatorLogin",
  "/portal/rest/logout": "logout",
};

type World = { store: VelocloudStore; settings: SimulatorSettings; at: number };

function credentialsIn(body: string): { username: string; password: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (!isObject(parsed) || typeof parsed.username !== "string" || typeof parsed.password !== "string")
      return undefined;
    return { username: parsed.username, password: parsed.password };
  } catch {
    return undefined;
  }
}

/** Native, active, not locked, of the right kind and with the right password; else nobody. */
function userLoggingIn(store: VelocloudStore, name: string, body: string): UserRecord | undefined {
  const given = credentialsIn(body);
  const user = given && store.userNamed(given.username);
  if (!user || !userTypesOf[name]?.includes(user.userType)) return undefined;
  return user.isNative && user.isActive && !user.isLocked && user.password === given.password ? user : undefined;
}

function redirect(cookies: readonly string[], location: string): SimResponse {
  return { status: 302, headers: { location, "set-cookie": [...cookies] }, body: "" };
}

/** A failed login is a 302 with a message cookie and an empty session cookie; the message text is the simulator's own. */
function refuseLogin(): SimResponse {
  const message = encodeURIComponent("simulated: invalid username or password");
  return redirect([`velocloud.message=${message}; Path=/`, "velocloud.session=; Path=/; HttpOnly"], "/login/");
}

/** Opens a session: success and failure differ by the cookie, not by the status. */
export function login(world: World, name: string, body: string): SimResponse {
  const { store, settings, at } = world;
  const user = userLoggingIn(store, name, body);
  if (!user) return refuseLogin();
  const id = store.random.hex(40);
  store.sessions.set(id, { id, userId: user.id, expiresAt: at + settings.sessionLifetimeMs });
  store.users.put({ ...user, lastLogin: at }, at);
  const cookie = `velocloud.session=${id}; Path=/; HttpOnly`;
  if (settings.loginStatus === 302) return redirect([cookie], "/");
  return { status: 200, headers: { "content-type": "application/json", "set-cookie": [cookie] }, body: "{}" };
}

/** Ends the session of the request and takes its cookie back. */
export function logout(store: VelocloudStore, request: SimRequest): SimResponse {
  endSession(store, request);
  return redirect(["velocloud.session=; Path=/; HttpOnly"], "/login/");
}

/** Ends the session of the request, as its time does. */
export function endSession(store: VelocloudStore, request: SimRequest): void {
  store.sessions.delete(sessionIdIn(request) ?? "");
}

function sessionIdIn(request: SimRequest): string | undefined {
  return /(?:^|;\s*)velocloud\.session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
}

/** Who calls. Throws the token or cookie error; a token wins over a cookie. */
export function authenticate(world: World, request: SimRequest): Principal {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const value = /^Token (\S+)$/.exec(authorization)?.[1];
    const user = value === undefined ? undefined : world.store.ownerOfWorkingToken(value);
    if (!user) throw invalidToken();
    return { user, auth: "token" };
  }
  const sessionId = sessionIdIn(request);
  if (sessionId === undefined) throw new VcoError(null, 200, "tokenError [simulated: no credentials]");
  const session = world.store.sessions.get(sessionId);
  const user = session && world.store.users.get(session.userId);
  if (!session || !user || session.expiresAt <= world.at) throw expiredSession();
  return { user, auth: "session" };
}
