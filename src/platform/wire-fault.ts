import { Fault } from "../diagnostic.ts";

/** How far a request came, and its bounds. */
export interface Progress {
  started: boolean;
  timeoutMs: number;
  bytesMax: number;
}

type Words = [message: string, remedy: string, transient?: boolean];

const unreachable = "check the URL, the network and the proxy; `steward doctor` tries again without changing anything";
const untrusted =
  "check that the URL is right; if the authority is your own, name its certificate in `ca` of the system";

/** Plain words for each code of Node, OpenSSL and undici. HOST stands for the machine that was asked. */
const words: Record<string, Words> = {
  ENOTFOUND: ["the name of HOST is not known", "check the spelling of the URL, the DNS and the proxy"],
  EAI_AGAIN: ["the name of HOST cannot be looked up just now", "check the network and the DNS, then run again", true],
  ECONNREFUSED: ["HOST refuses connections", unreachable, true],
  EHOSTUNREACH: ["there is no way to HOST", unreachable, true],
  ENETUNREACH: ["there is no way to HOST", unreachable, true],
  ECONNRESET: ["HOST cut the connection", "run again; `steward doctor` tells whether it answers", true],
  EPIPE: ["HOST cut the connection", "run again; `steward doctor` tells whether it answers", true],
  ETIMEDOUT: ["HOST did not answer", unreachable, true],
  UND_ERR_SOCKET: ["HOST cut the connection", "run again; `steward doctor` tells whether it answers", true],
  PROXY_CUT: ["the proxy on the way to HOST cut the connection", "check the proxy and what it allows", true],
  UND_ERR_CONNECT_TIMEOUT: ["HOST did not answer", unreachable, true],
  UND_ERR_INVALID_ARG: [
    "the request to HOST holds a character that HTTP does not allow",
    "check that the credentials have no line end or space at their end",
  ],
  UND_ERR_HEADERS_OVERFLOW: [
    "the headers of the answer of HOST are too long",
    "check that the URL leads to the system itself",
  ],
  CERT_HAS_EXPIRED: ["the certificate of HOST has expired", "have it renewed, or check the clock of this machine"],
  CERT_NOT_YET_VALID: ["the certificate of HOST is not valid yet", "check the clock of this machine"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the certificate of HOST is signed by itself only", untrusted],
  SELF_SIGNED_CERT_IN_CHAIN: ["the certificate of HOST is from an authority that is not trusted here", untrusted],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the certificate of HOST is from an authority that is not trusted here", untrusted],
  UNABLE_TO_GET_ISSUER_CERT: ["the certificate of HOST is from an authority that is not trusted here", untrusted],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    "the certificate of HOST is from an authority that is not trusted here",
    untrusted,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "the certificate of HOST is for another name",
    "check the URL; the certificate must name the host in it",
  ],
  UND_ERR_PRX_TLS: ["the certificate of the proxy to HOST is for another name", "check the URL of the proxy"],
};

/** A Fault in our own words: texts of errors may hold URLs with queries, headers or a proxy's password. */
export function wireFault(url: URL, progress: Progress, error: unknown): Fault {
  const code = typeof error === "string" ? error : codeOf(error);
  const [message, remedy, transient = false] = wordsOf(code, progress, error);
  const happened = progress.started ? "unknown" : "no";
  return new Fault(message.replace("HOST", url.host), { happened, at: url.origin, remedy, transient, code });
}

function wordsOf(code: string, { started, timeoutMs, bytesMax }: Progress, error: unknown): Words {
  if (code === "deadline") {
    const what = started ? "did not answer" : "could not be reached";
    return [
      `HOST ${what} within ${timeoutMs / 1000} s`,
      started ? "run again; what happened is read back first" : unreachable,
      true,
    ];
  }
  if (code === "aborted") return ["the request to HOST was broken off", "run again; what happened is read back first"];
  if (code === "too-large")
    return [`the answer of HOST is longer than ${bytesMax} bytes`, "check that the URL leads to the system itself"];
  const refusedByProxy = /^Proxy response \((\d{3})\)/.exec(error instanceof Error ? error.message : "")?.[1];
  if (refusedByProxy)
    return [
      `the proxy on the way to HOST answered ${refusedByProxy}`,
      "check the proxy, its credentials and what it allows",
    ];
  const known = Object.hasOwn(words, code) ? words[code] : undefined;
  if (known) return known;
  if (/^(ERR_SSL_|EPROTO)/.test(code))
    return ["HOST and this machine do not agree on TLS", "check that the URL begins with the right scheme and port"];
  if (/^HPE_/.test(code))
    return ["the answer of HOST is not HTTP", "check the port of the URL, and what stands between you and the system"];
  return [`the exchange with HOST failed (${code})`, unreachable, true];
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  // Codes are words; anything else might be somebody's text.
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "unknown error";
}
