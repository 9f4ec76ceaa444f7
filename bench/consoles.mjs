// Figures of consoles in a real browser for docs/benchmarks.md: `npm run bench:consoles -- [--users N] [--runs N]`. How long a step takes
// once the browser is up, what an empty plan of many console users asks for, and two systems side by side. Nothing is asserted on times.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { build } from "esbuild";
import { runNode, summary } from "./measure.mjs";

const { values } = parseArgs({
  options: { users: { type: "string", default: "200" }, runs: { type: "string", default: "5" } },
});
const users = Number(values.users);
const runs = Number(values.runs);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "steward-bench-"));
const stepsOfOne = 20;

const outfile = join(folder, "simulators.mjs");
await build({ entryPoints: [here("console-simulators.ts")], outfile, bundle: true, platform: "node", format: "esm" });
const child = spawn(process.execPath, [outfile, String(users)], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const nextLine = async () => JSON.parse((await lines.next()).value);
const ready = await nextLine();
const pages = () => {
  child.stdin.write("pages\n");
  return nextLine();
};

const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const env = {
  ...{ STEWARD_AGE_IDENTITY: identity, USER: "bench", STEWARD_BROWSER: process.env.STEWARD_BROWSER ?? "" },
  ...{ IPRESSO_PASSWORD: ready.ipresso.password, VESON_PASSWORD: ready.veson.password },
};

function declare(resources) {
  const { ipresso, veson } = ready;
  writeFileSync(
    join(folder, "steward.yaml"),
    `systems:
  ipresso: { url: "${ipresso.url}", credentials: { username: "${ipresso.username}", password: "\${env.IPRESSO_PASSWORD}" } }
  veson:
    url: ${veson.url}
    api_url: ${veson.url}
    license: { limit: ${veson.limit} }
    credentials: { username: "${veson.username}", password: "\${env.VESON_PASSWORD}" }
sinks:
  local: { type: age, path: secrets/, recipients: [${recipient}] }
environments:
  test: {}
state: { path: ".steward/state" }
resources: ${JSON.stringify(resources)}
`,
  );
}

const steward = (words) =>
  runNode([here("../dist/cli.js"), ...words.split(" "), "--env", "test"], { cwd: folder, env });

/** Milliseconds between the ends of steps that one page carried out one after the other. The first one waited for the browser. */
function stepMs(kind) {
  const state = join(folder, ".steward/state");
  const [log] = readdirSync(state, { recursive: true }).filter((name) => name.endsWith("log.jsonl"));
  const ends = readFileSync(join(state, log), "utf8")
    .split("\n")
    .filter((line) => line.includes('"type":"outcome"') && line.includes(`"step":"${kind}`))
    .map((line) => Date.parse(/"at":"([^"]+)"/.exec(line)[1]))
    .sort((a, b) => a - b);
  return ends.slice(1).map((end, index) => end - ends[index]);
}

const groups = (prefix) =>
  Object.fromEntries(
    Array.from({ length: stepsOfOne }, (_, index) => [
      `${prefix}${index + 1}`,
      { name: `${prefix} ${index + 1}`, permissions: ["GET contact", "POST contact"] },
    ]),
  );
const vesonGroups = Object.fromEntries(
  Array.from({ length: stepsOfOne }, (_, index) => [`g${index + 1}`, { group_name: `Bench ${index + 1}` }]),
);
const show = ({ median, least, greatest }) => `${median} (${least}-${greatest})`;

try {
  declare({ ipresso_user_group: groups("bench"), veson_group: vesonGroups });
  steward("trust --all");
  const both = steward("apply --auto-approve");
  console.log(
    `| a step at the console of iPresso (form of ${4 * 14} boxes) | ${show(summary(stepMs("ipresso_user_group.")))} ms |`,
  );
  console.log(`| a step at the console of Veson IMOS | ${show(summary(stepMs("veson_group.")))} ms |`);
  console.log(
    `| \`steward apply\` of ${2 * stepsOfOne} steps on two systems at once | ${Math.round(both.wallMs)} ms |`,
  );
  const declared = Object.fromEntries(
    ready.users.map(({ login, email, addresses, groups: of }, index) => [
      `user${index + 1}`,
      {
        ...{ login, email, groups: of, allowed_addresses: addresses.length > 0 ? addresses : ["any"] },
        lifecycle: { adopt: true },
      },
    ]),
  );
  declare({ ipresso_user_group: groups("bench"), veson_group: vesonGroups, ipresso_api_user: declared });
  steward("apply --auto-approve");
  await pages();
  const plans = [];
  for (let run = 0; run < runs; run++) {
    const plan = steward("plan");
    if (!plan.out.includes("No changes.")) throw new Error(plan.out.slice(0, 2000));
    plans.push(plan);
  }
  console.log(
    `| empty \`steward plan\`, ${ready.users.length} users of a console, browser started | ${show(summary(plans.map(({ wallMs }) => wallMs)))} ms |`,
  );
  const seen = Object.entries(await pages()).map(([page, count]) => `${page} ${count / runs}`);
  console.log(`\nPages of one such plan:\n${seen.map((line) => `  ${line}`).join("\n")}`);
} finally {
  child.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}
