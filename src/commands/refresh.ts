import { resolve } from "node:path";
import { settleDoubts } from "../apply/settle.ts";
import { exitCodes } from "../diagnostic.ts";
import { replaceFile } from "../durable.ts";
import { type ActualFile, actualFileText, makeActualFile } from "../plan/actual-file.ts";
import { refresh as readSystems } from "../refresh.ts";
import { stringify } from "../render/json.ts";
import { count, phrase } from "../render/visible.ts";
import { version } from "../version.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { noteDoubts } from "./print-plan.ts";
import { watchProgress } from "./progress.ts";
import { sayPlace } from "./said.ts";
import { type Session, withSession } from "./session.ts";
import { addBrowserOptions } from "./shared-options.ts";

interface RefreshFlags {
  out: string;
}

/** `steward refresh`. */
export const addRefresh: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Reads every configured system and keeps what it saw, with what the state records, in one file without secrets. A pull request plans from that file alone: no credentials, no network.",
    )
    .requiredOption("--out <file>", "where to keep it")
    .addHelpText(
      "after",
      "\nExamples:\n  steward refresh --env test --out actual.json      on a runner that holds the credentials\n  steward plan --env test --actual actual.json      on any machine",
    )
    .action(run<RefreshFlags, []>(refresh));
};

async function refresh(console: Console, options: SharedOptions & RefreshFlags): Promise<number> {
  return withSession(console, options, { reads: true }, async (session) => {
    const file = await readAll(session);
    const path = resolve(console.folder, options.out);
    await replaceFile(session.workspace.io.disk, path, Buffer.from(actualFileText(file)));
    console.write(options.format === "json" ? documentOf(file, options.out) : sayFile(session, file, options.out));
    return exitCodes.done;
  });
}

async function readAll(session: Session): Promise<ActualFile> {
  const { workspace, console } = session;
  const watch = watchProgress(session);
  try {
    const doubts = await settleDoubts(workspace, { into: "memory", wait: false });
    noteDoubts(console, doubts);
    const observation = await readSystems(workspace, { everything: true, probe: "harmless", watch: watch.refresh });
    return makeActualFile(observation, workspace.state, version());
  } finally {
    watch.close();
  }
}

function countsOf({ observation }: ActualFile): { system: string; kind: string; objects: number; complete: boolean }[] {
  return Object.entries(observation.systems).flatMap(([system, seen]) =>
    Object.entries(seen.kinds).map(([kind, { objects, complete }]) => ({
      system,
      kind,
      objects: objects.length,
      complete,
    })),
  );
}

function documentOf(file: ActualFile, out: string): string {
  const { at, environment, serial, digest } = file;
  return stringify({ formatVersion: 1, file: out, at, environment, serial, digest, read: countsOf(file) });
}

function sayFile(session: Session, file: ActualFile, out: string): string {
  const counts = countsOf(file);
  const objects = counts.reduce((sum, one) => sum + one.objects, 0);
  const systems = count(Object.keys(file.observation.systems).length, "system");
  const gaps = counts.filter((one) => !one.complete);
  const missing = gaps.map((one) => `  ! the list of ${one.kind} on ${phrase(one.system)} is not complete\n`).join("");
  const head = `Read ${count(objects, "object")} of ${systems}, environment ${file.environment}, state serial ${file.serial}.`;
  return `${head}\n${missing}Kept without secrets in ${phrase(out)}. Plan from it with:  steward plan${sayPlace(session)} --actual ${phrase(out)}\n`;
}
