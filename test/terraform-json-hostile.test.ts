import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Manifest } from "../src/manifest/manifest.ts";
import { readManifest } from "../src/manifest/read.ts";
import { nodeFiles } from "../src/platform/manifest-files.ts";
import { renderDiagnostics } from "../src/render/diagnostics.ts";
import { connectors, diagnosticsOf, input, sinkTypes } from "./manifest-fixture.ts";
import { account, role, withRole, withUser } from "./terraform-json-bad.ts";
import {
  beside,
  parseStacks,
  problemsOf,
  type Synthesized,
  synthesized,
  type Texts,
} from "./terraform-json-fixture.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-stacks-"));
  write("steward.yaml", beside);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const { files: _files, folder: _folder, ...options } = input([]);
const read = (path = ""): Manifest =>
  readManifest(join(folder, path), { ...options, connectors, sinkTypes }, nodeFiles);

const wrong = (path = "") => diagnosticsOf(() => read(path));

/** What is said about a text, and that saying it takes no time. */
function said(of: string | Texts): string {
  const began = performance.now();
  const found = problemsOf(of);
  expect(performance.now() - began).toBeLessThan(10_000);
  const all = renderDiagnostics(found);
  expect(all.length).toBeLessThan(100_000);
  return all;
}

const oneRole = synthesized(withRole({}));

describe("a file", () => {
  test("of 50 MB is refused before it is read", () => {
    write("cdk.tf.json", "{");
    truncateSync(join(folder, "cdk.tf.json"), 50 * 1024 * 1024);
    expect(wrong().map(({ message }) => message)).toEqual([
      "this file cannot be read, or the manifest is larger than 16 MiB",
    ]);
  });

  test("may begin with a byte order mark", () => {
    write("cdk.tf.json", `\uFEFF${oneRole}`);
    expect(read().resources).toHaveLength(1);
  });

  test("that is not UTF-8 is refused at the byte that is not", () => {
    write("cdk.tf.json", Buffer.concat([Buffer.from('{\n  "a": "'), Buffer.from([0xff]), Buffer.from('"}')]));
    const [first] = wrong();
    expect(first).toMatchObject({ source: { file: "cdk.tf.json", line: 2, column: 9 } });
    expect(first?.message).toContain("this file is not UTF-8");
  });

  test("that is a link out of the folder is refused, as a folder of stacks is", () => {
    const outside = mkdtempSync(join(tmpdir(), "steward-outside-"));
    writeFileSync(join(outside, "cdk.tf.json"), oneRole);
    symlinkSync(join(outside, "cdk.tf.json"), join(folder, "cdk.tf.json"));
    expect(wrong()[0]?.message).toBe("this link leads out of the manifest's folder");
    rmSync(join(folder, "cdk.tf.json"));
    mkdirSync(join(folder, "cdktf.out"));
    symlinkSync(outside, join(folder, "cdktf.out/stacks"));
    expect(wrong()[0]?.message).toBe("this link leads out of the manifest's folder");
    rmSync(join(folder, "cdktf.out"), { recursive: true });
    mkdirSync(join(folder, "cdktf.out/stacks"), { recursive: true });
    symlinkSync(outside, join(folder, "cdktf.out/stacks/app"));
    expect(wrong().map(({ message }) => message)).toContain("this link leads out of the manifest's folder");
    rmSync(outside, { recursive: true });
  });

  test("may not name its output outside the folder", () => {
    write("cdktf.json", JSON.stringify({ output: "../elsewhere" }));
    write("cdktf.out/stacks/app/cdk.tf.json", oneRole);
    write("cdktf.out/manifest.json", JSON.stringify({ stacks: { app: {} } }));
    expect(read().files).toEqual(["cdktf.out/stacks/app/cdk.tf.json", "steward.yaml"]);
  });

  test("on one line is read, and its errors are told without the line", () => {
    const named = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`r${index}`, { ...role, name: `R${index}`, nme: "hunter2" }]),
    );
    const text = said(JSON.stringify({ resource: { velocloud_role: named } }));
    expect(text).toContain("cdk.tf.json:1:");
    expect(text).toContain('unknown attribute "nme" on velocloud_role');
    expect(text).not.toContain("hunter2");
  });
});

describe("JSON", () => {
  test.each([
    ["lists inside one another", "[".repeat(1_000_000)],
    ["maps inside one another", '{"a":'.repeat(1_000_000)],
    [
      "a list deep in a resource",
      synthesized(withRole({ privileges: JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`) })),
    ],
  ])("with %s ends at 32 levels", (_, text) => {
    expect(said(text)).toContain("this is nested too deeply");
  });

  test("with millions of values ends at a bound", () => {
    expect(said(`{"locals":{"a":[${"0,".repeat(2_100_000)}0]}}`)).toContain("this file is too large");
  });

  test.each(["__proto__", "constructor", "prototype"])("with the key %s is refused, and changes nothing", (key) => {
    expect(said(`{"resource":{"velocloud_role":{"a":{"${key}":{"polluted":true}}}}}`)).toContain(
      `"${key}" cannot be a key`,
    );
    expect(said(`{"${key}":{"polluted":true}}`)).toContain(`"${key}" cannot be a key`);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("with such a key inside an expression makes an ordinary map", () => {
    const text = synthesized(withRole({ description: '${jsonencode({"__proto__" = {polluted = true}})}' }));
    expect(problemsOf(text)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    ['{"a":1,"a":2}', "this key stands here twice"],
    ['{"a":"\n"}', "a line break or another control character stands inside quotes"],
    ['{"a":"\\ud800"}', "half of a character stands here"],
    ['{"a":"\\x"}', "a backslash begins an escape that JSON does not know"],
    ['{"a":01}', "this is not a number"],
    ['{"a":1e999}', "this number is too large"],
    ['{"a":12345678901234567890}', "this number is too large"],
    ['{"a":NaN}', "a value must stand here"],
    ["{'a':1}", "a key in double quotes must stand here"],
    ['{"a":1} {}', "something stands behind the end of the JSON"],
    ['{"a" 1}', "a colon must stand here"],
    ["[1 2]", "a comma or ] must stand here"],
    ["", "this file is empty"],
    ['{"a": // c\n 1}', "a value must stand here"],
    ['{"a":"', "this file ends too early"],
  ])("%j is refused: %s", (text, message) => {
    expect(said(text)).toContain(message);
  });

  test("with a number of half a million digits is refused", () => {
    expect(said(`{"a":${"9".repeat(500_000)}}`)).toContain("this number is too large");
  });
});

/** Locals of which each holds the one before it twice. */
function doubled(count: number, seed: string): Record<string, string> {
  const locals: Record<string, string> = { l0: seed };
  for (let index = 1; index <= count; index++) locals[`l${index}`] = `\${local.l${index - 1}}\${local.l${index - 1}}`;
  return locals;
}

describe("expressions", () => {
  const of = (description: string, parts: Synthesized = {}) => said(synthesized(withRole({ description }, parts)));

  test("that double one another end at a bound", () => {
    expect(of("${local.l60}", { locals: doubled(60, "x") })).toContain("these expressions make more than is allowed");
    const lists: Record<string, unknown> = { l0: ["a", "b"] };
    for (let index = 1; index <= 60; index++)
      lists[`l${index}`] = `\${concat(local.l${index - 1}, local.l${index - 1})}`;
    expect(of('${join("", local.l60)}', { locals: lists })).toContain("these expressions make more than is allowed");
  });

  test("that put one large list into many places end at a bound", () => {
    const big = { l: Array.from({ length: 100_000 }, () => "${local.x}"), x: "y" };
    const velocloud_role = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `r${index}`,
        { ...role, name: `R${index}`, privileges: "${local.l}" },
      ]),
    );
    const began = performance.now();
    const found = problemsOf(synthesized({ locals: big, resource: { velocloud_role } }));
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(found.some(({ message }) => message.includes("these expressions make more than is allowed"))).toBe(true);
  });

  test("that need one another in a long chain end at a bound", () => {
    const locals: Record<string, string> = { l0: "x" };
    for (let index = 1; index <= 20_000; index++) locals[`l${index}`] = `\${local.l${index - 1}}`;
    expect(of("${local.l20000}", { locals })).toContain("these expressions need one another too deeply");
  });

  test("take values from one another in a long chain of resources, and end at a bound", () => {
    const count = 5_000;
    const velocloud_role = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `r${index}`,
        {
          ...role,
          name: `R${index}`,
          description: index === 0 ? "x" : `\${upper(velocloud_role.r${index - 1}.description)}`,
        },
      ]).reverse(),
    );
    expect(said(synthesized({ resource: { velocloud_role } }))).toContain(
      "these expressions need one another too deeply",
    );
  });

  test.each([
    ["parentheses", `\${${"(".repeat(50_000)}`],
    ["lists", `\${${"[".repeat(30_000)}`],
    ["quotes in templates", `\${"${'${"'.repeat(10_000)}`],
    ["signs", `\${${"!".repeat(50_000)}true}`],
    ["calls", `\${${"upper(".repeat(9_000)}`],
    ["choices", `\${${"true ? ".repeat(8_000)}1}`],
  ])("with very many %s inside one another end at a bound", (_, text) => {
    expect(of(text)).toMatch(/nested (more than|too deeply)|longer than/);
  });

  test("that are very long end at a bound", () => {
    expect(of(`\${${"1+".repeat(100_000)}1}`)).toContain("more than 100 operators stand in a row");
    expect(of(`\${join("", [${'"a",'.repeat(100_000)}"a"])}`)).toContain("longer than 65536 characters");
    expect(of(`\${a${".b".repeat(1_000)}}`)).toContain("this path is too long");
  });

  test("that ask format for a very wide text are refused", () => {
    expect(of('${format("%9999s", "a")}')).toContain("format can fill up to 1000 columns");
    expect(of('${format("%.500f", 1)}')).toContain("format writes up to 20 digits");
  });

  test("reach nothing of the language that we are written in", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]) {
      expect(of(`\${local.m.${name}}`, { locals: { m: { a: "b" } } })).toContain("the map has no such key");
      expect(of(`\${local.l.${name}}`, { locals: { l: ["b"] } })).toContain("the list has no such element");
      expect(of(`\${local.${name}}`)).toContain("the stack has no local");
      expect(of(`\${${name}("x")}`)).toContain(`the function ${name} is not evaluated`);
    }
  });

  test("with hundreds of thousands of values do not overflow a call", () => {
    const locals = { l: Array.from({ length: 300_000 }, (_, index) => index) };
    const manifest = parseStacks(synthesized(withRole({ description: "${max(local.l...)}" }, { locals })));
    expect(manifest.resources[0]?.attributes.description).toBe("299999");
  });

  test("print no control character and no text that turns its direction", () => {
    const text = synthesized(withRole({ description: "\u202e${uuid()}\u0007" }), "\u001b[31mapp");
    const shown = said(text);
    expect(shown).toContain("\\u001b[31mapp/team/auditor");
    for (const character of ["\u202e", "\u0007", "\u001b"]) expect(shown).not.toContain(character);
  });
});

test("ten thousand wrong places are told in their number", () => {
  const named = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`r${index}`, { ...role, name: `\${local.x${index}}` }]),
  );
  expect(said(synthesized({ resource: { velocloud_role: named } }))).toMatch(/ 9\d{3} more are not shown|9900 more/);
});

test.each<[string, unknown, unknown]>([
  ["a map", "${local.x}", { value_wo: "hunter2hunter2" }],
  ["a list", { value_wo: "${local.x[0]}" }, ["hunter2hunter2"]],
  ["a map of maps", { value_wo: "${local.x.y.z}" }, { y: { z: "hunter2hunter2" } }],
  ["another local", { value_wo: "${local.x}" }, "${local.under}"],
])("a secret in clear that comes from %s is hidden where it stands, also on one line", (_, password, x) => {
  const locals = { broken: "${local.gone", ...(typeof x === "string" ? { under: "hunter2hunter2" } : {}), x };
  const text = synthesized(withUser({ password, first_name: "${local.broken}" }, { locals }));
  const shown = said(text.replaceAll("\n", " "));
  expect(shown).toContain("a secret must not stand in a manifest");
  expect(shown).toContain("${local.gone");
  expect(shown).not.toContain("hunter2");
});

const failing = { locals: { a: "hunter2hunter2", b: "${nofunc(local.a)}" } };
const outputOfBase = "${data.terraform_remote_state.cross-stack-reference-input-base.outputs.o}";
const fromBase = synthesized(withUser({ password: { value_wo: outputOfBase } }), "users");
const base = (parts: Synthesized) => synthesized(withRole({}, parts), "base");
const clear = '${nofunc("hunter2")}';
const fromOther = { password: { value_wo: "${upper(velocloud_admin_user.b.first_name)}" } };

test.each<[string, Texts]>([
  [
    "an attribute that is no secret needs it first",
    { app: synthesized(withUser({ first_name: "${local.b}", password: { value_wo: "${local.b}" } }, failing)) },
  ],
  [
    "the two need one another, and the other one is asked first",
    {
      app: synthesized(
        withUser(
          { first_name: "${local.b}", password: { value_wo: "${local.c}" } },
          { locals: { b: '${join("hunter2", local.c)}', c: "${local.b}" } },
        ),
      ),
    },
  ],
  [
    "it is a local of another stack, behind an output",
    { users: fromBase, base: base({ ...failing, output: { o: { value: "${local.b}" } } }) },
  ],
  [
    "its own text is what somebody else could not evaluate",
    {
      app: synthesized(
        withUser({ first_name: "${local.b}", password: { value_wo: "${local.b}" } }, { locals: { b: clear } }),
      ),
    },
  ],
  [
    "it stands in a map, and somebody else asked for that",
    {
      app: synthesized(
        withUser(
          { first_name: "${local.m.b}", password: { value_wo: "${local.m.b}" } },
          { locals: { m: { b: clear } } },
        ),
      ),
    },
  ],
  [
    "it is an attribute of another resource, which is told after it",
    {
      app: synthesized({
        resource: {
          velocloud_admin_user: { a: { ...account, ...fromOther }, b: { ...account, first_name: clear } },
        },
      }),
    },
  ],
])("what went into a secret that cannot be evaluated is hidden also when %s", (_, stacks) => {
  const files = Object.entries(stacks).map(([name, text]) => [
    `cdktf.out/stacks/${name}/cdk.tf.json`,
    text.replaceAll("\n", " "),
  ]);
  const shown = said(Object.fromEntries(files));
  expect(shown).toContain("(hidden)");
  expect(shown).not.toContain("hunter2");
});
