// Bundles src/ into dist/: one ES module per entry, shared chunks, dependencies left to npm. Type declarations come from tsc.
// With --outdir=FOLDER the bundle goes there instead; --no-types leaves the declarations out.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const entryPoints = ["src/cli.ts", "src/index.ts"].filter((file) => existsSync(file));
const outdir = process.argv.find((word) => word.startsWith("--outdir="))?.slice("--outdir=".length) ?? "dist";
rmSync(outdir, { recursive: true, force: true });
if (entryPoints.length > 0) {
  await build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    sourcemap: true,
    sourcesContent: false,
    chunkNames: "chunks/[name]-[hash]",
    logLevel: "warning",
  });
  if (!process.argv.includes("--no-types")) {
    const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
    execFileSync(process.execPath, [join(typescript, "bin/tsc"), "-p", "tsconfig.build.json"], { stdio: "inherit" });
  }
}
