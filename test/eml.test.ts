import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { draftText, isMailAddress, mailText } from "../src/eml.ts";
import type { Mail } from "../src/io.ts";
import { readMail } from "../src/simulators/smtp-mail.ts";
import { mail } from "./mail-fixture.ts";

/** What a reader sees of a text: line feeds, and no line end at the very end. Half a character is none. */
const seen = (text: string): string => Buffer.from(text.replace(/\r\n?/g, "\n").replace(/\n$/, "")).toString("utf8");

const texts: Record<string, string> = {
  nothing: "",
  "other alphabets": "Größe, łódź, Ωμέγα, 東京, 😀",
  "long lines without a blank": `${"x".repeat(2_000)}\n${"é".repeat(1_000)}`,
  "dots at line starts": ".\n..\n.hidden\n\n.",
  "what a mailbox file takes for the next mail": "Hello\nFrom here on\nFrom",
  "blanks at line ends": "a \nb\t\n \n\n",
  "what looks encoded": "=3D =C3=A9 =?UTF-8?Q?x?= =\n=",
  "every kind of line end": "a\rb\r\nc\nd",
  "control characters": "bell \u0007, nothing \u0000, escape \u001b[31m",
};

function refused(bad: Partial<Mail>, write: (mail: Mail) => string = mailText): string {
  try {
    return `written: ${write({ ...mail, ...bad })}`;
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).details.happened).toBe("no");
    return (error as Fault).message;
  }
}

describe("a mail as text", () => {
  test("is headers and a body in the usual form", () => {
    expect(mailText(mail).split("\r\n")).toEqual([
      "From: iam@acme.example",
      "To: licensing@vendor.example",
      "Subject: Please add the Basic API module",
      "Date: Sun, 22 Nov 2026 14:05:00 +0000",
      "Message-ID: <1.take@steward.example>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "Environment: https://acme.example/test",
      "Serial number: 10422",
      "",
    ]);
  });

  test.each(Object.entries(texts))("keeps %s", (_what, text) => {
    const written = mailText({ ...mail, text });
    expect(readMail(written).text).toBe(seen(text));
    expect(written.split("\r\n\r\n").slice(1).join("\r\n\r\n")).not.toMatch(/^(\.|From )/m);
  });

  test.each([
    "Zażółć gęślą jaźń",
    "é".repeat(200),
    "😀".repeat(60),
    "=?UTF-8?Q?not_this?=",
    " in the middle of blanks ",
    `a long one ${"of plain words ".repeat(12)}`,
    "",
  ])("keeps the subject %j", (subject) => {
    expect(readMail(mailText({ ...mail, subject })).headers).toContainEqual(["subject", subject]);
  });

  test("keeps any text and any subject, in ASCII lines of 78 characters at most, and has no header more", () => {
    const names = readMail(mailText(mail)).headers.map(([name]) => name);
    const whatever = fc.string({ unit: "binary", maxLength: 300 });
    const subjects = whatever.map((text) => text.replace(/\p{Cc}/gu, ""));
    fc.assert(
      fc.property(whatever, subjects, (text, subject) => {
        const written = mailText({ ...mail, text, subject });
        const lines = written.split("\r\n");
        expect(lines.filter((line) => line.length > 78 || !/^[\t -~]*$/.test(line) || line.startsWith("."))).toEqual(
          [],
        );
        expect(lines.filter((line) => line.includes("=?UTF-8?B?") && line.length > 76)).toEqual([]);
        const read = readMail(written);
        expect(read).toMatchObject({ text: seen(text), messageId: mail.messageId, from: mail.from, to: mail.to });
        expect(read.headers).toContainEqual(["subject", Buffer.from(subject).toString("utf8")]);
        expect(read.headers.map(([name]) => name)).toEqual(names);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a draft for a person", () => {
  test("is opened by mail programs as one that is not sent yet, with or without a sender", () => {
    const headers = readMail(draftText(mail)).headers;
    expect(headers).toContainEqual(["x-unsent", "1"]);
    expect(headers).toContainEqual(["from", mail.from]);
    const anonymous = readMail(draftText({ ...mail, from: "" }));
    expect(anonymous.headers.map(([name]) => name)).not.toContain("from");
    expect(anonymous).toMatchObject({ to: mail.to, subject: mail.subject, text: mail.text, messageId: mail.messageId });
    expect(mailText(mail)).not.toContain("X-Unsent");
  });

  test("may lack the sender; a mail that Steward sends may not", () => {
    expect(refused({ from: "" })).toContain("it has no sender");
    expect(refused({ from: "" }, draftText)).toMatch(/^written/);
  });
});

describe("nobody gets another header or recipient in:", () => {
  const injections: [string, Partial<Mail>][] = ["\r\n", "\n", "\r", "\r\n\r\n", "\n "].flatMap((end) => [
    ["sender", { from: `iam@acme.example${end}Bcc: eve@evil.example` }],
    ["recipient", { to: `licensing@vendor.example${end}Bcc: eve@evil.example` }],
    ["subject", { subject: `License${end}Bcc: eve@evil.example` }],
    ["Message-ID", { messageId: `<1@a.example>${end}Bcc: eve@evil.example` }],
  ]);

  test.each(injections)("by a line end in the %s (%j)", (_where, bad) => {
    for (const write of [mailText, draftText]) {
      const message = refused(bad, write);
      expect(message).toMatch(/^the mail cannot be written: its (\S+ holds a line end|Message-ID is not of the form)/);
      expect(message).not.toContain("evil");
    }
  });

  test.each([
    { to: "licensing@vendor.example, eve@evil.example" },
    { to: "Licensing <eve@evil.example>" },
    { to: "" },
    { from: "iam@acme.example (eve)" },
    { subject: "a\u0000b" },
    { messageId: "1@a.example" },
    { dateMs: Number.NaN },
    { dateMs: 9e15 },
  ])("by %j", (bad) => {
    expect(refused(bad)).toMatch(/^the mail cannot be written: its /);
  });

  test("by the text: it stays text", () => {
    const text = "\r\nBcc: eve@evil.example\r\n\r\n.\r\nQUIT";
    const read = readMail(mailText({ ...mail, text }));
    expect(read.headers.map(([name]) => name)).not.toContain("bcc");
    expect(read.text).toBe(seen(text));
  });
});

test.each([
  ["a@b", true],
  ["first.last+tag@mail.example.net", true],
  ["o'neil@example.com", true],
  ["a..b@example.com", false],
  [".a@example.com", false],
  ["a@example.com.", false],
  ["a@-example.com", false],
  ["a@@example.com", false],
  ["a b@example.com", false],
  ['"a"@example.com', false],
  ["<a@example.com>", false],
  ["ä@example.com", false],
  ["a@example.com\n", false],
  [`${"a".repeat(65)}@example.com`, false],
  [`a@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(63)}.${"e".repeat(63)}`, false],
])("%j is a plain address: %s", (text, expected) => {
  expect(isMailAddress(text)).toBe(expected);
});
