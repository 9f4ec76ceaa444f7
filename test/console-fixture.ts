import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, type TestContext, vi } from "vitest";
import type { World } from "../src/commands/command.ts";
import { Fault } from "../src/diagnostic.ts";
import { thisPlace } from "../src/hands/browser/find.ts";
import { launchBrowser } from "../src/hands/browser/launch.ts";
import { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type Simulator, serveSimulator } from "../src/simulators/server.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { makeFolder, type Ran, steward } from "./commands2-console.ts";
import { formsDesk } from "./world/forms-desk.ts";
import { testIdentity } from "./world/test-world.ts";

/** Consoles on loopback, and the command line with a real browser on them. */

/** Several browsers are started one after the other, on machines that do other things beside. */
vi.setConfig({ testTimeout: 180_000 });

/** A simulator, whoever may sign in there, and how many calls asked it to change something. */
export interface StartedConsole {
  site: Simulator;
  username: string;
  password: string;
  writes(): number;
}

/** One type of system that has a console. */
export interface ConsoleCase {
  type: string;
  /** A simulator that prints these words in place of its own, with whoever may sign in. */
  start(labels?: Record<string, string>): StartedConsole;
  /** Settings of the system, as YAML, for a console at this origin. */
  settings(origin: string): string;
  /** Three labels with other words. */
  renamed: Record<string, string>;
  /** Labels that show only after something was changed, or asked to be. */
  needWrite: readonly string[];
  /** Labels that are not reached otherwise: pages that are not opened, and what this console does not have. */
  unreached: readonly string[];
}

const momentus: ConsoleCase = {
  type: "momentus",
  start(labels = {}) {
    const simulator = new MomentusSimulator({ seed: 5, labels });
    const { username, password } = simulator.world.support;
    return { site: simulator, username, password, writes: () => simulator.store.mutatingCalls.length };
  },
  settings: (origin) =>
    `url: ${origin}/prod, connect_url: "${origin}/connect", customer: Harbor Congress Center, tenant: prod, console_rights: support, commit_grace: 1s, request_timeout: 2s`,
  renamed: { add: "New", secret: "Shared secret", approve: "Accept" },
  needWrite: [
    ...["regenerateQuestion", "regenerateConfirm"],
    ...["connectApiUser", "promptId", "promptSecret", "promptKey", "promptSave"],
  ],
  unreached: [
    // Asked for by a right-click, of which nothing is pressed.
    "copyKey",
    // No app of this console is approved yet, and its lists have one page.
    ...["active", "configuration", "deleted", "disable", "disabled", "enable", "integrationName", "moreOptions"],
    ...["next", "previous", "remove", "save"],
  ],
};

const ipresso: ConsoleCase = {
  type: "ipresso",
  start(labels = {}) {
    const simulator = new IpressoSimulator({ seed: 5, labels });
    const { username, password } = simulator.world.admin;
    return { site: simulator, username, password, writes: () => simulator.store.mutatingCalls.length };
  },
  settings: (origin) => `url: "${origin}", commit_grace: 1s, request_timeout: 2s`,
  renamed: { addUserHeading: "New: User", actions: "Deeds", editGroup: "Change" },
  needWrite: ["deleteUserHeading", "confirm", "deleteGroupHeading"],
  // One page of each list, a slider in place of a choice, and one way of signing in.
  unreached: ["next", "previous", "no", "yes", "providerContinue", "signInCode", "singleSignOn", "verify"],
};

const veson: ConsoleCase = {
  type: "veson",
  start(labels = {}) {
    const simulator = new VesonSimulator({ seed: 5, labels });
    const { username, password } = simulator.world.admin;
    return { site: simulator, username, password, writes: () => simulator.store.mutatingCalls.length };
  },
  settings: (origin) => `url: "${origin}", commit_grace: 1s, request_timeout: 2s`,
  renamed: { securityList: "People", fullName: "Whole Name", moduleRights: "Rights of Modules" },
  needWrite: ["cancel"],
  unreached: [
    // Rows are not selected, panels of whoever has a token are not opened, and My Profile is behind somebody's initials.
    ...["activate", "deactivate", "apiToken", "clearToken", "myProfile"],
    // What this console does not have, or does not show now.
    ...["about", "licenseLimit", "next", "previous", "rightMixed"],
    ...["providerContinue", "signInCode", "singleSignOn", "verify"],
  ],
};

/** Every connector that has a console. */
export const consoleCases: readonly ConsoleCase[] = [momentus, ipresso, veson];

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

let noBrowser: Promise<string | undefined> | undefined;

/** Why no browser can be started here; undefined when one can. */
export function whyNoBrowser(): Promise<string | undefined> {
  noBrowser ??= launchBrowser(thisPlace(process.env), { origins: [] }).then(
    async (browser) => {
      await browser.close();
      return undefined;
    },
    (error: unknown) => {
      if (error instanceof Fault) return error.message;
      throw error;
    },
  );
  return noBrowser;
}

export interface ConsoleBench {
  folder: string;
  origin: string;
  variables: Record<string, string>;
  /** Writes the manifest; `more` stands among the settings of the system, which has credentials unless it says otherwise. */
  declare(more?: string, options?: { hasCredentials?: boolean; resources?: string; hand?: string }): Promise<void>;
  run(words: string, world?: World, stop?: AbortSignal): Promise<Ran>;
}

/** A folder with a manifest for one console. With `forms` no browser is needed, else the test is skipped where none can be started. */
export async function makeConsoleBench(
  context: TestContext,
  { type, settings }: Pick<ConsoleCase, "type" | "settings">,
  { site, username, password }: Pick<StartedConsole, "site" | "username" | "password">,
  hand: "browser" | "forms" = "browser",
): Promise<ConsoleBench> {
  const why = hand === "forms" ? undefined : await whyNoBrowser();
  if (why !== undefined) context.skip(`no browser can be started here: ${why}`);
  const served = await serveSimulator(site);
  opened.push(() => served.close());
  const folder = await makeFolder();
  const variables = { CONSOLE_PASSWORD: password, STEWARD_AGE_IDENTITY: testIdentity.identity };
  const bench: ConsoleBench = {
    ...{ folder, origin: served.url, variables },
    async declare(more = "", { hasCredentials = true, resources = "", hand = "browser" } = {}) {
      const credentials = `credentials: { username: "${username}", password: "\${env.CONSOLE_PASSWORD}" }`;
      const all = [settings(served.url), `hand: ${hand}`, ...(hasCredentials ? [credentials] : []), more].filter(
        Boolean,
      );
      const text = `systems:
  ${type}: { ${all.join(", ")} }
sinks:
  local: { type: age, path: "secrets/\${environment}/", recipients: [${testIdentity.recipient}] }
environments: { test: {} }
${resources}`;
      await writeFile(join(folder, "steward.yaml"), text);
    },
    run: (words, world = hand === "forms" ? { deskOf: formsDesk } : {}, stop) =>
      steward({ folder, variables, world, ...(stop ? { stop } : {}) }, ...words.split(" ").filter(Boolean)),
  };
  await bench.declare();
  return bench;
}
