import { createHmac } from "node:crypto";
import { ConsoleDriver } from "../src/hands/forms/driver.ts";
import type { MomentusSimulatorOptions } from "../src/simulators/momentus/options.ts";
import type { ApiCredentials } from "../src/simulators/momentus/records.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import type { SimRequest, SimResponse } from "../src/simulators/wire.ts";

/** A simulator with a clock that only moves when told to, a signer of its own, and callers for its tests. */

export const startMs = Date.UTC(2026, 10, 22);
export const nowSeconds = startMs / 1000;

export function makeMomentus(options: MomentusSimulatorOptions = {}) {
  const clock = { ms: startMs };
  const sleep = async (ms: number): Promise<void> => {
    clock.ms += ms;
  };
  return { simulator: new MomentusSimulator({ now: () => clock.ms, sleep, ...options }), clock };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token as clients make one: signed with the text of the Secret, good for two minutes unless told otherwise. */
export function signToken(credentials: ApiCredentials, claims: object = {}, header: object = {}): string {
  const times = { iat: nowSeconds, exp: nowSeconds + 120, nbf: nowSeconds };
  const head = encode({ typ: "JWT", alg: "HS256", ...header });
  const body = encode({ iss: credentials.id, key: credentials.key, ...times, ...claims });
  const signature = createHmac("sha256", credentials.secret).update(`${head}.${body}`).digest("base64url");
  return `${head}.${body}.${signature}`;
}

export type CallOptions = {
  token?: string;
  body?: unknown;
  environment?: "prod" | "test";
  headers?: Record<string, string>;
};

/** One call of the v1 API; `target` is `GET Users/ABC`. Signs as the API user that came with the simulator. */
export function callApi(simulator: MomentusSimulator, target: string, options: CallOptions = {}): Promise<SimResponse> {
  const { environment = "prod", body, headers = {} } = options;
  const [method = "GET", ...place] = target.split(" ");
  const token = options.token ?? signToken(simulator.world.apiUser[environment]);
  const path = `/${environment}/api/v1/${place.join(" ")}`;
  const all = { authorization: `Bearer ${token}`, host: "venue.example", ...headers };
  return simulator.handle({ method, path, headers: all, body: body === undefined ? "" : JSON.stringify(body) });
}

type Row = Record<string, unknown>;

/** The JSON of a call that must succeed. */
export async function succeed<T = Row>(
  simulator: MomentusSimulator,
  target: string,
  options?: CallOptions,
): Promise<T> {
  const response = await callApi(simulator, target, options);
  if (response.status !== 200) throw new Error(`${target}: ${response.status} ${decodeURIComponent(response.body)}`);
  return JSON.parse(response.body) as T;
}

/** Status and message of a call that must be refused. */
export async function refuse(simulator: MomentusSimulator, target: string, options?: CallOptions): Promise<string> {
  const response = await callApi(simulator, target, options);
  if (response.status < 400) throw new Error(`${target} was expected to be refused and answered ${response.status}`);
  if (response.status === 401) return `401 ${response.headers["www-authenticate"]}`;
  const parsed = JSON.parse(decodeURIComponent(response.body)) as { Status: number; ErrorList: { Message: string }[] };
  return `${parsed.Status} ${parsed.ErrorList[0]!.Message}`;
}

/** The console of a simulator in process, with what a test looks at beside the page. */
export class TestConsole extends ConsoleDriver {
  /** The text of the last answer. */
  source = "";

  constructor(simulator: { handle(request: SimRequest): Promise<SimResponse> }) {
    const send = async (request: SimRequest): Promise<SimResponse> => {
      const response = await simulator.handle(request);
      this.source = response.body;
      return response;
    };
    super(send, { origin: "http://venue.example" });
  }

  /** The token of the session that the forms of this page carry. */
  get csrf(): string {
    return /name="csrf" value="([^"]+)"/.exec(this.source)?.[1] ?? "";
  }

  /** Sends what the form of a page would not let anybody type. */
  post(path: string, fields: Record<string, string>): Promise<void> {
    return this.send("POST", path, new URLSearchParams({ csrf: this.csrf, ...fields }).toString());
  }
}

export async function openConsole(simulator: MomentusSimulator, who: "support" | "customerAdmin" = "support") {
  const console = new TestConsole(simulator);
  await console.signIn(simulator.world[who]);
  return console;
}

/** The settings of the source document. */
export const mocoServ = {
  "Display Name": "Momentus Connect",
  ID: "MOCO-SERV",
  Description: "Internal Momentus Connect API User",
  Organization: "20",
  "Enforce Access Privileges": false,
  "Allow Proxy User": false,
  Retire: false,
  Internal: true,
  "License Special Access": true,
} as const;

/** Adds an API user at the console, from the Main Menu on. */
export async function addApiUser(console: ConsoleDriver, fields: Record<string, string | boolean>): Promise<void> {
  await console.goto("/prod");
  await console.click("link", "API Users");
  await console.click("button", "Add");
  for (const [label, value] of Object.entries(fields)) console.fill(label, value);
  await console.click("button", "OK");
}
