import { Fault } from "./diagnostic.ts";
import type { Mail } from "./io.ts";

/** A mail as RFC 5322 text: what goes to a mail server, and what lies in an `.eml` file. */

/** Longest line of a body in quoted-printable (RFC 2045 6.7). */
const bodyLineMax = 76;
/** A header that fits into one line of usual length (RFC 5322 2.1.1) needs no folding. */
const headerLineMax = 78;
/** Bytes in one encoded word. A line that holds one has at most 76 characters (RFC 2047 2), "Subject: " among them. */
const encodedWordBytesMax = 39;
/** The longest address that a mail server takes (RFC 5321 4.5.3.1.3, without its brackets). */
const addressLengthMax = 254;

/** Whether a text is one plain address, `name@host`: no display name, no quotes, no list, ASCII only. */
export function isMailAddress(text: string): boolean {
  if (text.length > addressLengthMax) return false;
  const [local = "", host = "", ...more] = text.split("@");
  const isDotAtom =
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}$/.test(local.replaceAll(".", "")) && !/^\.|\.\.|\.$/.test(local);
  const isHost = host.split(".").every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label));
  return more.length === 0 && isDotAtom && local.length <= 64 && isHost;
}

/** Why a mail cannot be written as text; undefined when it can. No text repeats what is wrong. */
function mailProblem({ from, to, subject, messageId, dateMs }: Mail): string | undefined {
  for (const [name, text] of Object.entries({ sender: from, recipient: to, subject })) {
    if (/[\r\n]/.test(text)) return `its ${name} holds a line end`;
  }
  if (!isMailAddress(to)) return "its recipient is not one plain address";
  if (from !== "" && !isMailAddress(from)) return "its sender is not one plain address";
  if (/\p{Cc}/u.test(subject)) return "its subject holds a control character";
  if (!/^<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>$/.test(messageId)) return "its Message-ID is not of the form <…@…>";
  if (!Number.isFinite(new Date(dateMs).getTime())) return "its date is none";
  return undefined;
}

/** The text that a mail server gets, CRLF at every line end. Throws a Fault when the mail has no sender or cannot be written. */
export function mailText(mail: Mail): string {
  if (mail.from === "") throw unwritable("it has no sender");
  return textOf(mail, []);
}

/**
 * The text of an `.eml` file for a person to send: `X-Unsent` makes mail programs open it as a draft. With `from: ""` it has no
 * From, and whoever sends it is the sender. Throws a Fault when the mail cannot be written.
 */
export function draftText(mail: Mail): string {
  return textOf(mail, ["X-Unsent: 1"]);
}

function textOf(mail: Mail, more: string[]): string {
  const problem = mailProblem(mail);
  if (problem !== undefined) throw unwritable(problem);
  const headers = [
    ...(mail.from === "" ? [] : [`From: ${mail.from}`]),
    `To: ${mail.to}`,
    `Subject: ${headerWords(mail.subject, "Subject: ".length)}`,
    `Date: ${dateText(mail.dateMs)}`,
    `Message-ID: ${mail.messageId}`,
    ...more,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
  ];
  return `${headers.join("\r\n")}\r\n\r\n${quotedPrintable(mail.text)}`;
}

function unwritable(problem: string): Fault {
  const remedy = "check the addresses in the manifest";
  return new Fault(`the mail cannot be written: ${problem}`, { happened: "no", code: "mail", remedy });
}

/** `Sat, 22 Nov 2026 14:05:00 +0000`; "GMT" at its end is the obsolete way to say that. */
const dateText = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000");

/** Plain where that is short and means itself, else as encoded words, one a line. */
function headerWords(text: string, column: number): string {
  const isPlain = /^[!-~](?:[ -~]*[!-~])?$/.test(text) && !text.includes("=?");
  if (text === "" || (isPlain && column + text.length <= headerLineMax)) return text;
  const words: string[] = [];
  let word = "";
  for (const character of text) {
    if (Buffer.byteLength(word + character) > encodedWordBytesMax) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString("base64")}?=`).join("\r\n ");
}

/** RFC 2045 6.7. Every kind of line end becomes CRLF, and the text ends with one. */
function quotedPrintable(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => `${quotedLine(line)}\r\n`).join("");
}

function quotedLine(line: string): string {
  const done: string[] = [];
  let open = "";
  const characters = [...line];
  characters.forEach((character, index) => {
    const isLast = index === characters.length - 1;
    const piece = quotedCharacter(character, open === "", isLast);
    // One column is left for the "=" of a soft line break.
    if (open.length + piece.length > bodyLineMax - (isLast ? 0 : 1)) {
      done.push(`${open}=`);
      open = "";
    }
    open += open === "" ? quotedCharacter(character, true, isLast) : piece;
  });
  return [...done, open].join("\r\n");
}

/**
 * A dot that begins a line ends a mail where nobody doubles it, and "From " there begins the next one in a mailbox file; a
 * blank that ends a line is lost on the way.
 */
function quotedCharacter(character: string, begins: boolean, ends: boolean): string {
  const isPlain = /^[!-<>-~]$/.test(character) && !(begins && /^[.F]$/.test(character));
  if (isPlain || (/^[ \t]$/.test(character) && !ends)) return character;
  const hex = [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  return hex.join("");
}
