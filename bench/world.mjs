// A temporary folder with a manifest, and a simulated orchestrator beside it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { build } from "esbuild";
import { runNode } from "./measure.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = here("../dist/cli.js");
const roles = [
  "Enterprise Standard Admin",
  "Enterprise Support",
  "Enterprise Network Admin",
  "Enterprise Security Admin",
];

/** More lines of each user. */
export const extraLines = {
  none: () => "",
  adopt: () => "      lifecycle: { adopt: true }\n",
  password: (name) => `      password: { generate: true, deliver_to: "local:${name}" }\n`,
};

/** A manifest that declares `users` users with five attributes each, the way `makeWorld` of the simulator names them. */
function manifestOf(url, recipient, users, extra) {
  const head = `systems:
  velocloud: { url: "${url}", credentials: { token: "\${env.VCO_TOKEN}" } }
sinks:
  local: { type: age, path: secrets/, recipients: [${recipient}] }
environments:
  test: {}
state: { path: ".steward/state" }
resources:
  velocloud_admin_user:
`;
  const blocks = Array.from({ length: users }, (_, index) => {
    const name = `user${String(index + 1).padStart(5, "0")}`;
    return `    ${name}:
      username: ${name}@customer.example
      role: ${roles[index % roles.length]}
      email: ${name}@customer.example
      enabled: true
      access_level: BASIC
${extra(name)}`;
  });
  return head + blocks.join("");
}

/** Starts a simulator with `existing` users beside an empty folder. */
export async function makeWorld(existing) {
  const folder = mkdtempSync(join(tmpdir(), "steward-bench-"));
  const outfile = join(folder, "simulator.mjs");
  await build({ entryPoints: [here("simulator.ts")], outfile, bundle: true, platform: "node", format: "esm" });
  const child = spawn(process.execPath, [outfile, String(existing)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => JSON.parse((await lines.next()).value);
  const { url, token } = await nextLine();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const env = { VCO_TOKEN: token, STEWARD_AGE_IDENTITY: identity, USER: "bench" };
  return {
    folder,
    env,
    declare: (users, extra) => writeFileSync(join(folder, "steward.yaml"), manifestOf(url, recipient, users, extra)),
    steward: (words, nodeFlags = []) =>
      runNode([...nodeFlags, cli, ...words.split(" "), "--env", "test"], { cwd: folder, env }),
    /** Calls of each method since the last question. */
    calls: () => {
      child.stdin.write("calls\n");
      return nextLine();
    },
    close: async () => {
      child.stdin.end();
      await new Promise((resolve) => child.once("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
