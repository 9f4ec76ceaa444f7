import { describe, expect, it, type TestContext } from "vitest";
import type { ConsolePage } from "../src/hands/console.ts";
import { FormsConsole } from "../src/hands/forms/console.ts";
import { performScreen } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { Secret } from "../src/secret.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import {
  benchAt,
  type Scenario,
  scenarios,
  screenFor,
  secretsFor,
  simulatorFor,
  stateOf,
  stepFor,
} from "./console-scenarios.ts";
import { connector } from "./momentus-console-fixture.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** The members of the port of a console do the same: what one of them leaves behind, the other leaves behind too. */

const browser = new TestBrowser();
const signIn = connector.console!.signIn({});

/** Carries a scenario out: what was answered, and what it left. */
async function perform(scenario: Scenario, simulator: MomentusSimulator, page: ConsolePage) {
  const bench = benchAt(browser.origin);
  const { username, password } = simulator.world.support;
  const desk = new SignInDesk(signIn, { userName: username, password: new Secret(password) }, bench.clock);
  const secret = secretsFor(simulator, stepFor(bench, scenario));
  const given = await performScreen(page, screenFor(bench, scenario), { secret, signIn: () => desk.signIn(page) });
  const secrets = Object.entries(given.secrets).map(([name, value]) => [name, value.reveal()]);
  return {
    result: given.result,
    fields: given.fields,
    secrets: Object.fromEntries(secrets),
    state: stateOf(simulator),
  };
}

async function byForms(scenario: Scenario) {
  const simulator = simulatorFor(scenario);
  const page = new FormsConsole((request) => simulator.handle(request), { origin: browser.origin, signIn });
  return { ...(await perform(scenario, simulator, page)), before: stateOf(simulatorFor(scenario)) };
}

async function byBrowser(scenario: Scenario, context: TestContext) {
  const simulator = simulatorFor(scenario);
  browser.site = simulator;
  return perform(scenario, simulator, await browser.open(context, { signIn }));
}

/** What the answers say, by the name of the scenario; secrets only by name. */
const moco =
  "display_name=Momentus Connect description=Internal Momentus Connect API User organization=10 enforce_access_privileges=off allow_proxy_user=off retired=off internal=on license_special_access=on";
const answers: Record<string, string> = {
  "look again at a user":
    "found display_name=Reports organization=10 enforce_access_privileges=on allow_proxy_user=off retired=off internal=off license_special_access=off",
  "look again at a user that is gone": "absent rights=support",
  "look again at MOCO-SERV": `found ${moco}`,
  "look again at a Key": "found",
  "look again at a Key that is gone": "absent",
  "look again at an app": "found status=disabled",
  "look again at an app that is approved no more": "absent",
  "observe an absent user": "absent rights=support licensed=yes",
  "observe a user": "found",
  "observe a requested app": "absent status=requested",
  "observe an approved app": "found",
  "observe an app that nobody requested": "absent status=not listed",
  "create a user": "done secret key",
  "create MOCO-SERV": "done secret key",
  "deliver a user's credentials": "done secret key",
  "renew a Secret": "done secret",
  "renew a Secret that Steward does not hold": "done secret key",
  "add a Key": "done key",
  "add a Key to a user whose Secret Steward does not hold": "done secret key",
  "deliver a Key": "done key",
  "adopt an app": "done status=disabled",
  "adopt MOCO-SERV": `done ${moco} secret key`,
};
const looking = /^(?:observe|look again|adopt|deliver)/;

describe("every screen of Momentus", () => {
  it("that is carried out at a console has a scenario", () => {
    const { system } = benchAt("http://127.0.0.1");
    const covered = new Set(scenarios.map(({ kind, operation }) => `${kind}/${operation}`));
    const people = connector.kinds.filter((kind) => kind.hand?.(system) === "browser");
    const all = people.flatMap(({ name, operations }) =>
      Object.entries(operations).flatMap(([operation, { screen, run, mail }]) =>
        screen && !run && !mail && operation !== "license_wait" ? [`${name}/${operation}`] : [],
      ),
    );
    expect([...covered].sort()).toEqual(all.sort());
  });

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    "is carried out by forms as by a person: %s",
    async (name, scenario) => {
      const { before, state, result, fields, secrets } = await byForms(scenario);
      const said = [
        result,
        ...Object.entries(fields).map(([key, value]) => `${key}=${value}`),
        ...Object.keys(secrets),
      ];
      expect(said.join(" ")).toBe(answers[name] ?? "done");
      const changed = JSON.stringify(state) !== JSON.stringify(before);
      expect(changed).toBe(!looking.test(name));
    },
  );

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    "leaves the same behind in a browser: %s",
    async (_name, scenario, context?: TestContext) => {
      const { before: _before, ...forms } = await byForms(scenario);
      expect(await byBrowser(scenario, context!)).toEqual(forms);
    },
  );
});
