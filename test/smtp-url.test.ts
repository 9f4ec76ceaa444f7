import { expect, test } from "vitest";
import { readSmtpUrl } from "../src/smtp-url.ts";

test.each([
  ["smtps://mail.example.net:465", { host: "mail.example.net", port: 465, tls: "implicit" }],
  ["smtp://mail.example.net:587", { host: "mail.example.net", port: 587, tls: "starttls" }],
  ["SMTP://Mail.Example.net:25", { host: "mail.example.net", port: 25, tls: "starttls" }],
  ["smtp://203.0.113.9:25", { host: "203.0.113.9", port: 25, tls: "starttls" }],
  ["smtp://[2001:db8::1]:587", { host: "2001:db8::1", port: 587, tls: "starttls" }],
  ["smtp://127.0.0.1:1025", { host: "127.0.0.1", port: 1025, tls: "none" }],
  ["smtp://localhost:25", { host: "localhost", port: 25, tls: "none" }],
  ["smtp://[::1]:25", { host: "::1", port: 25, tls: "none" }],
  ["smtps://localhost:465", { host: "localhost", port: 465, tls: "implicit" }],
])("%s is read in one way", (text, expected) => {
  expect(readSmtpUrl(text)).toEqual(expected);
});

test.each([
  ["https://mail.example.net:465", "must begin with"],
  ["mail.example.net:25", "must begin with"],
  ["smtp://u:hunter2@mail.example.net:25", "holds credentials"],
  ["smtp://hunter2@mail.example.net:25", "holds credentials"],
  ["smtp://127.0.0.1:25@evil.example:25", "holds credentials"],
  ["smtp://mail.example.net", "is not of the form"],
  ["smtp://mail.example.net:25/hunter2", "is not of the form"],
  ["smtp://mail.example.net:25?x=hunter2", "is not of the form"],
  ["smtp://mail.example.net:25#hunter2", "is not of the form"],
  ["smtp://mail.example.net\\.evil.example:25", "is not of the form"],
  ["smtp://localhost%2eevil.example:25", "is not of the form"],
  ["smtp://mäil.example.net:25", "is not of the form"],
  ["smtp://mail.example.net:25\n", "must begin with"],
  ["smtp://mail.example.net:0", "has a port"],
  ["smtp://mail.example.net:65536", "has a port"],
  ["smtp://127.0.0.999:25", "has a host"],
  ["smtp://0x7f.1:25", "has a host"],
  ["smtp://2130706433:25", "has a host"],
  ["smtp://[::ffff:7f00:1%eth0]:25", "is not of the form"],
])("%j is refused with the way out, and not repeated", (text, says) => {
  const { message, hint } = readSmtpUrl(text) as { message: string; hint: string };
  expect(message).toContain(says);
  expect(hint).toBeTruthy();
  expect(message + hint).not.toContain("hunter2");
});
