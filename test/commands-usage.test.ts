import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandEntries } from "../src/commands/all.ts";
import { reportError } from "../src/commands/errors.ts";
import { version } from "../src/version.ts";
import { type Answer, type Bench, makeBench, makeConsole } from "./commands-fixture.ts";
import { importsOf } from "./tidy/imports.ts";
import { sourceFile } from "./tidy/project.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await makeBench();
});
afterAll(() => bench.close());

describe("usage", () => {
  test.each([
    ["plam", "Did you mean plan?"],
    ["plan --evn test", "Did you mean --env?"],
    ["plan --allow-deletions many", "whole number"],
    ["plan --allow-deletions -1", "whole number"],
    ["plan --format yaml", "Allowed choices are text, json, markdown"],
    ["apply --format markdown", "Allowed choices are text, json"],
    ["plan --var x", "NAME=VALUE"],
    ["apply one.json two.json", "too many arguments"],
    ["refresh", "--out <file>"],
    ["show", "missing required argument"],
    ["forget", "missing required argument"],
    ["trust --env test vellocloud", "did you mean velocloud?"],
    ["import --env test nothing.x 1", "no kind nothing"],
    ["forget --env test velocloud_role.x", "no resource velocloud_role.x"],
  ])("steward %s is wrong usage (64) and says what would be right", async (words, says) => {
    const answer = await bench.steward(words);
    expect(answer.err).toContain(says);
    expect(answer).toMatchObject({ code: 64, out: "" });
  });

  test("wrong usage is JSON where JSON was asked for", async () => {
    const answer = await bench.steward("plan --format json --bogus");
    expect(answer).toMatchObject({ code: 64, err: "" });
    expect(JSON.parse(answer.out)).toEqual({ formatVersion: 1, error: "usage", message: "unknown option '--bogus'" });
  });

  test("without a command it shows the help on standard error", async () => {
    const answer = await bench.steward("");
    expect(answer).toMatchObject({ code: 64, out: "" });
    for (const { name } of commandEntries) expect(answer.err).toContain(`\n  ${name} `);
  });

  test("--version prints the version of the package", async () => {
    expect(await bench.steward("--version")).toMatchObject({ code: 0, out: `${version()}\n`, err: "" });
  });

  const parts: Record<string, string[]> = {
    ...{ console: ["login", "check"], secret: ["get", "exec"], state: ["list", "show", "unlock"] },
    terraform: ["install"],
  };
  const names = commandEntries.flatMap(({ name }) => parts[name]?.map((part) => `${name} ${part}`) ?? [name]);

  test.each(names)("%s explains itself with an example", async (name) => {
    const { code, out } = await bench.steward(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:\\n  steward (.*\\n  steward )?${name}\\b`));
    expect(out).toContain("--env <name>");
    expect(out).toContain("--state-is-persistent");
    if (!name.includes(" ")) expect((await bench.steward(`help ${name}`)).out).toBe(out);
  });
});

describe("errors", () => {
  test("a manifest that is wrong is shown at once with its places, exit 65", async () => {
    bench.write(
      "wrong.yaml",
      "systems:\n  velocloud: { url: nowhere, enterprize: Acme }\nresources: { velocloud_rolle: {} }\n",
    );
    const answer = await bench.steward("validate --manifest wrong.yaml");
    expect(answer).toMatchObject({ code: 65, out: "" });
    expect(answer.err).toMatch(/wrong\.yaml:2:\d+ {2}error/);
    expect(answer.err).toContain('did you mean "enterprise"?');
    expect(answer.err).toMatch(/\^/);
    const asJson = JSON.parse((await bench.steward("validate --manifest wrong.yaml --format json")).out);
    expect(asJson.diagnostics.length).toBe(asJson.total);
  });

  test("a system that fails is a fault, exit 1, and nothing is recorded", async () => {
    await bench.steward("trust --all --env test");
    bench.environmentVariables.VCO_TOKEN = "wrong-token-canary";
    const answer = await bench.steward("plan --env test --debug");
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(/^debug {2}velocloud: POST https:.* \d+ ms$/m);
    expect(answer.err).toContain("Failed:");
    expect(answer.err + answer.out).not.toContain("canary");
    const asJson = await bench.steward("plan --env test --format json");
    expect(JSON.parse(asJson.out)).toMatchObject({ error: "failed", happened: "no", on: "velocloud" });
  });

  test("a bug says so, and shows no foreign text", () => {
    const answer: Answer = { code: 0, out: "", err: "", asked: [] };
    const error = new SyntaxError('Unexpected token in "s3cret-canary"');
    expect(reportError(error, makeConsole(answer, []), {})).toBe(70);
    expect(answer.err).toContain("Steward has a bug: unexpected SyntaxError");
    expect(answer.err).not.toContain("    at ");
    expect(reportError(error, makeConsole(answer, []), { debug: true })).toBe(70);
    expect(answer.err).toContain("    at ");
    expect(reportError(error, makeConsole(answer, []), { format: "json" })).toBe(70);
    expect(answer.out + answer.err).not.toContain("canary");
  });
});

describe("start-up", () => {
  /** Everything that is loaded before an action runs: static imports only. */
  function loaded(from: string, found = new Set<string>()): Set<string> {
    if (found.has(from)) return found;
    found.add(from);
    if (!from.startsWith("src/")) return found;
    const text = readFileSync(new URL(`../${from}`, import.meta.url), "utf8");
    const dynamic = new Set([...text.matchAll(/import\("([^"]+)"\)/g)].map((match) => match[1]!));
    for (const { target, typeOnly } of importsOf(sourceFile(from, text))) {
      const lazy = [...dynamic].some((name) => target === name || target.endsWith(name.replace(/^[./]+/, "/")));
      if (!typeOnly && !lazy) loaded(target, found);
    }
    return found;
  }

  test("the program, validate and the library load neither HTTP nor encryption nor a connector's code nor simulators", () => {
    const program = [...loaded("src/cli.ts")];
    expect(program).toContain("commander");
    expect(program.filter((path) => path.startsWith("src/commands/")).length).toBeLessThan(6);
    const validate = [...loaded("src/cli.ts"), ...loaded("src/commands/validate.ts")];
    expect(validate).toContain("src/manifest/read.ts");
    const heavy = validate.filter((path) =>
      /^(undici|age-encryption|ajv)|simulators|velocloud\/(connector|client|reader)/.test(path),
    );
    expect(heavy).toEqual([]);
    const library = [...loaded("src/index.ts")];
    expect(library).toContain("src/apply/apply.ts");
    expect(library.filter((path) => /^(undici|age-encryption|commander)|simulators|src\/cli/.test(path))).toEqual([]);
  });
});
