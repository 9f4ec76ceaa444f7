// The same resources in YAML and as a CDKTF app synthesises them: `npm run bench:code -- [--runs N] [--users N]`. Prints a table and the
// ratio of both; nothing is asserted on times.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { runNode, summary } from "./measure.mjs";
import { makeWorld } from "./world.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "9" }, users: { type: "string", default: "5000" } },
});
const runs = Number(values.runs);
const users = Number(values.users);
const domain = "customer.example";
const leader = "user00001";

/** A reference for each user but the first. */
const moreOf = (name) => (name === leader ? "" : `      last_name: "\${velocloud_admin_user.${leader}.username}"\n`);

/** YAML whose e-mail addresses are templates, and the JSON that says the same. */
function declareBoth(world, adopt) {
  const lifecycle = adopt ? "      lifecycle: { adopt: true }\n" : "";
  world.declare(users, (name) => moreOf(name) + lifecycle);
  const yaml = join(world.folder, "steward.yaml");
  const text = readFileSync(yaml, "utf8")
    .replaceAll(`email: `, "email: &")
    .replaceAll(/email: &(\w+)@\S+/g, 'email: "$1@${var.domain}"');
  const [head, resources] = text.split("resources:\n");
  const twin = `${head}variables: { domain: ${domain} }\nresources:\n${resources}`;
  writeFileSync(join(world.folder, "twin.yaml"), twin);
  writeFileSync(yaml, head);
  const stack = join(world.folder, "cdktf.out/stacks/access");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(world.folder, "cdktf.out/manifest.json"), '{"stacks":{"access":{"name":"access"}}}');
  writeFileSync(join(stack, "cdk.tf.json"), synthesized(twin));
}

/** As the libraries write it: sorted, indented by two, with the path of each construct. */
function synthesized(twin) {
  const declared = Object.entries(parse(twin).resources.velocloud_admin_user);
  const all = declared.map(([name, { lifecycle, ...attributes }]) => {
    const metadata = { metadata: { path: `access/team/${name}`, uniqueId: name } };
    return [name, { "//": metadata, ...lifecycle, ...attributes }];
  });
  const stack = {
    "//": { metadata: { backend: "local", stackName: "access", version: "0.21.0" } },
    provider: { velocloud: [{}] },
    resource: { velocloud_admin_user: Object.fromEntries(all) },
    terraform: { required_providers: { velocloud: { source: "steward.example/steward/velocloud" } } },
    variable: { domain: { default: domain, type: "string" } },
  };
  return JSON.stringify(stack, null, 2);
}

function pair(words, world) {
  const ways = { YAML: `${words} --manifest twin.yaml`, code: `${words} --manifest .` };
  const spent = { YAML: [], code: [] };
  const bare = [];
  for (let index = 0; index < runs; index++) {
    for (const [way, line] of Object.entries(ways)) {
      const { cpuMs, out } = world.steward(line);
      if (words === "plan" && !out.includes("No changes.")) throw new Error(out.slice(0, 2000));
      spent[way].push(cpuMs);
    }
    bare.push(runNode(["-e", "0"]).cpuMs);
  }
  const idle = summary(bare);
  for (const [way, times] of Object.entries(spent)) {
    const cpu = summary(times);
    const row = `| \`steward ${words}\`, ${users} users, ${way} | ${cpu.median} (${cpu.least}-${cpu.greatest}) |`;
    console.log(`${row} ${idle.median} (${idle.least}-${idle.greatest}) | ${runs} |`);
  }
  const ratio = summary(spent.code).median / summary(spent.YAML).median;
  return `${words}: code takes ${ratio.toFixed(2)} times as long as YAML`;
}

const world = await makeWorld(users);
try {
  declareBoth(world, true);
  world.steward("trust --all --manifest .");
  world.steward("apply --auto-approve --manifest .");
  declareBoth(world, false);
  console.log("| what | CPU ms: median (least-greatest) | `node -e 0` beside it | runs |\n|---|---|---|---|");
  const ratios = ["validate", "plan"].map((words) => pair(words, world));
  console.log(`\n${ratios.join("\n")}`);
} finally {
  await world.close();
}
