import { inspect } from "node:util";
import { expect, type TestContext } from "vitest";
import { Fault, type FaultDetails } from "../src/diagnostic.ts";
import type { ConsolePage } from "../src/hands/console.ts";
import { FormsConsole, type FormsConsoleOptions } from "../src/hands/forms/console.ts";
import type { PerformOptions } from "../src/hands/perform.ts";
import type { Act, Label, Screen, ScreenResult, SignIn } from "../src/screen.ts";
import { type SimRequest, type SimResponse, SimulatedCut } from "../src/simulators/wire.ts";
import type { TestBrowser } from "./world/test-browser.ts";

/** A console of a few fixed pages, for both members of the port. */

export type Answer = string | SimResponse | ((request: SimRequest) => SimResponse);

/** Answers by method and path: `GET /a`. A text is a page. */
export type Pages = Record<string, Answer>;

export interface Site {
  pages: Pages;
  /** What was asked for, pages and forms alone: `POST /save a=1`. */
  asked: string[];
  handle(request: SimRequest): Promise<SimResponse>;
}

export const html = (body: string, status = 200, headers: SimResponse["headers"] = {}): SimResponse => ({
  ...{ status, headers: { "content-type": "text/html; charset=utf-8", ...headers } },
  body: `<!doctype html><html lang="en"><head><title>x</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`,
});
export const redirect = (location: string): SimResponse => ({ status: 303, headers: { location }, body: "" });
export const plain = (status: number): SimResponse => ({
  status,
  headers: { "content-type": "text/plain" },
  body: "no",
});
export const cut = (): never => {
  throw new SimulatedCut("cut");
};

export function siteOf(pages: Pages): Site {
  const site: Site = {
    pages,
    asked: [],
    async handle(request) {
      const [path] = request.path.split("?") as [string];
      site.asked.push([`${request.method} ${request.path}`, request.body].filter(Boolean).join(" "));
      const answer = pages[`${request.method} ${request.path}`] ?? pages[`${request.method} ${path}`];
      if (answer === undefined) return html("<h1>Not found</h1>", 404);
      if (typeof answer === "string") return html(answer);
      return typeof answer === "function" ? answer(request) : answer;
    },
  };
  return site;
}

export const members = ["forms", "browser"] as const;
export type Member = (typeof members)[number];

/** A page of one member, at a site. Nothing is waited for longer than 600 ms: what is to come comes at once. */
export async function openMember(
  member: Member,
  { browser, context, pages }: { browser: TestBrowser; context: TestContext; pages: Pages },
  options: Omit<FormsConsoleOptions, "origin"> = {},
): Promise<{ page: ConsolePage; site: Site }> {
  const site = siteOf(pages);
  if (member === "forms") return { page: new FormsConsole(sendTo(site), { origin: browser.origin, ...options }), site };
  browser.site = site;
  return { page: await browser.open(context, { waitMs: 600, ...options }), site };
}

/** In process; a cut connection is what a transport makes of it. */
function sendTo(site: Site): ConstructorParameters<typeof FormsConsole>[0] {
  return async (request) => {
    try {
      return await site.handle(request);
    } catch (error) {
      if (!(error instanceof SimulatedCut)) throw error;
      throw new Fault("the connection was cut", { happened: request.method === "GET" ? "no" : "unknown" });
    }
  };
}

/** A label of no system's. */
export const labelOf = (role: string, text: string): Label => ({ key: text, role, text, mark: "assumed" });

export const signIn: SignIn = {
  userName: labelOf("textbox", "User name"),
  password: labelOf("textbox", "Password"),
  button: labelOf("button", "Sign in"),
  code: { field: labelOf("textbox", "Code"), button: labelOf("button", "Verify") },
};

export const signInPage = `<h1>Sign in</h1><form method="post" action="/signin"><label for="u">User name</label><input id="u" name="u">
<label for="p">Password</label><input id="p" name="p" type="password"><button>Sign in</button></form>`;

/** Of pages that are used without a browser. */
export const origin = "http://127.0.0.1:1";
export const noSecret: PerformOptions = { secret: async () => Promise.reject(new Error("no secret is needed")) };
const done: ScreenResult = { result: "done", means: "it is done", asks: [] };

export function screenOf(acts: Act[], results: ScreenResult[] = [done]): Screen {
  return { role: "somebody", url: `${origin}/start`, acts, results };
}

export function pageOf(pages: Pages) {
  const site = siteOf(pages);
  return { site, page: new FormsConsole((request) => site.handle(request), { origin, signIn }) };
}

/** The fault that something ends with. It shows nothing that must not be said: no `canary` anywhere in it. */
export async function faultOf(performed: Promise<unknown>): Promise<{ message: string } & Partial<FaultDetails>> {
  const error: unknown = await performed.then(
    () => new Error("nothing was wrong"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
  return { message: error.message, ...error.details };
}
