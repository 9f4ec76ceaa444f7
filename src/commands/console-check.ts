import { relative } from "node:path";
import { exitCodes } from "../diagnostic.ts";
import { walkConsole } from "../hands/walk.ts";
import { consoleCheckWaitMs } from "../limits.ts";
import { labelsJson, renderLabels } from "../render/labels.ts";
import type { Console, SharedOptions } from "./command.ts";
import { consoleSystem } from "./console-system.ts";
import { withSession } from "./session.ts";

/** Looks for every label of a console. Exit 1 when one is missing. */
export async function checkConsole(console: Console, options: SharedOptions, name: string): Promise<number> {
  const given = { ...options, waitMs: consoleCheckWaitMs };
  return withSession(console, given, { reads: true }, async (session) => {
    const { config, how } = consoleSystem(session, name);
    const { workspace, style } = session;
    workspace.assertTrusted();
    const walked = { how: how.signIn(config), pages: how.pages(config), labels: how.labels(config) };
    const found = await workspace.console(name).read(({ page }, reading) => walkConsole(page, walked, reading));
    const findings = found.map((one) =>
      one.is === "missing" && one.picture !== undefined
        ? { ...one, picture: relative(console.folder, one.picture) }
        : one,
    );
    const checked = { system: name, url: config.url, findings };
    console.write(options.format === "json" ? labelsJson(checked) : renderLabels(checked, console.columns, style));
    return findings.some(({ is }) => is === "missing") ? exitCodes.fault : exitCodes.done;
  });
}
