import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import type { SmtpReceiver, SmtpReceiverOptions } from "../src/simulators/smtp.ts";
import { readMail } from "../src/simulators/smtp-mail.ts";
import { closeReceivers, receive } from "./mail-fixture.ts";
import { mailCertificate, mailKey } from "./world/test-certificate.ts";

/** The receiver by hand, without the library that the mailer uses: each reply is waited for, or many lines go at once. */

afterEach(closeReceivers);

const base64 = (text: string): string => Buffer.from(text).toString("base64");

class Client {
  readonly #socket: Socket;
  #heard = "";
  #wake: () => void = () => {};
  isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const hear = (chunk: Buffer | string) => {
      this.#heard += chunk;
      this.#wake();
    };
    socket.on("data", hear);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** The next whole reply; its lines. */
  async reply(): Promise<string> {
    for (let waits = 0; waits < 100; waits++) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#heard)?.[0];
      if (whole !== undefined) {
        this.#heard = this.#heard.slice(whole.length);
        return whole;
      }
      if (this.isClosed) return "closed";
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    throw new Error("no whole reply came");
  }

  /** Sends lines at once, and gives the code of each reply. */
  async say(text: string, replies = 1): Promise<string[]> {
    this.#socket.write(`${text.replaceAll("\n", "\r\n")}\r\n`);
    const codes: string[] = [];
    for (let index = 0; index < replies; index++) codes.push((await this.reply()).slice(0, 3));
    return codes;
  }
}

async function meet(
  options: SmtpReceiverOptions = {},
): Promise<{ client: Client; receiver: SmtpReceiver; port: number }> {
  const { receiver, port } = await receive(options);
  const client = new Client(connect({ port, host: "127.0.0.1" }));
  expect(await client.reply()).toMatch(/^220 .*simulated/);
  return { client, receiver, port };
}

describe("the mail receiver", () => {
  test("takes a mail said word by word, and undoes the doubled dots", async () => {
    const { client, receiver } = await meet();
    expect(await client.say("EHLO me")).toEqual(["250"]);
    expect(await client.say("MAIL FROM:<a@b.example> SIZE=9")).toEqual(["250"]);
    expect(await client.say("RCPT TO:<c@d.example>")).toEqual(["250"]);
    expect(await client.say("RCPT TO:<e@f.example>")).toEqual(["250"]);
    expect(await client.say("DATA")).toEqual(["354"]);
    expect(await client.say("Subject: Hi\n\n..\n..x\ny\n.")).toEqual(["250"]);
    expect(await client.say("QUIT")).toEqual(["221"]);
    const envelope = { from: "a@b.example", to: ["c@d.example", "e@f.example"] };
    expect(receiver.mails).toMatchObject([{ envelope, subject: "Hi", text: ".\n.x\ny", isSecure: false }]);
  });

  test("takes many lines at once, and several mails in one conversation", async () => {
    const { client, receiver } = await meet();
    const one = "MAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA\nSubject: 1\n\nx\n.";
    expect(await client.say(`EHLO me\n${one}\n${one}\nRSET\nNOOP`, 11)).toEqual([
      "250",
      "250",
      "250",
      "354",
      "250",
      "250",
      "250",
      "354",
      "250",
      "250",
      "250",
    ]);
    expect(receiver.mails).toHaveLength(2);
  });

  test("keeps the order of commands", async () => {
    const { client, receiver } = await meet();
    expect(await client.say("MAIL FROM:<a@b.example>")).toEqual(["503"]);
    expect(await client.say("HELO me\nRCPT TO:<c@d.example>\nDATA\nMAIL FROM:a@b.example\nVRFY a", 5)).toEqual([
      "250",
      "503",
      "503",
      "501",
      "502",
    ]);
    expect(
      await client.say("MAIL FROM:<a@b.example>\nMAIL FROM:<a@b.example>\nRCPT TO:c\nRSET\nRCPT TO:<c@d.example>", 5),
    ).toEqual(["250", "503", "501", "250", "503"]);
    expect(receiver.mails).toEqual([]);
  });

  test("asks who it is, by both ways, and keeps no password in its list of commands", async () => {
    const { client, receiver } = await meet({ accounts: { me: "s3cret" } });
    expect(await client.say("EHLO me\nMAIL FROM:<a@b.example>", 2)).toEqual(["250", "530"]);
    expect(await client.say(`AUTH PLAIN ${base64("\0me\0wrong")}`)).toEqual(["535"]);
    expect(await client.say("AUTH LOGIN")).toEqual(["334"]);
    expect(await client.say(base64("me"))).toEqual(["334"]);
    expect(await client.say("*")).toEqual(["501"]);
    expect(await client.say("AUTH CRAM-MD5")).toEqual(["504"]);
    expect(await client.say("AUTH PLAIN")).toEqual(["334"]);
    expect(await client.say(base64("\0me\0s3cret"))).toEqual(["235"]);
    expect(await client.say("MAIL FROM:<a@b.example>")).toEqual(["250"]);
    expect(receiver.commands.join("\n")).not.toMatch(/s3cret|AG1l/);
  });

  test("asks for TLS where that is required, and forgets what was said before it", async () => {
    const tls = { key: mailKey, cert: mailCertificate, isRequired: true };
    const { client, receiver } = await meet({ tls, accounts: { me: "s3cret" } });
    expect(await client.say("EHLO me\nMAIL FROM:<a@b.example>\nAUTH PLAIN x", 3)).toEqual(["250", "530", "502"]);
    // The second line comes before TLS and must not count after it.
    expect(await client.say("STARTTLS\nEHLO injected")).toEqual(["220"]);
    const options = { socket: client.socket, ca: mailCertificate, servername: "mail.example.net" };
    const secure = new Client(connectTls(options));
    expect(await secure.say("MAIL FROM:<a@b.example>")).toEqual(["503"]);
    expect(await secure.say(`EHLO me\nAUTH PLAIN ${base64("\0me\0s3cret")}`, 2)).toEqual(["250", "235"]);
    expect(receiver.commands).not.toContain("EHLO injected");
  });

  test("refuses a mail that is too long, and a line without an end", async () => {
    const { client, receiver, port } = await meet();
    await client.say("EHLO me\nMAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA", 4);
    const line = `${"x".repeat(99)}\n`;
    expect(await client.say(`${line.repeat(11_000)}.`)).toEqual(["552"]);
    const other = new Client(connect({ port, host: "127.0.0.1" }));
    await other.reply();
    other.socket.write("x".repeat(10_000));
    expect(await other.reply()).toBe("closed");
    expect(receiver.mails).toEqual([]);
  });
});

test("reads what other programs write: folded headers, Q words, base64 and other charsets", () => {
  const raw = [
    "Subject: =?iso-8859-1?Q?Gr=FC=DFe_an?=",
    "\t=?utf-8?B?w6k=?= alle",
    "FROM: Alma <alma@a.example>",
    'Content-Type: text/plain; charset="iso-8859-1"',
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from("Größe\r\n", "latin1").toString("base64"),
    "",
  ].join("\r\n");
  expect(readMail(raw)).toMatchObject({ subject: "Grüße ané alle", from: "Alma <alma@a.example>", text: "Größe" });
  expect(readMail("no header at all")).toMatchObject({ subject: "", text: "" });
});
