import { describe, expect, it } from "vitest";
import type { Fault } from "../src/diagnostic.ts";
import type { Evidence } from "../src/hands/console.ts";
import { FormsConsole } from "../src/hands/forms/console.ts";
import { performScreen } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { readTotp, totpCode, totpPeriod } from "../src/hands/totp.ts";
import type { Act } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import type { SimRequest } from "../src/simulators/wire.ts";
import {
  faultOf,
  html,
  labelOf,
  noSecret,
  origin,
  type Pages,
  pageOf,
  redirect,
  screenOf,
  signIn,
  signInPage,
} from "./console-pages.ts";
import { benchAt, scenarios, screenFor, secretsFor, simulatorFor, stateOf, stepFor } from "./console-scenarios.ts";
import { connector } from "./momentus-console-fixture.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

const canary = "canary-0c4f";
const form = '<h1>Form</h1><form method="post" action="/save"><button>OK</button></form>';
const press: Act = { act: "press", button: labelOf("button", "OK") };

describe("signing in", () => {
  const totp = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const codePage =
    '<h1>Code</h1><form method="post" action="/code"><label for="c">Code</label><input id="c" name="c"><button>Verify</button></form>';

  /** A console whose sessions are one switch, with a code on a page of its own, as codes are: each counts once. */
  function guarded(clock: VirtualClock) {
    const state = { isIn: false, codes: [] as string[] };
    const right = () => totpCode(readTotp(new Secret(totp)), totpPeriod(readTotp(new Secret(totp)), clock.now()));
    const guard = (body: string) => () => (state.isIn ? html(body) : redirect("/signin"));
    const formOf = ({ body }: SimRequest) => new URLSearchParams(body);
    const pages: Pages = {
      "GET /start": guard('<h1>Start</h1><a href="/form">Form</a>'),
      "GET /form": guard(form),
      "POST /save": guard("<h1>Saved</h1>"),
      "GET /signin": signInPage,
      "POST /signin": (request) =>
        formOf(request).get("p") === canary ? html(codePage) : html(`${signInPage}<p role="alert">Wrong</p>`, 403),
      "POST /code": (request) => {
        const code = formOf(request).get("c") ?? "";
        state.isIn = code === right() && !state.codes.includes(code);
        state.codes.push(code);
        return state.isIn ? redirect("/start") : html(codePage);
      },
    };
    return { state, pages };
  }

  const toForm: Act = { act: "go", path: [labelOf("link", "Form")] };
  const account = { userName: "me", password: new Secret(canary), totp: new Secret(totp) };

  it("is done when the console asks for it, with a code, and again once when the session ends on the way", async () => {
    const clock = new VirtualClock();
    const { state, pages } = guarded(clock);
    const { site, page } = pageOf(pages);
    const desk = new SignInDesk(signIn, account, clock);
    let ended = false;
    const kept: Evidence = {
      async keep(what) {
        if (what === "start" && !ended) {
          ended = true;
          state.isIn = false;
        }
        return undefined;
      },
    };
    const before = clock.now();
    const options = { ...noSecret, signIn: () => desk.signIn(page), evidence: kept };
    expect((await performScreen(page, screenOf([toForm, press]), options)).result).toBe("done");
    expect(site.asked.filter((one) => one.startsWith("POST /save"))).toHaveLength(1);
    // The second code is that of the next half minute.
    expect(new Set(state.codes).size).toBe(2);
    expect(clock.now() - before).toBeGreaterThan(0);
    expect(clock.now() - before).toBeLessThanOrEqual(30_000);
  });

  it("is tried once with an account that is refused: too many wrong tries lock one", async () => {
    const clock = new VirtualClock();
    const { site, page } = pageOf(guarded(clock).pages);
    const desk = new SignInDesk(signIn, { ...account, password: new Secret("mistaken-1") }, clock);
    const options = { ...noSecret, signIn: () => desk.signIn(page) };
    const faults = [1, 2, 3].map(() => () => faultOf(performScreen(page, screenOf([toForm]), options)));
    for (const tried of faults) expect(await tried()).toMatchObject({ code: "unauthorized", happened: "no" });
    expect(site.asked.filter((one) => one.startsWith("POST /signin"))).toHaveLength(1);
  });

  it("is not done again for ever", async () => {
    const { site, page } = pageOf({ ...guarded(new VirtualClock()).pages, "POST /signin": redirect("/signed-in") });
    let times = 0;
    const count = async () => {
      times += 1;
    };
    const options = { ...noSecret, signIn: count };
    const fault = await faultOf(performScreen(page, screenOf([toForm]), options));
    expect(fault).toMatchObject({ code: "unauthorized", happened: "no" });
    expect([times, site.asked.length]).toEqual([2, 6]);
  });

  it("is not done again after something was sent: nobody knows whether it happened", async () => {
    const { state, pages } = guarded(new VirtualClock());
    state.isIn = true;
    const { page } = pageOf({
      ...pages,
      "POST /save": () => {
        state.isIn = false;
        return redirect("/signin");
      },
    });
    const options = { ...noSecret, signIn: async () => Promise.reject(new Error("it signed in again")) };
    const fault = await faultOf(performScreen(page, screenOf([toForm, press]), options));
    expect(fault).toMatchObject({ code: "unauthorized", happened: "unknown" });
  });

  it("gives the next code where a command before this one has used the one of now", async () => {
    const clock = new VirtualClock();
    const { state, pages } = guarded(clock);
    const settings = readTotp(new Secret(totp));
    state.codes.push(totpCode(settings, totpPeriod(settings, clock.now())));
    const before = clock.now();
    const { page } = pageOf(pages);
    const desk = new SignInDesk(signIn, account, clock);
    await performScreen(page, screenOf([toForm]), { ...noSecret, signIn: () => desk.signIn(page) });
    expect([state.isIn, state.codes.length, new Set(state.codes).size]).toEqual([true, 3, 2]);
    expect(clock.now()).toBeGreaterThan(before);
  });

  it.each([
    ["a wrong password", { ...account, password: new Secret("no") }, 'does not let me in: it says "Wrong"'],
    ["a wrong code", { ...account, totp: new Secret("GEZDGNBV") }, "does not let me in"],
    [
      "a code that nobody can make",
      { userName: "me", password: account.password },
      "asks for a code, and none is known for me",
    ],
  ])("fails with %s, and nothing has happened", async (_what, who, message) => {
    const clock = new VirtualClock();
    const { page } = pageOf(guarded(clock).pages);
    const desk = new SignInDesk(signIn, who, clock);
    const fault = await faultOf(performScreen(page, screenOf([]), { ...noSecret, signIn: () => desk.signIn(page) }));
    expect(fault).toMatchObject({ code: "unauthorized", happened: "no", message: expect.stringContaining(message) });
  });

  it("goes on, or tells the truth, wherever the session ends: before every single request of a console", async () => {
    const scenario = scenarios.find(({ name }) => name === "approve an app, with the prompt")!;
    const performWith = async (endsBefore: number) => {
      const simulator = simulatorFor(scenario);
      let requests = 0;
      const bench = benchAt(origin);
      const page = new FormsConsole(
        (request) => {
          requests += 1;
          if (requests === endsBefore) simulator.store.sessions.clear();
          return simulator.handle(request);
        },
        { origin, signIn: connector.console!.signIn({}) },
      );
      const { username, password } = simulator.world.support;
      const desk = new SignInDesk(
        connector.console!.signIn({}),
        { userName: username, password: new Secret(password) },
        bench.clock,
      );
      const secret = secretsFor(simulator, stepFor(bench, scenario));
      const options = { secret, signIn: () => desk.signIn(page) };
      const ended = await performScreen(page, screenFor(bench, scenario), options).then(
        ({ result }) => result,
        (error: Fault) => `${error.details.code} ${error.details.happened}`,
      );
      const { apps, writes } = stateOf(simulator);
      const approved = apps.filter(({ status }) => status === "approved").length;
      return { ended, approved, requests, writes: writes.filter(({ committed }) => committed).length };
    };
    const whole = await performWith(0);
    expect(whole).toMatchObject({ ended: "done", approved: 1, writes: 1 });
    const ends = new Set<string>();
    for (let request = 1; request <= whole.requests; request += 1) {
      const { ended, approved, writes } = await performWith(request);
      ends.add(`${ended} ${approved}`);
      expect(approved).toBe(writes);
    }
    // Where the session of the sign-in form itself ended, nobody was let in. After a form was sent, it is never "no".
    const [unknown, no] = ["unauthorized unknown", "unauthorized no"];
    expect([...ends].sort()).toEqual(["done 1", `${no} 0`, `${unknown} 0`, `${unknown} 1`]);
  });
});
