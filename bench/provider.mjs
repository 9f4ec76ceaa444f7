// From the start of a provider to its handshake, in turn with `node -e 0`, so that both saw the same machine: one executable, with TLS,
// started as Terraform starts it. The do-nothing provider, or with --engine that of velocloud. --rounds N, 41 by default. Figures are in
// docs/benchmarks.md.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { summary } from "./measure.mjs";

const root = new URL("..", import.meta.url).pathname;
const at = process.argv.indexOf("--rounds");
const rounds = at === -1 ? 41 : Number(process.argv[at + 1]);
const folder = mkdtempSync(join(tmpdir(), "steward-bench-"));

/** A certificate as Terraform's own is, made once: its making is Terraform's time. */
function clientCertificate() {
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-521 -nodes -keyout ${key} -out ${certificate} -subj /CN=localhost -days 2`;
  execFileSync("openssl", words.split(" "), { stdio: "ignore" });
  return readFileSync(certificate, "utf8");
}

const elapsedMs = (began) => Number(process.hrtime.bigint() - began) / 1e6;

/** Milliseconds until the line is there, and until the process is gone after it was told to end. */
async function timeHandshake(executable, env) {
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, [executable], { env, stdio: ["ignore", "pipe", "ignore"] });
  const exit = once(child, "exit");
  const [line] = await once(child.stdout, "data");
  const lineMs = elapsedMs(began);
  if (!String(line).startsWith("1|6|unix|")) throw new Error(`no handshake: ${line}`);
  child.kill("SIGTERM");
  await exit;
  return lineMs;
}

async function timeNode() {
  const began = process.hrtime.bigint();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return elapsedMs(began);
}

try {
  const [name, entry] = process.argv.includes("--engine")
    ? ["velocloud", "src/terraform/provider.ts"]
    : ["synthetic", "bench/synthetic-provider.ts"];
  const executable = join(folder, `terraform-provider-${name}_v1.0.0`);
  execFileSync(process.execPath, ["scripts/bundle-provider.mjs", entry, executable], {
    cwd: root,
  });
  const env = {
    ...{ PATH: process.env.PATH, TMPDIR: tmpdir(), PLUGIN_PROTOCOL_VERSIONS: "5,6" },
    TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    PLUGIN_CLIENT_CERT: clientCertificate(),
  };
  const pairs = [];
  for (let round = 0; round < rounds; round++) pairs.push([await timeHandshake(executable, env), await timeNode()]);
  const [provider, node] = [0, 1].map((index) => summary(pairs.map((pair) => pair[index])));
  const ratio = summary(pairs.map(([ours, theirs]) => (100 * ours) / theirs));
  const show = ({ median, least, greatest }) => `${median} (${least}-${greatest})`;
  console.log(`start to handshake  ${show(provider)} ms`);
  console.log(`node -e 0           ${show(node)} ms`);
  console.log(`ratio               ${ratio.median / 100} (${ratio.least / 100}-${ratio.greatest / 100}), at most 2.5`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
