// Builds the Terraform providers: one bundle under four names. node scripts/build-providers.mjs [--outdir=FOLDER]
//   FOLDER/mirror    a filesystem mirror: name it in provider_installation, or copy what is in it to ~/.terraform.d/plugins
//   FOLDER/registry  what a registry takes: a zip for each provider and platform, SHA256SUMS, manifest
// With STEWARD_GPG_KEY set, gpg signs each SHA256SUMS with that key. The bundle needs node on PATH, so every platform gets the same file;
// Windows starts no scripts, and gets none.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProvider } from "./bundle-provider.mjs";
import { zipOf } from "./zip.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const said = process.argv.find((word) => word.startsWith("--outdir="))?.slice("--outdir=".length);
const outdir = said ?? join(root, "dist", "terraform");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** As src/terraform/provider-schema.ts has it. */
const source = "steward.example/steward";
const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];
const names = readdirSync(join(root, "schemas"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(root, "schemas", entry.name)).some(isKind))
  .map((entry) => entry.name);

function isKind(file) {
  return file.endsWith(".json") && file !== "labels.json";
}

function writeMirror(bundle, name) {
  for (const platform of platforms) {
    const folder = join(outdir, "mirror", source, name, version, platform);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `terraform-provider-${name}_v${version}`);
    copyFileSync(bundle, path);
    chmodSync(path, 0o755);
  }
}

function writeRegistry(content, name) {
  const folder = join(outdir, "registry", name);
  mkdirSync(folder, { recursive: true });
  const stem = `terraform-provider-${name}_${version}`;
  const zip = zipOf(`terraform-provider-${name}_v${version}`, content);
  const manifest = `${JSON.stringify({ version: 1, metadata: { protocol_versions: ["6.0"] } }, undefined, 2)}\n`;
  const files = [
    ...platforms.map((platform) => [`${stem}_${platform}.zip`, zip]),
    [`${stem}_manifest.json`, Buffer.from(manifest)],
  ];
  for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
  const sums = files.map(([file, bytes]) => `${createHash("sha256").update(bytes).digest("hex")}  ${file}\n`);
  const sumsPath = join(folder, `${stem}_SHA256SUMS`);
  writeFileSync(sumsPath, sums.join(""));
  const key = process.env.STEWARD_GPG_KEY;
  if (!key) return;
  execFileSync("gpg", [
    "--batch",
    "--yes",
    "--local-user",
    key,
    "--output",
    `${sumsPath}.sig`,
    "--detach-sign",
    sumsPath,
  ]);
}

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const bundle = join(outdir, "terraform-provider.cjs");
await bundleProvider(join(root, "src/terraform/provider.ts"), bundle);
for (const name of names) {
  writeMirror(bundle, name);
  writeRegistry(readFileSync(bundle), name);
}
