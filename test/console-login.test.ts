import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import { Fault } from "../src/diagnostic.ts";
import type { ConsolePage } from "../src/hands/console.ts";
import { matchingPeriod } from "../src/simulators/console/totp.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import type { Simulator } from "../src/simulators/server.ts";
import { consoleCases, makeConsoleBench } from "./console-fixture.ts";
import { html } from "./console-pages.ts";
import { behindSingleSignOn, signedIn } from "./single-sign-on.ts";
import { findLeaks } from "./world/leaks.ts";

/** Sessions of a person: `steward console login`, in a real browser. Whoever sits at the window is played by the test. */

const [momentus] = consoleCases;
const kept = "console_session: local:momentus/session";

async function makeSso(context: Parameters<typeof makeConsoleBench>[0]) {
  const simulator = new MomentusSimulator({ seed: 5 });
  const { username, password } = simulator.world.support;
  const { site, provider, continues } = await behindSingleSignOn(simulator);
  onTestFinished(() => provider.close());
  const bench = await makeConsoleBench(context, momentus!, { site, username, password });
  const person = (page: ConsolePage) => page.press({ role: "button", text: continues });
  return { simulator, bench, person };
}

/** Everything that lies in a folder, one text. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

/** Session ids that the console gave to somebody who is signed in. */
function sessionIds({ store }: MomentusSimulator): Map<string, string> {
  const ids = [...store.sessions.values()].filter(({ username }) => username !== null).map(({ id }) => id);
  return new Map(ids.map((id, index) => [`session ${index}`, id]));
}

describe("an account with an authenticator", () => {
  const totp = "JBSWY3DPEHPK3PXP";

  /** Momentus that asks for a code after name and password, each code once. */
  function withCode(simulator: MomentusSimulator): Simulator {
    const used = new Set<string>();
    const page = html(
      '<h1>Code</h1><form method="post" action="/code"><label>Code<input name="code"></label><button>Verify</button></form>',
    );
    return {
      async handle(request) {
        const code = new URLSearchParams(request.body).get("code") ?? "";
        if (request.method === "POST" && request.path === "/code") {
          const isRight = matchingPeriod(totp, code, Date.now()) !== undefined && !used.has(code);
          used.add(code);
          return isRight ? signedIn(simulator, request, "/prod") : page;
        }
        const answer = await simulator.handle(request);
        return request.method === "POST" && request.path === "/signin" && answer.status === 303 ? page : answer;
      },
    };
  }

  const connectors = builtInConnectors.map((connector) => ({
    ...connector,
    async load(...parts: Parameters<typeof connector.load>) {
      const loaded = await connector.load(...parts);
      const { console: own } = loaded;
      if (!own) return loaded;
      const label = (role: string, text: string) => ({ key: text, role, text, mark: "assumed" as const });
      const code = { field: label("textbox", "Code"), button: label("button", "Verify") };
      return { ...loaded, console: { ...own, signIn: (system: object) => ({ ...own.signIn(system), code }) } };
    },
  }));

  test("signs in with its code, and without the secret of one leaves it to a person", async (context) => {
    const simulator = new MomentusSimulator({ seed: 5 });
    const { username, password } = simulator.world.support;
    const bench = await makeConsoleBench(context, momentus!, { site: withCode(simulator), username, password });
    await bench.declare(kept);
    await bench.run("trust --all");
    const without = await bench.run("doctor momentus", { connectors });
    expect([without.code, without.out]).toEqual([1, expect.stringMatching(/asks for a code, and none\s+is known/)]);
    expect(without.out).toContain("steward console login momentus");
    bench.variables.CONSOLE_TOTP = totp;
    const text = readFileSync(join(bench.folder, "steward.yaml"), "utf8");
    const withTotp = text.replace("password:", 'totp: "${env.CONSOLE_TOTP}", password:');
    writeFileSync(join(bench.folder, "steward.yaml"), withTotp);
    const signed = await bench.run("doctor momentus --debug", { connectors });
    expect([signed.code, signed.out]).toEqual([0, expect.stringContaining("the browser gets in at")]);
    expect(signed.out + signed.err).not.toContain(totp);
  });
});

describe("the session of a person", () => {
  test("is kept in its sink alone, is used until the console ends it, and then asked for again", async (context) => {
    const { simulator, bench, person } = await makeSso(context);
    await bench.declare(kept, { hasCredentials: false });
    expect((await bench.run("trust --all")).code).toBe(0);

    const before = await bench.run("console check momentus --debug");
    expect([before.code, before.err]).toEqual([3, expect.stringContaining("steward console login momentus")]);

    const login = await bench.run("console login momentus --debug", { atWindow: person });
    expect([login.err.includes("error"), login.code, login.out]).toEqual([
      ...[false, 0, expect.stringContaining("local:momentus/session")],
    ]);
    const issued = sessionIds(simulator);
    expect(issued.size).toBe(1);

    const used = await bench.run("console check momentus --debug");
    expect([used.out, used.code]).toEqual([expect.stringContaining("Nothing is missing"), 0]);
    expect(sessionIds(simulator)).toEqual(issued);

    simulator.store.sessions.clear();
    const ended = await bench.run("console check momentus --debug --format json");
    expect(JSON.parse(ended.out)).toMatchObject({ code: "sign-in", remedy: expect.stringContaining("console login") });
    expect(ended.code).toBe(3);
    const shown = [before, login, used, ended].map(({ out, err }) => out + err).join("\n");
    expect(findLeaks(shown + everythingIn(bench.folder), issued)).toEqual([]);
  });

  test("gives way to the account that signs in by itself", async (context) => {
    const simulator = new MomentusSimulator({ seed: 5 });
    const { username, password } = simulator.world.support;
    const bench = await makeConsoleBench(context, momentus!, { site: simulator, username, password });
    await bench.declare(kept);
    await bench.run("trust --all");
    const { code } = await bench.run("console check momentus");
    expect(code).toBe(0);
    bench.variables.CONSOLE_PASSWORD = "not-this-one";
    const refused = await bench.run("console check momentus");
    expect([refused.code, refused.err]).toEqual([
      ...[3, expect.stringMatching(/does not let .+ in: it says "User name or password is wrong\."/)],
    ]);
    await bench.declare("");
    await bench.run("trust --all");
    expect((await bench.run("console check momentus")).code).toBe(1);
  });

  test("is not waited for once the command is stopped, or the window closed", async (context) => {
    const { bench } = await makeSso(context);
    await bench.declare(kept, { hasCredentials: false });
    await bench.run("trust --all");
    const closed = await bench.run("console login momentus", {
      atWindow: async (page) => (page as ConsolePage & { close(): Promise<void> }).close(),
    });
    expect([closed.code, closed.err]).toEqual([1, expect.stringContaining("the window was closed before")]);
    const stop = new AbortController();
    const stopped = await bench.run(
      "console login momentus",
      {
        atWindow: async () => stop.abort(new Fault("it was stopped by a signal", { happened: "no", code: "aborted" })),
      },
      stop.signal,
    );
    expect([stopped.code, stopped.err]).toEqual([1, expect.stringContaining("it was stopped by a signal")]);
    expect(readdirSync(bench.folder)).not.toContain("secrets");
  });

  test("has a place, and a window to sign in at, or the command says what to do", async (context) => {
    const { bench } = await makeSso(context);
    await bench.declare();
    await bench.run("trust --all");
    const nowhere = await bench.run("console login momentus");
    expect([nowhere.code, nowhere.err]).toEqual([4, expect.stringContaining("write console_session: SINK:PATH")]);
    const unkept = await bench.run("console check momentus");
    expect([unkept.code, unkept.err]).toEqual([3, expect.stringContaining("write console_session: SINK:PATH")]);
    await bench.declare(kept, { hasCredentials: false });
    await bench.run("trust --all");
    const windowless = await bench.run("console login momentus");
    expect([windowless.code, windowless.err]).toEqual([
      ...[1, expect.stringMatching(/cannot show a window|no display here/)],
    ]);
  });
});
