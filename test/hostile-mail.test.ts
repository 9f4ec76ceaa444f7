import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

/** A pull request that wants a mail, or the password of a mail server, to go somewhere else. */

const venue = "https://venue.example.net";
const license = `license:
      mail_to: licensing@vendor.example
      mail_from: iam@acme.example
      smtp: smtps://mail.acme.example:465
      smtp_username: steward`;
const momentus = `systems:
  momentus:
    url: ${venue}/test
    serial_number: "10422"
    ${license}
    credentials:
      api_user_id: STEWARD
      secret: "\${env.MOM_SECRET}"
      key: "\${env.MOM_KEY}"
      smtp_password: "\${env.SMTP_PASSWORD}"`;
const secrets = ["MOM_SECRET", "MOM_KEY", "SMTP_PASSWORD"];
const users = `  momentus_user:
    cora: { id: CDAY, display_name: Cora Day }
`;

let bench: Bench;
let read: string[];

beforeEach(async () => {
  let simulator: MomentusSimulator | undefined;
  bench = await makeBench(users, (clock) => {
    const made = new MomentusSimulator({ now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
    simulator = made;
    const host = new URL(venue).host;
    return { [venue]: { handle: (request) => made.handle({ ...request, headers: { ...request.headers, host } }) } };
  });
  const { secret, key } = simulator!.world.apiUser.test;
  Object.assign(bench.environmentVariables, { MOM_SECRET: secret, MOM_KEY: key, SMTP_PASSWORD: "canary" });
  bench.write("steward.yaml", bench.read("steward.yaml").replace("systems:", momentus));
  await bringUp(bench);
  bench.transport.sent.length = 0;
  read = [];
});
afterEach(() => bench.close());

const watched = (): Record<string, string | undefined> =>
  new Proxy(bench.environmentVariables, {
    get(variables, name) {
      if (secrets.includes(String(name))) read.push(String(name));
      return Reflect.get(variables, name) as string | undefined;
    },
  });

async function steward(words: string): Promise<{ code: number; shown: string }> {
  const { code, out, err } = await bench.steward(`${words} --env test`, { environmentVariables: watched() });
  return { code, shown: (out + err).replace(/\s+/g, " ") };
}

const edit = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const commands = [
  "plan",
  "apply --auto-approve",
  "refresh --out other.json",
  "drift",
  "dump momentus",
  "plan --untrusted",
];

const attempts: [string, (text: string) => string, string][] = [
  [
    "another address for the mails",
    edit("licensing@vendor.example", "eve@evil.example"),
    "license.mail_to licensing@vendor.example → eve@evil.example",
  ],
  [
    "the address left out, so that another one holds",
    edit(/ {6}mail_to: .*\n/, ""),
    "license.mail_to licensing@vendor.example → licensing@gomomentus.com",
  ],
  [
    "another address for the answers",
    edit("iam@acme.example", "eve@evil.example"),
    "license.mail_from iam@acme.example →",
  ],
  [
    "another mail server",
    edit("mail.acme.example:465", "mail.evil.example:465"),
    "license.smtp smtps://mail.acme.example:465 → smtps://mail.evil.example:465",
  ],
  [
    "another port of the mail server",
    edit("acme.example:465", "acme.example:2465"),
    "→ smtps://mail.acme.example:2465",
  ],
  [
    "a mail server without TLS",
    edit("smtps://mail.acme.example:465", "smtp://127.0.0.1:465"),
    "→ smtp://127.0.0.1:465",
  ],
  [
    "another address in this environment alone",
    edit("test: {}", "test: { systems: { momentus: { license: { mail_to: eve@evil.example } } } }"),
    "→ eve@evil.example",
  ],
  [
    "another address by a variable",
    (text) =>
      `variables: { to: { default: eve@evil.example } }\n${text.replace("licensing@vendor.example", '"${var.to}"')}`,
    "→ eve@evil.example",
  ],
  [
    "a person who sends instead of the mail server",
    edit(/ {6}smtp.*\n/g, ""),
    "license.smtp smtps://mail.acme.example:465 → none",
  ],
];

describe("a hostile pull request fails by the mail:", () => {
  test.each(attempts)("%s is refused before the first byte", async (_what, change, says) => {
    const text = change(bench.read("steward.yaml"));
    bench.write("steward.yaml", text.includes("smtp: ") ? text : text.replace(/ {6}smtp_password.*\n/, ""));
    for (const words of commands) {
      const { code, shown } = await steward(words);
      expect([words, code]).toEqual([words, 4]);
      expect(shown).toContain("system momentus changed since it was trusted");
      expect(shown).toContain(says);
      expect(shown).toContain("steward trust --env test momentus");
    }
    expect({ sent: bench.transport.sent, mails: bench.outbox.tries, read }).toEqual({ sent: [], mails: 0, read: [] });
  });

  test.each([
    ["a password in the URL", edit("smtps://mail", "smtps://u:hunter2@mail"), "license.smtp holds credentials"],
    [
      "a second recipient",
      edit("licensing@vendor.example", '"licensing@vendor.example, eve@evil.example"'),
      "not one plain address",
    ],
    [
      "a header in an address",
      edit("iam@acme.example", '"iam@acme.example\\r\\nBcc: eve@evil.example"'),
      "not one plain address",
    ],
    [
      "a secret in an address",
      edit("iam@acme.example", '"${env.SMTP_PASSWORD}"'),
      "is a secret, and this is not a secret attribute",
    ],
    ["a secret in the URL", edit("mail.acme.example", "${env.SMTP_PASSWORD}.evil.example"), "is a secret"],
  ])("%s is no manifest", async (_what, change, says) => {
    bench.write("steward.yaml", change(bench.read("steward.yaml")));
    for (const words of commands) {
      const { code, shown } = await steward(words);
      expect([words, code]).toEqual([words, 65]);
      expect(shown).toContain(says);
      expect(shown).not.toContain("hunter2");
    }
    expect({ sent: bench.transport.sent, mails: bench.outbox.tries, read }).toEqual({ sent: [], mails: 0, read: [] });
  });

  test("a license for a system that had none is refused like any other change", async () => {
    const whole = bench.read("steward.yaml");
    bench.write("steward.yaml", whole.replace(license, "hand: api").replace(/ {6}smtp_password.*\n/, ""));
    expect((await bench.steward("trust momentus --env test")).code).toBe(0);
    expect((await steward("plan")).code).toBe(0);
    bench.transport.sent.length = 0;
    bench.write("steward.yaml", whole);
    const { code, shown } = await steward("plan");
    expect([code, bench.transport.sent]).toEqual([4, []]);
    expect(shown).toContain("license.mail_to none → licensing@vendor.example");
  });

  test("what was trusted as it stands goes on, and trust shows all of it", async () => {
    const { code, shown } = await steward("plan");
    expect([code, shown]).toEqual([0, expect.stringContaining("No changes.")]);
    expect(bench.transport.sent.length).toBeGreaterThan(0);
    const trusted = (await bench.steward("trust --env test")).out;
    expect(trusted).toContain(`      url                ${JSON.stringify(`${venue}/test`)}\n`);
    expect(trusted).toContain('      license.mail_to    "licensing@vendor.example"\n');
    expect(trusted).toContain('      license.mail_from  "iam@acme.example"\n');
    expect(trusted).toContain('      license.smtp       "smtps://mail.acme.example:465"\n');
    bench.write("steward.yaml", bench.read("steward.yaml").replace("licensing@vendor.example", "eve@evil.example"));
    const changed = (await bench.steward("trust --env test")).out;
    expect(changed).toContain('license.mail_to    "licensing@vendor.example" → "eve@evil.example"');
    expect(changed).not.toContain("canary");
  });
});
