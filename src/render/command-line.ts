import type { Ask, ScreenResult } from "../screen.ts";
import { completeHints, type Said, shellWord } from "./hints.ts";

/** Where the commands of an instruction are run. */
export interface CommandPlace extends Pick<Said, "env" | "manifest"> {
  /** The instruction is shown by `steward do` itself, which shows the secrets below it. */
  isDoing?: boolean;
}

/** The command that shows a step on a terminal and asks for what is to be told. */
export function doCommand(step: string, place: CommandPlace): string {
  return `${completeHints("steward do", place)} ${shellWord(step)}`;
}

/**
 * The command that tells how a step ended, without a terminal. What only its reader knows stands in angle brackets; what may be
 * left out is left out. Secrets are lines of standard input, in the order of `--secret`.
 */
export function confirmCommand(step: string, { result, asks }: ScreenResult, place: CommandPlace): string {
  const needed = asks.filter(({ optional }) => !optional);
  const fields = needed.filter(({ secret }) => !secret).map(fieldWords);
  const secrets = needed.filter(({ secret }) => secret).map(({ name }) => `--secret ${shellWord(name)}`);
  const words = [completeHints("steward confirm", place), shellWord(step), `--result ${result}`];
  return [...words, ...fields, ...secrets].join(" ");
}

/** `--field NAME='<what it is>'`. */
export function fieldWords({ name, label, choices }: Ask): string {
  const meant = choices ? choices.join("|") : label;
  return `--field ${shellWord(`${name}=<${meant}>`)}`;
}
