import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Scanned, scan } from "./tokens.ts";

/** A file of ours; code is scanned. */
export interface SourceFile {
  /** Relative to the root, with `/`. */
  path: string;
  text: string;
  scanned: Scanned;
}

/** What is wrong and how to mend it. */
export interface Finding {
  path: string;
  line?: number;
  message: string;
}

const left = new Set(["node_modules", "dist", "coverage", "cdktf.out"]);
/** Other names with a dot in front belong to somebody's editor or machine. */
const kept = new Set([".ci", ".github", ".gitignore"]);

/** A file from its text, as the rules see it. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, scanned: path.endsWith(".ts") ? scan(text) : { all: [], code: [] } };
}

/** Every text file of the project that belongs into version control. */
export function readProject(root: string): SourceFile[] {
  return pathsBelow(root, "").map((path) => sourceFile(path, readFileSync(join(root, path), "utf8")));
}

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (
      left.has(entry.name) ||
      (entry.name.startsWith(".") && !kept.has(entry.name)) ||
      entry.isSymbolicLink() ||
      /\.(tgz|png|age)$/.test(entry.name)
    )
      return [];
    return entry.isDirectory() ? pathsBelow(root, path) : [path];
  });
}

/** One line per finding, for the message of a test. */
export function listFindings(findings: Finding[]): string {
  return findings
    .map(({ path, line, message }) => `${path}${line === undefined ? "" : `:${line}`}  ${message}`)
    .join("\n");
}
