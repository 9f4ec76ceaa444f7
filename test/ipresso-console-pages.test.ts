import { describe, expect, test } from "vitest";
import { ipressoConnector } from "../src/connectors/ipresso/connector.ts";
import { Fault } from "../src/diagnostic.ts";
import { FormsConsole } from "../src/hands/forms/console.ts";
import { performScreen } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import type { Screen } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { consoleForms, usualForm } from "./world/ipresso-forms.ts";
import { IpressoWorld, ipressoManifest } from "./world/ipresso-world.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** The console as it describes itself to whoever checks it, on consoles of every form. */

const connector = ipressoConnector(loadKindSchemas(), loadLabels());
const origin = "https://panel.test";

function consoleOf(form: (typeof consoleForms)[number], labels: object = {}, screens: Record<string, string> = {}) {
  const clock = new VirtualClock();
  const now = () => clock.now();
  const simulator = new IpressoSimulator({ seed: 6, now, ...form.simulator, labels });
  const system = {
    ...new IpressoWorld().manifest(ipressoManifest({}, { system: form.system })).systems.ipresso!,
    screens,
  };
  const how = connector.console!;
  const signIn = how.signIn(system);
  const { username, password, totpSecret } = simulator.world.admin;
  const account = { userName: username, password: new Secret(password), totp: new Secret(totpSecret) };
  const page = new FormsConsole((request) => simulator.handle(request), { origin, signIn });
  const desk = new SignInDesk(signIn, account, clock);
  const visit = (view: ReturnType<typeof how.pages>[number]) => {
    const screen: Screen = {
      ...{ role: "", url: view.url ?? origin, results: [{ result: "done", means: "", asks: [] }] },
      acts: [...view.acts, { act: "shows", text: "", labels: view.shows }],
    };
    const secret = () => Promise.reject(new Error("nothing is filled in"));
    return performScreen(page, screen, { secret, signIn: () => desk.signIn(page) });
  };
  return { simulator, views: how.pages(system), visit, labels: how.labels(system) };
}

describe.each(consoleForms.map((form) => [form.name, form] as const))("at %s", (_name, form) => {
  test("every page is reached and shows what it should, and nothing is changed", async () => {
    const { simulator, views, visit } = consoleOf(form);
    for (const view of views) expect((await visit(view)).result, view.name).toBe("done");
    expect(views.length).toBe(9);
    expect(simulator.store.mutatingCalls).toEqual([]);
  });
});

test("a control that is called otherwise is missed, and found by the words of the manifest", async () => {
  const renamed = { validity: "Lifetime", addGroup: "New", allowedAddresses: "IP addresses" };
  const { views, visit } = consoleOf(usualForm, renamed);
  const missed: string[] = [];
  for (const view of views) {
    await visit(view).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      missed.push(`${view.name}: ${error.message.slice(0, 50)}`);
    });
  }
  expect(missed.map((text) => text.split(":")[0])).toEqual([
    ...["Add an API user", "User groups", "Add a user group", "API Users - Settings"],
  ]);
  const right = consoleOf(usualForm, renamed, renamed);
  for (const view of right.views) expect((await right.visit(view)).result).toBe("done");
});

test("origins are those that a browser may go to, and labels those of the file", () => {
  const { labels } = consoleOf(usualForm);
  const system = new IpressoWorld().manifest(ipressoManifest({}, { system: ["api_url: https://api.test"] })).systems
    .ipresso!;
  expect(connector.console!.origins(system)).toEqual([origin]);
  expect(labels.map(({ key }) => key)).toEqual(loadLabels().ipresso!.map(({ key }) => key));
  expect(connector.fingerprint(system)).toBe("ipresso https://panel.test https://api.test");
});
