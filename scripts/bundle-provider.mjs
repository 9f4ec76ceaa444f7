// Bundles one provider into one executable file: node scripts/bundle-provider.mjs ENTRY OUTFILE
// CommonJS without a folder of packages beside it, because Terraform starts it several times in every command, and each start counts.
// gRPC, protobuf and msgpack are part of it; whoever uses `steward` alone never installs them. So are the schemas and the version, which
// the package reads from files.
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A module with the same exports as one that reads files, and what it would read. The text is parsed when it is first asked for. */
const carried = { name: "carried", setup: carry };

function carry({ onLoad }) {
  onLoad({ filter: /[\\/]src[\\/]schema-files\.ts$/ }, () => ({ contents: schemaModule(), loader: "js" }));
  onLoad({ filter: /[\\/]src[\\/]version\.ts$/ }, () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return { contents: `export const version = () => ${JSON.stringify(version)};`, loader: "js" };
  });
}

function schemaModule() {
  const paths = readdirSync(join(root, "schemas"), { recursive: true, encoding: "utf8" }).sort();
  const read = (path) => JSON.parse(readFileSync(join(root, "schemas", path), "utf8"));
  const isKind = (path) => /[\\/]/.test(path) && path.endsWith(".json") && !path.endsWith("labels.json");
  const kinds = paths.filter(isKind).map(read);
  const labels = paths
    .filter((path) => path.endsWith("labels.json"))
    .map((path) => [dirname(path), labelsOf(read(path))]);
  const text = (value) => JSON.stringify(JSON.stringify(value));
  return `const once = (text) => { let value; return () => (value ??= JSON.parse(text)); };
export const loadKindSchemas = once(${text(kinds)});
export const loadLabels = once(${text(Object.fromEntries(labels))});`;
}

/** As src/schema-files.ts reads them. */
const labelsOf = ({ labels }) =>
  labels.map(({ key, label, role, mark, secret }) => ({ key, text: label, role, mark, ...(secret ? { secret } : {}) }));

/** Bundles `entry` into the executable file `outfile`. */
export async function bundleProvider(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    // Names stay, so that stacks are readable; keepNames would do that by a function that no page of a browser has.
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: "#!/usr/bin/env node" },
    // Sources that look for files of the package look beside the bundle.
    define: { "import.meta.url": "bundleUrl" },
    inject: [join(root, "scripts/bundle-url.js")],
    plugins: [carried],
    absWorkingDir: root,
    logLevel: "warning",
  });
  chmodSync(outfile, 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [entry, outfile] = process.argv.slice(2);
  if (!entry || !outfile) throw new Error("usage: node scripts/bundle-provider.mjs ENTRY OUTFILE");
  await bundleProvider(entry, outfile);
}
