import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { libraryNames } from "./cdktf-fixture.ts";
import { makeTwinBench, type TwinBench } from "./cdktf-twin-fixture.ts";
import { terraformProgram } from "./provider-terraform-fixture.ts";
import { blocksOf, chapterOf, steady } from "./readme-reader.ts";
import { type BuiltPackage, buildPackage } from "./world/built-package.ts";
import { app, bySteward, byTerraform, hcl } from "./world/three-doors.ts";

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
    writeFileSync(join(folder, "for-terraform.ts"), forLibrary(app(), library));
    writeFileSync(join(folder, "from-docs.ts"), forLibrary(codeIn("docs/cdktf.md"), library));
    writeFileSync(join(folder, "from-readme.ts"), forLibrary(shown("ts"), library));
    const right = readFileSync(join(folder, "main.ts"), "utf8");
    const wrong = right.replace('"Enterprise Standard Admin" : m', '("Enterprise Read Only User" as const) : m');
    expect(wrong).not.toBe(right);
    writeFileSync(join(folder, "wrong-role.ts"), wrong);
  }
  complaints = compile();
}, 120_000);
afterAll(() => built.close());

/** The program in a document. */
const codeIn = (path: string): string => /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, path), "utf8"))![1]!;

/** What the README shows of code: the app, its twin in YAML, and the plan that was printed. */
const shown = (language: "ts" | "yaml" | ""): string =>
  blocksOf(chapterOf("Code instead of YAML")).find((block) => block.language === language)!.text;

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

  test("the example for Terraform compiles", () => expect(said("for-terraform.ts")).toEqual([]));

  test("the app in the README compiles", () => expect(said("from-readme.ts")).toEqual([]));

  test("every wrong use is refused by the compiler, and every right one is not", () =>
    expect(said("wrong-use.ts")).toEqual([]));

  test("a wrong use is told in words that lead on", () => {
    expect(said("wrong-role.ts")).toHaveLength(1);
    expect(complaints.join("\n")).toContain("a user with this role cannot have tokens");
  });
});

test("the compiler complains of nothing else, our declarations and the libraries' included", () =>
  expect(complaints.filter((line) => /^\S/.test(line) && !line.includes("wrong-role.ts"))).toEqual([]));

const exampleOf = (library: string): string => join(built.folder, "examples", library);
const stackFile = "cdktf.out/stacks/access/cdk.tf.json";

/** Runs an app of a library's folder, and gives what it synthesised without what differs by library and machine. */
function synthesise(library: string, file = "main.ts"): Record<string, unknown> {
  const folder = exampleOf(library);
  const env = { PATH: process.env.PATH, HOME: built.folder, CDKTF_OUTDIR: join(folder, "cdktf.out") };
  execFileSync(process.execPath, [require.resolve("tsx/cli"), file], { cwd: folder, env });
  const { "//": _, terraform: __, ...rest } = JSON.parse(readFileSync(join(folder, stackFile), "utf8"));
  return rest;
}

/** Changes and steps of a plan, with the attributes in the order in which they are printed. */
async function planned(world: TwinBench, words: string): Promise<{ changes: unknown[]; steps: unknown[] }> {
  const { code, err } = await world.steward(`plan ${words} --out compared.json`);
  expect([code, err]).toEqual([0, ""]);
  const { changes, steps } = JSON.parse(world.read("compared.json")) as { changes: unknown[]; steps: unknown[] };
  return { changes, steps };
}

/** What people answer until everything of the example is there. */
async function bringUp(world: TwinBench): Promise<void> {
  const run = async (words: string, code: number, readInput = async () => "") => {
    const answer = await world.steward(words, { readInput });
    expect([words, answer.code, answer.code === code ? "" : answer.out + answer.err]).toEqual([words, code, ""]);
  };
  await run("plan . --out plan.json", 0);
  await run("apply plan.json", 3);
  const [user, app] = ["momentus_api_user.moco_serv", "momentus_app_approval.floor_plan_studio"];
  await run(`confirm ${user}/observe --result absent --field rights=support --field licensed=yes`, 0);
  const told = async () => world.makeMocoServ();
  await run(`confirm ${user}/create --result done --secret secret --secret key`, 0, told);
  await run(`confirm ${app}/observe --result absent --field status=requested`, 0);
  await run(`confirm ${app}/approve --result done`, 0);
}

describe("the example", () => {
  let world: TwinBench;
  const synthesised: Record<string, unknown>[] = [];
  beforeAll(() => {
    for (const library of libraryNames) synthesised.push(synthesise(library));
  }, 60_000);
  beforeEach(async () => {
    world = await makeTwinBench(exampleOf("cdktf"));
  });
  afterEach(() => world.close());

  test("synthesises the same with both libraries", () => {
    const [first, second] = synthesised;
    expect(Object.keys((first as { resource: object }).resource)).toHaveLength(8);
    expect(second).toEqual(first);
  });

  test("is what cdktf.json points to, and its output lies where Steward looks for it", () => {
    const config = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8"));
    expect(config).toMatchObject({ app: "npx tsx examples/cdktf/main.ts", output: "examples/cdktf/cdktf.out" });
  });

  test.each(libraryNames)("has the changes and steps of its twin in YAML, with %s", async (library) => {
    world.takeStack(join(exampleOf(library), stackFile));
    await world.steward("trust --all");
    const code = await planned(world, ".");
    expect([code.changes.length, code.steps.length]).toEqual([12, 21]);
    expect(code).toEqual(await planned(world, "--manifest twin.yaml"));
  });

  test("is applied to both systems; then neither the code nor its twin has changes", async () => {
    await world.steward("trust --all");
    await bringUp(world);
    for (const words of [".", "--manifest twin.yaml"])
      expect((await world.steward(`plan ${words}`)).out).toContain("\nNo changes.\n");
    expect(world.simulator.store.tokenValues.size).toBeGreaterThan(1);
    expect(world.venue.store.prod.users.get("CMEYER")?.fields).toMatchObject({ DisplayName: "Clara Meyer" });
  });

  test("has no changes when its constructs move into others", async () => {
    await world.steward("trust --all");
    await bringUp(world);
    const app = readFileSync(join(exampleOf("cdktf"), "main.ts"), "utf8")
      .replace("import type { Construct }", "import { Construct }")
      .replace(/Account\(this, name/, 'Account(new Construct(this, `program-${name}`), "account"')
      .replace('Connect(this, "connect"', 'Connect(new Construct(this, "venue"), "moco"');
    writeFileSync(join(exampleOf("cdktf"), "moved.ts"), app);
    const { resource } = synthesise("cdktf", "moved.ts") as { resource: object };
    expect(JSON.stringify(resource)).toContain("access/program-ci/account/user");
    expect(JSON.stringify(resource)).toContain("access/venue/moco/user");
    world.takeStack(join(exampleOf("cdktf"), stackFile));
    expect((await world.steward("plan .")).out).toContain("\nNo changes.\n");
  });
});

describe("the app in the README", () => {
  test.each(libraryNames)("is planned as it is printed there, as its twin in YAML is, with %s", async (library) => {
    synthesise(library, "from-readme.ts");
    const world = await makeTwinBench(exampleOf(library));
    onTestFinished(() => world.close());
    const systems = blocksOf(chapterOf("A manifest"))[0]!.text.split("\nresources:")[0]!;
    world.write("access/steward.yaml", systems);
    world.write("access/cdk.tf.json", readFileSync(join(exampleOf(library), stackFile), "utf8"));
    world.write("access/twin.yaml", `${systems}\n${shown("yaml")}`);
    await world.steward("trust --all --manifest access/");
    const { out } = await world.steward("plan access/ --out plan.json");
    expect(steady(out)).toBe(steady(shown("")));
    expect(await planned(world, "access/")).toEqual(await planned(world, "--manifest access/twin.yaml"));
  });
});

describe("the example for Terraform", () => {
  test("leaves the same on its system in HCL, in code and in YAML", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const left = await bySteward();
    expect(left).toMatchObject({ tokens: expect.arrayContaining([expect.objectContaining({ name: "ci" })]) });
    expect(await byTerraform("main.tf", hcl())).toEqual(left);
    for (const library of libraryNames) {
      synthesise(library, "for-terraform.ts");
      const stack = readFileSync(join(exampleOf(library), stackFile), "utf8");
      expect(await byTerraform("cdk.tf.json", stack), library).toEqual(left);
    }
  });
});
