import { expect, test } from "vitest";
import { performStep } from "../src/apply/console-step.ts";
import type { Operation, StepContext } from "../src/connectors/connector.ts";
import { ConsoleDesk } from "../src/hands/desk.ts";
import { FormsConsole } from "../src/hands/forms/console.ts";
import type { Act, ScreenResult } from "../src/screen.ts";
import type { OpenRun } from "../src/state.ts";
import type { Workspace } from "../src/workspace.ts";
import {
  faultOf,
  html,
  labelOf,
  origin,
  type Pages,
  redirect,
  screenOf,
  signIn,
  signInPage,
  siteOf,
} from "./console-pages.ts";

/** A console whose tabs are forms, and whose session ends once when a tab was pressed. */
function consoleEndingOnce() {
  let isIn = true;
  let endings = 0;
  const inside = (body: string) => () => (isIn ? html(body) : redirect("/signin"));
  const tab = '<h1>User</h1><form method="post" action="/tab"><button>Flags</button></form>';
  const pages: Pages = {
    "GET /start": inside(tab),
    "POST /tab": () => {
      if (endings === 0) isIn = false;
      endings += 1;
      return redirect("/flags");
    },
    "GET /flags": inside('<table><tr><th scope="row">inactive</th><td>on</td></tr></table>'),
    "GET /signin": signInPage,
  };
  const site = siteOf(pages);
  const page = new FormsConsole((request) => site.handle(request), { origin, signIn });
  const open = async () => {
    return {
      page,
      signIn: async () => {
        isIn = true;
      },
      close: async () => undefined,
    };
  };
  return { site, desk: new ConsoleDesk(open) };
}

const results: ScreenResult[] = [{ result: "found", means: "it is there", asks: [] }];
const acts: Act[] = [
  { act: "press", button: labelOf("button", "Flags") },
  { act: "look", row: "inactive" },
];

/** Carries out one step of a plan at that console. */
async function carriedOut(step: object) {
  const { site, desk } = consoleEndingOnce();
  const workspace = {
    ...{ who: "somebody", timestamp: () => "2026-11-25T00:00:00Z" },
    ...{ system: () => ({ reader: undefined }), console: () => desk },
  };
  const operation = { screen: () => screenOf(acts, results) };
  const context = { step: { id: "a/look", system: "s", input: {}, ...step }, input: {}, system: {}, secrets: {} };
  const performed = performStep(
    workspace as unknown as Workspace,
    { id: "run" } as OpenRun,
    operation as unknown as Operation,
    context as unknown as StepContext,
  );
  return { site, performed };
}

test("a question begins anew when the session ends after something was pressed on the way to its answer", async () => {
  const { site, performed } = await carriedOut({ asks: true });
  expect((await performed).answer).toMatchObject({ result: "found" });
  expect(site.asked.filter((one) => one.startsWith("POST /tab"))).toHaveLength(2);
});

test("a change does not: nobody knows whether what was pressed has happened", async () => {
  const { site, performed } = await carriedOut({});
  expect(await faultOf(performed)).toMatchObject({ happened: "unknown", code: "unauthorized" });
  expect(site.asked.filter((one) => one.startsWith("POST /tab"))).toHaveLength(1);
});
