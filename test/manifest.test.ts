import { describe, expect, test } from "vitest";
import type { Manifest } from "../src/manifest/manifest.ts";
import { parseManifest } from "../src/manifest/parse.ts";
import { head, input, parse, problems, rules } from "./manifest-fixture.ts";

const user = (lines: string): string => `${head}  velocloud_admin_user:\n    ci: { username: ci, role: R, ${lines} }\n`;
const first = (manifest: Manifest) => manifest.resources[0]!;

describe("a manifest", () => {
  test("is read with its systems, sinks, resources and references", () => {
    const manifest = parse(rules);
    expect(manifest.resources.map((resource) => resource.address)).toEqual([
      "velocloud_admin_user.ci",
      "velocloud_api_token.ci",
      "velocloud_role.auditor",
    ]);
    expect(manifest.resources[1]).toMatchObject({
      system: "velocloud",
      attributes: { owner: { $ref: { address: "velocloud_admin_user.ci", attribute: "" } }, name: "ci" },
      dependsOn: ["velocloud_admin_user.ci"],
      source: { file: "steward.yaml", line: 16, column: 5, length: 2 },
    });
    expect(manifest.systems.velocloud).toMatchObject({
      type: "velocloud",
      url: "https://vco.example.net",
      hand: "api",
      credentials: { token: { $secret: { from: "env", name: "VCO_TOKEN" } } },
      requestTimeoutMs: 30_000,
      commitGraceMs: 60_000,
    });
    expect(manifest.sinks.local).toMatchObject({ type: "age", settings: { path: "secrets/default/" } });
    expect(manifest).toMatchObject({
      environment: "default",
      protected: false,
      state: { type: "local", path: ".steward/state/default" },
      guard: { deletionsMax: 5, deletionsMaxPercent: 25 },
    });
  });

  test("without resources, systems or any text is fine", () => {
    expect(parse("").resources).toEqual([]);
    expect(parse("guard: { deletions_max: 0 }").guard).toEqual({ deletionsMax: 0, deletionsMaxPercent: 25 });
  });

  test("is read with CRLF, a byte order mark, block texts, anchors and aliases", () => {
    const text = `\uFEFF${user("first_name: F")}`.replaceAll("\n", "\r\n");
    expect(first(parse(text)).attributes.first_name).toBe("F");
    const folded = `${head}  velocloud_role:\n    a: &a { name: A, description: x, privileges: &p [P, Q] }\n    b:\n      name: B\n      description: |\n        two\n        lines\n      privileges: *p\n`;
    const [, b] = parse(folded).resources;
    expect(b?.attributes).toEqual({ name: "B", description: "two\nlines\n", privileges: ["P", "Q"] });
  });

  test("keeps templates, escapes and the environment apart", () => {
    const text = `${rules}      description: "$\${not} \${environment} by \${velocloud_admin_user.ci.username}!"\n`;
    expect(parse(text).resources[1]?.attributes.description).toEqual({
      $template: ["${not} default by ", { $ref: { address: "velocloud_admin_user.ci", attribute: "username" } }, "!"],
    });
  });

  test("reads !clear where an attribute can be cleared", () => {
    expect(first(parse(user("first_name: !clear"))).attributes.first_name).toEqual({ $clear: true });
  });

  test("reads meta attributes", () => {
    const text = `${rules.replace("      username: ci@acme.example\n", "      username: ci@acme.example\n      depends_on: [velocloud_role.auditor]\n      lifecycle: { prevent_destroy: true, adopt: true, ignore_changes: [role, email], on_remove: forget }\n")}`;
    expect(parse(text).resources[0]).toMatchObject({
      dependsOn: ["velocloud_role.auditor"],
      lifecycle: { preventDestroy: true, adopt: true, ignoreChanges: ["email", "role"], onRemove: "forget" },
    });
  });

  test("locates attributes and entries", () => {
    const manifest = parse(rules);
    expect(manifest.locate("velocloud_role.auditor", "privileges[1]")).toMatchObject({
      line: 8,
      column: 58,
      length: 7,
    });
    expect(manifest.locate("velocloud_admin_user.ci", "password.deliver_to")).toMatchObject({ line: 13, column: 47 });
    expect(manifest.locate("velocloud_admin_user.ci")).toMatchObject({ line: 10, column: 5, length: 2 });
    expect(manifest.locate("velocloud_admin_user.nobody")).toBeUndefined();
  });
});

describe("variables", () => {
  const text = `variables: { who: { default: base, description: Who }, on: true }
environments:
  prod: { variables: { who: prod } }
${user('first_name: "${var.who}", enabled: "${var.on}"')}`;
  const read = (more = {}) => first(parse(text, more)).attributes;

  test("are taken from --var, then STEWARD_VAR_NAME, then the environment, then the default", () => {
    const environmentVariables = { STEWARD_VAR_who: "outside", who: "never" };
    expect(read({ variables: { who: "given" }, environmentVariables }).first_name).toBe("given");
    expect(read({ environmentVariables }).first_name).toBe("outside");
    expect(read().first_name).toBe("prod");
    expect(first(parse(text.replace("{ who: prod }", "{}"))).attributes.first_name).toBe("base");
  });

  test("become a boolean where one is wanted, and are never read as expressions", () => {
    expect(read().enabled).toBe(true);
    expect(read({ variables: { on: "false", who: "${env.HOME}" } })).toMatchObject({
      enabled: false,
      first_name: "${env.HOME}",
    });
  });

  test("that nobody declared are refused", () => {
    expect(problems(text, { variables: { whom: "x" } })[0]).toMatchObject({
      message: "no variable whom is declared",
      hint: 'did you mean "who"?',
    });
  });
});

describe("environments", () => {
  const text = `environments:
  test: {}
  prod: { protected: true, systems: { velocloud: { url: https://prod.example.net/, concurrency: 2 } }, sinks: { local: { recipients: [age1prodprodprod] } } }
${head}  velocloud_role:
    both: { name: Both, description: x, privileges: [P] }
    only: { name: Only, description: x, privileges: [P], environments: [prod] }
`;

  test("lay their settings over the rest and leave other resources out", () => {
    const prod = parse(text, { environment: "prod" });
    expect(prod).toMatchObject({ environment: "prod", environments: ["prod", "test"], protected: true });
    expect(prod.systems.velocloud).toMatchObject({
      url: "https://prod.example.net",
      concurrency: 2,
      credentials: { token: { $secret: { from: "env", name: "VCO_TOKEN" } } },
    });
    expect(prod.sinks.local?.settings).toEqual({ path: "secrets/prod/", recipients: ["age1prodprodprod"] });
    expect(prod.state.path).toBe(".steward/state/prod");
    const other = parse(text, { environment: "test" });
    expect(other.resources.map((resource) => resource.name)).toEqual(["both"]);
    expect(other.digest).not.toBe(prod.digest);
  });

  test("must be chosen when there are several", () => {
    expect(problems(text)[0]).toMatchObject({ hint: "add --env with one of: prod, test" });
    expect(problems(text, { environment: "prd" })[0]).toMatchObject({ hint: 'did you mean "prod"?' });
  });

  test("make a reference to a resource that is left out an error that says so", () => {
    const bad = `${text}    uses: { name: Uses, description: "like \${velocloud_role.only}", privileges: [P] }\n`;
    expect(problems(bad, { environment: "test" })).toMatchObject([
      { message: "velocloud_role.only is left out of the environment test", source: { line: 10, column: 44 } },
    ]);
    expect(problems(bad, { environment: "prod" })).toEqual([]);
  });

  test("are checked for overrides of nothing, also those that are not chosen", () => {
    const bad = text.replace("systems: { velocloud:", "systems: { velocluod:");
    expect(problems(bad, { environment: "test" })[0]).toMatchObject({
      message: 'no system "velocluod"',
      hint: 'did you mean "velocloud"?',
    });
  });
});

describe("systems", () => {
  const two = (line: string) =>
    `systems:\n  a: { type: velocloud, url: https://a.example }\n  b: { type: velocloud, url: https://b.example }\nresources:\n  velocloud_role:\n    r: { name: R, description: x, privileges: [P]${line} }\n`;

  test("must be named when several could be meant", () => {
    expect(problems(two(""))[0]).toMatchObject({
      message: "several systems are of type velocloud",
      hint: "write system: with one of: a, b",
    });
    expect(first(parse(two(", system: b"))).system).toBe("b");
  });

  test("may have the same object each", () => {
    const text = `${two(", system: b")}    s: { name: R, description: x, privileges: [P], system: a }\n`;
    expect(parse(text).resources).toHaveLength(2);
  });

  test("are checked by their connector too", () => {
    const [velocloud] = input([]).connectors;
    const check = () => [{ severity: "error" as const, message: "enterprise is needed" }];
    expect(
      problems("systems: { velocloud: { url: https://a.example } }", { connectors: [{ ...velocloud!, check }] }),
    ).toMatchObject([
      { message: "enterprise is needed", source: { line: 1, column: 12 }, excerpt: { from: 11, length: 9 } },
    ]);
  });

  test("take certificate authorities from a file inside the folder", () => {
    const text = "systems: { velocloud: { url: https://a.example, ca_file: ca.pem } }";
    const side = (content: string) => ({ problem: () => undefined, text: () => ({ text: content }) });
    const pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
    expect(parse(text, { side: side(pem) }).systems.velocloud?.ca).toBe(pem);
    expect(problems(text, { side: side("no") })[0]?.message).toBe("the file of ca_file holds no certificate");
  });
});

describe("the digest", () => {
  const meaning = (files: [string, string][]) =>
    parseManifest(input(files.map(([path, text]) => ({ path, text })))).digest;

  test("is the same for the same meaning in other files, order and spelling", () => {
    const block = `resources:
  velocloud_role: { b: { privileges: [P], description: x, name: "B" }, a: { name: A, description: x, privileges: [P] } }
`;
    const flow = block.replace("resources:", "# comment\nresources:").replace('"B"', "B");
    const [one, other] = [
      "velocloud_role:\n    a: { name: A, description: x, privileges: [P] }\n",
      "velocloud_role: { b: { name: B, description: x, privileges: [P] } }\n",
    ];
    const system = "systems: { velocloud: { url: https://a.example } }\n";
    const digest = meaning([["a.yaml", system + block]]);
    expect(
      meaning([
        ["x.yaml", system],
        ["y.yml", flow],
      ]),
    ).toBe(digest);
    expect(
      meaning([
        ["2.yaml", `resources:\n  ${one}`],
        ["1.yaml", `${system}resources:\n  ${other}`],
      ]),
    ).toBe(digest);
    expect(meaning([["a.yaml", system + block.replace("[P]", "[Q]")]])).not.toBe(digest);
  });
});

describe("ten thousand users", () => {
  test("are read within a second of one core", () => {
    const one = (index: number) =>
      `    user_${index}:\n      username: user${index}@acme.example\n      role: Enterprise Standard Admin\n      first_name: User\n      last_name: Number ${index}\n      mobile_phone: "+49 123 ${index}"\n`;
    const text = `${head}  velocloud_admin_user:\n${Array.from({ length: 10_000 }, (_, index) => one(index)).join("")}`;
    parse(text.slice(0, 100_000).replace(/\n[^\n]*$/, "\n"), {});
    const before = process.cpuUsage();
    expect(parse(text).resources).toHaveLength(10_000);
    const { user: userUs, system } = process.cpuUsage(before);
    // Three times the measured time: the machine of a test is often busy. docs/benchmarks.md has the figure.
    expect((userUs + system) / 1_000).toBeLessThan(3_000);
  });
});
