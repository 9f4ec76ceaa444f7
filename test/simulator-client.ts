import type { VelocloudSimulatorOptions } from "../src/simulators/velocloud/options.ts";
import { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import type { SimResponse } from "../src/simulators/wire.ts";

/** A simulator with a clock that only moves when told to, and callers for its tests. */

export const startMs = Date.UTC(2026, 10, 22);

export type Clock = { ms: number };
export type Credentials = { token: string } | { session: string };

export function makeSimulator(options: VelocloudSimulatorOptions = {}): {
  simulator: VelocloudSimulator;
  clock: Clock;
} {
  const clock = { ms: startMs };
  const sleep = async (ms: number): Promise<void> => {
    clock.ms += ms;
  };
  return { simulator: new VelocloudSimulator({ now: () => clock.ms, sleep, ...options }), clock };
}

function headersFor(who: Credentials | undefined): Record<string, string> {
  if (!who) return {};
  return "token" in who
    ? { authorization: `Token ${who.token}` }
    : { cookie: `other=1; velocloud.session=${who.session}` };
}

export function post(
  simulator: VelocloudSimulator,
  path: string,
  body: unknown,
  who?: Credentials,
): Promise<SimResponse> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return simulator.handle({ method: "POST", path, headers: headersFor(who), body: text });
}

export function rest(
  simulator: VelocloudSimulator,
  who: Credentials | undefined,
  method: string,
  params: object = {},
): Promise<SimResponse> {
  return post(simulator, `/portal/rest/${method}`, params, who);
}

export function rpc(
  simulator: VelocloudSimulator,
  who: Credentials | undefined,
  method: string,
  params: object = {},
): Promise<SimResponse> {
  return post(simulator, "/portal/", { jsonrpc: "2.0", id: 7, method, params }, who);
}

type Answer = Record<string, unknown>;

/** The result of a REST call; throws with the envelope's message when it is an error. */
export async function ok<T = Answer>(
  simulator: VelocloudSimulator,
  who: Credentials,
  method: string,
  params: object = {},
): Promise<T> {
  const response = await rest(simulator, who, method, params);
  const parsed = JSON.parse(response.body) as { error?: { message: string } };
  if (parsed.error) throw new Error(parsed.error.message);
  return parsed as T;
}

/** The message of the error that a REST call must answer. */
export async function refusal(
  simulator: VelocloudSimulator,
  who: Credentials | undefined,
  method: string,
  params: object = {},
): Promise<string> {
  const response = await rest(simulator, who, method, params);
  const parsed = JSON.parse(response.body) as { error?: { message: string } };
  if (!parsed.error) throw new Error(`${method} was expected to be refused and answered ${response.body}`);
  return parsed.error.message;
}

export function cookieOf(response: SimResponse, name: string): string | undefined {
  const cookies = [response.headers["set-cookie"] ?? []].flat();
  const found = cookies.find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1).split(";")[0];
}

export async function logIn(
  simulator: VelocloudSimulator,
  username: string,
  password: string,
  kind = "enterpriseLogin",
): Promise<Credentials> {
  const response = await post(simulator, `/portal/rest/login/${kind}`, { username, password });
  const session = cookieOf(response, "velocloud.session");
  if (!session) throw new Error(`${username} could not log in`);
  return { session };
}

export const password = "s3cret-enough";

/** Adds an enterprise user past the API. */
export function addUser(simulator: VelocloudSimulator, username: string, roleName = "Enterprise Standard Admin") {
  const email = `${username}@customer.example`;
  return simulator.store.addUser({ username, roleName, tenantId: simulator.world.enterpriseId, password, email });
}

/** A method name of each of the three scopes, with the account that may call it and the tenant to name. */
export function scopeCases(simulator: VelocloudSimulator) {
  const { enterprise, partner, operator, enterpriseId, enterpriseProxyId, networkId } = simulator.world;
  return [
    {
      userType: "ENTERPRISE",
      account: enterprise,
      tenant: { enterpriseId },
      tokens: "enterprise",
      owner: "enterpriseUserId",
      login: "enterpriseLogin",
    },
    {
      userType: "MSP",
      account: partner,
      tenant: { enterpriseProxyId },
      tokens: "enterpriseProxy",
      owner: "enterpriseUserId",
      login: "enterpriseLogin",
    },
    {
      userType: "OPERATOR",
      account: operator,
      tenant: { networkId },
      tokens: "network",
      owner: "operatorUserId",
      login: "operatorLogin",
    },
  ] as const;
}
