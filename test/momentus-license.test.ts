import { describe, expect, test } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import { licenseOf, mailServerOf } from "../src/connectors/momentus/license-settings.ts";
import type { SystemConfig } from "../src/manifest/manifest.ts";
import type { SecretRef } from "../src/resource.ts";
import { Secret } from "../src/secret.ts";
import { pinOfSystem } from "../src/trust.ts";
import { parse, problems } from "./manifest-fixture.ts";
import { testCertificate } from "./world/test-certificate.ts";

const known = { connectors: builtInConnectors };
const url = "https://venue.example/test";

/** A manifest with one Momentus system; `lines` stand in it. */
const text = (...lines: string[]): string =>
  ["systems:", "  momentus:", `    url: ${url}`, ...lines.map((line) => `    ${line}`), "resources: {}", ""].join("\n");
const serial = 'serial_number: "10422"';
const system = (...lines: string[]): SystemConfig => parse(text(...lines), known).systems.momentus!;
/** Each problem with its way out, on one line. */
const said = (...lines: string[]): string[] =>
  problems(text(...lines), known).map(({ message, hint }) => `${message} => ${hint ?? ""}`);

const whole = [
  serial,
  "license: { module: Standard API, mail_to: us@vendor.example, mail_from: iam@acme.example, return: not_required, smtp: smtps://mail.acme.example:465, smtp_username: steward }",
  'credentials: { smtp_password: "${env.SMTP_PASSWORD}" }',
];

describe("MOM-07 the license of a Momentus system", () => {
  test("is nothing unless it is written, and has the vendor's words and address unless others are written", () => {
    expect(licenseOf(system())).toBeUndefined();
    expect(licenseOf(system(serial, "license: {}"))).toEqual({
      ...{ module: "Basic API", mailTo: "licensing@gomomentus.com", mailFrom: "", mustReturn: true },
      ...{ serialNumber: "10422", smtp: undefined, smtpUsername: undefined },
    });
    expect(licenseOf(system(...whole))).toEqual({
      ...{ module: "Standard API", mailTo: "us@vendor.example", mailFrom: "iam@acme.example", mustReturn: false },
      ...{ serialNumber: "10422", smtp: "smtps://mail.acme.example:465", smtpUsername: "steward" },
    });
  });

  test("names the mail server with its password, the system's patience and authorities", async () => {
    const asked: SecretRef[] = [];
    const secret = async (reference: SecretRef): Promise<Secret> => {
      asked.push(reference);
      return new Secret("canary");
    };
    expect(await mailServerOf(system(), { secret })).toBeUndefined();
    expect(await mailServerOf(system(serial, "license: { mail_from: iam@acme.example }"), { secret })).toBeUndefined();
    expect(asked).toEqual([]);
    const config = { ...system(...whole, "request_timeout: 7s"), ca: testCertificate };
    const server = await mailServerOf(config, { secret });
    expect(server).toMatchObject({ url: "smtps://mail.acme.example:465", username: "steward", timeoutMs: 7_000 });
    expect([server?.password?.reveal(), server?.ca]).toEqual(["canary", testCertificate]);
    expect(asked).toEqual([{ $secret: { from: "env", name: "SMTP_PASSWORD" } }]);
    const open = system(serial, "license: { mail_from: iam@acme.example, smtp: smtp://127.0.0.1:25 }");
    expect(Object.keys((await mailServerOf(open, { secret })) ?? {})).toEqual(["url", "timeoutMs"]);
  });

  test.each<[string, string[], string]>([
    ["no serial number", ["license: {}"], "momentus has a license and no serial_number => write serial_number"],
    [
      "no sender for the mail server",
      [serial, "license: { smtp: smtps://mail.acme.example:465 }"],
      "license.smtp needs license.mail_from => write mail_from",
    ],
    [
      "a list of addresses",
      [serial, 'license: { mail_to: "a@b.example, c@d.example" }'],
      "license.mail_to is not one plain address => write NAME@HOST alone",
    ],
    [
      "an address with a name",
      [serial, 'license: { mail_from: "Eve <eve@evil.example>" }'],
      "license.mail_from is not one plain address",
    ],
    [
      "a line end in an address",
      [serial, 'license: { mail_to: "a@b.example\\r\\nBcc: eve@evil.example" }'],
      "license.mail_to is not one plain address",
    ],
    [
      "a mail server of another protocol",
      [serial, "license: { mail_from: a@b.example, smtp: https://mail.acme.example }"],
      "license.smtp must begin with smtps:// or smtp:// => write smtps://HOST:465, or smtp://HOST:587 for STARTTLS",
    ],
    [
      "a password without a mail server",
      [serial, "license: {}", 'credentials: { smtp_password: "${env.X}" }'],
      "momentus has an smtp_password and no license.smtp => take it out, or say which mail server",
    ],
    [
      "a password and no license at all",
      ['credentials: { smtp_password: "${env.X}" }'],
      "momentus has an smtp_password and no license.smtp",
    ],
    [
      "a password and nobody whose it is",
      [
        serial,
        "license: { mail_from: a@b.example, smtp: smtp://127.0.0.1:25 }",
        'credentials: { smtp_password: "${env.X}" }',
      ],
      "smtp_password needs license.smtp_username",
    ],
    [
      "a user name without a password",
      [serial, "license: { mail_from: a@b.example, smtp: smtp://127.0.0.1:25, smtp_username: u }"],
      "license.smtp_username needs credentials.smtp_password",
    ],
    [
      "a user name without a mail server",
      [serial, "license: { smtp_username: u }"],
      "license.smtp_username needs license.smtp",
    ],
    ["a module over two lines", [serial, 'license: { module: "a\\nb" }'], "license.module is not in the form"],
    [
      "another word for return",
      [serial, "license: { return: never }"],
      "license.return has a value that is not allowed",
    ],
    ["a setting that is not known", [serial, "license: { mailto: a@b.example }"], 'unknown attribute "mailto"'],
    [
      "a password in clear",
      [
        serial,
        "license: { mail_from: a@b.example, smtp: smtp://127.0.0.1:25, smtp_username: u }",
        "credentials: { smtp_password: canary }",
      ],
      "a secret must not stand in a manifest",
    ],
  ])("%s is an error with the way out", (_what, lines, expected) => {
    expect(said(...lines)).toEqual([expect.stringContaining(expected)]);
  });

  test("everything that is wrong is said at once", () => {
    const all = said('license: { mail_to: x, mail_from: y, smtp: "smtp://h", smtp_username: u }');
    expect(all).toHaveLength(5);
  });

  test("credentials in the URL of the mail server are refused, and printed nowhere", () => {
    const lines = [
      [`license: { mail_from: a@b.example, smtp: "smtps://u:canary@mail.acme.example:465" }`],
      ["license:", "  mail_from: a@b.example", "  smtp: smtps://u:canary@mail.acme.example:465"],
    ];
    for (const license of lines) {
      for (const written of [
        text(serial, ...license),
        text(serial, ...license).replace(`${url}\n`, `${url}\n    mail: x\n`),
      ]) {
        const found = problems(written, known);
        expect(found.length).toBeGreaterThan(0);
        expect(JSON.stringify(found)).not.toContain("canary");
      }
      expect(said(serial, ...license)).toEqual([
        "license.smtp holds credentials => write license.smtp_username and credentials.smtp_password",
      ]);
    }
    const flow = `systems: { momentus: { url: "${url}", ${serial}, license: ${lines[0]![0]!.slice("license: ".length)} } }\nresources: {}\n`;
    const shown = JSON.stringify(problems(flow, known));
    expect(shown).toContain("(hidden)");
    expect(shown).not.toContain("canary");
  });
});

describe("what is trusted of a Momentus system", () => {
  test("is as before where nothing says how to license it", () => {
    const base = { type: "momentus", url, proxy: null, ca: null };
    expect(pinOfSystem(system())).toEqual(base);
    expect(pinOfSystem(system(serial, "hand: person"))).toEqual(base);
    expect(Object.keys(system(serial))).not.toContain("pinned");
  });

  test("is also where its mails go and who hands them in, written or by default", () => {
    expect(pinOfSystem(system(serial, "license: {}"))).toMatchObject({ "license.mail_to": "licensing@gomomentus.com" });
    expect(pinOfSystem(system(...whole))).toEqual({
      ...{ type: "momentus", url, proxy: null, ca: null },
      "license.mail_to": "us@vendor.example",
      "license.mail_from": "iam@acme.example",
      "license.smtp": "smtps://mail.acme.example:465",
    });
  });
});

test("MOM-25 api_user_id, secret and key are given together or not at all", () => {
  const all = 'credentials: { api_user_id: STEWARD, secret: "${env.S}", key: "${env.K}" }';
  expect([said(all), said(), said("hand: person"), said("hand: person", all)]).toEqual([[], [], [], []]);
  expect(said('credentials: { secret: "${env.S}" }')).toEqual([
    expect.stringMatching(/^momentus has no api_user_id, key => .*or none of them/),
  ]);
});

test("MOM-30 a browser signs in with an account, and whoever has none is told what to write", () => {
  const account = 'credentials: { username: steward, password: "${env.P}" }';
  expect(said("hand: browser", account)).toEqual([]);
  expect(said("hand: browser")).toEqual([
    expect.stringMatching(/hand: browser and no username, password => write credentials: .*hand: person/),
  ]);
  expect(said("hand: browser", "credentials: { username: steward }")).toEqual([
    expect.stringMatching(/hand: browser and no password =>/),
  ]);
});
