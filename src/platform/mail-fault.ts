import { Fault, type FaultDetails } from "../diagnostic.ts";
import type { MailServer } from "../io.ts";
import { vendorMessageCharactersMax } from "../limits.ts";
import { wireFault } from "./wire-fault.ts";

/** How far the handing in of a mail came. */
export interface MailProgress {
  server: MailServer;
  /** `host:port`, for people. */
  place: string;
  /** Something of the mail itself may have left: from here on the server may have taken it. */
  contentBegan: boolean;
}

/** What nodemailer's errors carry, as far as we look at it. */
interface MailTrouble {
  code?: unknown;
  /** The code of the system's error that `code` stands for. */
  originalCode?: unknown;
  response?: unknown;
  responseCode?: unknown;
  command?: unknown;
}

type Told = [message: string, details: Omit<FaultDetails, "at">];

const unreachable = "check host and port of the mail server, and the network between it and this machine";
const again = "try again later; if it goes on, ask whoever runs the mail server";
const doubtful = "run again: it is sent once more with the same Message-ID, so that it counts as one mail";

/** A Fault in our own words: what a server says may hold what it was sent. "deadline" stands for our own end of patience. */
export function mailFault(progress: MailProgress, error: unknown): Fault {
  const [message, details] = progress.contentBegan ? afterContent(progress, error) : beforeContent(progress, error);
  return new Fault(message, { ...details, at: progress.server.url });
}

/** RFC 5321 4.2.1: 4yz and 5yz to the content mean that it was not taken. A 421 may have come by itself, while it was. */
function afterContent(progress: MailProgress, error: unknown): Told {
  const { place } = progress;
  const { code, responseCode: reply } = troubleOf(error);
  const isAnswer = code === "EMESSAGE" && typeof reply === "number" && reply >= 400 && reply < 600 && reply !== 421;
  if (isAnswer) return refusal(progress, error, "did not take the mail");
  const what = error === "deadline" ? `did not confirm the mail within ${seconds(progress)}` : "cut the connection";
  const message = `${place} ${what} after the mail was on its way: whether it took it is not known`;
  return [message, { happened: "unknown", transient: true, code: "cut", remedy: doubtful }];
}

function beforeContent(progress: MailProgress, error: unknown): Told {
  const { place } = progress;
  const { code, originalCode, command, responseCode } = troubleOf(error);
  if (error === "deadline") {
    const message = `${place} could not be handed the mail within ${seconds(progress)}`;
    return [message, { happened: "no", transient: true, code: "deadline", remedy: unreachable }];
  }
  if (code === "EAUTH") return signInRefused(progress, error);
  if (code === "EENVELOPE" && command === "MAIL FROM") {
    return refusal(progress, error, "does not take mails from this sender", responseCode === 530 ? signIn : undefined);
  }
  if (code === "EENVELOPE" && command === "RCPT TO")
    return refusal(progress, error, "does not take mails to this recipient");
  if (code === "EENVELOPE" || code === "EMESSAGE") return refusal(progress, error, "did not take the mail");
  if (code === "ETLS" && command === "STARTTLS") return noStartTls(place);
  if (typeof responseCode === "number") return refusal(progress, error, "turned this machine away");
  if (code === "EPROTOCOL") return refusal(progress, error, "does not answer as a mail server");
  return cutOrUnreachable(progress, typeof originalCode === "string" ? originalCode : code);
}

const signIn = "give the user name and the password of the mail server";

function noStartTls(place: string): Told {
  const remedy = "write smtps:// with the port for it, often 465, or ask whoever runs the mail server for STARTTLS";
  const message = `${place} does not offer STARTTLS, and nothing is sent in clear`;
  return [message, { happened: "no", code: "tls", remedy }];
}

/** Only the code of the reply is shown: its text may repeat what was sent. */
function signInRefused({ place }: MailProgress, error: unknown): Told {
  const { response, responseCode } = troubleOf(error);
  const code = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(String(response ?? ""))?.[0];
  const message = `${place} does not accept user name and password${code ? ` (${code})` : ""}`;
  const isPassing = typeof responseCode === "number" && responseCode < 500;
  const remedy = isPassing ? again : "check the user name and the password of the mail server";
  return [message, { happened: "no", code: "unauthorized", transient: isPassing, remedy }];
}

function refusal(progress: MailProgress, error: unknown, what: string, way?: string): Told {
  const { response, responseCode } = troubleOf(error);
  const said = typeof response === "string" ? `: ${quoted(response, progress.server)}` : "";
  const isPassing = typeof responseCode === "number" && responseCode < 500;
  const remedy =
    way ?? (isPassing ? again : "check sender and recipient, and what the mail server lets this machine send");
  return [`${progress.place} ${what}${said}`, { happened: "no", code: "refused", transient: isPassing, remedy }];
}

function cutOrUnreachable({ place }: MailProgress, code: unknown): Told {
  const known = typeof code === "string" ? code : "";
  if (known === "" || known === "ECONNECTION" || known === "ETLS") {
    const message = `${place} cut the connection before the mail was sent`;
    return [message, { happened: "no", transient: true, code: "cut", remedy: again }];
  }
  const { message, details } = wireFault(
    new URL(`https://${place}`),
    { started: false, timeoutMs: 0, bytesMax: 0 },
    { code },
  );
  const isTls = !details.transient && known !== "ENOTFOUND";
  const remedy = isTls
    ? "check host and port; if the authority is your own, name its certificate in ca_file of the system"
    : unreachable;
  return [message, { happened: "no", transient: details.transient === true, code: isTls ? "tls" : known, remedy }];
}

const troubleOf = (error: unknown): MailTrouble => (typeof error === "object" && error !== null ? error : {});

const seconds = ({ server }: MailProgress): string => `${server.timeoutMs / 1000} s`;

/** What a server said, on one line, without the credentials that it was sent. */
function quoted(response: string, { username = "", password }: MailServer): string {
  const secret = password?.reveal() ?? "";
  const forms = secret === "" ? [] : [secret, base64(secret), base64(`\0${username}\0${secret}`)];
  const clean = forms.reduce((text, form) => text.replaceAll(form, "(secret)"), response);
  const line = clean.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  const short = line.slice(0, vendorMessageCharactersMax);
  return `"${short}${short.length < line.length ? "…" : ""}"`;
}

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
