// Writes what follows from the schemas: schemas/manifest.json for editors, docs/kinds, and bindings for CDKTF. With --check it only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { stringify } from "yaml";
import { bindings } from "./bindings.mjs";

const root = resolve(import.meta.dirname, "..");
/** A connector's folder holds settings.ts, which needs none of its code: systemSettings. */
const connectors = readdirSync(join(root, "src/connectors")).filter((name) =>
  existsSync(join(root, "src/connectors", name, "settings.ts")),
);
const entry = [
  'export { editorSchema } from "./src/manifest/editor-schema.ts";',
  'export { kindName } from "./src/manifest/resources.ts";',
  'export { metaSchema } from "./src/manifest/meta.ts";',
  'export { systemParts } from "./src/manifest/systems.ts";',
  'export { kindPage } from "./src/render/kind-page.ts";',
  'export { systemPage } from "./src/render/system-page.ts";',
  'export { loadKindSchemas, loadLabels } from "./src/schema-files.ts";',
  'export { providerNames, providerSchemas } from "./src/terraform/provider-schema.ts";',
  'export { exampleHcl } from "./src/render/hcl.ts";',
  'export { terraformPage } from "./src/render/terraform-page.ts";',
  'export { terraformForm } from "./src/terraform/form.ts";',
  'export { dataSourceBlock } from "./src/terraform/engine/data-source.ts";',
  'export { providerBlock } from "./src/terraform/engine/provider-block.ts";',
  'export { secretSourceBlock, secretSourceName } from "./src/terraform/engine/secret-source.ts";',
  'export { timeoutsAttribute } from "./src/terraform/engine/timeouts.ts";',
  'export { sinkSettings } from "./src/sinks/open.ts";',
  ...connectors.map((name) => `export * as ${name} from "./src/connectors/${name}/settings.ts";`),
].join("\n");

/** The sources as one module in dist/, from where they find the schemas and the packages. */
async function load() {
  const outfile = join(root, `dist/generate-${process.pid}.mjs`);
  try {
    const stdin = { contents: entry, resolveDir: root, loader: "ts" };
    await build({
      stdin,
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      logLevel: "warning",
    });
    const sources = await import(pathToFileURL(outfile).href);
    return { ...sources, kinds: sources.loadKindSchemas() };
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** Pages of our providers, in the layout of registries. */
function* terraformPages() {
  const kinds = new Map(sources.kinds.map((kind) => [sources.kindName(kind), kind]));
  const blocks = new Map([...kinds].map(([name, kind]) => [name, sources.terraformForm(kind).block]));
  for (const type of types) {
    const own = [...kinds].filter(([, kind]) => kind["x-system"] === type.name);
    if (own.length === 0) continue;
    const folder = `docs/terraform/${type.name}`;
    const page = (path, parts) => [`${folder}/${path}.md`, sources.terraformPage(parts)];
    yield page("index", {
      name: type.name,
      what: "Provider",
      block: sources.providerBlock(type),
      example: providerHcl(type),
    });
    const secret = sources.secretSourceName(type.name);
    const secretParts = { name: secret, what: "Ephemeral Resource", block: sources.secretSourceBlock, example: "" };
    yield page(`ephemeral-resources/${secret}`, secretParts);
    for (const [name, kind] of own) {
      const example = kind.examples?.[0] ? sources.exampleHcl(kind.examples[0], blocks, kinds) : "";
      const imported = importShell(name, kind);
      yield page(`resources/${name}`, {
        name,
        what: "Resource",
        block: withTimeouts(blocks.get(name)),
        example,
        imported,
      });
      const data = { name, what: "Data Source", block: sources.dataSourceBlock(kind), example: "" };
      yield page(`data-sources/${name}`, data);
    }
  }
}

const withTimeouts = (block) => ({
  ...block,
  attributes: { ...block.attributes, timeouts: sources.timeoutsAttribute },
});

/** By the id of the system, and by what names the object where that is one object only. */
function importShell(name, kind) {
  const keys = kind["x-identity"].map((one) => one.toUpperCase()).join("/");
  const ways = kind["x-unique"] === false || keys === "" ? ["ID"] : [...new Set(["ID", keys])];
  return ways.map((way) => `terraform import ${name}.x ${way}`).join("\n");
}

/** The provider block of the example of a system: secrets come from variables. */
function providerHcl({ name, settings }) {
  const values = Object.values(settings.example ?? {})[0] ?? {};
  const hcl = sources.exampleHcl(
    { [name]: { x: values } },
    new Map([[name, sources.providerBlock({ name, settings })]]),
    new Map(),
  );
  return hcl.replace(/^resource "[a-z]+" "x"/, `provider "${name}"`);
}

const sources = await load();
const types = connectors.map((name) => ({ name, settings: sources[name].systemSettings }));
const files = new Map([
  [
    "schemas/manifest.json",
    `${JSON.stringify(sources.editorSchema(sources.kinds, types, sources.sinkSettings, sources.loadLabels()), null, 2)}\n`,
  ],
]);
for (const kind of sources.kinds) {
  const name = sources.kindName(kind);
  const example = kind.examples?.[0];
  const text = example ? stringify({ resources: example }, { lineWidth: 110 }) : "";
  files.set(`docs/kinds/${name}.md`, sources.kindPage(name, kind, sources.metaSchema, text));
}
for (const type of types) {
  const { example } = type.settings;
  const text = example ? stringify({ systems: example }, { lineWidth: 110 }) : "";
  files.set(`docs/kinds/system-${type.name}.md`, sources.systemPage(sources.systemParts(type), text));
}
for (const [path, text] of terraformPages()) files.set(path, text);
const blockOf = (system) => sources.providerBlock(types.find(({ name }) => name === system));
const providers = sources.providerSchemas(sources.kinds, sources.providerNames(sources.kinds), blockOf);
for (const [path, text] of await bindings(providers)) files.set(path, text);
const left = filesOf("src/cdktf").filter((path) => path.endsWith(".generated.ts") && !files.has(path));

/** Every file below a folder; none when it is not there. */
function filesOf(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true }).map((path) => `${folder}/${path.replaceAll("\\", "/")}`);
}

let stale = 0;
for (const path of left) {
  stale += 1;
  console.log(
    process.argv.includes("--check") ? `${path} belongs to no kind: run npm run generate` : `removed ${path}`,
  );
  if (!process.argv.includes("--check")) rmSync(join(root, path));
}
for (const [path, text] of files) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  stale += 1;
  console.log(process.argv.includes("--check") ? `${path} is stale: run npm run generate` : `wrote ${path}`);
  if (process.argv.includes("--check")) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (stale > 0 && process.argv.includes("--check")) process.exitCode = 1;
