import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type ConsoleOptions, type Ran, steward } from "./commands2-console.ts";

/** Somebody who has the README before them and does what it says. */

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** A chapter of the README, from its heading to the next one. */
export function chapterOf(heading: string): string {
  const [, text] = readme.split(`## ${heading}\n`);
  expect(text, heading).toBeDefined();
  return text!.split("\n## ")[0]!;
}

/** A fenced block, and the words between it and the next one. */
export interface Block {
  /** Empty where the block shows what was printed. */
  language: string;
  text: string;
  before: string;
}

/** The blocks of a text in their order. */
export function blocksOf(text: string): Block[] {
  let end = 0;
  return [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(({ 0: whole, 1: language = "", 2: inner = "", index }) => {
    const before = text.slice(end, index);
    end = index + whole.length;
    return { language, text: inner, before };
  });
}

/** The lines of a shell block, a quoted text over several lines taken as one. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|[^\n'])+/g)].map(([line]) => line.trim()).filter(Boolean);
}

/** Words as a shell splits them; `$NAME` inside double quotes is filled in. */
function wordsOf(line: string, variables: Record<string, string>): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) =>
      single ?? double?.replace(/\$(\w+)/, (_, name) => variables[name] ?? "") ?? bare ?? "",
  );
}

/** Output without what differs from run to run. */
export const steady = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, "DATE")
    .replaceAll(/\d+\.\d s/g, "0.0 s")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();

export class Reader {
  readonly folder: string;
  readonly variables: Record<string, string>;

  constructor(folder: string, variables: Record<string, string> = {}) {
    this.folder = folder;
    this.variables = variables;
  }

  /** One line of the README; what it redirects goes where it says. */
  async follow(line: string, code = 0, options: Partial<ConsoleOptions> = {}): Promise<Ran> {
    const [command = "", file] = line.split(" >> ");
    const words = wordsOf(command, this.variables).slice(1);
    const ran = await steward({ folder: this.folder, variables: this.variables, ...options }, ...words);
    expect(ran.code, `${line}\n${ran.out}${ran.err}`).toBe(code);
    if (file !== undefined) await appendFile(join(this.folder, file), ran.out);
    return ran;
  }

  get manifest(): string {
    return join(this.folder, "steward.yaml");
  }
}
