import { describe, test } from "vitest";
import { account, type Bad, check, role, withRole, withUser } from "./terraform-json-bad.ts";
import { synthesized } from "./terraform-json-fixture.ts";

const expressions: Bad[] = [
  {
    name: "a function that is not evaluated",
    of: withRole({ name: "${uuid()}" }),
    marks: "${uuid()}",
    says: "${uuid()} cannot be evaluated: the function uuid is not evaluated",
    construct: "app/team/auditor",
  },
  {
    name: "a function inside another",
    of: withRole({ name: '${join("-", ["a", timestamp()])}' }),
    marks: "timestamp()",
    says: "the function timestamp is not evaluated",
    construct: "app/team/auditor",
  },
  {
    name: "a place of a secret that is not closed",
    of: withUser({ password: { value_wo: "${file:pw.txt" } }),
    marks: "${file:pw.txt",
    says: "this expression cannot be evaluated",
  },
  {
    name: "an expression that is not closed",
    of: withRole({ name: "x ${local.x" }),
    marks: '"',
    says: "the text ends where } must stand",
  },
  {
    name: "a quote inside a list, which the libraries do not escape",
    of: withRole({ name: '${join("-", ["a "q"", "b"])}' }),
    marks: "q",
    says: "something else stands where , must stand",
    hint: "quotes inside a text end it; in code, wrap that text in Fn.rawString(…)",
  },
  {
    name: "a backslash inside a list, which the libraries do not escape",
    of: withRole({ name: '${join("-", ["a\\q", "b"])}' }),
    marks: "\\\\q",
    says: "a backslash begins an escape that is not known",
    hint: "in code, wrap that text in Fn.rawString(…)",
  },
  {
    name: "an unknown local",
    of: withRole({ name: "${local.prefx}" }, { locals: { prefix: "a" } }),
    marks: "${local.prefx}",
    says: "the stack has no local prefx",
    hint: 'did you mean "prefix"?',
  },
  {
    name: "locals that need one another",
    of: withRole({ name: "${local.a}" }, { locals: { a: "${local.b}", b: "${local.a}" } }),
    marks: "${local.a}",
    says: "these need one another: local.a → local.b → local.a",
    construct: "app/team/auditor",
  },
  {
    name: "a for expression",
    of: withRole({ privileges: '${[for p in ["a"] : upper(p)]}' }),
    marks: "for",
    says: "a for expression is not evaluated",
  },
  {
    name: "a splat",
    of: withRole({ name: "${velocloud_role.auditor[*].name}" }),
    marks: "[*",
    says: "a splat is not evaluated",
  },
  {
    name: "a template directive",
    of: withRole({ name: "%{ if true }a%{ endif }" }),
    marks: "%{",
    says: "template directives are not evaluated",
  },
  {
    name: "a heredoc",
    of: withRole({ name: "${<<EOT\nx\nEOT\n}" }),
    marks: "<<",
    says: "a heredoc is not read here",
  },
  {
    name: "count",
    of: withRole({ count: 2 }),
    marks: '"count"',
    says: "count makes a number of resources that is not evaluated",
    hint: "let the code declare each resource",
    construct: "app/team/auditor",
  },
  {
    name: "for_each",
    of: withRole({ for_each: '${toset(["a"])}', name: "${each.value}" }),
    marks: '"for_each"',
    says: 'for_each = ${toset(["a"])} makes a number of resources',
  },
  {
    name: "a dynamic block",
    of: withUser({ dynamic: { password: { for_each: "${var.x}", content: {} } } }),
    marks: '"dynamic"',
    says: "dynamic makes a number of parts that is not evaluated",
  },
  {
    name: "a data source",
    of: withRole({ name: "${data.aws_caller_identity.me.account_id}" }, { data: { aws_caller_identity: { me: {} } } }),
    marks: "${data.aws_caller_identity.me.account_id}",
    says: "data sources are not read",
  },
  {
    name: "an output of a stack that is not here",
    of: withRole({ name: "${data.terraform_remote_state.cross-stack-reference-input-base.outputs.x}" }),
    marks: "${data.terraform_remote_state.cross-stack-reference-input-base.outputs.x}",
    says: "the stack base is not here",
  },
  {
    name: "Terraform's workspace",
    of: withRole({ name: "a-${terraform.workspace}" }),
    marks: "${terraform.workspace}",
    says: "Terraform's own values are not evaluated",
    hint: "${environment}",
  },
  {
    name: "a reference to nothing inside a function",
    of: withUser({ first_name: "${upper(velocloud_role.r.id)}" }),
    marks: "${upper(velocloud_role.r.id)}",
    says: "no resource velocloud_role.r is declared",
  },
  {
    name: "a computed attribute inside a function",
    of: {
      resource: {
        velocloud_role: { r: role },
        velocloud_admin_user: { ci: { ...account, first_name: "${jsonencode({id = velocloud_role.r.id})}" } },
      },
    },
    marks: "${jsonencode({id = velocloud_role.r.id})}",
    says: "velocloud_role.r.id is known only when the object exists",
    construct: "app/team/ci",
  },
  {
    name: "text where a number is needed",
    of: withRole({ name: '${"a" + 1}' }),
    marks: '${\\"a\\" + 1}',
    says: "text is not a number",
  },
  {
    name: "a list in a text",
    of: withRole({ name: 'a ${["b"]}' }),
    marks: 'a ${[\\"b\\"]}',
    says: "a list cannot be made text",
  },
  {
    name: "an index outside a list",
    of: withRole({ name: "${local.names[2]}" }, { locals: { names: ["a"] } }),
    marks: "${local.names[2]}",
    says: "the list has no such element",
  },
  {
    name: "a format with too few values",
    of: withRole({ name: '${format("%s-%s", "a")}' }),
    marks: '${format(\\"%s-%s\\", \\"a\\")}',
    says: "format has more verbs than values",
  },
];

const variables: Bad[] = [
  {
    name: "without a value",
    of: withRole({ name: "${var.title}" }, { variable: { title: { type: "string" } } }),
    marks: "${var.title}",
    says: "the variable title has no value",
    hint: "--var title=VALUE",
    construct: "app/team/auditor",
  },
  {
    name: "that is not declared",
    of: withRole({ name: "${var.titel}" }, { variable: { title: { default: "A" } } }),
    marks: "${var.titel}",
    says: "the stack has no variable titel",
    hint: 'did you mean "title"?',
  },
  {
    name: "of another type than its value",
    of: withRole({ name: "${var.n}" }, { variable: { n: { type: "number", default: 1 } } }),
    marks: "${var.n}",
    says: "text is not a number",
    variables: { n: "many" },
  },
  {
    name: "whose value its rule forbids",
    of: withRole(
      { name: "r${var.n}" },
      {
        variable: {
          n: { type: "number", default: 1, validation: [{ condition: "${var.n > 1}", error_message: "above 1" }] },
        },
      },
    ),
    marks: "${var.n}",
    says: "the value of the variable n is not allowed",
    hint: "above 1",
  },
  {
    name: "that is given and not declared anywhere",
    of: withRole({}),
    marks: undefined,
    says: "no variable domain is declared",
    variables: { domain: "x" },
  },
];

const texts: Bad[] = [
  {
    name: "no JSON",
    of: { "cdk.tf.json": "resource {" },
    marks: "r",
    says: "this is not JSON: a value must stand here",
  },
  {
    name: "a file that was cut off",
    of: { "cdk.tf.json": synthesized(withRole({})).slice(0, 300) },
    marks: "e",
    says: "this file ends too early",
  },
  {
    name: "a comma too many",
    of: { "cdk.tf.json": '{ "resource": {}, }' },
    marks: "}",
    says: "a comma stands before }",
  },
  {
    name: "a key that stands twice",
    of: { "cdk.tf.json": '{ "resource": {}, "resource": {} }' },
    marks: '"resource"',
    says: "this key stands here twice",
    hint: "the first is in line 1, column 3",
  },
  { name: "a list instead of a map", of: { "cdk.tf.json": "[]" }, marks: "[", says: "Terraform JSON is a map" },
  {
    name: "resources that are no maps",
    of: { "cdk.tf.json": '{ "resource": "all" }' },
    marks: '"resource"',
    says: "resource must be a map",
  },
  {
    name: "a file in which nothing is for Steward",
    of: { "cdk.tf.json": '{ "resource": { "aws_instance": { "a": {} } } }' },
    marks: "{",
    says: "nothing in this code is for Steward",
  },
];

describe.each(Object.entries({ expressions, variables, texts }))("%s", (_, cases) => {
  test.each(cases)("$name", check);
});
