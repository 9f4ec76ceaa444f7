import { exitCodes } from "../diagnostic.ts";
import { refresh } from "../refresh.ts";
import { stringify } from "../render/json.ts";
import { renderTable } from "../render/table.ts";
import { count, phrase } from "../render/visible.ts";
import { type TokenLine, type TokenOverview, tokenOverview } from "../token-overview.ts";
import type { AddCommand } from "./command.ts";
import { watchProgress } from "./progress.ts";
import { sayPlace } from "./said.ts";
import { type Session, withSession } from "./session.ts";

const dayMs = 24 * 3_600_000;

/** `steward tokens`. */
export const addTokens: AddCommand = (command, run) => {
  command
    .description(
      "Shows every token that is declared or recorded: its state on the system, when it expires, when Steward will rotate it and where its value lies. Soonest expiry first. Changes nothing.",
    )
    .addHelpText("after", "\nExamples:\n  steward tokens --env prod\n  steward tokens --format json")
    .action(
      run<object, []>((console, options) =>
        withSession(console, options, { reads: true }, (session) => tokens(session)),
      ),
    );
};

async function tokens(session: Session): Promise<number> {
  const { workspace, console, options } = session;
  const watch = watchProgress(session);
  const observation = await refresh(workspace, { probe: "harmless", watch: watch.refresh }).finally(() =>
    watch.close(),
  );
  const { kinds, manifest, state } = workspace;
  const entries = Object.values(state.entries);
  const overview = tokenOverview({ kinds, resources: manifest.resources, entries, observation });
  if (options.format === "json") console.write(stringify({ formatVersion: 1, at: observation.at, ...overview }));
  else console.write(sayTokens(overview, Date.parse(observation.at), session));
  return exitCodes.done;
}

function sayTokens({ tokens: lines, unmanaged }: TokenOverview, now: number, session: Session): string {
  const { style } = session;
  const headings = ["address", "system", "state", "expires", "next rotation", "sink", "last used"];
  const table =
    lines.length === 0
      ? "No token is declared or recorded.\n"
      : renderTable(
          headings,
          lines.map((line) => row(line, now)),
          style,
        );
  const former = lines.filter((line) => line.former > 0).map((line) => phrase(line.address));
  const rest = Object.entries(unmanaged).map(
    ([system, amount]) =>
      `${count(amount, "more live token")} on ${phrase(system)} ${amount === 1 ? "is" : "are"} not managed by Steward:  steward dump${sayPlace(session)} ${phrase(system)}\n`,
  );
  const old =
    former.length > 0
      ? `\nFormer tokens still exist of ${former.join(", ")}: steward plan${sayPlace(session)} shows what is left.\n`
      : "";
  const barred = lines.filter(({ state, detail }) => state === "recognized" && detail !== undefined);
  const only = barred
    .map(({ address, detail = "" }) => `${phrase(address)} is recognized: ${phrase(detail)}\n`)
    .join("");
  return `${table}${only === "" ? "" : `\n${only}`}${old}${rest.length > 0 ? `\n${rest.join("")}` : ""}`;
}

function row({ address, system, state, expires, nextRotation, sink, lastUsed }: TokenLine, now: number) {
  const rotation = nextRotation === undefined ? undefined : sayWhen(Date.parse(nextRotation) - now);
  return [address, system, state, expires?.slice(0, 10), rotation, sink, lastUsed?.slice(0, 10)];
}

/** A time from now on, rounded down; what is due is rotated by the next apply. */
function sayWhen(ms: number): string {
  if (ms <= 0) return "due";
  if (ms < dayMs) return `in ${Math.max(1, Math.floor(ms / 3_600_000))} h`;
  return `in ${count(Math.floor(ms / dayMs), "day")}`;
}
