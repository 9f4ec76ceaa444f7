import { lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, bringUp, makeBench, origin } from "./commands-fixture.ts";
import { type Attempt, attempts, password, swap } from "./hostile-attempts.ts";

let bench: Bench;
/** A folder that is none of ours; nothing may ever lie in it. */
let outside: string;
let read: string[];

beforeEach(async () => {
  bench = await makeBench();
  bench.environmentVariables.AWS_SECRET = "aws-secret-of-the-runner";
  await bringUp(bench);
  await bench.steward("refresh --env test --out actual.json");
  outside = mkdtempSync(join(tmpdir(), "steward-outside-"));
  read = [];
  bench.transport.sent.length = 0;
});
afterEach(() => {
  bench.close();
  rmSync(outside, { recursive: true, force: true });
});

/** The runner's variables, with a note of each secret that somebody looks at. */
const watched = (): Record<string, string | undefined> =>
  new Proxy(bench.environmentVariables, {
    get(variables, name) {
      if (typeof name === "string" && ["VCO_TOKEN", "AWS_SECRET"].includes(name)) read.push(name);
      return Reflect.get(variables, name) as string | undefined;
    },
  });

const commands = [
  "plan",
  "apply --auto-approve",
  "refresh --out other.json",
  "drift",
  "tokens",
  "dump velocloud",
  "plan --untrusted",
];

/** Everything in a folder, links as links, and when it was written. */
function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      return stat.isDirectory() ? filesOf(path) : [`${path} ${stat.size} ${stat.mtimeMs}`];
    });
}

async function expectRefused(words: string, { code, says, way }: Attempt): Promise<void> {
  const answer = await bench.steward(`${words} --env test`, { environmentVariables: watched() });
  const shown = (answer.out + answer.err).replace(/\s+/g, " ");
  expect({ words, code: answer.code, shown: answer.code === code ? "" : shown }).toEqual({ words, code, shown: "" });
  expect(shown).toContain(says);
  expect(shown).toContain(way);
}

/** `doctor` looks at everything and says all of it; what it asks is what is trusted. */
async function expectFound({ code }: Attempt): Promise<void> {
  const answer = await bench.steward("doctor --env test", { environmentVariables: watched() });
  expect(answer.code).toBe(code === 65 ? 65 : 1);
  if (code === 4) expect(answer.out).toMatch(/trust/);
  expect(bench.transport.sent.filter(({ url }) => !url.startsWith(`${origin}/portal/`))).toEqual([]);
  bench.transport.sent.length = 0;
}

describe.each(Object.entries(attempts))("a hostile pull request fails by %s:", (_subject, ways) => {
  test("in at least three ways", () => expect(ways.length).toBeGreaterThanOrEqual(3));

  test.each(ways)("$name", async (attempt) => {
    attempt.bring?.({ ...bench, outside });
    bench.write("steward.yaml", attempt.edit(bench.read("steward.yaml")));
    const before = filesOf(bench.folder);
    for (const words of commands) await expectRefused(words, attempt);
    const { actual } = attempt;
    if (actual === undefined) await expectRefused("plan --actual actual.json --format markdown", attempt);
    else {
      const shown = await bench.steward("plan --actual actual.json --env test --format markdown", {
        environmentVariables: watched(),
      });
      expect([shown.code, shown.out]).toEqual([0, expect.stringContaining(actual)]);
    }
    expect({ sent: bench.transport.sent, read }).toEqual({ sent: [], read: [] });
    await expectFound(attempt);
    expect([filesOf(bench.folder), filesOf(outside)]).toEqual([before, []]);
  });
});

/** Markdown without what stands in fences and code spans: what a reader's browser would take for more than text. */
function outsideCode(markdown: string): string {
  const withoutFences = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
  return withoutFences.replace(/`[^`\n]+`/g, "").replace(/<code>[^<]*<\/code>/g, "");
}

const markups: Record<string, string> = {
  link: "[click](https://evil.example)",
  image: "![x](https://evil.example/?q=1)",
  mention: "@acme/owners",
  html: "<img src=x onerror=alert(1)></details><script>x</script>",
  fence: "\n```\n[click](https://evil.example)\n```\n",
  backticks: "`` ` ``` [click](https://evil.example)",
  table: "| [a](https://evil.example) | b |\n|---|---|",
  bidi: "\u202egnp.exe\u2066 [x](https://evil.example)",
  comment: "--><!-- [x](https://evil.example)",
};
const active = /\]\(|evil\.example|@acme|<img|<script|<!--|\u202e|\u2066/;

describe("a hostile pull request fails by markdown:", () => {
  test.each(Object.entries(markups))(
    "a %s in values of the manifest and of the system stays text",
    async (_what, markup) => {
      const value = JSON.stringify(markup);
      const { store } = bench.simulator;
      store.changeUser(store.userNamed("ci@acme.example")!.id, { lastName: markup });
      await bench.steward("refresh --env test --out actual.json");
      bench.write(
        "steward.yaml",
        bench
          .read("steward.yaml")
          .replace(
            "password: {",
            `first_name: ${value}\n      last_name: ${value.replace("x", "y")}\n      password: {`,
          ),
      );
      for (const words of ["plan", "plan --actual actual.json"]) {
        const { code, out } = await bench.steward(`${words} --env test --format markdown`);
        expect({ words, code, changes: out.includes("first_name") }).toEqual({ words, code: 0, changes: true });
        expect(outsideCode(out)).not.toMatch(active);
        expect(out).not.toMatch(/[\u202e\u2066]/);
      }
    },
  );

  test("the check above finds what is not in code", () => {
    for (const markup of Object.values(markups)) expect(outsideCode(`### Plan\n\n${markup}\n`)).toMatch(active);
  });
});

describe("what a hostile pull request cannot reach", () => {
  test("a secret attribute may name a variable of the runner, and no plan looks at it", async () => {
    bench.write("steward.yaml", password('"${env.AWS_SECRET}"')(bench.read("steward.yaml")));
    for (const words of ["validate", "plan --actual actual.json", "plan --actual actual.json --format json"]) {
      const { out, err } = await bench.steward(`${words} --env test`, { environmentVariables: watched() });
      expect(out + err).not.toContain("aws-secret");
    }
    expect({ sent: bench.transport.sent, read }).toEqual({ sent: [], read: [] });
    const planned = await bench.steward("plan --env test", { environmentVariables: watched() });
    expect(planned.out + planned.err).not.toContain("aws-secret");
    expect(read).not.toContain("AWS_SECRET");
  });

  test("a new environment has no pins: nothing is asked, and nothing goes to its sink", async () => {
    bench.write("steward.yaml", bench.read("steward.yaml").replace("test: {}", "test: {}\n  eve: {}"));
    for (const words of ["plan", "apply --auto-approve", "drift"]) {
      const { code, err } = await bench.steward(`${words} --env eve`, { environmentVariables: watched() });
      expect([code, err]).toEqual([4, expect.stringContaining("system velocloud is not trusted yet")]);
    }
    expect((await bench.steward("plan --env eve --actual actual.json")).err).toContain("was read in environment test");
    expect({ sent: bench.transport.sent, read }).toEqual({ sent: [], read: [] });
  });

  test("a link on the way to a new secret is found before anything is made that would need it", async () => {
    symlinkSync(outside, join(bench.folder, "secrets/test/new"));
    const text = bench.read("steward.yaml");
    bench.write(
      "steward.yaml",
      text.replace("local:velocloud/ci-token", "local:new/ci-token").replace("lifetime: 90d", "lifetime: 60d"),
    );
    const { store } = bench.simulator;
    const before = store.mutatingCalls.length;
    const { code, err } = await bench.steward("apply --env test --auto-approve --replace velocloud_api_token.ci");
    expect([code, err]).toEqual([4, expect.stringContaining("secrets/test/new is a link")]);
    expect([store.mutatingCalls.length, filesOf(outside)]).toEqual([before, []]);
    expect(JSON.parse((await bench.steward("state list --env test --format json")).out).runs ?? []).toEqual([]);
  });

  test("trust itself pins nothing behind a link", async () => {
    swap({ ...bench, outside }, "secrets", "outside");
    bench.write("steward.yaml", bench.read("steward.yaml").replace("secrets/", "./secrets/"));
    expect([65, 4]).toContain((await bench.steward("trust --all --env test")).code);
    expect(filesOf(outside)).toEqual([]);
  });
});
