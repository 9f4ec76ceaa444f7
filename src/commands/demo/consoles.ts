import { appendFile, cp, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "../../diagnostic.ts";
import type { Stage } from "./stage.ts";
import { consoleResources, consoleSystems } from "./texts.ts";
import type { DemoWorld } from "./world.ts";

/** Longest that one command with a browser may take, in milliseconds: a small machine starts one in seconds. */
const timeoutMs = 120_000;

/** What became of the third part: where its pictures are, or why there was no browser. */
export type ConsolesPlayed = { pictures: string } | { problem: string };

/** The third part: two systems that have only an admin console, which a real browser uses where one is found. */
export async function playConsoles(
  stage: Stage,
  world: DemoWorld,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ConsolesPlayed> {
  const problem = await whyNoBrowser(variables);
  if (problem !== undefined) {
    stage.act("Consoles in a browser", "There is no browser here, so this part is left out:", problem);
    return { problem };
  }
  await declare(stage, world);
  await carryOut(stage, world);
  const pictures = await keepPictures(stage);
  stage.say("", `What the browser saw is kept in ${pictures}; secrets are covered there.`);
  return { pictures };
}

async function whyNoBrowser(variables: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const { findBrowser, thisPlace } = await import("../../hands/browser/find.ts");
  try {
    await import("playwright-core");
    await findBrowser(thisPlace(variables));
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return `${error.message}: ${error.details.remedy ?? ""}`;
    return "npm install playwright-core, by which Steward drives a browser";
  }
}

async function declare(stage: Stage, { ipresso, veson }: DemoWorld): Promise<void> {
  stage.act(
    "Two systems that have only a console",
    "iPresso and Veson IMOS have no API for their users. A browser does at their consoles what their documents",
    "say, step by step. All licenses of Veson are taken: a system user needs one while it is set up, so Steward",
    "borrows that of somebody who agreed, and gives it back.",
  );
  const file = join(stage.folder, "steward.yaml");
  const before = await readFile(file, "utf8");
  const systems = consoleSystems({
    ipresso: { url: ipresso.served.url, username: ipresso.simulator.world.admin.username },
    veson: {
      url: veson.served.url,
      username: veson.simulator.world.admin.username,
      limit: veson.simulator.store.licenseLimit,
      lender: veson.simulator.world.business.username,
    },
  });
  await writeFile(file, before.replace("\nsystems:\n", `\nsystems:${systems}\n`));
  await appendFile(file, consoleResources);
  stage.show(`systems:${systems}\nresources:${consoleResources}`);
  await stage.steward(["trust", "--all"], { says: ["Pinned"], linesMax: 8 });
  await stage.steward(["console", "check", "ipresso"], { timeoutMs, linesMax: 5 });
}

async function carryOut(stage: Stage, { ipresso, veson }: DemoWorld): Promise<void> {
  const lender = veson.simulator.world.business.username;
  stage.act(
    "The plan of a browser's work",
    "Every branch is printed: whose license is borrowed, and when it goes back.",
  );
  await stage.steward(["plan", "--out", "consoles.json"], { timeoutMs, says: ["browser", lender], linesMax: 80 });
  stage.act(
    "Apply, in a real browser",
    "Both systems at once. Passwords, the customer key and the token go from the page into the sink, and nowhere else.",
  );
  await stage.steward(["apply", "consoles.json"], { timeoutMs, says: ["Apply complete"], linesMax: 60 });
  const made = veson.simulator.store.user("sys.demo");
  stage.claim(made?.isExternalOnly === true && made.token !== undefined, "the system user has a token and no license");
  stage.claim(veson.simulator.store.user(lender)?.isInactive === false, `${lender} has the license back`);
  const shop = ipresso.simulator.store.users.values().find(({ login }) => login === "shop");
  stage.claim(shop !== undefined, "the panel has the user shop");
  stage.claim(!stage.transcript.includes(made?.token ?? "no token"), "the token was printed nowhere");
  stage.claim(!stage.transcript.includes(shop?.password ?? "no password"), "the password was printed nowhere");
  await stage.steward(["plan"], { timeoutMs, says: ["No changes."] });
}

/** Pictures stay when everything else of the demo goes. */
async function keepPictures(stage: Stage): Promise<string> {
  const kept = await mkdtemp(join(tmpdir(), "steward-demo-pictures-"));
  await cp(join(stage.folder, ".steward", "evidence"), kept, { recursive: true });
  const names = await readdir(kept, { recursive: true });
  stage.claim(names.filter((name) => name.endsWith(".png")).length >= 20, "there is a picture of each step");
  return kept;
}
