import { describe, expect, type TestContext, test } from "vitest";
import { accountDesk } from "../../src/hands/account.ts";
import { ConsoleDesk } from "../../src/hands/desk.ts";
import { applied, clear, lines, type Resources } from "./conformance-world.ts";
import { type ConsoleForm, usualForm } from "./ipresso-forms.ts";
import { shapeOf } from "./ipresso-operations.ts";
import { IpressoWorld, ipressoManifest, shopGroup, shopUser } from "./ipresso-world.ts";
import { TestBrowser } from "./test-browser.ts";

/** The life of each kind at a console, by a real browser and by forms: what one of them leaves behind, the other leaves behind too. */

const two = (form: ConsoleForm) =>
  form.several ? ["API Group", "${ipresso_user_group.shop}"] : ["${ipresso_user_group.shop}"];

/** Everything that can be done there, in four manifests. */
function stages(form: ConsoleForm): Resources[] {
  const panel = { deliver_to: "local:KEY", validity_seconds: 900, returns_different_token: true };
  const user = {
    ...shopUser,
    groups: two(form),
    allowed_addresses: ["127.0.0.1", "10.0.0.1"],
    name: "Shop",
    surname: "Two",
  };
  const next = { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 };
  return [
    { ipresso_api_settings: { panel }, ipresso_user_group: { shop: shopGroup }, ipresso_api_user: { shop: user } },
    {
      ipresso_api_settings: { panel: { ...panel, validity_seconds: 60, returns_different_token: false } },
      ipresso_user_group: { shop: { name: "Shops", permissions: ["GET contact", "POST contact", "DELETE www"] } },
      ipresso_api_user: {
        shop: { ...user, login: "shop.three", name: clear, allowed_addresses: ["any"], password: next },
      },
    },
    {
      ipresso_user_group: { shop: { name: "Shops", permissions: ["GET contact", "POST contact"] } },
      ipresso_api_settings: { panel: { deliver_to: "local:KEY" } },
      ipresso_api_user: { shop: { ...user, login: "shop.three", groups: ["Reports"], password: next } },
    },
    { ipresso_api_settings: { panel: { deliver_to: "local:KEY" } } },
  ];
}

/** What each stage removes. */
const removals = [0, 0, 0, 2];
/** Consoles of other forms differ in how something is added, changed and deleted: the third stage has nothing of their own. */
const usualOnly = 2;

/** What the panel holds after each stage. */
async function live(world: IpressoWorld, form: ConsoleForm): Promise<unknown[]> {
  const shapes: unknown[] = [];
  for (const [index, resources] of stages(form).entries()) {
    const text = ipressoManifest(resources, { system: form.system }).replace("https://panel.test", world.panelUrl);
    if (index === usualOnly && form !== usualForm) continue;
    if (index === 0) await world.trust(text);
    const count = removals[index]!;
    await applied(world, text, count > 0 ? { allowDeletions: count } : {});
    if (index === 1) expect(lines(await world.plan(text))).toEqual([]);
    shapes.push(shapeOf(world));
  }
  return [...shapes, world.writes()];
}

/** A world whose consoles a real browser works at. */
function browserWorld(browser: TestBrowser, form: ConsoleForm, context: TestContext): IpressoWorld {
  const world = new IpressoWorld(form.simulator);
  world.panelUrl = browser.origin;
  browser.site = world.ipresso;
  world.deskOf = (system, how, access) =>
    new ConsoleDesk(async () => {
      const signIn = how.signIn(system);
      const secrets = how.labels(system).filter(({ secret }) => secret);
      const page = await browser.open(context, { signIn, secrets, on: system.name });
      const desk = await accountDesk(signIn, system, access);
      return { page, ...(desk ? { signIn: () => desk.signIn(page) } : {}), close: () => page.close() };
    });
  return world;
}

/** Declares the tests of the file that calls this. */
export function testBothHands(forms: readonly ConsoleForm[]): void {
  const browser = new TestBrowser();
  describe.each(forms.map((form) => [form.name, form] as const))("at %s", (_name, form) => {
    test("a browser and forms do the same", async (context?: TestContext) => {
      const byForms = await live(new IpressoWorld(form.simulator), form);
      expect(byForms.at(-1)).toContain("console/users/delete");
      expect(await live(browserWorld(browser, form, context!), form)).toEqual(byForms);
    }, 120_000);
  });
}
