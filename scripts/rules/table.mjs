// Reads the rules of a system and what implements them: docs/systems/SYSTEM.md and test/rules/SYSTEM.yaml.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A rule begins a row of a table or an item of a list. */
const ruleStart = /^(?:\| |- )([A-Z]+-\d+)\b/gm;
/** A string that opens a call and is not its only argument: names of tests and of groups are written so. */
const testName = /\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1\s*,(?!\s*\))/g;
const keys = ["breaks", "file", "find", "instead"];

/** Systems that have a table, by name. */
export function systemsWithTable(root) {
  const files = readdirSync(join(root, "test/rules"));
  return files.filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -".yaml".length));
}

/**
 * The rules of a system in the order of its page, each with its mutants, and what is wrong with the table: rules without an entry,
 * entries without a rule, pieces that do not stand exactly once in their file, and ids that no test names.
 */
export function readRules(root, name) {
  const page = readFileSync(join(root, `docs/systems/${name}.md`), "utf8");
  const ids = [...new Set([...page.matchAll(ruleStart)].map(([, id]) => id))];
  const table = parse(readFileSync(join(root, `test/rules/${name}.yaml`), "utf8")) ?? {};
  const names = namesOfTests(root);
  const strangers = Object.keys(table).filter((id) => !ids.includes(id));
  const problems = strangers.map((id) => `${id} has an entry, and docs/systems/${name}.md has no such rule`);
  const rules = ids.map((id) => {
    const entry = table[id];
    const mutants = Array.isArray(entry) ? entry.map((mutant) => mutantOf(root, id, mutant)) : [];
    problems.push(...wrongWith(id, entry, mutants));
    const isNamed = names.some((text) => wholeId(id).test(text));
    if (mutants.length > 0 && !isNamed) problems.push(`${id} is in the name of no test`);
    return { id, mutants };
  });
  return { name, rules, prefix: ids[0]?.split("-")[0] ?? name, problems };
}

/** The id and not another one that begins with it. */
export function wholeId(id) {
  return new RegExp(`\\b${id}\\b`);
}

function mutantOf(root, id, { breaks, file, find, instead = "", ...more }) {
  const path = join(root, String(file));
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const times = text === undefined || typeof find !== "string" || find === "" ? 0 : text.split(find).length - 1;
  return { id, breaks, file, find, instead, times, more: Object.keys(more) };
}

function wrongWith(id, entry, mutants) {
  if (typeof entry === "string") return entry.trim() === "" ? [`${id} has no reason why no line implements it`] : [];
  if (mutants.length === 0) return [`${id} has no entry: say what implements it, or why no line of ours does`];
  return mutants.flatMap(({ breaks, file, find, instead, times, more }) => {
    const strange = more.length > 0 ? [`${id} has ${more.join(", ")} in its entry: there are ${keys.join(", ")}`] : [];
    if (typeof breaks !== "string") strange.push(`${id} does not say what it breaks in ${file}`);
    if (find === instead) strange.push(`${id} changes nothing in ${file}`);
    if (times === 1) return strange;
    return [...strange, `${id}: its piece stands ${times} times in ${file}, not once: ${JSON.stringify(find)}`];
  });
}

function namesOfTests(root) {
  const files = readdirSync(join(root, "test"), { recursive: true }).filter((file) => file.endsWith(".ts"));
  const texts = files.map((file) => readFileSync(join(root, "test", file), "utf8"));
  return texts.flatMap((text) => [...text.matchAll(testName)].map(([, , called]) => called));
}
