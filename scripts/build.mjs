// Bundles src/ into dist/: one ES module per entry, shared chunks, dependencies left to npm. Type declarations come from tsc.
// dist/cdktf and dist/cdktn are what CDKTF apps import. With --outdir=FOLDER the bundle goes there instead; --no-types leaves
// the declarations out.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { bundleProvider } from "./bundle-provider.mjs";

const outdir = process.argv.find((word) => word.startsWith("--outdir="))?.slice("--outdir=".length) ?? "dist";
const shared = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  packages: "external",
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
};

/**
 * The bindings and constructs once for each library. Their sources name cdktf; for cdktn, its fork with the same API, only the name is
 * another. CommonJS, as both libraries are and most apps that use them: ES modules can import it too.
 */
async function buildForLibrary(library) {
  const folder = join(outdir, library);
  await build({
    ...shared,
    entryPoints: { index: "src/cdktf/index.ts" },
    outdir: folder,
    format: "cjs",
    ...(library !== "cdktf" && { alias: { cdktf: library } }),
  });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

/** Declarations of a library's entry lie beside it, because the folder says how they are to be read. */
function moveDeclarations() {
  const from = join(outdir, "types", "cdktf");
  for (const library of ["cdktn", "cdktf"]) {
    const folder = join(outdir, library);
    cpSync(from, folder, { recursive: true });
    for (const path of filesOf(folder, ".d.ts")) adaptDeclarations(path, library);
  }
  rmSync(from, { recursive: true });
}

/** The library's own name; and `./x.js` for `./x.ts`, which compilers before TypeScript 5 do not follow. */
function adaptDeclarations(path, library) {
  const text = readFileSync(path, "utf8");
  const named = text.replaceAll(/(["'])cdktf\1/g, `$1${library}$1`);
  writeFileSync(path, named.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
}

const filesOf = (folder, ending) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(folder, path));

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  ...shared,
  entryPoints: ["src/cli.ts", "src/index.ts"],
  outdir,
  splitting: true,
  format: "esm",
  chunkNames: "chunks/[name]-[hash]",
});
// What `steward terraform install` puts where Terraform looks.
await bundleProvider("src/terraform/provider.ts", join(outdir, "terraform-provider.cjs"));
for (const library of ["cdktf", "cdktn"]) await buildForLibrary(library);
if (!process.argv.includes("--no-types")) {
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  const words = ["-p", "tsconfig.build.json", "--outDir", join(outdir, "types")];
  execFileSync(process.execPath, [join(typescript, "bin/tsc"), ...words], { stdio: "inherit" });
  moveDeclarations();
}
