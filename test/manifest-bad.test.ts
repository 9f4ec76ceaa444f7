import { describe, test } from "vitest";
import { type Bad, check, user } from "./manifest-bad.ts";
import { head, rules } from "./manifest-fixture.ts";

const shape: Bad[] = [
  {
    name: "an unknown top-level key",
    text: "resource:\n  x: 1\n",
    at: "1:1",
    says: 'unknown key "resource"',
    hint: 'did you mean "resources"?',
  },
  { name: "a blank section", text: "resources:\n", at: "1:1", says: "resources is blank" },
  { name: "a section that is a list", text: "systems: [velocloud]\n", at: "1:1", says: "systems must be a map" },
  {
    name: "an unknown kind",
    text: "resources:\n  velocloud_admin_usr: {}\n",
    at: "2:3",
    says: 'unknown kind "velocloud_admin_usr"',
    hint: 'did you mean "velocloud_admin_user"?',
  },
  {
    name: "an unknown attribute",
    text: user("enabeld: true"),
    at: "8:7",
    says: 'unknown attribute "enabeld" on velocloud_admin_user',
    hint: 'did you mean "enabled"?',
  },
  {
    name: "an unknown meta attribute",
    text: user("depend_on: []"),
    at: "8:7",
    says: 'unknown attribute "depend_on"',
    hint: 'did you mean "depends_on"?',
  },
  {
    name: "text where a boolean belongs",
    text: user('enabled: "yes"'),
    at: "8:16",
    says: "enabled must be true or false, not text",
  },
  {
    name: "a number where text belongs",
    text: user("mobile_phone: 0049123"),
    at: "8:21",
    says: "mobile_phone must be text, not a whole number",
    hint: "put it in quotes",
  },
  {
    name: "a list where text belongs",
    text: user("first_name: [a]"),
    at: "8:19",
    says: "first_name must be text, not a list",
  },
  {
    name: "a map where text belongs",
    text: user("first_name: { a: 1 }"),
    at: "8:19",
    says: "first_name must be text, not a map",
  },
  {
    name: "text where a map belongs",
    text: user("password: generate"),
    at: "8:17",
    says: "password must be a map, not text",
  },
  {
    name: "a missing mandatory attribute",
    text: `${head}  velocloud_role:\n    auditor: { name: Auditor, description: x }\n`,
    at: "5:5",
    says: "privileges is missing on velocloud_role.auditor",
  },
  {
    name: "a value outside an enum",
    text: user("access_level: BASICS"),
    at: "8:21",
    says: "access_level has a value that is not allowed",
    hint: 'did you mean "BASIC"? allowed: BASIC, PRIVILEGED',
  },
  {
    name: "a text that is too long",
    text: user(`mobile_phone: "${"1".repeat(65)}"`),
    at: "8:21",
    says: "mobile_phone is longer than 64 characters",
  },
  { name: "a computed attribute", text: user("locked: true"), at: "8:7", says: "locked is computed by the system" },
  { name: "a blank value", text: user("first_name:"), at: "8:18", says: "first_name is blank", hint: "!clear" },
  { name: "null", text: user("first_name: null"), at: "8:19", says: "first_name is blank", hint: "!clear" },
  { name: "an empty text", text: user('last_name: ""'), at: "8:18", says: "last_name is blank", hint: "!clear" },
  {
    name: "!clear where nothing can be cleared",
    text: user("access_level: !clear"),
    at: "8:27",
    says: "access_level cannot be cleared",
  },
  {
    name: "!redacted as a value",
    text: user("password: { value: !redacted }"),
    at: "8:36",
    says: "password.value is redacted",
  },
  {
    name: "an empty list of privileges",
    text: `${head}  velocloud_role:\n    a: { name: A, description: x, privileges: [] }\n`,
    at: "5:47",
    says: "privileges needs at least 1 entry",
  },
  {
    name: "an entry twice",
    text: `${head}  velocloud_role:\n    a: { name: A, description: x, privileges: [P, Q, P] }\n`,
    at: "5:54",
    says: "privileges holds an entry twice",
  },
  {
    name: "a number out of bounds",
    text: user("password: { generate: true, generation: 0 }"),
    at: "8:47",
    says: "password.generation must be at least 1",
  },
  {
    name: "a name with capitals",
    text: `${head}  velocloud_role:\n    Auditor: { name: A, description: x, privileges: [P] }\n`,
    at: "5:5",
    says: '"Auditor" cannot be the name of a resource',
  },
  {
    name: "guard below zero",
    text: "guard: { deletions_max: -1 }\n",
    at: "1:25",
    says: "guard.deletions_max must be at least 0",
  },
  {
    name: "an unknown key in guard",
    text: "guard: { deletion_max: 1 }\n",
    at: "1:10",
    says: 'unknown attribute "deletion_max" on guard',
    hint: 'did you mean "deletions_max"?',
  },
  {
    name: "lifecycle with an unknown key",
    text: user("lifecycle: { prevent_destroi: true }"),
    at: "8:20",
    says: 'unknown key "prevent_destroi" on lifecycle',
    hint: 'did you mean "prevent_destroy"?',
  },
  {
    name: "ignore_changes of nothing",
    text: user("lifecycle: { ignore_changes: [rolle] }"),
    at: "8:37",
    says: 'unknown attribute "rolle" in ignore_changes',
    hint: 'did you mean "role"?',
  },
  {
    name: "on_remove with another word",
    text: user("lifecycle: { on_remove: keep }"),
    at: "8:20",
    says: "lifecycle.on_remove has a value that is not allowed",
    hint: "delete, forget",
  },
];

const links: Bad[] = [
  {
    name: "a reference to nothing",
    text: `${rules}      description: "\${velocloud_admin_user.c1}"\n`,
    at: "22:21",
    says: "no resource velocloud_admin_user.c1",
    hint: "declared: velocloud_admin_user.ci (steward.yaml:10)",
  },
  {
    name: "a reference to an unknown attribute",
    text: `${rules}      description: "by \${velocloud_admin_user.ci.user_name}"\n`,
    at: "22:24",
    says: 'velocloud_admin_user has no attribute "user_name"',
    hint: 'did you mean "username"?',
  },
  {
    name: "a reference to the wrong kind",
    text: rules.replace('owner: "${velocloud_admin_user.ci}"', 'owner: "${velocloud_role.auditor}"'),
    at: "17:15",
    says: "this attribute refers to the username of a velocloud_admin_user",
  },
  {
    name: "a circle",
    text: `${head}  velocloud_role:
    a: { name: A, description: "\${velocloud_role.b}", privileges: [P] }
    b: { name: B, description: "\${velocloud_role.a}", privileges: [P] }
`,
    at: "6:33",
    says: "these resources need one another: velocloud_role.a → velocloud_role.b → velocloud_role.a",
  },
  {
    name: "a resource that needs itself",
    text: user("depends_on: [velocloud_admin_user.ci]"),
    at: "8:20",
    says: "velocloud_admin_user.ci refers to itself",
  },
  {
    name: "depends_on nothing",
    text: user("depends_on: [velocloud_role.x]"),
    at: "8:20",
    says: "no resource velocloud_role.x",
    hint: "no velocloud_role is declared",
  },
  {
    name: "an unfinished expression",
    text: user('first_name: "${velocloud_role.a"'),
    at: "8:20",
    says: "${ without a closing }",
  },
  {
    name: "an expression that is none",
    text: user('first_name: "${first}"'),
    at: "8:20",
    says: "this is not an expression",
    hint: "${KIND.NAME}",
  },
  {
    name: "one identity twice",
    text: `${user("enabled: true")}    again: { username: ci@acme.example, role: Other }\n`,
    at: "9:24",
    says: "velocloud_admin_user.ci has the same username ci@acme.example",
    hint: "steward.yaml:5",
  },
  {
    name: "a second switch of one system",
    text: `${head}  velocloud_user_management_delegation:\n    a: { delegated: true }\n    b: { delegated: false }\n`,
    at: "6:5",
    says: "can have one velocloud_user_management_delegation only",
  },
  {
    name: "a sink that is not declared",
    text: user("password: { generate: true, deliver_to: locl:x }"),
    at: "8:47",
    says: 'no sink "locl" is declared',
    hint: 'did you mean "local"?',
  },
  {
    name: "two secrets in one place",
    text: rules.replace("local:velocloud/ci-token", "local:velocloud/ci-password"),
    at: "21:19",
    says: "another secret is delivered to local:velocloud/ci-password too",
    hint: "velocloud_admin_user.ci at steward.yaml:13",
  },
  {
    name: "a system that is not declared",
    text: user("system: velo"),
    at: "8:15",
    says: 'no system "velo" is declared',
  },
  {
    name: "no system at all",
    text: "resources:\n  velocloud_role:\n    a: { name: A, description: x, privileges: [P] }\n",
    at: "3:5",
    says: "no system of type velocloud is declared",
  },
  {
    name: "an environment that is not declared",
    text: user("environments: [prod]"),
    at: "8:22",
    says: 'no environment "prod" is declared',
  },
];

describe("a manifest of the wrong shape is reported with its place:", () => {
  test.each(shape)("$name", check);
});
describe("a reference that cannot be followed is reported with its place:", () => {
  test.each(links)("$name", check);
});
