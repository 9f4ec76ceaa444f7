import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bringUp, manifestText, userAndToken } from "./commands-fixture.ts";
import { type CodeBench, makeCodeBench, role, serviceAccount, withRole } from "./plan-folder-fixture.ts";
import { type Synthesized, synthesized } from "./terraform-json-fixture.ts";

let bench: CodeBench;
beforeEach(async () => {
  bench = await makeCodeBench();
});
afterEach(() => bench.close());

/** Calls that changed something on the orchestrator since the last time. */
function writes(): string[] {
  const { calls } = bench.simulator.store;
  const changing = [...calls.keys()].filter((name) => /insert|create|update|delete|revoke|download/i.test(name));
  calls.clear();
  return changing;
}

describe("a folder with steward.yaml and what code synthesised", () => {
  test("is planned as its twin in YAML is: equal changes and equal steps", async () => {
    bench.synthesize({ access: serviceAccount() });
    const recipient = /recipients: \[(\S+)\]/.exec(bench.read("steward.yaml"))![1]!;
    bench.write("twin.yaml", manifestText(recipient, userAndToken));
    await bench.expectDone("trust --all --env test");
    await bench.expectDone("plan --env test --manifest twin.yaml --out twin.json");
    await bench.expectDone("plan . --env test --out code.json");
    const [twin, code] = ["twin.json", "code.json"].map((name) => JSON.parse(bench.read(name)));
    expect(code.changes).toHaveLength(2);
    expect(code.changes).toEqual(twin.changes);
    expect(code.steps).toEqual(twin.steps);
  });

  test("goes all the way: validate, plan, apply of the plan, and then there is nothing to do", async () => {
    bench.synthesize({ access: serviceAccount() });
    expect((await bench.expectDone("validate --env test --manifest .")).out).toContain(
      "2 resources, 1 system, 1 sink, 2 files",
    );
    await bench.expectDone("trust --all --env test");
    const planned = await bench.expectDone("plan . --env test --out plan.json");
    expect(planned.out).toContain("Apply it with:  steward apply --manifest . plan.json");
    await bench.expectDone("apply plan.json --manifest .");
    expect((await bench.expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
    expect((await bench.expectDone("plan --env test")).out).toContain("\nNo changes.\n");
    expect((await bench.expectDone("graph --env test")).out).toContain("velocloud_api_token.ci");
  });

  test("may be one cdk.tf.json without an output folder, and is found when the file beside it is named", async () => {
    bench.write("cdk.tf.json", synthesized(withRole({})));
    for (const words of ["validate --env test", "validate --env test --manifest steward.yaml"])
      expect((await bench.expectDone(words)).out).toContain("1 resource, 1 system");
  });

  test("in another place is named by its folder, and hints name it too", async () => {
    bench.write("access/steward.yaml", bench.read("steward.yaml"));
    bench.write("access/cdk.tf.json", synthesized(withRole({})));
    const refused = await bench.steward("plan access --env test");
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.err).toContain("steward trust --manifest access --env test velocloud");
    await bench.expectDone("trust --all --env test --manifest access");
    const { out } = await bench.expectDone("plan access --env test");
    expect(out).toContain("steward plan --manifest access --env test --out plan.json");
    const twice = await bench.steward("plan access --manifest access --env test");
    expect(twice).toMatchObject({ code: 64, err: "error: name the folder once: alone or as --manifest\n" });
  });

  test("is named by every command that is suggested", async () => {
    bench.write("access/steward.yaml", bench.read("steward.yaml"));
    bench.write("access/cdk.tf.json", synthesized(withRole({})));
    const place = "--manifest access --env test";
    const wanted: [words: string, said: string][] = [
      [`trust ${place}`, `then pin it:  steward trust ${place} velocloud local`],
      [`doctor ${place}`, `steward trust ${place} velocloud`],
      [`trust --all ${place}`, `Next:  steward plan ${place}\n`],
      [`refresh ${place} --out actual.json`, `steward plan ${place} --actual actual.json`],
      [`tokens ${place}`, `steward dump ${place} velocloud`],
      [`dump velocloud ${place}`, `  steward validate ${place}\n  steward plan ${place}\n`],
      [`plan ${place} --out plan.json --runbook work.md`, "steward apply --manifest access plan.json"],
    ];
    for (const [words, said] of wanted) {
      const { out, err } = await bench.steward(words);
      expect(out + err, words).toContain(said);
    }
    expect(bench.read("work.md")).toContain(`steward plan ${place}`);
    expect((await bench.steward(`apply ${place}`)).err).toContain(`steward plan ${place} --out plan.json`);
  });

  test("is meant by what lies in it: a program or its output are no manifest", async () => {
    bench.write("access/main.ts", "app.synth();");
    bench.write("access/cdk.tf.json", synthesized(withRole({})));
    const wanted: [name: string, message: string, way: string][] = [
      ["main.ts", "this is a program, and no manifest", 'and the program as in: --app "npx tsx main.ts"'],
      ["cdk.tf.json", "this was synthesised by an app", "name the folder that holds it and steward.yaml"],
    ];
    for (const [name, message, way] of wanted) {
      const { code, err } = await bench.steward(`plan access/${name} --env test`);
      expect([code, err], name).toEqual([65, expect.stringContaining(message)]);
      expect(err).toContain(way);
      expect(err).toContain("1 error in 1 file");
    }
    bench.write("access/cdktf.out/stacks/a/cdk.tf.json", synthesized(withRole({})));
    const output = await bench.steward("plan access/cdktf.out --env test");
    expect(output.err).toContain("name the folder of steward.yaml, in which this output lies");
  });

  test("that declares nothing is told so, for nobody may have run the app", async () => {
    bench.write("access/steward.yaml", bench.read("steward.yaml"));
    const { err } = await bench.expectDone("validate --env test --manifest access");
    expect(err).toContain("warning  no resources: none stand in YAML, and no app has synthesised any");
    expect((await bench.expectDone("validate --env test")).err).toBe("");
  });

  test("of YAML alone is read as ever: all files below it", async () => {
    bench.write("yaml/a.yaml", bench.read("steward.yaml"));
    bench.write("yaml/b.yaml", `resources: { velocloud_role: { a: ${JSON.stringify(role)} } }\n`);
    expect((await bench.expectDone("validate --env test --manifest yaml")).out).toContain(
      "1 resource, 1 system, 1 sink, 2 files",
    );
  });

  test("whose YAML declares resources is refused when the folder is named, and is YAML when the file is", async () => {
    bench.synthesize({ access: serviceAccount() });
    bench.write(
      "steward.yaml",
      `${bench.read("steward.yaml")}resources: { velocloud_role: { a: ${JSON.stringify(role)} } }\n`,
    );
    expect((await bench.expectDone("validate --env test")).out).toContain("1 resource");
    const refused = await bench.steward("validate --env test --manifest .");
    expect(refused).toMatchObject({ code: 65 });
    expect(refused.err).toContain("resources are declared in YAML and in code");
  });

  test("other YAML of a project is no manifest", async () => {
    bench.synthesize({ access: serviceAccount() });
    bench.write("pnpm-lock.yaml", "lockfileVersion: 9\n");
    bench.write("twin.yaml", "resources: {}\n");
    expect((await bench.expectDone("validate --env test --manifest .")).out).toContain("2 files");
  });

  test("warns of arguments that are ignored, on standard error", async () => {
    bench.synthesize({ access: serviceAccount("", { provider: { velocloud: [{ url: "https://x" }] } }) });
    await bench.expectDone("trust --all --env test");
    const { err, out } = await bench.expectDone("plan . --env test --format json");
    expect(err).toContain("warning  ignored in the provider velocloud: url");
    expect(JSON.parse(out)).toMatchObject({ formatVersion: 1 });
  });
});

test("what exists already is told at its place in the JSON, with its construct and the word for code", async () => {
  const { username } = bench.simulator.world.enterprise;
  bench.synthesize({
    access: { resource: { velocloud_admin_user: { me: { username, role: "Enterprise Support" } } } },
  });
  await bench.expectDone("trust --all --env test");
  const { code, err } = await bench.steward("plan . --env test");
  expect(code).toBe(65);
  expect(err).toMatch(
    /cdktf\.out\/stacks\/access\/cdk\.tf\.json:\d+:7 {2}error {2}velocloud_admin_user\.me exists already/,
  );
  expect(err).toContain("write adopt: true to take it over at apply");
  expect(err).toContain("= construct access/team/me\n");
});

describe("an output folder", () => {
  test("whose list does not name a stack any more leaves that stack out", async () => {
    bench.synthesize({ access: withRole({}) });
    bench.write("cdktf.out/stacks/old/cdk.tf.json", synthesized(withRole({ name: "Old" }), "old"));
    const { out, err } = await bench.expectDone("validate --env test --manifest .");
    expect(out).toContain("1 resource");
    expect(err).toContain("the stack old is left out: the app does not synthesise it any more");
  });

  test.each<[string, () => void, string]>([
    [
      "lacks a stack that the list names",
      () => bench.write("cdktf.out/manifest.json", '{"stacks":{"access":{},"b":{}}}'),
      "the stack b is not here",
    ],
    [
      "has a list that cannot be read",
      () => bench.write("cdktf.out/manifest.json", "{"),
      "this list of stacks cannot be read",
    ],
    [
      "holds HCL",
      () => {
        bench.write("cdktf.out/manifest.json", '{"stacks":{"access":{},"b":{}}}');
        bench.write("cdktf.out/stacks/b/cdk.tf", "");
      },
      "the stack b was synthesised as HCL",
    ],
    ["lies beside a cdk.tf.json", () => bench.write("cdk.tf.json", "{}"), "the stacks of cdktf.out lie here too"],
  ])("that %s is an error", async (_, spoil, message) => {
    bench.synthesize({ access: withRole({}) });
    spoil();
    const { code, err } = await bench.steward("validate --env test --manifest .");
    expect(code).toBe(65);
    expect(err).toContain(message);
  });

  test("without a list is read with a warning", async () => {
    bench.write("cdktf.out/stacks/access/cdk.tf.json", synthesized(withRole({}), "access"));
    const { out, err } = await bench.expectDone("validate --env test --manifest .");
    expect(out).toContain("1 resource");
    expect(err).toContain("cdktf.out has no manifest.json");
  });

  test("without steward.yaml beside it is an error that says what belongs there", async () => {
    bench.write("app/cdk.tf.json", synthesized(withRole({})));
    const { code, err } = await bench.steward("plan app --env test");
    expect(code).toBe(65);
    expect(err).toContain("steward.yaml:1:1  error  this file is missing");
  });
});

describe("a construct that was moved", () => {
  test("changes its addresses, and no object is touched", async () => {
    bench.synthesize({ access: serviceAccount("old_") });
    await bringUp(bench);
    expect(writes()).not.toEqual([]);
    bench.synthesize({ access: serviceAccount("team_new_") });
    const { out } = await bench.expectDone("plan . --env test");
    expect(out).toContain("velocloud_admin_user.team_new_ci");
    expect(out).toContain("Plan: 0 to create, 0 to update, 2 to move, 0 to delete.");
    await bench.expectDone("apply --env test --auto-approve");
    expect(writes()).toEqual([]);
    expect((await bench.expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
  });

  test("is found by a moved block also where several objects have one identity", async () => {
    const token = (name: string) => ({
      ...{ owner: "${velocloud_admin_user.ci.username}", name: "ci", lifetime: "90d" },
      deliver_to: `local:velocloud/${name}`,
    });
    const twins = (names: Record<string, string>, more: Synthesized = {}): Synthesized => {
      const { resource } = serviceAccount();
      const tokens = Object.entries(names).map(([name, place]) => [name, token(place)] as const);
      return { ...more, resource: { ...resource, velocloud_api_token: Object.fromEntries(tokens) } };
    };
    bench.synthesize({ access: twins({ a: "one", b: "two" }) });
    await bringUp(bench);
    expect(writes()).not.toEqual([]);
    bench.synthesize({ access: twins({ c: "one", d: "two" }) });
    expect((await bench.steward("plan . --env test --allow-deletions 2")).out).toContain(
      "2 to create, 0 to update, 2 to delete",
    );
    const moved = ["a c", "b d"].map((pair) => {
      const [from, to] = pair.split(" ").map((name) => `velocloud_api_token.${name}`);
      return { from, to };
    });
    bench.synthesize({ access: twins({ c: "one", d: "two" }, { moved }) });
    expect((await bench.expectDone("plan . --env test")).out).toContain("2 to move, 0 to delete.");
    await bench.expectDone("apply --env test --auto-approve");
    expect(writes()).toEqual([]);
    // The blocks may stay, and may go.
    expect((await bench.expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
    bench.synthesize({ access: twins({ c: "one", d: "two" }) });
    expect((await bench.expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
  });
});
