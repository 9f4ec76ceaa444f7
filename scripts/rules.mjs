// Takes out what implements each rule of docs/systems/SYSTEM.md, one piece of source after the other, and expects that a test with
// the id of the rule in its name fails. The pieces stand in test/rules/SYSTEM.yaml. The project itself is never touched: the tests
// run in copies of it.
//
//   node scripts/rules.mjs [--check] [SYSTEM…] [RULE…]    such as: node scripts/rules.mjs momentus MOM-05
//
// --check reads only, and runs no test. Exit 0: every piece is missed; 1: what is not; 64: no such system or rule.
import { readRules, systemsWithTable } from "./rules/table.mjs";
import { Trial } from "./rules/trial.mjs";

/** One for each core of a small machine; more would make tests miss their time limits. */
const copies = 2;

const saidOf = {
  survived: "can be taken out and no test fails",
  broken: "cannot be tried, because the changed code does not run",
  hung: "cannot be tried, because the tests do not end",
};

const root = process.cwd();
const words = process.argv.slice(2).filter((word) => word !== "--check");
const ids = words.filter((word) => /^[A-Z]+-\d+$/.test(word));
const named = words.filter((word) => !ids.includes(word));
const known = systemsWithTable(root);
const stranger = named.find((name) => !known.includes(name));
if (stranger !== undefined) leave(`no such table: test/rules/${stranger}.yaml; there are ${known.join(", ")}`);

const systems = (named.length > 0 ? named : known).map((name) => readRules(root, name));
const unknown = ids.find((id) => !systems.some(({ rules }) => rules.some((rule) => rule.id === id)));
if (unknown !== undefined) leave(`no such rule: ${unknown}`);

const problems = systems.flatMap((system) => system.problems);
if (!process.argv.includes("--check")) for (const system of systems) problems.push(...(await tryOut(system)));
for (const problem of problems) console.log(`! ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Tries every mutant of a system; what is wrong, in words. */
async function tryOut({ name, rules, prefix }) {
  const wanted = rules.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const mutants = wanted.flatMap(({ mutants: all }) => all);
  const begun = Date.now();
  const trial = new Trial(root, copies);
  try {
    const baseline = await trial.withoutChange(prefix);
    const found = [...baseline.problems];
    for (const { id, mutants: own } of wanted) {
      if (own.length > 0 && !baseline.files.has(id))
        found.push(`${id} is in the name of no test that passes: not tried`);
    }
    const ready = mutants.filter((mutant) => mutant.times === 1 && baseline.files.has(mutant.id));
    const results = await trial.tryAll(ready, baseline.files, (mutant, result, ms) => {
      console.log(`${result.padEnd(9)} ${mutant.id}  ${(ms / 1000).toFixed(1)} s  ${mutant.breaks}`);
    });
    const survivors = results.filter(({ result }) => result !== "caught");
    found.push(
      ...survivors.map(({ mutant, result }) => `${mutant.id} ${saidOf[result]}: ${mutant.breaks} (${mutant.file})`),
    );
    const seconds = Math.round((Date.now() - begun) / 1000);
    const counts = `${wanted.length} rules, ${mutants.length} mutants, ${results.length - survivors.length} caught`;
    console.log(`${name}: ${counts}, ${mutants.length - results.length + survivors.length} not, ${seconds} s`);
    return found;
  } finally {
    trial.remove();
  }
}

function leave(message) {
  console.error(message);
  process.exit(64);
}
