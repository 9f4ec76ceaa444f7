import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { libraryNames } from "./cdktf-fixture.ts";
import { type BuiltPackage, buildPackage } from "./world/built-package.ts";

const root = new URL("..", import.meta.url).pathname;
const require = createRequire(import.meta.url);
const typescript = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
let built: BuiltPackage;
let complaints: string[];

beforeAll(() => {
  built = buildPackage({ types: true });
  for (const library of libraryNames) {
    const folder = join(built.folder, "examples", library);
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, "examples/cdktf"), folder, { recursive: true, filter: (path) => !path.includes("cdktf.out") });
    for (const [from, to] of [
      ["examples/cdktf/main.ts", "main.ts"],
      ["test/cdktf-wrong-use.ts", "wrong-use.ts"],
    ] as const)
      writeFileSync(join(folder, to), forLibrary(readFileSync(join(root, from), "utf8"), library));
    writeFileSync(join(folder, "from-docs.ts"), forLibrary(codeIn("docs/cdktf.md"), library));
    const right = readFileSync(join(folder, "main.ts"), "utf8");
    const wrong = right.replace('"Enterprise Standard Admin" : r', '("Enterprise Read Only User" as const) : r');
    expect(wrong).not.toBe(right);
    writeFileSync(join(folder, "wrong-role.ts"), wrong);
  }
  complaints = compile();
}, 120_000);
afterAll(() => built.close());

/** The program in a document. */
const codeIn = (path: string): string => /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, path), "utf8"))![1]!;

/** The text of an app that uses the other library: only the names in its import lines are others. */
const forLibrary = (text: string, library: string): string =>
  text.replaceAll(/from "(cdktf|steward\/cdktf|\.\.\/src\/cdktf\/index\.ts)"/g, (_, from: string) =>
    from === "cdktf" ? `from "${library}"` : `from "steward/${library}"`,
  );

/** What the compiler says of the files of both libraries, with our declarations and those of the libraries checked too. */
function compile(): string[] {
  const include = libraryNames.map((library) => `examples/${library}/*.ts`);
  writeFileSync(join(built.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include }));
  const { stdout } = spawnSync(process.execPath, [typescript, "-p", "."], { cwd: built.folder, encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

const compilerOptions = {
  ...{ target: "es2022", module: "nodenext", types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, pretty: false },
};

describe.each(libraryNames)("with %s", (library) => {
  const said = (file: string) => complaints.filter((line) => line.startsWith(`examples/${library}/${file}`));

  test("the example compiles", () => expect(said("main.ts")).toEqual([]));

  test("the app in the documents compiles", () => {
    expect(codeIn("docs/cdktf.md")).toContain("VelocloudServiceAccount");
    expect(said("from-docs.ts")).toEqual([]);
  });

  test("every wrong use is refused by the compiler, and every right one is not", () =>
    expect(said("wrong-use.ts")).toEqual([]));

  test("a wrong use is told in words that lead on", () => {
    expect(said("wrong-role.ts")).toHaveLength(1);
    expect(complaints.join("\n")).toContain("a user with this role cannot have tokens");
  });
});

test("the compiler complains of nothing else, our declarations and the libraries' included", () =>
  expect(complaints.filter((line) => /^\S/.test(line) && !line.includes("wrong-role.ts"))).toEqual([]));

/** What the example synthesises, without what differs by library and machine. */
function synthesise(library: string): Record<string, unknown> {
  const folder = join(built.folder, "examples", library);
  const tsx = require.resolve("tsx/cli");
  const env = { PATH: process.env.PATH, HOME: built.folder, CDKTF_OUTDIR: join(folder, "cdktf.out") };
  execFileSync(process.execPath, [tsx, "main.ts"], { cwd: folder, env });
  const {
    "//": _,
    terraform: __,
    ...rest
  } = JSON.parse(readFileSync(join(folder, "cdktf.out/stacks/access/cdk.tf.json"), "utf8"));
  return rest;
}

describe("the example", () => {
  test("synthesises the same with both libraries", () => {
    const [first, second] = libraryNames.map(synthesise);
    expect(Object.keys((first as { resource: object }).resource)).toHaveLength(8);
    expect(second).toEqual(first);
  });

  test("is what cdktf.json points to, and its output lies where Steward looks for it", () => {
    const config = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8"));
    expect(config).toMatchObject({ app: "npx tsx examples/cdktf/main.ts", output: "examples/cdktf/cdktf.out" });
  });
});
