import { describe, expect, test } from "vitest";
import { account, type Bad, check, role, withRole, withUser } from "./terraform-json-bad.ts";
import { beside, besideTwo, synthesized } from "./terraform-json-fixture.ts";

const references: Bad[] = [
  {
    name: "a reference to nothing",
    of: withUser({ role: "${velocloud_role.auditr.name}" }),
    marks: "${velocloud_role.auditr.name}",
    says: "no resource velocloud_role.auditr",
    construct: "app/team/ci",
  },
  {
    name: "a circle",
    of: {
      resource: {
        velocloud_role: {
          a: { ...role, name: "A", description: "${velocloud_role.b.description}" },
          b: { ...role, name: "B", description: "${velocloud_role.a.description}" },
        },
      },
    },
    marks: "${velocloud_role.a.description}",
    says: "these resources need one another: velocloud_role.a → velocloud_role.b → velocloud_role.a",
  },
  {
    name: "a reference to another kind than is meant",
    of: {
      resource: {
        velocloud_role: { r: role },
        velocloud_api_token: {
          t: { owner: "${velocloud_role.r.name}", name: "t", lifetime: "90d", deliver_to: "local:a" },
        },
      },
    },
    marks: "${velocloud_role.r.name}",
    says: "this attribute refers to the username of a velocloud_admin_user",
    construct: "app/team/t",
  },
  {
    name: "an attribute that is not there",
    of: {
      resource: {
        velocloud_role: { r: role },
        velocloud_admin_user: { ci: { ...account, first_name: "${velocloud_role.r.nme}" } },
      },
    },
    marks: "${velocloud_role.r.nme}",
    says: 'velocloud_role has no attribute "nme"',
    hint: 'did you mean "name"?',
  },
  {
    name: "a dependency on nothing",
    of: withUser({ depends_on: ["velocloud_role.gone"] }),
    marks: '"velocloud_role.gone"',
    says: "no resource velocloud_role.gone",
  },
  {
    name: "a dependency on a module",
    of: withUser({ depends_on: ["data.x.y"] }),
    marks: '"data.x.y"',
    says: "this is not the address of a resource",
  },
  {
    name: "an alias without a provider",
    of: withRole({ provider: "velocloud.secnd" }, { provider: { velocloud: [{ alias: "second" }] } }),
    marks: '"velocloud.secnd"',
    says: "no provider velocloud has the alias secnd",
    hint: 'did you mean "second"?',
    yaml: besideTwo,
  },
  {
    name: "an alias without a system",
    of: withRole({ provider: "velocloud.third" }, { provider: { velocloud: [{ alias: "third" }] } }),
    marks: '"velocloud.third"',
    says: 'no system "third" is declared',
    construct: "app/team/auditor",
    yaml: besideTwo,
  },
  {
    name: "another provider than the kind's",
    of: withRole({ provider: "momentus" }),
    marks: '"momentus"',
    says: "the provider is momentus",
    hint: "velocloud_role is of the provider velocloud",
  },
  {
    name: "two providers with one alias",
    of: withRole({}, { provider: { velocloud: [{ alias: "a" }, { alias: "a" }] } }),
    marks: '"a"',
    says: "two providers velocloud have the alias a",
  },
  {
    name: "no alias where several systems fit",
    of: withRole({}),
    marks: '"auditor"',
    says: "several systems are of type velocloud",
    hint: "give it a provider whose alias is one of: second, first",
    yaml: besideTwo.replace("velocloud: {", "first: { type: velocloud,"),
  },
  {
    name: "two stacks with one address",
    of: {
      "cdktf.out/stacks/test/cdk.tf.json": synthesized(withRole({}), "test"),
      "cdktf.out/stacks/prod/cdk.tf.json": synthesized(withRole({ name: "B" }), "prod"),
    },
    marks: '"auditor"',
    says: "the stacks test and prod both have the address velocloud_role.auditor",
    hint: "the first is at cdktf.out/stacks/test/cdk.tf.json:",
    construct: "prod/team/auditor",
  },
  {
    name: "two names that are one address",
    of: { resource: { velocloud_role: { "Audit-or": role, audit_or: { ...role, name: "B" } } } },
    marks: '"audit_or"',
    says: "audit_or and Audit-or are one address, velocloud_role.audit_or",
  },
  {
    name: "a name that is too long for an address",
    of: { resource: { velocloud_role: { [`a${"b".repeat(70)}`]: role } } },
    marks: `"a${"b".repeat(70)}"`,
    says: "cannot be the name of a resource",
    hint: "overrideLogicalId",
  },
  {
    name: "two constructs that are one object",
    of: { resource: { velocloud_role: { a: role, b: role } } },
    marks: '"Auditor"',
    says: "velocloud_role.a has the same name Auditor",
    construct: "app/team/b",
  },
];

const secrets: Bad[] = [
  {
    name: "in clear",
    of: withUser({ password: { value_wo: "hunter2hunter2" } }),
    marks: '"hunter2hunter2"',
    says: "a secret must not stand in a manifest",
    construct: "app/team/ci",
  },
  {
    name: "in clear in a local",
    of: withUser({ password: { value_wo: "${local.pw}" } }, { locals: { pw: "hunter2hunter2" } }),
    marks: '"${local.pw}"',
    says: "a secret must not stand in a manifest",
  },
  {
    name: "put together of texts",
    of: withUser({ password: { value_wo: '${format("hunter2%s", local.x)}' } }, { locals: { x: "hunter2" } }),
    marks: '"${format(\\"hunter2%s\\", local.x)}"',
    says: "a secret must not stand in a manifest",
  },
  {
    name: "in an expression that cannot be evaluated",
    of: withUser({ password: { value_wo: '${sha256("hunter2")}' } }),
    marks: '${sha256(\\"hunter2\\")}',
    says: "this expression cannot be evaluated",
    hint: "a secret attribute says only where the secret comes from",
  },
  {
    name: "by a sensitive variable",
    of: withUser(
      { password: { value_wo: "${var.pw}" } },
      { variable: { pw: { sensitive: true, default: "hunter2" } } },
    ),
    marks: "${var.pw}",
    says: "the variable pw is sensitive, and no secret comes by a variable",
    hint: "${env.NAME}",
  },
  {
    name: "under the name that YAML has for it",
    of: withUser({ password: { value: "hunter2hunter2" } }),
    marks: '"value"',
    says: 'unknown attribute "value" on password of velocloud_admin_user',
    hint: "write value_wo",
  },
  {
    name: "with text around it",
    of: withUser({ password: { value_wo: "a${env.PW}" } }),
    marks: "a${env.PW}",
    says: "this expression cannot be evaluated",
  },
  {
    name: "in an attribute that is none",
    of: withUser({ first_name: "${env.PW}" }),
    marks: "${env.PW}",
    says: "${env.…} is a secret, and this is not a secret attribute",
  },
  {
    name: "inside a function",
    of: withUser({ first_name: "${upper(env.PW)}" }),
    marks: "${upper(env.PW)}",
    says: "a secret must be the whole value",
  },
  {
    name: "in the provider, where it is ignored and not printed",
    of: withRole({ nme: "x" }, { provider: { velocloud: [{ token: "hunter2hunter2" }] } }),
    marks: '"token"',
    says: "ignored in the provider velocloud: token",
  },
  {
    name: "of a file that lies outside the folder",
    of: withUser({ password: { value_wo: "${file:../id_rsa}" } }),
    marks: "${file:../id_rsa}",
    says: "the path leaves the manifest's folder",
  },
];

const blocks: Bad[] = [
  {
    name: "an unknown attribute",
    of: withRole({ nme: "x" }),
    marks: '"nme"',
    says: 'unknown attribute "nme" on velocloud_role',
    hint: 'did you mean "name"?',
    construct: "app/team/auditor",
  },
  {
    name: "a missing attribute",
    of: { resource: { velocloud_role: { auditor: { name: "A", description: "x" } } } },
    marks: '"auditor"',
    says: "privileges is missing on velocloud_role.auditor",
  },
  {
    name: "a value of the wrong type",
    of: withUser({ enabled: "yes" }),
    marks: '"yes"',
    says: "enabled must be true or false, not text",
  },
  {
    name: "an empty text",
    of: withUser({ email: "" }),
    marks: '""',
    says: "email is blank",
    hint: "name it in clear to empty it",
  },
  {
    name: "a computed attribute that is set",
    of: withRole({ id: 7 }),
    marks: '"id"',
    says: "id is computed by the system",
  },
  {
    name: "an attribute that cannot be cleared",
    of: withUser({ clear: ["username"] }),
    marks: '"username"',
    says: "this attribute cannot be cleared",
  },
  {
    name: "an attribute that is set and cleared",
    of: withUser({ email: "a@b.example", clear: ["email"] }),
    marks: '"email"',
    says: "email is set and cleared",
  },
  {
    name: "two generations",
    of: withUser({ password: { value_wo: "${env.PW}", value_wo_version: 2, generation: 2 } }),
    marks: '"value_wo_version"',
    says: "generation says the same",
  },
  {
    name: "a lifecycle that is not kept",
    of: withRole({ lifecycle: { replace_triggered_by: ["velocloud_role.x"] } }),
    marks: '"replace_triggered_by"',
    says: "Steward does not carry out lifecycle.replace_triggered_by",
  },
  {
    name: "an unknown attribute in ignore_changes",
    of: withRole({ lifecycle: { ignore_changes: ["nme"] } }),
    marks: '"nme"',
    says: 'unknown attribute "nme" in ignore_changes',
  },
  {
    name: "an adopt that is neither true nor false",
    of: withRole({ adopt: "maybe" }),
    marks: '"adopt"',
    says: "lifecycle.adopt must be true or false",
  },
  {
    name: "an on_remove that is not known",
    of: withRole({ on_remove: "keep" }),
    marks: '"on_remove"',
    says: "lifecycle.on_remove has a value that is not allowed",
    hint: "allowed: delete, forget",
  },
  {
    name: "a provisioner",
    of: withRole({ provisioner: [{ "local-exec": { command: "id" } }] }),
    marks: '"provisioner"',
    says: "provisioner runs programs, which Steward does not",
  },
  {
    name: "a kind of ours that is not known",
    of: { resource: { velocloud_rol: { a: role } } },
    marks: '"a"',
    says: 'unknown kind "velocloud_rol"',
    hint: 'did you mean "velocloud_role"?',
  },
  {
    name: "a kind of somebody else beside ours",
    of: { resource: { aws_instance: { a: {} }, velocloud_role: { auditor: role } } },
    marks: '"a"',
    says: 'unknown kind "aws_instance"',
    hint: "a stack of their own",
  },
  {
    name: "a module",
    of: withRole({}, { module: { m: { source: "./m" } } }),
    marks: '"module"',
    says: "Steward does not carry out module blocks",
  },
  {
    name: "an import",
    of: withRole({}, { import: [{ to: "velocloud_role.auditor", id: "7" }] }),
    marks: '"import"',
    says: "Steward does not carry out import blocks",
    hint: "steward import ADDRESS ID",
  },
  {
    name: "an unknown part",
    of: withRole({}, { ressource: {} }),
    marks: '"ressource"',
    says: 'unknown part "ressource" of Terraform JSON',
    hint: 'did you mean "resource"?',
  },
  {
    name: "a move of what is still declared",
    of: {
      moved: [{ from: "velocloud_role.a", to: "velocloud_role.b" }],
      resource: { velocloud_role: { a: role, b: { ...role, name: "B" } } },
    },
    marks: '"velocloud_role.a"',
    says: "velocloud_role.a is moved, and still declared",
  },
  {
    name: "a move to another kind",
    of: withRole({}, { moved: [{ from: "velocloud_admin_user.a", to: "velocloud_role.auditor" }] }),
    marks: '"velocloud_admin_user.a"',
    says: "the kinds differ",
  },
  {
    name: "two moves to one address",
    of: withRole(
      {},
      {
        moved: [
          { from: "velocloud_role.a", to: "velocloud_role.auditor" },
          { from: "velocloud_role.b", to: "velocloud_role.auditor" },
        ],
      },
    ),
    marks: '"velocloud_role.b"',
    says: "velocloud_role.a and velocloud_role.b are both moved to velocloud_role.auditor",
  },
  {
    name: "moves in a circle",
    of: withRole(
      {},
      {
        moved: [
          { from: "velocloud_role.a", to: "velocloud_role.b" },
          { from: "velocloud_role.b", to: "velocloud_role.a" },
        ],
      },
    ),
    marks: '"velocloud_role.a"',
    says: "these moves lead in a circle",
  },
];

describe.each(Object.entries({ references, secrets, blocks }))("%s", (_, cases) => {
  test.each(cases)("$name", check);
});

test("resources in YAML and in code at once are refused, with the way out", () => {
  check({
    name: "",
    of: withRole({}),
    marks: undefined,
    says: "resources are declared in YAML and in code",
    hint: "--manifest steward.yaml",
    yaml: `${beside}resources: { velocloud_role: { a: { name: a, description: a, privileges: [a] } } }\n`,
  });
});

test("there are more than forty of them, each told apart by its words", () => {
  const all = [references, secrets, blocks].flat();
  expect(all.length).toBeGreaterThan(40);
  expect(new Set(all.map(({ says, name }) => `${name}: ${says}`)).size).toBe(all.length);
});
