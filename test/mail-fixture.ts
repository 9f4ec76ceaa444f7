import { connect } from "node:net";
import { inspect } from "node:util";
import { expect } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import type { Mail, MailServer } from "../src/io.ts";
import { type MailerOptions, nodeMailer } from "../src/platform/mailer.ts";
import { Secret } from "../src/secret.ts";
import { SmtpReceiver, type SmtpReceiverOptions } from "../src/simulators/smtp.ts";

/** A mail, mail servers of our own, and the mailer between them. */

export const mail: Mail = {
  from: "iam@acme.example",
  to: "licensing@vendor.example",
  subject: "Please add the Basic API module",
  text: "Environment: https://acme.example/test\nSerial number: 10422",
  messageId: "<1.take@steward.example>",
  dateMs: Date.UTC(2026, 10, 22, 14, 5),
};

export const password = `pw"&+/é'canary\\9`;
export const accounts = { steward: password };
export const signedIn = { username: "steward", password: new Secret(password) };

const open: SmtpReceiver[] = [];

/** A receiver on a port of its own; `closeReceivers` ends all of them. */
export async function receive(options: SmtpReceiverOptions = {}): Promise<{ receiver: SmtpReceiver; port: number }> {
  const receiver = new SmtpReceiver(options);
  open.push(receiver);
  return { receiver, port: await receiver.listen() };
}

/** Ends every receiver of the test. */
export async function closeReceivers(): Promise<void> {
  for (const receiver of open.splice(0)) await receiver.close();
}

/** Every name leads to this machine. */
export const connectHere: NonNullable<MailerOptions["connect"]> = ({ port }) => connect({ port, host: "127.0.0.1" });

/** Sends the usual mail. */
export function send(url: string, server: Partial<MailServer> = {}, options: MailerOptions = {}): Promise<void> {
  return nodeMailer(options).send(mail, { url, timeoutMs: 5_000, ...server });
}

/** The Fault that a sending ends in; it has a way out, and no part of a password shows in it. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify((error as Fault).details);
  const encoded = Buffer.from(`\0steward\0${password}`).toString("base64");
  for (const form of ["canary", Buffer.from(password).toString("base64"), encoded]) expect(shown).not.toContain(form);
  expect((error as Fault).details.remedy).toBeTruthy();
  return error as Fault;
}
