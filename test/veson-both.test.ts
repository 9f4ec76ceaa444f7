import { describe, expect, it, type TestContext } from "vitest";
import { labelBook } from "../src/connectors/labels.ts";
import type { VesonLabel } from "../src/connectors/veson/labels.ts";
import { wholeList } from "../src/connectors/veson/screens.ts";
import { tokenPanel } from "../src/connectors/veson/screens-token.ts";
import { userPanel } from "../src/connectors/veson/screens-user.ts";
import type { ConsolePage } from "../src/hands/console.ts";
import { FormsConsole } from "../src/hands/forms/console.ts";
import { performScreen, readList } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { loadLabels } from "../src/schema-files.ts";
import type { Screen } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import type { Step } from "../src/step.ts";
import { connector } from "./veson-fixture.ts";
import { TestBrowser } from "./world/test-browser.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** The members of the port of a console do the same on this console too: what one leaves behind, the other leaves behind. */

const browser = new TestBrowser();
const signIn = connector.console!.signIn({});
const label = labelBook<VesonLabel>(loadLabels(), "veson")({});
const password = "Long-Enough-77";

interface Scenario {
  name: string;
  /** The operation of a kind with its input, or a screen that only looks. */
  does: [kind: string, operation: string, input: Step["input"]] | ((site: { url: string }) => Screen);
  settings?: VesonSimulatorOptions;
}

const user = "sys.reports";
const of = (operation: string, input: Step["input"], settings?: VesonSimulatorOptions): Scenario => ({
  name: `${operation}${settings ? ` ${JSON.stringify(settings)}` : ""}`,
  does: ["veson_user", operation, input],
  ...(settings ? { settings } : {}),
});
const flags = (changes: Step["input"]): Step["input"] => ({ user_name: user, changes });
const seated: VesonSimulatorOptions = { rightsWithoutSeat: "allowed" };

const scenarios: Scenario[] = [
  of("create", {
    settings: { user_name: "sys.new", full_name: "New", initials: "NEW", email: "a@b.example", groups: ["Operations"] },
  }),
  of("park", { user_name: "j.doe" }),
  of("unpark", { user_name: "r.winter" }),
  of("admit", flags({ external_access_only: false })),
  of("external", { user_name: "m.ortega", changes: { external_access_only: true } }),
  of("update", {
    user_name: "m.ortega",
    changes: { full_name: "Mia O.", phone: "1", groups: ["Operations"], groups_left: ["Chartering"] },
  }),
  of("set_password", { user_name: user }),
  of("retire", flags({ inactive: true })),
  of("veslink", { user_name: "m.ortega" }),
  of("permissions", { user_name: user }),
  of("rights", { user_name: user, api_permission: "write" }, seated),
  of("rights", { user_name: user, api_permission: "imos_message" }, { ...seated, rightSelector: "cycle" }),
  of("rights", { user_name: user, api_permission: "imos_message" }, { ...seated, apiRightsControl: "checkbox" }),
  of("rights", { user_name: "j.doe", api_permission: "read" }),
  { name: "request", does: ["veson_api_token", "request", { owner: user }] },
  {
    name: "request where it shows once",
    does: ["veson_api_token", "request", { owner: user }],
    settings: { tokenReadableAgain: false },
  },
  { name: "clear", does: ["veson_api_token", "clear", { owner: user }] },
  {
    name: "create a group",
    does: ["veson_group", "create", { settings: { group_name: "New", description: "Words", security_admin: true } }],
  },
  {
    name: "change a group",
    does: [
      "veson_group",
      "update",
      { group_name: "Operations", changes: { description: "Other", authentication_only: true } },
    ],
  },
  {
    name: "look at a user",
    does: (site) => userPanel(label, site, user, { groups: ["Chartering", "Operations"], rights: true }),
  },
  { name: "look at nobody", does: (site) => userPanel(label, site, "nobody", { groups: [], rights: true }) },
  { name: "look at a token", does: (site) => tokenPanel(label, site, user) },
];

function screenOf({ does }: Scenario): Screen {
  if (!Array.isArray(does)) return does({ url: browser.origin });
  const [kind, operation, input] = does;
  const found = connector.kinds.find(({ name }) => name === kind)!.operations[operation]!;
  return found.screen!({ input } as Step, { url: browser.origin, settings: {} } as never);
}

function simulatorFor({ settings = {} }: Scenario): VesonSimulator {
  const clock = new VirtualClock();
  return new VesonSimulator({
    seed: 5,
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    seatsFree: 3,
    apiRightsDelayMs: 0,
    ...settings,
  });
}

/** What the site holds, tokens only as there or not: chance makes them. */
function stateOf({ store }: VesonSimulator) {
  return {
    users: store.users
      .values()
      .map(({ token, totpSecret: _totp, ...rest }) => ({ ...rest, hasToken: token !== null, modified: 0 })),
    groups: store.groups.values().map((group) => ({ ...group, modified: 0 })),
    accounts: store.veslinkAccounts.values(),
  };
}

async function perform(scenario: Scenario, simulator: VesonSimulator, page: ConsolePage) {
  const { username, password: own } = simulator.world.admin;
  const desk = new SignInDesk(signIn, { userName: username, password: new Secret(own) }, new VirtualClock());
  const given = await performScreen(page, screenOf(scenario), {
    signIn: () => desk.signIn(page),
    secret: async () => new Secret(password),
  });
  const tokens = simulator.store.users.values().map(({ token }) => token);
  const secrets = Object.entries(given.secrets).map(([name, value]) => [name, tokens.includes(value.reveal())]);
  return { result: given.result, fields: given.fields, secrets, state: stateOf(simulator) };
}

function byForms(scenario: Scenario) {
  const simulator = simulatorFor(scenario);
  const page = new FormsConsole((request) => simulator.handle(request), { origin: browser.origin, signIn });
  return perform(scenario, simulator, page);
}

async function byBrowser(scenario: Scenario, context: TestContext) {
  const simulator = simulatorFor(scenario);
  browser.site = simulator;
  return perform(scenario, simulator, await browser.open(context, { signIn }));
}

const looks = /^(?:look|permissions)/;

describe("every screen of Veson", () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    "does its work by forms: %s",
    async (name, scenario) => {
      const before = stateOf(simulatorFor(scenario));
      const { state, result, secrets } = await byForms(scenario);
      expect(JSON.stringify(state) !== JSON.stringify(before)).toBe(!looks.test(name) && !/^request|j\.doe/.test(name));
      expect(result).toBe(name === "look at nobody" ? "absent" : looks.test(name) ? "found" : "done");
      expect(secrets).toEqual(/request|look at a token/.test(name) ? [["token", true]] : []);
    },
  );

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    "leaves the same behind in a browser: %s",
    async (_name, scenario, context?: TestContext) => {
      expect(await byBrowser(scenario, context!)).toEqual(await byForms(scenario));
    },
  );

  it("reads the same list", async (context) => {
    const scenario: Scenario = { name: "list", does: ["veson_user", "licenses", {}], settings: { consolePageSize: 4 } };
    const rows = async (simulator: VesonSimulator, page: ConsolePage) => {
      const { username, password: own } = simulator.world.admin;
      const desk = new SignInDesk(signIn, { userName: username, password: new Secret(own) }, new VirtualClock());
      const options = { signIn: () => desk.signIn(page), secret: async () => new Secret("") };
      return readList(page, wholeList(label, browser.origin), options);
    };
    const simulator = simulatorFor(scenario);
    const forms = await rows(
      simulator,
      new FormsConsole((request) => simulator.handle(request), { origin: browser.origin, signIn }),
    );
    expect(forms).toHaveLength(11);
    browser.site = simulatorFor(scenario);
    expect(await rows(browser.site as VesonSimulator, await browser.open(context, { signIn }))).toEqual(forms);
  });

  it("that only looks shows what it must, without a write", async () => {
    const simulator = simulatorFor({ name: "pages", does: ["veson_user", "licenses", {}] });
    const before = stateOf(simulator);
    const page = new FormsConsole((request) => simulator.handle(request), { origin: browser.origin, signIn });
    const pages = connector.console!.pages({ url: browser.origin } as never);
    // Not every site has an optional one.
    for (const { acts, shows, url } of pages.filter(({ isOptional }) => !isOptional)) {
      const screen: Screen = { role: "", acts, results: [], ...(url === undefined ? {} : { url }) };
      const { username, password: own } = simulator.world.admin;
      const desk = new SignInDesk(signIn, { userName: username, password: new Secret(own) }, new VirtualClock());
      await performScreen(page, screen, { signIn: () => desk.signIn(page), secret: async () => new Secret("") });
      for (const control of shows) expect([control.key, await page.has(control)]).toEqual([control.key, true]);
    }
    expect(stateOf(simulator)).toEqual(before);
  });
});
