import { functionBodies } from "./functions.ts";
import type { Finding, SourceFile } from "./project.ts";

const fileLinesMax = 400;
const functionLinesMax = 60;
const vague = new Set(["util", "helper", "manager", "handler", "misc", "common"]);
const declaring = new Set(["const", "let", "function", "class", "interface", "type"]);

/** What a tool generates follows the tool's habits, and nobody edits it: rules of style leave it out. */
const isCode = (path: string) => path.endsWith(".ts") && !path.endsWith(".generated.ts");
/** Files of this folder spell out what they look for. */
const isRule = (path: string) => path.startsWith("test/tidy");

/** No file is longer than a reader's patience. */
export function fileSizes({ path, text }: SourceFile): Finding[] {
  const lines = text.split("\n").length - 1;
  if (!isCode(path) || lines <= fileLinesMax) return [];
  return [{ path, message: `${lines} lines, ${fileLinesMax} at most: split it by what it talks about` }];
}

/** No function is longer than a screen. */
export function functionSizes({ path, scanned }: SourceFile): Finding[] {
  if (!isCode(path)) return [];
  const long = functionBodies(scanned.code).filter(({ lines }) => lines > functionLinesMax);
  return long.map(({ line, lines }) => ({
    path,
    line,
    message: `function of ${lines} lines, ${functionLinesMax} at most: name its parts`,
  }));
}

/** Names say what a thing is. */
export function vagueNames({ path, scanned }: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const inPath = wordsOf(path).find((word) => vague.has(word));
  if (inPath !== undefined)
    findings.push({ path, message: `"${inPath}" in a file name says nothing: name what is in it` });
  for (const [index, { kind, text, line }] of scanned.code.entries()) {
    if (kind !== "word" || !declaring.has(scanned.code[index - 1]?.text ?? "")) continue;
    const word = wordsOf(text).find((part) => vague.has(part));
    if (word !== undefined)
      findings.push({ path, line, message: `"${word}" in ${text} says nothing: name what it does` });
  }
  return findings;
}

function wordsOf(name: string): string[] {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.flatMap((word) => [word, word.replace(/s$/, "")]);
}

/** Types are written down, and the checker is not silenced. */
export function looseTypes({ path, scanned }: SourceFile): Finding[] {
  const findings: Finding[] = [];
  if (path.endsWith(".generated.ts")) return findings;
  for (const [index, { kind, text, line }] of scanned.code.entries()) {
    const before = scanned.code[index - 1]?.text ?? "";
    const after = scanned.code[index + 1]?.text ?? "";
    if (kind !== "word" || text !== "any" || before === "." || [":", "("].includes(after)) continue;
    if (["const", "let", "{"].includes(before) && after !== "[") continue;
    findings.push({ path, line, message: "`any` switches the checker off: write the type or `unknown`" });
  }
  for (const { kind, text, line } of scanned.all) {
    if (kind === "comment" && /@ts-(ignore|nocheck)/.test(text))
      findings.push({ path, line, message: "mend the type instead of silencing it" });
  }
  return findings;
}

/** Every test runs, or says why it does not. */
export function silentTests({ path, scanned }: SourceFile): Finding[] {
  if (!path.startsWith("test/")) return [];
  const { code } = scanned;
  return code.flatMap(({ text, line }, index) => {
    if (code[index - 1]?.text !== "." || code[index - 1]?.kind !== "punctuation" || code[index]!.kind !== "word")
      return [];
    const onTest = ["test", "it", "describe", "suite"].includes(code[index - 2]?.text ?? "");
    if (text === "only" && onTest) return [{ path, line, message: ".only leaves the other tests out: take it away" }];
    if (!["skip", "todo"].includes(text) || code[index + 1]?.text !== "(") return [];
    const reason = !onTest && code[index + 2]?.kind === "string" && code[index + 2]!.text.length > 2;
    const message = `.${text} without a reason: call context.skip("why") inside the test, or write the test`;
    return reason || (!onTest && code[index - 2]?.text !== "context") ? [] : [{ path, line, message }];
  });
}

/** What is to be done stands in an issue, not in the code. */
export function openEnds({ path, text }: SourceFile): Finding[] {
  if (isRule(path)) return [];
  return linesWith(text, /\b(TODO|FIXME)\b/).map((line) => ({
    path,
    line,
    message: "do it now, or write an issue and take the note out",
  }));
}

/** American spelling in code and schemas. */
export function spelling({ path, text }: SourceFile): Finding[] {
  if (isRule(path) || !/^(src|test|schemas|scripts)\//.test(path)) return [];
  return linesWith(text, /licen[c]e/i).map((line) => ({ path, line, message: 'write "license" with an s' }));
}

/** Nothing of the machine that we were written on. */
export function foreignPlaces({ path, text }: SourceFile): Finding[] {
  if (isRule(path)) return [];
  const places = linesWith(text, /(?<![\w.-])\/(work|root)\//).map((line) => ({
    path,
    line,
    message: "a path of one machine: make it relative",
  }));
  const hosts = linesWith(text, /\bregistry\.[a-z0-9-]+\.[a-z]|\b(artifactory|verdaccio|nexus)[.:/]/i);
  return [
    ...places,
    ...hosts.map((line) => ({ path, line, message: "the host of a package registry: leave it to the user's npm" })),
  ];
}

function linesWith(text: string, pattern: RegExp): number[] {
  return text.split("\n").flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}

/** Whoever calls a function or makes an object reads what it means. */
export function docstrings({ path, scanned }: SourceFile): Finding[] {
  if (!path.startsWith("src/") || !isCode(path)) return [];
  const { all } = scanned;
  return all.flatMap((token, index) => {
    if (token.kind !== "word" || token.text !== "export") return [];
    const words = all
      .slice(index + 1, index + 4)
      .filter(({ text }) => text !== "async" && text !== "abstract" && text !== "default");
    const [what, name] = words;
    if (what?.text !== "function" && what?.text !== "class") return [];
    const before = all[index - 1];
    if (before?.kind === "comment" && before.text.startsWith("/**") && before.lineEnd === token.line - 1) return [];
    return [{ path, line: token.line, message: `say in a /** */ above it what ${name?.text ?? "it"} means` }];
  });
}
