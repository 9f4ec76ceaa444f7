import { describe, test } from "vitest";
import { type Bad, check, several, sink, system, user } from "./manifest-bad.ts";
import { head, rules } from "./manifest-fixture.ts";

/** What a pull request could try. Each subject in at least three ways. */
const hostile: Record<string, Bad[]> = {
  "${env}": [
    {
      name: "in a public attribute",
      text: user('first_name: "${env.AWS_SECRET}"'),
      at: "8:20",
      says: "${env.…} is a secret, and this is not a secret attribute",
    },
    {
      name: "inside a text",
      text: user('first_name: "x ${env.AWS_SECRET} y"'),
      at: "8:22",
      says: "${env.…} is a secret",
    },
    {
      name: "in a URL",
      text: 'systems:\n  velocloud: { url: "https://evil.example/${env.TOKEN}" }\n',
      at: "2:43",
      says: "${env.…} is a secret",
    },
    { name: "in the path of a sink", text: sink('path: "x/${env.TOKEN}"'), at: "5:14", says: "${env.…} is a secret" },
    {
      name: "joined to text in a secret attribute",
      text: user('password: { value: "a${env.TOKEN}" }'),
      at: "8:28",
      says: "${env.…} must be the whole value",
    },
  ],
  "${file}": [
    {
      name: "of the machine",
      text: user('password: { value: "${file:/etc/passwd}" }'),
      at: "8:27",
      says: "the path leaves the manifest's folder",
    },
    {
      name: "one folder up",
      text: user('password: { value: "${file:../id_rsa}" }'),
      at: "8:27",
      says: "the path leaves the manifest's folder",
    },
    {
      name: "up and down again",
      text: user('password: { value: "${file:a/../../id_rsa}" }'),
      at: "8:27",
      says: "the path leaves the manifest's folder",
    },
    {
      name: "in a public attribute",
      text: user('first_name: "${file:key.txt}"'),
      at: "8:20",
      says: "${file:…} is a secret",
    },
    {
      name: "in the home folder",
      text: user('password: { value: "${file:~/.ssh/id_rsa}" }'),
      at: "8:27",
      says: "the path leaves the manifest's folder",
    },
  ],
  "${sink}": [
    {
      name: "in a public attribute",
      text: user('first_name: "${sink:local:velocloud/admin}"'),
      at: "8:20",
      says: "${sink:…} is a secret",
    },
    {
      name: "in a description",
      text: `${head}  velocloud_role:\n    a: { name: A, description: "\${sink:local:x}", privileges: [P] }\n`,
      at: "5:33",
      says: "${sink:…} is a secret",
    },
    {
      name: "that climbs out of the sink",
      text: user('password: { value: "${sink:local:../prod/admin}" }'),
      at: "8:27",
      says: "the path leaves the manifest's folder",
    },
    {
      name: "in the address of a proxy",
      text: system('proxy: "http://${sink:local:x}.evil.example"'),
      at: "4:20",
      says: "${sink:…} is a secret",
    },
  ],
  url: [
    {
      name: "without TLS",
      text: "systems:\n  velocloud: { url: http://vco.example.net }\n",
      at: "2:21",
      says: "url must begin with https://",
    },
    {
      name: "with credentials",
      text: "systems:\n  velocloud: { url: https://me:hunter2@vco.example.net }\n",
      at: "2:21",
      says: "url holds credentials",
    },
    {
      name: "with a query",
      text: "systems:\n  velocloud: { url: https://vco.example.net/?next=//evil.example }\n",
      at: "2:21",
      says: "url has a query or a fragment",
    },
    {
      name: "of a file",
      text: "systems:\n  velocloud: { url: file:///etc/passwd }\n",
      at: "2:21",
      says: "url is not a URL",
    },
    {
      name: "with a backslash",
      text: 'systems:\n  velocloud: { url: "https://vco.example.net\\\\@evil.example" }\n',
      at: "2:21",
      says: "url holds characters that a URL cannot hold",
    },
    {
      name: "that looks like loopback",
      text: "systems:\n  velocloud: { url: http://127.0.0.1.evil.example }\n",
      at: "2:21",
      says: "url must begin with https://",
    },
    {
      name: "with a path that climbs",
      text: "systems:\n  velocloud: { url: https://vco.example.net/a/../b }\n",
      at: "2:21",
      says: "two ways",
    },
  ],
  path: [
    {
      name: "of state outside the folder",
      text: "state: { path: ../state }\n",
      at: "1:16",
      says: "state.path leaves the manifest's folder",
    },
    {
      name: "of state anywhere",
      text: "state: { path: /tmp/state }\n",
      at: "1:16",
      says: "state.path leaves the manifest's folder",
    },
    {
      name: "of a sink outside the folder",
      text: sink("path: ../../x"),
      at: "5:11",
      says: "the path of the sink local leaves the manifest's folder",
    },
    {
      name: "of a delivery that climbs",
      text: user("password: { generate: true, deliver_to: local:../../x }"),
      at: "8:47",
      says: "the path leaves the manifest's folder",
    },
    {
      name: "of one environment for all",
      text: `${several}${sink("path: secrets")}`,
      at: "6:11",
      says: "must contain ${environment}",
    },
    {
      name: "of state for all environments",
      text: `${several}state: { path: state }\n`,
      at: "2:16",
      says: "state.path must contain ${environment}",
    },
  ],
  proxy: [
    {
      name: "with credentials",
      text: system("proxy: http://me:hunter2@proxy.evil.example"),
      at: "4:12",
      says: "proxy holds credentials",
    },
    {
      name: "of another protocol",
      text: system("proxy: socks5://proxy.evil.example"),
      at: "4:12",
      says: "proxy is not a URL",
    },
    { name: "with a path", text: system("proxy: http://proxy.evil.example/x"), at: "4:12", says: "proxy has a path" },
    {
      name: "from an environment variable",
      text: system('proxy: "${env.HTTP_PROXY}"'),
      at: "4:13",
      says: "${env.…} is a secret",
    },
  ],
  "sink recipients": [
    {
      name: "that are no age keys",
      text: "sinks: { local: { type: age, path: x, recipients: [ssh-rsa AAAA] } }\n",
      at: "1:52",
      says: "recipients[0] is not in the form that is asked for",
    },
    {
      name: "none",
      text: "sinks: { local: { type: age, path: x, recipients: [] } }\n",
      at: "1:51",
      says: "recipients needs at least 1 entry",
    },
    { name: "left out", text: "sinks: { local: { type: age, path: x } }\n", at: "1:10", says: "recipients is missing" },
    {
      name: "out of a secret",
      text: 'sinks: { local: { type: age, path: x, recipients: ["${env.KEY}"] } }\n',
      at: "1:53",
      says: "${env.…} is a secret",
    },
    {
      name: "in a sink of an unknown type",
      text: "sinks: { local: { type: webhook, url: https://evil.example } }\n",
      at: "1:25",
      says: 'no sink type "webhook"',
    },
  ],
  variables: [
    {
      name: "that hold a secret",
      text: 'variables: { x: { default: "${env.AWS_SECRET}" } }\n',
      at: "1:28",
      says: "variables.x.default must be plain",
    },
    {
      name: "that are not declared",
      text: user('first_name: "${var.AWS_SECRET}"'),
      at: "8:20",
      says: "no variable AWS_SECRET is declared",
      hint: "never from other environment variables",
    },
    {
      name: "without a value",
      text: `variables: { x: {} }\n${user('first_name: "${var.x}"')}`,
      at: "9:20",
      says: "the variable x has no value",
      hint: "--var x=VALUE",
    },
    {
      name: "in a secret attribute",
      text: `variables: { x: hunter2 }\n${user('password: { value: "${var.x}" }')}`,
      at: "9:26",
      says: "a secret must not stand in a manifest",
    },
  ],
  markdown: [
    {
      name: "a code fence in a name",
      text: "resources:\n  velocloud_role:\n    '```': { name: A }\n",
      at: "3:5",
      says: "cannot be the name of a resource",
    },
    {
      name: "a link in the name of a system",
      text: "systems:\n  '[x](https://evil.example)': { url: https://a.example }\n",
      at: "2:3",
      says: "cannot be a name in systems",
    },
    {
      name: "an image in the name of an environment",
      text: "environments:\n  '![](https://evil.example/x.png)': {}\n",
      at: "2:3",
      says: "cannot be a name in environments",
    },
    {
      name: "markup in the path of a delivery",
      text: user("password: { generate: true, deliver_to: 'local:a`|<img>' }"),
      at: "8:47",
      says: "the path holds other characters",
    },
  ],
  secret: [
    {
      name: "in clear",
      text: user("password: { value: hunter2 }"),
      at: "8:26",
      says: "a secret must not stand in a manifest",
      hint: "deliver_to: SINK:PATH",
    },
    {
      name: "in clear in credentials",
      text: system("credentials: { token: hunter2 }"),
      at: "4:27",
      says: "a secret must not stand in a manifest",
    },
    {
      name: "in clear as a number",
      text: user("password: { value: 12345678 }"),
      at: "8:26",
      says: "a secret must not stand in a manifest",
    },
    {
      name: "of a resource in a public attribute",
      text: `${rules}      description: "\${velocloud_admin_user.ci.password}"\n`,
      at: "22:21",
      says: "password of velocloud_admin_user.ci is a secret, and this is not a secret attribute",
    },
  ],
};

describe.each(Object.entries(hostile))("a hostile pull request fails by %s", (_subject, bad) => {
  test.each(bad)("$name", check);
});
