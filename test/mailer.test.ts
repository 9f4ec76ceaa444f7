import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type LookupFunction, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, describe, expect, test, vi } from "vitest";
import { nodeMailer } from "../src/platform/mailer.ts";
import { Secret } from "../src/secret.ts";
import type { SmtpFault, SmtpReceiverOptions } from "../src/simulators/smtp.ts";
import {
  accounts,
  closeReceivers,
  connectHere,
  faultOf,
  mail,
  password,
  receive,
  send,
  signedIn,
} from "./mail-fixture.ts";
import { mailCertificate, mailKey, testCertificate, testKey } from "./world/test-certificate.ts";

afterEach(closeReceivers);

const mailTls = { key: mailKey, cert: mailCertificate };
const localTls = { key: testKey, cert: testCertificate };
const byName = { connect: connectHere };

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server: Server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a mail", () => {
  test("arrives with sender, recipient, subject, text, date and Message-ID as they were given", async () => {
    const { receiver, port } = await receive();
    await send(`smtp://127.0.0.1:${port}`);
    const { from, to, subject, text, messageId } = mail;
    expect(receiver.mails).toMatchObject([{ from, to, subject, text, messageId, envelope: { from, to: [to] } }]);
    const names = receiver.mails[0]!.headers.map(([name]) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(receiver.mails[0]!.headers).toContainEqual(["date", "Sun, 22 Nov 2026 14:05:00 +0000"]);
    await vi.waitFor(() => expect(receiver.commands.at(-1)).toBe("QUIT"));
  });

  test("arrives as it is with other alphabets, dots at line starts and long lines", async () => {
    const { receiver, port } = await receive();
    const strange = { subject: "Zażółć gęślą jaźń — ".repeat(6), text: `.\n..\n.x\n${"Größe ".repeat(200)}\n\n😀 =3D` };
    await nodeMailer().send({ ...mail, ...strange }, { url: `smtp://127.0.0.1:${port}`, timeoutMs: 5_000 });
    expect(receiver.mails).toMatchObject([{ subject: strange.subject, text: strange.text }]);
  });

  test.each(["PLAIN", "LOGIN"])("is handed in after signing in, here by AUTH %s", async (mechanism) => {
    const { receiver, port } = await receive({ accounts, mechanisms: [mechanism as "PLAIN"] });
    await send(`smtp://127.0.0.1:${port}`, signedIn);
    expect(receiver.mails).toMatchObject([{ user: "steward", isSecure: false }]);
    expect(receiver.commands).toContain(`AUTH ${mechanism}`);
  });

  test("is taken by a server that knows only HELO, on this machine", async () => {
    const { receiver, port } = await receive();
    receiver.faults.push({ at: "hello", reply: "502 5.5.1 simulated: what?" });
    await send(`smtp://127.0.0.1:${port}`);
    expect(receiver.commands.slice(0, 2).map((line) => line.split(" ")[0])).toEqual(["EHLO", "HELO"]);
    expect(receiver.mails).toHaveLength(1);
  });

  test("needs a sender, and no settings that hold a line end get near a server", async () => {
    const { receiver, port } = await receive();
    const server = { url: `smtp://127.0.0.1:${port}`, timeoutMs: 5_000 };
    for (const bad of [
      { from: "" },
      { from: "a@b.example\r\nBcc: eve@evil.example" },
      { to: "a@b.example>\r\nRCPT TO:<eve@evil.example" },
      { to: "a@b.example, eve@evil.example" },
      { subject: "x\nBcc: eve@evil.example" },
      { messageId: "<a@b>\r\nBcc: eve@evil.example" },
    ]) {
      const fault = await faultOf(nodeMailer().send({ ...mail, ...bad }, server));
      expect(fault.details).toMatchObject({ happened: "no", code: "mail" });
      expect(fault.message).not.toContain("evil");
    }
    expect([receiver.commands, receiver.mails]).toEqual([[], []]);
  });
});

describe("TLS", () => {
  test("is required by STARTTLS where the host is not this machine, before anything is said", async () => {
    const { receiver, port } = await receive({ tls: mailTls, accounts });
    await send(`smtp://mail.example.net:${port}`, { ...signedIn, ca: mailCertificate }, byName);
    expect(receiver.mails).toMatchObject([{ isSecure: true, user: "steward" }]);
    expect(receiver.commands.slice(0, 4).map((line) => line.split(" ")[0])).toEqual([
      "EHLO",
      "STARTTLS",
      "EHLO",
      "AUTH",
    ]);
  });

  test.each([
    ["offers none", {}, []],
    ["knows no EHLO", {}, [{ at: "hello", reply: "502 5.5.1 simulated: what?" }]],
    ["has none just now", { tls: mailTls }, [{ at: "starttls", reply: "454 4.7.0 simulated: later" }]],
    ["cuts it off", { tls: mailTls }, [{ at: "starttls", cut: "after" }]],
  ] satisfies [string, SmtpReceiverOptions, SmtpFault[]][])(
    "a server that %s gets no mail and no password in clear",
    async (_what, options, faults) => {
      const { receiver, port } = await receive({ accounts, ...options });
      receiver.faults.push(...faults);
      const fault = await faultOf(send(`smtp://mail.example.net:${port}`, signedIn, byName));
      expect(fault.details.happened).toBe("no");
      expect(receiver.mails).toEqual([]);
      expect(receiver.commands.filter((line) => /AUTH|MAIL|DATA/.test(line))).toEqual([]);
    },
  );

  test("from the first byte with smtps", async () => {
    const { receiver, port } = await receive({ tls: { ...mailTls, isImplicit: true }, accounts });
    await send(`smtps://mail.example.net:${port}`, { ...signedIn, ca: mailCertificate }, byName);
    await send(`smtps://MAIL.example.net:${port}`, { ...signedIn, ca: mailCertificate }, byName);
    expect(receiver.mails).toMatchObject([{ isSecure: true }, { isSecure: true }]);
  });

  test.each(["smtp", "smtps"])("%s verifies the certificate: its authority and its name", async (scheme) => {
    const isImplicit = scheme === "smtps";
    const other = await receive({ tls: { ...localTls, isImplicit } });
    const mine = await receive({ tls: { ...mailTls, isImplicit } });
    const untrusted = await faultOf(send(`${scheme}://mail.example.net:${mine.port}`, {}, byName));
    const misnamed = await faultOf(send(`${scheme}://mail.example.net:${other.port}`, { ca: testCertificate }, byName));
    for (const fault of [untrusted, misnamed]) expect(fault.details).toMatchObject({ happened: "no", code: "tls" });
    expect(untrusted.message).toContain("is signed by itself only");
    expect(misnamed.message).toContain("is for another name");
    expect([...other.receiver.commands, ...mine.receiver.commands].filter((line) => /MAIL|DATA/.test(line))).toEqual(
      [],
    );
  });

  test("with smtps to a port that speaks no TLS ends in a fault, not in a mail", async () => {
    const { receiver, port } = await receive();
    const fault = await faultOf(send(`smtps://127.0.0.1:${port}`));
    expect(fault.details).toMatchObject({ happened: "no", code: "tls" });
    expect(receiver.mails).toEqual([]);
  });

  test("is not needed on this machine; a name of it that leads elsewhere gets nothing", async () => {
    const { receiver, port } = await receive({ tls: localTls });
    await send(`smtp://localhost:${port}`, {}, byName);
    expect(receiver.mails).toMatchObject([{ isSecure: false }]);
    const elsewhere: typeof connectHere = (to) =>
      Object.defineProperty(connectHere(to), "remoteAddress", { value: "203.0.113.9" });
    const fault = await faultOf(send(`smtp://localhost:${port}`, {}, { connect: elsewhere }));
    expect(fault.message).toContain("leads to another machine");
    expect([fault.details.happened, receiver.mails.length]).toEqual(["no", 1]);
  });
});

const refusals = [
  ["a port that nobody listens on", "refuses connections", "ECONNREFUSED", {}],
  ["a wrong password", "does not accept user name and password (535 5.7.8)", "unauthorized", { accounts }],
] as const;

describe("a server that does not take the mail is told from one that may have:", () => {
  test.each(refusals)("%s", async (_what, says, code, options) => {
    const port = "accounts" in options ? (await receive(options)).port : await freePort();
    const wrong = { username: "steward", password: new Secret(`${password}x`) };
    const fault = await faultOf(send(`smtp://127.0.0.1:${port}`, wrong));
    expect(fault.message).toContain(says);
    expect(fault.details).toMatchObject({ happened: "no", code, at: `smtp://127.0.0.1:${port}` });
  });

  test("a name that is not known", async () => {
    const lookup: LookupFunction = (host, _options, found) =>
      found(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }), "", 4);
    const fault = await faultOf(
      send("smtp://mail.example.net:25", {}, { connect: (to) => connect({ ...to, lookup }) }),
    );
    expect(fault.message).toBe("the name of mail.example.net:25 is not known");
    expect(fault.details).toMatchObject({ happened: "no", code: "ENOTFOUND" });
  });

  test("what it says is shown, without the password that it was sent", async () => {
    const { receiver, port } = await receive({ accounts });
    const encoded = Buffer.from(`\0steward\0${password}`).toString("base64");
    receiver.faults.push({ at: "rcpt", reply: `550 5.1.1 no such mailbox; you said ${password} and ${encoded}` });
    const fault = await faultOf(send(`smtp://127.0.0.1:${port}`, signedIn));
    expect(fault.message).toContain(
      'does not take mails to this recipient: "550 5.1.1 no such mailbox; you said (secret)',
    );
    receiver.faults.push({ at: "auth", reply: `535 5.7.8 ${password} is wrong` });
    expect((await faultOf(send(`smtp://127.0.0.1:${port}`, signedIn))).message).toContain("(535 5.7.8)");
  });

  test("one that does not sign in anybody is not handed the mail without it", async () => {
    const { receiver, port } = await receive();
    const fault = await faultOf(send(`smtp://127.0.0.1:${port}`, signedIn));
    expect(fault.message).toContain("does not offer to sign in");
    expect(receiver.mails).toEqual([]);
    const alone = await faultOf(send(`smtp://127.0.0.1:${port}`, { username: "steward" }));
    expect(alone.message).toContain("has no password");
  });

  test("one that is busy may be asked again", async () => {
    const { receiver, port } = await receive();
    receiver.faults.push({ at: "message", reply: "451 4.3.0 simulated: later" });
    const fault = await faultOf(send(`smtp://127.0.0.1:${port}`));
    expect(fault.details).toMatchObject({ happened: "no", transient: true, code: "refused" });
  });
});

const stages = ["greeting", "hello", "auth", "mail", "rcpt", "data", "content", "message"] as const;
const ways = [
  ["cut before", { cut: "before" }],
  ["cut after", { cut: "after" }],
  ["421", { reply: "421 4.3.2 simulated: closing" }],
  ["451", { reply: "451 4.3.0 simulated: later" }],
  ["554", { reply: "554 5.0.0 simulated: no" }],
  ["silence", { waitMs: 1_000 }],
] as const;
/** There is no answer to content; and to EHLO a "no" means only that HELO is tried. */
const isFault = (at: string, name: string): boolean =>
  !(at === "content" && /^\d/.test(name)) && !(at === "hello" && ["451", "554"].includes(name));
const table = stages.flatMap((at) =>
  ways
    .filter(([name]) => isFault(at, name))
    .flatMap(([name, way]) => [true, false].map((pipelining) => ({ at, name, way, pipelining }))),
);

describe("what happened is never guessed:", () => {
  test.each(table)("$name at $at, pipelining $pipelining", async ({ at, name, way, pipelining }) => {
    const { receiver, port } = await receive({ accounts, pipelining });
    receiver.faults.push({ at, ...way });
    const fault = await faultOf(
      send(`smtp://127.0.0.1:${port}`, { ...signedIn, timeoutMs: name === "silence" ? 300 : 5_000 }),
    );
    const isOpen = (at === "content" || at === "message") && !["451", "554"].includes(name);
    expect(fault.details.happened).toBe(isOpen ? "unknown" : "no");
    expect(receiver.mails).toHaveLength(at === "message" && name === "cut after" ? 1 : 0);
    expect(receiver.faults).toEqual([]);
  });

  test("the whole of it ends at the deadline, however slowly the server talks", async () => {
    const { receiver, port } = await receive();
    for (const at of ["greeting", "hello", "mail", "rcpt", "data"] as const) receiver.faults.push({ at, waitMs: 150 });
    const began = performance.now();
    const fault = await faultOf(send(`smtp://127.0.0.1:${port}`, { timeoutMs: 400 }));
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(fault.message).toContain("within 0.4 s");
  });
});

describe("nodemailer is an optional dependency:", () => {
  test("without it the fault says what to install, and everything else works", async () => {
    const folder = mkdtempSync(join(tmpdir(), "steward-mailer-"));
    try {
      const outfile = join(folder, "mailer.mjs");
      await build({
        entryPoints: ["src/platform/mailer.ts"],
        outfile,
        bundle: true,
        packages: "external",
        platform: "node",
        format: "esm",
      });
      const program = `import { nodeMailer } from "./mailer.mjs";
        const server = { url: "smtp://127.0.0.1:9", timeoutMs: 1000 };
        await nodeMailer().send(${JSON.stringify(mail)}, server).catch((error) => console.log(error.message, JSON.stringify(error.details)));`;
      writeFileSync(join(folder, "try.mjs"), program);
      const said = execFileSync(process.execPath, ["try.mjs"], { cwd: folder, encoding: "utf8" });
      expect(said).toContain("it is not installed");
      expect(said).toContain("npm install nodemailer");
      expect(said).toContain('"happened":"no"');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a fault of its own is not taken for its absence", async () => {
    const load = () => Promise.reject(new SyntaxError("broken"));
    await expect(send("smtp://127.0.0.1:9", {}, { load })).rejects.toThrow("broken");
  });
});
