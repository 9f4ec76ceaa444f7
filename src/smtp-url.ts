import { isLoopback } from "./loopback.ts";

/** Where mail is handed in, taken apart. */
export interface SmtpUrl {
  /** Name or address; an IPv6 address without its brackets. */
  host: string;
  port: number;
  /** "implicit": TLS from the first byte. "starttls": it must be switched on before anything else. "none": this machine. */
  tls: "implicit" | "starttls" | "none";
}

/** What is wrong with such a URL; neither text repeats it, since it may hold a password. */
interface SmtpUrlProblem {
  message: string;
  hint: string;
}

const example = "write smtps://HOST:465, or smtp://HOST:587 for STARTTLS";

/** Reads `smtp://host:port` or `smtps://host:port`. Only what can be read in one way passes: no path, no query, no credentials. */
export function readSmtpUrl(text: string): SmtpUrl | SmtpUrlProblem {
  const begins = /^(smtps?):\/\/(.*)$/i.exec(text);
  if (!begins) return { message: "must begin with smtps:// or smtp://", hint: example };
  const [, scheme = "", rest = ""] = begins;
  if (rest.includes("@")) {
    return { message: "holds credentials", hint: "give username and password in settings of their own" };
  }
  const parts = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(rest);
  if (!parts) return { message: "is not of the form smtps://HOST:PORT", hint: example };
  const [, written = "", digits = ""] = parts;
  const port = Number(digits);
  const host = written.toLowerCase();
  if (port < 1 || port > 65_535) return { message: "has a port that does not exist", hint: example };
  // Other spellings of an address (0x7f.1) would be read in two ways.
  if (!URL.canParse(`http://${host}/`) || new URL(`http://${host}/`).hostname !== host) {
    return { message: "has a host that cannot be read", hint: "write a name, or an address in its usual form" };
  }
  const tls = scheme.toLowerCase() === "smtps" ? "implicit" : isLoopback(host) ? "none" : "starttls";
  return { host: host.replace(/^\[|\]$/g, ""), port, tls };
}
