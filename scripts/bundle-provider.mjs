// Bundles one provider into one executable file: node scripts/bundle-provider.mjs ENTRY OUTFILE
// CommonJS without a folder of packages beside it, because Terraform starts it several times in every command, and each start counts.
// gRPC, protobuf and msgpack are part of it; whoever uses `steward` alone never installs them.
import { chmodSync } from "node:fs";
import { build } from "esbuild";

const [entry, outfile] = process.argv.slice(2);
if (!entry || !outfile) throw new Error("usage: node scripts/bundle-provider.mjs ENTRY OUTFILE");
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  minify: true,
  // Names in stacks stay readable.
  keepNames: true,
  banner: { js: "#!/usr/bin/env node" },
  // Sources that look for files of the package look beside the bundle.
  define: { "import.meta.url": "bundleUrl" },
  inject: [new URL("bundle-url.js", import.meta.url).pathname],
  logLevel: "warning",
});
chmodSync(outfile, 0o755);
