import { exitCodes, Fault } from "../diagnostic.ts";
import { makeTemporaryFolder } from "../platform/temporary.ts";
import { styleFor } from "../render/style.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { play } from "./demo/acts.ts";
import type { ConsolesPlayed } from "./demo/consoles.ts";
import { NotAsClaimed, Stage } from "./demo/stage.ts";
import { type DemoWorld, endWorld, startWorld } from "./demo/world.ts";

/** Variables that a child needs of ours; all others are left out, so that nothing outside changes what the demo shows. */
const passedOn = ["PATH", "Path", "SystemRoot", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "USER", "LOGNAME"].concat([
  "STEWARD_BROWSER",
]);

/** `steward demo`. */
export const addDemo: AddCommand = (command, run) => {
  command
    .description(
      "Walks through the whole job in a minute or two, against simulated systems on this machine: trust, doctor, validate, plan, apply, drift, a run killed at the worst moment and its recovery, a token in use, work that people do by hand, and two consoles in a real browser where one is found. It runs the real commands, checks what they say, and leaves nothing behind but the pictures of the browser.",
    )
    .addHelpText("after", "\nExample:\n  steward demo")
    .action(run<object, []>(demo));
};

async function demo(console: Console, _options: SharedOptions): Promise<number> {
  const startedAt = performance.now();
  const folder = await makeTemporaryFolder("steward-demo-");
  const world = await startWorld();
  const stage = new Stage(console, folder.path, environmentOf(console, folder.path, world));
  try {
    console.write(`Steward shows what it does, on a simulated VeloCloud Orchestrator at ${world.served.url}
and a simulated Momentus Enterprise at ${world.momentus.served.url}, and at their simulated consoles: iPresso at
${world.ipresso.served.url}, Veson IMOS at ${world.veson.served.url}. The simulators are this project's reading of
public documents, not the vendors' products. Where a person is needed, the demo plays that person and says so.
All commands below are real; they run in a temporary folder that is removed at the end.
`);
    const consoles = await play(stage, world, console.environmentVariables);
    console.write(sayEnd(console, Math.round((performance.now() - startedAt) / 1000), consoles));
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof NotAsClaimed)) throw error;
    const remedy = "report this with all of the output above, please";
    throw new Fault(`the demo did not go as it says: ${error.message}`, { happened: "no", remedy });
  } finally {
    await stage.close();
    await endWorld(world);
    await folder.remove();
  }
}

function environmentOf(console: Console, folder: string, { simulator, served, ipresso, veson }: DemoWorld) {
  const own = Object.fromEntries(passedOn.map((name) => [name, console.environmentVariables[name]]));
  const color = console.color ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };
  return {
    ...{ ...own, ...color, HOME: folder, VCO_TOKEN: simulator.world.enterprise.token, VCO_URL: served.url },
    IPRESSO_PASSWORD: ipresso.simulator.world.admin.password,
    VESON_PASSWORD: veson.simulator.world.admin.password,
  };
}

function sayEnd(console: Console, seconds: number, consoles: ConsolesPlayed): string {
  const left = "pictures" in consoles ? ` but the pictures in ${consoles.pictures}` : "";
  const good = styleFor(console.color)("good", "All of it went as claimed");
  return `
${good}, in ${seconds} s: each step was checked against the systems' own stores,
and no secret was printed. Nothing is left on this machine${left}.

Try next:
  steward simulate                       simulated systems for yourself, with credentials for them
  steward init --url https://…           begin with your own
  steward kinds velocloud_api_token      what can be declared
  steward --help                         every command
`;
}
