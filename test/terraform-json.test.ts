import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { functionNames } from "../src/terraform-json/functions.ts";
import { parse, rules } from "./manifest-fixture.ts";
import { account, role, withRole, withUser } from "./terraform-json-bad.ts";
import { besideTwo, parseStacks, problemsOf, type Synthesized, synthesized } from "./terraform-json-fixture.ts";

type Options = Parameters<typeof parseStacks>[1];

/** What the description of a role comes to. */
function described(description: string, parts: Synthesized = {}, options?: Options): unknown {
  const manifest = parseStacks(synthesized(withRole({ description }, parts)), options);
  return manifest.resources.find(({ name }) => name === "auditor")?.attributes.description;
}

const locals = { names: ["a", "b"], prefix: "ops", deep: { list: [{ n: 7 }] }, next: "${local.prefix}-x", yes: true };

describe("expressions", () => {
  test.each<[string, unknown]>([
    ["plain", "plain"],
    ["costs 5$ and {more}", "costs 5$ and {more}"],
    ["$${not.read} and %%{ this }", "${not.read} and %{ this }"],
    ["${local.prefix}", "ops"],
    ["x-${local.next}-y", "x-ops-x-y"],
    ['${local["prefix"]}', "ops"],
    ["${local.names[1]}", "b"],
    ["${local.names.0}", "a"],
    ["${local.deep.list[0].n}", "7"],
    ["${local.yes}", "true"],
    ['${join("-", ["a", local.prefix, "b"])}', "a-ops-b"],
    ['${join(", ", local.names, ["c"])}', "a, b, c"],
    ['${format("%s/%05d/%q/%v%%", local.prefix, 42, "q", true)}', 'ops/00042/"q"/true%'],
    ['${format("%-4s|%4s|%.2f", "a", "b", 1.5)}', "a   |   b|1.50"],
    ['${jsonencode({"b" = [1, true, null], "a" = local.prefix})}', '{"a":"ops","b":[1,true,null]}'],
    ['${jsonencode("<&>")}', '"\\u003c\\u0026\\u003e"'],
    ['${(1 + 2 * 3 > 6) ? "yes" : "no"}', "yes"],
    ['${local.yes && !false ? upper("a") : lower("B")}', "A"],
    ['${"in ${local.prefix} \\"q\\" \\u00e4"}', 'in ops "q" ä'],
    ['${lookup({"a" = "x"}, "b", "z")}${element(["p", "q"], 3)}', "zq"],
    ['${replace("a.b.c", ".", "-")}${trimspace("  x ")}', "a-b-cx"],
    ['${length(concat(local.names, distinct(["c", "c"])))}', "3"],
    ['${split(",", "a,b")[1]}${contains(local.names, "b")}', "btrue"],
    ["${environment}", "default"],
    ['${merge({a = "1"}, {"a" : "2", b = "3"}).a}', "2"],
    ["${-3 + 10 % 4}", "-1"],
    ['${local.prefix == "ops" ? 1 : local.nowhere}', "1"],
  ])("%s is %j", (text, value) => {
    expect(described(text, { locals })).toBe(value);
  });

  test("make lists, also in attributes that hold lists", () => {
    const of = (privileges: unknown) =>
      parseStacks(synthesized(withRole({ privileges }, { locals }))).resources[0]?.attributes.privileges;
    expect(of("${local.names}")).toEqual(["a", "b"]);
    expect(of(["x", "${local.prefix}"])).toEqual(["x", "ops"]);
    expect(of('${concat(local.names, ["c-${local.prefix}"])}')).toEqual(["a", "b", "c-ops"]);
    expect(of('${toset(["b", "a", "b"])}')).toEqual(["a", "b"]);
  });

  test("make maps of what is a map in our schema", () => {
    const parts = { locals: { password: { generate: true, deliver_to: "local:x/${local.name}", generation: null } } };
    const stack = withUser({ password: "${local.password}" }, { locals: { ...parts.locals, name: "ci" } });
    expect(parseStacks(synthesized(stack)).resources[0]?.attributes.password).toEqual({
      generate: true,
      deliver_to: "local:x/ci",
    });
  });

  test("are converted as Terraform converts: a number in a text, a word that spells true", () => {
    const stack = withUser({ first_name: "${local.n}", enabled: "${local.t}" }, { locals: { n: 7, t: "true" } });
    expect(parseStacks(synthesized(stack)).resources[0]?.attributes).toMatchObject({ first_name: "7", enabled: true });
  });

  test("keep a reference as it is, also inside a text, a join and a format", () => {
    const stack = (first_name: string): Synthesized => ({
      locals: { ref: "${velocloud_role.auditor.name}" },
      resource: { velocloud_role: { auditor: role }, velocloud_admin_user: { ci: { ...account, first_name } } },
    });
    const ref = { $ref: { address: "velocloud_role.auditor", attribute: "name" } };
    const of = (text: string) => parseStacks(synthesized(stack(text))).resources[0]!;
    expect(of("${velocloud_role.auditor.name}").attributes.first_name).toEqual(ref);
    expect(of('${velocloud_role.auditor["name"]}').attributes.first_name).toEqual(ref);
    expect(of("${local.ref}").attributes.first_name).toEqual(ref);
    for (const text of ["a-${local.ref}", '${join("-", ["a", local.ref])}', '${format("a-%s", local.ref)}'])
      expect(of(text).attributes.first_name).toEqual({ $template: ["a-", ref] });
    expect(of("a-${local.ref}").dependsOn).toEqual(["velocloud_role.auditor"]);
  });

  test("take in the declared value where only a value will do, and depend on whose it is", () => {
    const first_name = "${upper(velocloud_role.auditor.privileges[0])}${jsonencode([velocloud_role.auditor.name])}";
    const resource = { velocloud_role: { auditor: role }, velocloud_admin_user: { ci: { ...account, first_name } } };
    const [user] = parseStacks(synthesized({ resource })).resources;
    expect(user?.attributes.first_name).toBe('MONITOR["Auditor"]');
    expect(user?.dependsOn).toEqual(["velocloud_role.auditor"]);
    const shared = { locals: { n: "${upper(velocloud_role.auditor.name)}" } };
    const users = {
      a: { ...account, first_name: "${local.n}" },
      b: { ...account, username: "b", first_name: "${local.n}" },
    };
    const both = parseStacks(
      synthesized({ ...shared, resource: { ...resource, velocloud_admin_user: users } }),
    ).resources;
    expect(both.slice(0, 2).map(({ dependsOn }) => dependsOn)).toEqual([
      ["velocloud_role.auditor"],
      ["velocloud_role.auditor"],
    ]);
  });

  test("give the version of a secret that stands at the top of a kind", () => {
    const properties = { pin: { type: "string", "x-secret": "chosen" }, generation: { type: "integer" } } as const;
    const kinds = loadKindSchemas().map((kind) => ({ ...kind, properties: { ...kind.properties, ...properties } }));
    const stack = withRole({ pin_wo: "${env.PIN}", pin_wo_version: "${local.n}" }, { locals: { n: 3 } });
    expect(parseStacks(synthesized(stack), { kinds }).resources[0]?.attributes).toMatchObject({
      pin: { $secret: { from: "env", name: "PIN" } },
      generation: 3,
    });
  });

  test("that come to null leave an attribute unset, as null itself does", () => {
    const stack = withUser(
      { first_name: "${var.n}", email: "${null}", clear: ["email"] },
      { variable: { n: { default: null } } },
    );
    const { attributes } = parseStacks(synthesized(stack)).resources[0]!;
    expect(attributes).not.toHaveProperty("first_name");
    expect(attributes.email).toEqual({ $clear: true });
  });

  test("hold secrets by reference, as Steward writes them", () => {
    const of = (value_wo: string, parts: Synthesized = {}) =>
      parseStacks(synthesized(withUser({ password: { value_wo, value_wo_version: 3 } }, parts))).resources[0]
        ?.attributes;
    expect(of("${env.PW}")?.password).toEqual({ value: { $secret: { from: "env", name: "PW" } }, generation: 3 });
    expect(of("${sink:local:a/b}")?.password).toMatchObject({
      value: { $secret: { from: "sink", name: "local:a/b" } },
    });
    expect(of("${file:pw.txt}")?.password).toMatchObject({ value: { $secret: { from: "file", name: "pw.txt" } } });
    expect(of("${local.pw}", { locals: { pw: "${env.PW}" } })?.password).toMatchObject({
      value: { $secret: { from: "env", name: "PW" } },
    });
  });
});

test("every function that is evaluated stands in the documents, and no other", () => {
  const text = readFileSync(new URL("../docs/terraform-json.md", import.meta.url), "utf8");
  const listed = /these functions: (.*?)\.\n/s.exec(text)![1]!;
  expect([...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(functionNames());
});

describe("variables", () => {
  const variable = { domain: { type: "string", default: "acme.example" } };
  const of = (options?: Options) => described("at ${var.domain}", { variable }, options);

  test("have a default in the code, and what is said outside goes before it", () => {
    expect(of()).toBe("at acme.example");
    expect(of({ environmentVariables: { STEWARD_VAR_domain: "b.example" } })).toBe("at b.example");
    expect(of({ environmentVariables: { STEWARD_VAR_domain: "b.example" }, variables: { domain: "c.example" } })).toBe(
      "at c.example",
    );
  });

  test("may have a value for each environment in steward.yaml", () => {
    const yaml = `${besideTwo}environments: { test: { variables: { domain: test.example } }, prod: {} }\n`;
    expect(of({ yaml, environment: "test" })).toBe("at test.example");
    expect(of({ yaml, environment: "prod" })).toBe("at acme.example");
  });

  test("that are lists come from outside as an expression", () => {
    const stack = withRole({ privileges: "${var.p}" }, { variable: { p: { type: "list(string)", default: ["a"] } } });
    const privileges = (variables: Record<string, string>) =>
      parseStacks(synthesized(stack), { variables }).resources[0]?.attributes.privileges;
    expect(privileges({})).toEqual(["a"]);
    expect(privileges({ p: '["b", "c"]' })).toEqual(["b", "c"]);
  });

  test.each<[string, unknown, string]>([
    ["set(string)", ["b", "a", "b"], "a,b"],
    ["set(number)", ["10", 9, 10], "9,10"],
    ["set(bool)", [true, false, "true"], "false,true"],
    ["set(list(string))", [["b"], ["b"]], "b"],
    ["list(set(string))", [["b", "a"]], "a,b"],
  ])("of type %s with %j are sets as Terraform makes them: %s", (type, value, text) => {
    const variable = { s: { type, default: value } };
    const joined = '${join(",", flatten(var.s))}';
    expect(described(joined, { variable })).toBe(text);
    expect(described(joined, { variable: { s: { type } } }, { variables: { s: JSON.stringify(value) } })).toBe(text);
  });

  test("may have rules, which a value must keep", () => {
    const validation = [{ condition: '${contains(["a", "b"], var.x)}', error_message: "a or b" }];
    const parts = { variable: { x: { type: "string", default: "a", validation } } };
    expect(described("${var.x}", parts)).toBe("a");
    expect(
      problemsOf(synthesized(withRole({ description: "${var.x}" }, parts)), { variables: { x: "c" } }),
    ).toHaveLength(1);
  });
});

describe("a stack", () => {
  test("gives the same resources as its twin in YAML, and the same digest", () => {
    const twin = parse(
      rules.replaceAll(/\$\{(velocloud_\w+\.\w+)\}/g, (_, of: string) => `\${${of}.${naturalKey(of)}}`),
    );
    const manifest = parseStacks(
      synthesized({
        resource: {
          velocloud_role: {
            auditor: {
              name: "Auditor",
              description: "May look",
              privileges: ["Global Settings Enterprise Read Only", "Monitor"],
            },
          },
          velocloud_admin_user: {
            ci: {
              username: "ci@acme.example",
              role: "${velocloud_role.auditor.name}",
              password: { generate: true, deliver_to: "local:velocloud/ci-password" },
            },
          },
          velocloud_api_token: {
            ci: {
              ...{ owner: "${velocloud_admin_user.ci.username}", name: "ci", lifetime: "90d", rotate_before: "14d" },
              deliver_to: "local:velocloud/ci-token",
            },
          },
        },
      }),
    );
    const plain = (one: typeof manifest) => one.resources.map(({ source: _, ...resource }) => resource);
    expect(plain(manifest)).toEqual(plain(twin));
    expect(manifest.digest).toBe(twin.digest);
  });

  test("knows its systems by the aliases of providers", () => {
    const provider = { velocloud: [{}, { alias: "second" }] };
    const of = (name?: string) =>
      parseStacks(synthesized(withRole(name ? { provider: name } : {}, { provider })), { yaml: besideTwo })
        .resources[0];
    expect(of()?.system).toBe("velocloud");
    expect(of("velocloud")?.system).toBe("velocloud");
    expect(of("velocloud.second")?.system).toBe("second");
  });

  test("has parts that mean nothing here, and arguments of providers are named", () => {
    const parts = {
      terraform: { backend: { s3: { bucket: "${nonsense(" } }, required_providers: {} },
      output: { x: { value: "${nonsense(" } },
      data: { aws_x: { y: { z: "${nonsense(" } } },
      provider: { velocloud: [{ alias: null, url: "https://x", token: "hunter2" }], aws: [{ region: "x" }] },
    };
    const { warnings, resources } = parseStacks(synthesized(withRole({}, parts)));
    expect(resources).toHaveLength(1);
    expect(warnings.map(({ message }) => message)).toEqual(["ignored in the provider velocloud: url, token"]);
    expect(JSON.stringify(warnings)).not.toContain("hunter2");
  });

  test("says with lifecycle and attributes what YAML says with lifecycle", () => {
    const lifecycle = { prevent_destroy: true, ignore_changes: ["email", "password"], create_before_destroy: true };
    const stack = withUser({ lifecycle, adopt: true, on_remove: "forget", clear: ["email"], last_name: null });
    const { resources, warnings } = parseStacks(synthesized(stack));
    expect(resources[0]).toMatchObject({
      attributes: { email: { $clear: true } },
      lifecycle: { preventDestroy: true, ignoreChanges: ["email", "password"], adopt: true, onRemove: "forget" },
    });
    expect(resources[0]?.attributes).not.toHaveProperty("last_name");
    expect(warnings.map(({ message }) => message)).toEqual(["ignored: lifecycle.create_before_destroy"]);
    const all = parseStacks(synthesized(withRole({ lifecycle: { ignore_changes: "all" } }))).resources[0];
    expect(all?.lifecycle.ignoreChanges).toEqual(["description", "name", "privileges"]);
  });

  test("takes values from outputs of other stacks, as CDKTF hands them on", () => {
    const base = synthesized(
      {
        output: { "cross-stack-output-name": { sensitive: true, value: "${velocloud_role.auditor.name}" } },
        locals: { mine: "base" },
        resource: { velocloud_role: { auditor: { ...role, description: "${local.mine}" } } },
      },
      "base",
    );
    const state = "data.terraform_remote_state.cross-stack-reference-input-base.outputs.cross-stack-output-name";
    const users = synthesized(
      { resource: { velocloud_admin_user: { ci: { ...account, role: `\${${state}}` } } } },
      "users",
    );
    const { resources, files } = parseStacks({
      "cdktf.out/stacks/users/cdk.tf.json": users,
      "cdktf.out/stacks/base/cdk.tf.json": base,
    });
    expect(files).toEqual(["cdktf.out/stacks/base/cdk.tf.json", "cdktf.out/stacks/users/cdk.tf.json", "steward.yaml"]);
    expect(resources.map(({ address, dependsOn }) => [address, dependsOn])).toEqual([
      ["velocloud_admin_user.ci", ["velocloud_role.auditor"]],
      ["velocloud_role.auditor", []],
    ]);
    expect(resources[1]?.attributes.description).toBe("base");
  });

  test("is known by the path that CDKTF gives it, also inside another construct", () => {
    const base = synthesized({ ...withRole({}), output: { n: { value: "${velocloud_role.auditor.name}" } } }, "one.x");
    const role = "${data.terraform_remote_state.cross-stack-reference-input-stage--onex.outputs.n}";
    const users = synthesized(withUser({ role }), "users");
    const { resources } = parseStacks({ "a/cdk.tf.json": users, "b/cdk.tf.json": base });
    expect(resources[0]?.attributes.role).toEqual({ $ref: { address: "velocloud_role.auditor", attribute: "name" } });
  });

  test("is left out when nothing in it is for Steward", () => {
    const foreign = JSON.stringify({ resource: { aws_instance: { a: { ami: "${data.x.y.z}" } } } });
    const manifest = parseStacks({
      "cdktf.out/stacks/aws/cdk.tf.json": foreign,
      "cdktf.out/stacks/app/cdk.tf.json": synthesized(withRole({})),
    });
    expect(manifest.files).not.toContain("cdktf.out/stacks/aws/cdk.tf.json");
    expect(manifest.resources).toHaveLength(1);
  });

  test("names resources as CDKTF does, and addresses them in our grammar", () => {
    const resource = {
      velocloud_role: { "moco-serv_role_03D9C829": role },
      velocloud_admin_user: {
        ci_46C6EC4C: {
          ...account,
          role: "${velocloud_role.moco-serv_role_03D9C829.name}",
          depends_on: ["velocloud_role.moco-serv_role_03D9C829"],
        },
      },
    };
    const { resources } = parseStacks(synthesized({ resource }));
    expect(resources.map(({ address }) => address)).toEqual([
      "velocloud_admin_user.ci_46c6ec4c",
      "velocloud_role.moco_serv_role_03d9c829",
    ]);
    expect(resources[0]?.dependsOn).toEqual(["velocloud_role.moco_serv_role_03d9c829"]);
  });

  test("places every attribute: file, line, column and construct", () => {
    const text = synthesized(withRole({ privileges: ["a", "b"] }));
    const manifest = parseStacks(text);
    const at = (path?: string) => manifest.locate("velocloud_role.auditor", path);
    const lines = text.split("\n");
    for (const [path, word] of [
      ["name", '"Auditor"'],
      ["privileges[1]", '"b"'],
      [undefined, '"auditor"'],
    ] as const) {
      const source = at(path)!;
      expect(lines[source.line - 1]!.slice(source.column - 1, source.column - 1 + source.length!)).toBe(word);
      expect(source).toMatchObject({ file: "cdk.tf.json", construct: "app/team/auditor" });
    }
    expect(manifest.excerpt!(at("name")!)?.line).toContain('"name": "Auditor"');
  });

  test("says which resources had other addresses; chains are followed, and what is gone is left out", () => {
    const moved = [
      { from: "velocloud_role.a", to: "velocloud_role.b" },
      { from: "velocloud_role.b", to: "velocloud_role.auditor" },
      { from: "velocloud_role.Old-One", to: "velocloud_role.gone" },
    ];
    const manifest = parseStacks(synthesized(withRole({}, { moved })));
    expect(manifest.moved).toEqual([
      { from: "velocloud_role.a", to: "velocloud_role.auditor" },
      { from: "velocloud_role.b", to: "velocloud_role.auditor" },
    ]);
    expect(manifest.digest).not.toBe(parseStacks(synthesized(withRole({}))).digest);
  });
});

const naturalKey = (address: string): string => (address.startsWith("velocloud_role") ? "name" : "username");
