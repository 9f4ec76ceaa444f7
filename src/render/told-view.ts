import type { Ask, ScreenResult } from "../screen.ts";
import type { Step } from "../step.ts";
import { type Piece, words } from "./act-view.ts";
import { type CommandPlace, confirmCommand, doCommand, fieldWords } from "./command-line.ts";
import { shellWord } from "./hints.ts";
import { count, phrase } from "./visible.ts";

/** How a person tells what became of a step. */
export interface ToldView {
  /** "When it is done", or "When you know" for a question. */
  when: string;
  /** The command for a terminal, and what it asks for. */
  ask: { command: string; remark?: string };
  /** One command for each way in which the step may have ended. */
  ways: { means: string; command: string; remarks: Piece[][] }[];
}

/** Labels that are named one by one; more are counted. */
const namedMax = 6;

/** What is to be told of a step, and the exact commands. */
export function viewTold(step: Step, results: readonly ScreenResult[], place: CommandPlace): ToldView {
  const remark = sayAsks(results.flatMap(({ asks }) => asks));
  return {
    when: step.asks ? "When you know" : "When it is done",
    ask: { command: doCommand(step.id, place), ...(remark !== undefined && { remark }) },
    ways: results.map((result) => ({
      means: phrase(result.means),
      command: confirmCommand(step.id, result, place),
      remarks: remarksOf(result.asks),
    })),
  };
}

/** "asks for Organization, and for Secret and Key without echo". */
function sayAsks(all: readonly Ask[]): string | undefined {
  const asks = [...new Map(all.map((ask) => [ask.name, ask])).values()];
  const open = asks.filter(({ secret }) => !secret);
  const secrets = asks.filter(({ secret }) => secret);
  const parts = [
    ...(open.length > 0 ? [`for ${names(open)}`] : []),
    ...(secrets.length > 0 ? [`for ${names(secrets)} without echo`] : []),
  ];
  return parts.length === 0 ? undefined : `asks ${parts.join(", and ")}`;
}

function remarksOf(asks: readonly Ask[]): Piece[][] {
  const secrets = asks.filter(({ secret, optional }) => secret && !optional);
  const input = `standard input: ${names(secrets)}${secrets.length > 1 ? ", one a line" : ""}`;
  const patterns = [...byPattern(asks)].map(([says, alike]) => [said(`${names(alike)}: ${phrase(says)}`)]);
  const optional = asks.filter((ask) => ask.optional).map(optionalWords);
  const added: Piece[] = [words("may be added: "), { is: "command", text: optional.join(" ") }];
  return [...(secrets.length > 0 ? [[said(input)]] : []), ...patterns, ...(optional.length > 0 ? [added] : [])];
}

/** Asks that have to look alike, by what is said of them. */
function byPattern(asks: readonly Ask[]): Map<string, Ask[]> {
  const groups = new Map<string, Ask[]>();
  for (const ask of asks) {
    if (ask.pattern) groups.set(ask.pattern.says, [...(groups.get(ask.pattern.says) ?? []), ask]);
  }
  return groups;
}

const said = (text: string): Piece => ({ is: "said", text });

function optionalWords(ask: Ask): string {
  return ask.secret ? `--secret ${shellWord(ask.name)}` : fieldWords(ask);
}

function names(asks: readonly Ask[]): string {
  if (asks.length > namedMax) return count(asks.length, "value");
  const labels = asks.map(({ label, optional }) => `${phrase(label)}${optional ? " (optional)" : ""}`);
  const last = labels.at(-1) ?? "";
  return labels.length < 2 ? last : `${labels.slice(0, -1).join(", ")} and ${last}`;
}
