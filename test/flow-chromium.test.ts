import { describe, expect, it, type TestContext } from "vitest";
import { accountDesk } from "../src/hands/account.ts";
import { ConsoleDesk } from "../src/hands/desk.ts";
import type { MomentusSettings } from "../src/simulators/momentus/options.ts";
import { stateOf } from "./console-scenarios.ts";
import { drive } from "./world/flow-drive.ts";
import { assertEnd } from "./world/flow-invariants.ts";
import { browserFlows, type FlowScenario, flowManifest, makeMocoServ } from "./world/flow-scenarios.ts";
import { FlowWorld } from "./world/flow-world.ts";
import type { Simulated } from "./world/sim-transport.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** A whole flow in a real Chromium leaves behind what the same flow leaves behind by forms. */

const browser = new TestBrowser();
let pagesOpened = 0;

/** The environment is at the address that the browser can reach; the v1 API answers there too. */
class ServedWorld extends FlowWorld {
  constructor(options: Partial<MomentusSettings> & { modules: FlowScenario["modules"] }) {
    super(options, undefined, 5);
  }

  override simulated(): Record<string, Simulated> {
    return { ...super.simulated(), [browser.origin]: this.momentus };
  }
}

async function carriedOut(scenario: FlowScenario, context?: TestContext) {
  const world = new ServedWorld({ modules: scenario.modules, licenseGate: scenario.gate });
  if (scenario.isThere) makeMocoServ(world);
  if (context) worksInBrowser(world, context);
  const { serialNumbers } = world.momentus.store;
  const text = flowManifest(scenario, serialNumbers.prod).replaceAll("https://venue.test", browser.origin);
  await world.trust(text);
  const plan = await drive(world, text);
  await assertEnd(world, text, scenario, plan);
  const { entries } = await world.state(text);
  return { store: stateOf(world.momentus), entries };
}

function worksInBrowser(world: ServedWorld, context: TestContext): void {
  browser.site = world.momentus;
  world.deskOf = (system, how, access) =>
    new ConsoleDesk(async () => {
      const signIn = how.signIn(system);
      pagesOpened += 1;
      const page = await browser.open(context, {
        on: system.name,
        signIn,
        secrets: how.labels(system).filter(({ secret }) => secret),
      });
      const desk = await accountDesk(signIn, system, access);
      return { page, ...(desk ? { signIn: () => desk.signIn(page) } : {}), close: () => page.close() };
    });
}

const flows = browserFlows.filter(({ modules, isThere }) => modules.length > 0 && !isThere);

describe.each(flows)("when $name", (scenario) => {
  it("both hands leave the same", async (context) => {
    const byForms = await carriedOut(scenario);
    expect(await carriedOut(scenario, context)).toEqual(byForms);
    expect(pagesOpened, "pages of a browser").toBeGreaterThan(0);
  }, 120_000);
});
