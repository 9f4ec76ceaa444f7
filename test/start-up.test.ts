import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

/** What each command loads before it does anything, read off the bundle as scripts/build.mjs makes it. */

const root = new URL("..", import.meta.url).pathname;
const folder = join(root, "dist", `test-start-up-${process.pid}`);
const heavy = [
  ...["undici", "nodemailer", "age-encryption", "ajv", "esbuild", "cdktf", "cdktn", "constructs"],
  ...["@grpc/grpc-js", "@bufbuild/protobuf", "@msgpack/msgpack", "playwright-core", "@sparticuz/chromium"],
];
let meta: Metafile;

beforeAll(async () => {
  const built = await build({
    ...{ absWorkingDir: root, entryPoints: ["src/cli.ts"], outdir: folder, bundle: true, splitting: true },
    ...{ format: "esm", platform: "node", packages: "external", logLevel: "warning", metafile: true },
  });
  meta = built.metafile;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Our sources and the packages that loading these sources brings with it at once. */
function loadedBy(sources: string[]): { ours: string[]; packages: string[] } {
  const outputs = Object.entries(meta.outputs);
  const starts = sources.map((source) => outputs.find(([, { entryPoint }]) => entryPoint === source)?.[0]);
  const waiting = starts.map((output) => output ?? "nothing");
  const seen = new Set<string>();
  const packages = new Set<string>();
  for (let output = waiting.pop(); output !== undefined; output = waiting.pop()) {
    if (seen.has(output)) continue;
    seen.add(output);
    for (const { path, kind, external } of meta.outputs[output]?.imports ?? []) {
      if (kind === "dynamic-import") continue;
      if (external) packages.add(path);
      else waiting.push(path);
    }
  }
  const ours = [...seen].flatMap((output) => Object.keys(meta.outputs[output]?.inputs ?? {}));
  return { ours, packages: [...packages].filter((name) => !name.startsWith("node:")) };
}

const commands = ["validate", "plan", "drift", "apply"];

describe("starting", () => {
  test("loads nothing but the command line for --version", () => {
    const { ours, packages } = loadedBy(["src/cli.ts"]);
    expect(packages).toEqual(["commander"]);
    expect(ours).toContain("src/main.ts");
    expect(ours.filter((file) => /^src\/(?:manifest|plan|connectors|sinks|simulators)\//.test(file))).toEqual([]);
  });

  test.each(commands)("%s loads neither the network, nor encryption, nor simulators", (command) => {
    const { ours, packages } = loadedBy(["src/cli.ts", `src/commands/${command}.ts`]);
    expect(ours).toContain(`src/commands/${command}.ts`);
    expect(packages).toContain("commander");
    for (const name of heavy) expect(packages.filter((path) => path.startsWith(name))).toEqual([]);
    expect(ours.filter((file) => file.startsWith("src/simulators/"))).toEqual([]);
  });

  test("validate loads no engine and no connector's code", () => {
    const { ours } = loadedBy(["src/cli.ts", "src/commands/validate.ts"]);
    expect(ours.filter((file) => /^src\/(?:apply|hands)\/|^src\/connectors\/velocloud\/client/.test(file))).toEqual([]);
  });
});

describe("what speaks Terraform's protocol", () => {
  test("is part of no command, so that nobody needs gRPC who has no provider", () => {
    const inputs = Object.values(meta.outputs).flatMap((output) => Object.keys(output.inputs));
    expect(inputs).toContain("src/terraform/form.ts");
    expect(inputs.filter((file) => file.startsWith("src/terraform/wire/"))).toEqual([]);
  });
});

describe("a connector", () => {
  test.each(commands)("%s has its code in a part of its own, which only its own systems load", (command) => {
    const { ours } = loadedBy(["src/cli.ts", `src/commands/${command}.ts`, "src/connectors/velocloud/connector.ts"]);
    expect(ours).toContain("src/connectors/velocloud/client.ts");
    const settings = ["src/connectors/momentus/license-settings.ts", "src/connectors/momentus/settings.ts"];
    expect(ours.filter((file) => file.startsWith("src/connectors/momentus/")).sort()).toEqual(settings);
    expect(loadedBy(["src/connectors/momentus/connector.ts"]).ours).toContain("src/connectors/momentus/client.ts");
  });
});

describe("a process of its own", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await makeBench();
    await bringUp(bench);
    await bench.steward("refresh --out actual.json --env test");
  });
  afterAll(() => bench.close());

  /** Packages in CommonJS that a run has loaded at its end; the preloaded text asks Node's own list. */
  function packagesOf(words: string): string[] {
    const ask = `import { createRequire } from "node:module";
      const { cache } = createRequire("file:///");
      process.on("exit", () => process.stderr.write("loaded " + Object.keys(cache).join(" ")));`;
    const preload = `data:text/javascript,${encodeURIComponent(ask)}`;
    const child = spawnSync(process.execPath, ["--import", preload, join(folder, "cli.js"), ...words.split(" ")], {
      ...{ cwd: bench.folder, env: { PATH: process.env.PATH, HOME: tmpdir() }, encoding: "utf8" },
    });
    expect(child.status, child.stderr).toBe(0);
    const paths = child.stderr.slice(child.stderr.lastIndexOf("loaded ")).split(" ").slice(1);
    return [...new Set(paths.map((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path))];
  }

  test.each(["--version", "validate --env test", "plan --actual actual.json --env test"])(
    "`steward %s` ends without having loaded the network",
    (words) => {
      const packages = packagesOf(words);
      expect(packages).toContain("commander");
      for (const name of heavy) expect(packages).not.toContain(name);
    },
  );

  test("the list that is asked names undici once it is loaded", () => {
    const text = `import("undici/lib/dispatcher/agent.js").then(() => console.log(Object.keys(require.cache).join(" ")))`;
    const child = spawnSync(process.execPath, ["-e", text], { cwd: root, encoding: "utf8" });
    expect(child.stdout).toContain("/node_modules/undici/");
  });
});
