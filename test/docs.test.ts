import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const left = new Set(["node_modules", "dist", "coverage", "cdktf.out"]);

function documentsBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (left.has(entry.name) || entry.name.startsWith(".") || entry.isSymbolicLink()) return [];
    if (entry.isDirectory()) return documentsBelow(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** A heading as the anchor that links name. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)];
  const slug = (heading: string) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "");
  return new Set(headings.map(([, heading = ""]) => slug(heading.trim()).replaceAll(" ", "-")));
}

/** Links of a document that lead nowhere. */
function brokenLinks(path: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].flatMap(([, link = ""]) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return [`${path}: ${link} leads nowhere`];
    const isKnown = anchor === undefined || anchorsOf(textOf(target)).has(anchor);
    return isKnown ? [] : [`${path}: ${target} has no heading for #${anchor}`];
  });
}

const { files } = JSON.parse(textOf("package.json")) as { files: string[] };

/** Links of a document of the package to what the package does not bring. */
function linksOutside(path: string, text: string): string[] {
  const patterns = files.map((one) => new RegExp(`^${one.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}(?:/|$)`));
  const isBrought = (target: string): boolean => patterns.some((one) => one.test(target));
  if (!isBrought(path)) return [];
  return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s#]+)/g)].flatMap(([, link = ""]) => {
    const target = join(dirname(path), link).replace(/\/$/, "");
    // Of a folder that is linked something must be there.
    const isThere = isBrought(target) || files.some((one) => one.startsWith(`${target}/`));
    return isThere ? [] : [`${path}: ${link} is not in the package`];
  });
}

/** Tests that a document names and that do not exist: `test/x.test.ts` › "name", "another name". */
function unknownTests(path: string, text: string): string[] {
  const citations = text.matchAll(/`(test\/[\w./-]+\.ts)`((?:\s*(?:›|,|and)\s*"[^"]+")*)/g);
  return [...citations].flatMap(([, file = "", names = ""]) => {
    if (!existsSync(join(root, file))) return [`${path}: there is no ${file}`];
    const source = textOf(file);
    return [...names.matchAll(/"([^"]+)"/g)].flatMap(([, name = ""]) =>
      source.includes(`"${name}"`) ? [] : [`${path}: ${file} has no test "${name}"`],
    );
  });
}

/** Parts of src/ that the codemap forgot. */
function unmappedParts(architecture: string): string[] {
  const entries = readdirSync(join(root, "src"), { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return names.filter((name) => !architecture.includes(`| \`${name}\` |`));
}

/** Files in backticks that do not exist; names with a placeholder in capitals or a pattern are left alone. */
function unknownFiles(path: string, text: string): string[] {
  return [...text.matchAll(/`((?:src|test|schemas|scripts|docs)\/[a-z0-9./-]+)`/g)].flatMap(([, file = ""]) =>
    existsSync(join(root, file)) ? [] : [`${path}: there is no ${file}`],
  );
}

const documents = documentsBelow("").filter((path) => !path.startsWith("docs/kinds/"));

describe.each(documents)("%s", (path) => {
  const text = textOf(path);

  test("links to what is there", () => {
    expect([...brokenLinks(path, text), ...linksOutside(path, text)]).toEqual([]);
  });

  test("names files and tests that are there", () => {
    expect([...unknownFiles(path, text), ...unknownTests(path, text)]).toEqual([]);
  });
});

describe("the codemap", () => {
  test("has a line for every part of src/: add one to ARCHITECTURE.md", () => {
    expect(unmappedParts(textOf("ARCHITECTURE.md"))).toEqual([]);
  });
});

describe("these checks", () => {
  test("see what is wrong", () => {
    expect(brokenLinks("docs/a.md", "[a](b.md) [c](../README-of-nobody.md)")).toHaveLength(2);
    expect(brokenLinks("CONTRIBUTING.md", "[a](#no-such-heading) [b](#set-up)")).toHaveLength(1);
    expect(
      linksOutside("README.md", "[a](examples/terraform) [b](bench/world.mjs) [c](examples/cdktf/main.ts)"),
    ).toEqual(["README.md: bench/world.mjs is not in the package"]);
    expect(unknownTests("a.md", '`test/tidy.test.ts` › "sees the project", "no test has this name at all"')).toEqual([
      expect.stringContaining("no test has"),
    ]);
    expect(unknownFiles("a.md", "`src/no-such-file.ts` and `src/io.ts`")).toHaveLength(1);
    expect(unmappedParts("| `io.ts` |")).toContain("state.ts");
  });
});
