// What a provider costs Terraform: empty plans and empty applies of many resources, in turn with the do-nothing provider on the same wire
// layer, and what creating them takes once: `npm run bench:provider-resources -- [--resources N] [--rounds N]`. Needs a real terraform
// (TERRAFORM_BIN, else `terraform` on PATH). The orchestrator is simulated, in a process of its own. Figures are in docs/benchmarks.md.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundleProvider } from "../scripts/bundle-provider.mjs";
import { summary } from "./measure.mjs";

const { values } = parseArgs({
  options: { resources: { type: "string", default: "1000" }, rounds: { type: "string", default: "7" } },
});
const count = Number(values.resources);
const rounds = Number(values.rounds);
const terraform = process.env.TERRAFORM_BIN ?? "terraform";
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "steward-bench-"));

/** Runs terraform where one provider is declared, and answers how long it took. */
function time({ work, env }, words, codes = [0]) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(terraform, words, {
    cwd: work,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (!codes.includes(status))
    throw new Error(`${words.join(" ")}: ${status}\n${`${stdout}\n${stderr}`.slice(0, 3000)}`);
  return performance.now() - began;
}

async function declare(name, entry, main, variables = {}) {
  const bin = join(folder, name);
  const work = join(bin, "work");
  mkdirSync(work, { recursive: true });
  await bundleProvider(here(entry), join(bin, `terraform-provider-${name}`));
  const rc = join(bin, "terraform.rc");
  const source = `steward.example/steward/${name}`;
  writeFileSync(rc, `provider_installation {\n dev_overrides { "${source}" = "${bin}" }\n direct {}\n}\n`);
  writeFileSync(
    join(work, "main.tf"),
    `terraform {\n required_providers {\n ${name} = { source = "${source}" }\n }\n}\n${main}`,
  );
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, TMPDIR: tmpdir(), TF_CLI_CONFIG_FILE: rc },
    ...{ CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", ...variables },
  };
  return { name, work, env };
}

const outfile = join(folder, "simulator.mjs");
await build({ entryPoints: [here("simulator.ts")], outfile, bundle: true, platform: "node", format: "esm" });
const simulator = spawn(process.execPath, [outfile], { stdio: ["pipe", "pipe", "inherit"] });
try {
  const { value } = await createInterface({ input: simulator.stdout })[Symbol.asyncIterator]().next();
  const {
    url,
    credentials: { username, password },
  } = JSON.parse(value);
  const nothing = await declare(
    "synthetic",
    "synthetic-provider.ts",
    `resource "synthetic_thing" "t" {\n count = ${count}\n name = "Thing \${count.index}"\n text = "One of many"\n texts = ["a"]\n}\n`,
  );
  const ours = await declare(
    "velocloud",
    "../src/terraform/provider.ts",
    `variable "password" {
  type      = string
  ephemeral = true
}
provider "velocloud" {
  url           = "${url}"
  enterprise_id = 1
  environment   = "prod"
  credentials   = { username = "${username}", password = var.password }
}
resource "velocloud_role" "r" {
  count       = ${count}
  name        = "Role \${count.index}"
  description = "One of many"
  privileges  = ["Global Settings Enterprise Read Only"]
}
`,
    { TF_VAR_password: password },
  );
  const apply = ["apply", "-auto-approve", "-no-color"];
  const empty = ["plan", "-detailed-exitcode", "-no-color"];
  for (const one of [nothing, ours])
    console.log(`create ${count} of ${one.name}: ${Math.round(time(one, apply))} ms, once`);
  for (const [what, words] of Object.entries({ "empty plan": empty, "empty apply": apply })) {
    for (const one of [nothing, ours]) time(one, words);
    const pairs = Array.from({ length: rounds }, () => [time(ours, words), time(nothing, words)]);
    const ratios = pairs.map(([mine, other]) => mine / other);
    console.log(`${what} of ${count}`, {
      "velocloud, ms": summary(pairs.map(([mine]) => mine)),
      "do-nothing, ms": summary(pairs.map(([, other]) => other)),
      "times, of 100": summary(ratios.map((ratio) => ratio * 100)),
    });
  }
} finally {
  simulator.kill();
  rmSync(folder, { recursive: true, force: true });
}
