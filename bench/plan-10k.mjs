// Figures of docs/benchmarks.md: `npm run bench -- [--runs N] [--users N]`. Prints a table; nothing is asserted on times.
import { parseArgs } from "node:util";
import { runNode, summary } from "./measure.mjs";
import { extraLines, makeWorld } from "./world.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "9" }, users: { type: "string", default: "10000" } },
});
const runs = Number(values.runs);
const users = Number(values.users);
const rows = [];

/** Runs something and `node -e 0` in turn, so that both see the same machine. */
function pair(name, run, times = runs) {
  const own = [];
  const bare = [];
  for (let index = 0; index < times; index++) {
    own.push(run());
    bare.push(runNode(["-e", "0"]));
  }
  const row = {
    name,
    times,
    cpu: summary(own.map((each) => each.cpuMs)),
    bare: summary(bare.map((each) => each.cpuMs)),
  };
  rows.push(row);
  const { cpu } = row;
  console.log(
    `| ${name} | ${cpu.median} (${cpu.least}-${cpu.greatest}) | ${row.bare.median} (${row.bare.least}-${row.bare.greatest}) | ${times} |`,
  );
  return own;
}

function assertSays(text, out) {
  if (!out.includes(text)) throw new Error(`expected ${JSON.stringify(text)} in:\n${out.slice(0, 2000)}`);
}

/** Lists of one plan; each method at most once. */
async function listsOf(world, plan) {
  await world.calls();
  const { out } = plan();
  assertSays("No changes.", out);
  return Object.entries(await world.calls()).map(([method, count]) => `${method} ${count}`);
}

async function benchSmall() {
  const world = await makeWorld(1);
  try {
    world.declare(1, extraLines.adopt);
    world.steward("trust --all");
    world.steward("apply --auto-approve");
    pair("`steward --version`", () => world.steward("--version"));
    pair("`steward validate`, 1 user", () => world.steward("validate"));
    pair("`steward plan`, 1 user", () => world.steward("plan"));
  } finally {
    await world.close();
  }
}

async function benchMany() {
  const world = await makeWorld(users);
  try {
    world.declare(users, extraLines.adopt);
    world.steward("trust --all");
    pair(`\`steward apply\`, ${users} adoptions`, () => world.steward("apply --auto-approve"), 1);
    world.declare(users, extraLines.none);
    const calls = await listsOf(world, () => world.steward("plan"));
    pair(`\`steward validate\`, ${users} users`, () => world.steward("validate"));
    for (const { out } of pair(`\`steward plan\`, ${users} users`, () => world.steward("plan")))
      assertSays("No changes.", out);
    pair(`\`steward drift\`, ${users} users`, () => world.steward("drift"));
    world.steward("refresh --out actual.json");
    pair(`\`steward plan --actual\`, ${users} users`, () => world.steward("plan --actual actual.json"));
    return calls;
  } finally {
    await world.close();
  }
}

async function benchCreates(count) {
  const world = await makeWorld(0);
  try {
    world.declare(count, extraLines.password);
    world.steward("trust --all");
    pair(`\`steward apply\`, ${count} creates`, () => world.steward("apply --auto-approve"), 1);
  } finally {
    await world.close();
  }
}

console.log("| what | CPU ms: median (least-greatest) | `node -e 0` beside it | runs |\n|---|---|---|---|");
await benchSmall();
const calls = await benchMany();
await benchCreates(users / 10);
console.log(`\ncalls of one plan with ${users} users:\n${calls.map((line) => `  ${line}`).join("\n")}`);
