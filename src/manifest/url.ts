import { isLoopback } from "../loopback.ts";

/** What is wrong with a URL; `secret` when it holds what must not be printed. */
interface UrlProblem {
  message: string;
  hint?: string;
  secret?: true;
}

/**
 * Checks a base URL or the URL of a proxy. Only what the URL parser takes without rewriting passes: what a reviewer reads
 * must be what is asked.
 */
export function urlProblem(text: string, use: "url" | "proxy"): UrlProblem | undefined {
  const example = use === "url" ? "such as https://vco.example.net" : "such as http://proxy.example.net:3128";
  if (!/^[\x21-\x7e]{1,2000}$/.test(text) || text.includes("\\")) {
    return { message: "holds characters that a URL cannot hold", hint: example };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text)) return { message: "is not a URL", hint: example };
  if (url.username || url.password || text.slice(0, text.indexOf("/", 8) + 1 || undefined).includes("@")) {
    return {
      message: "holds credentials",
      hint: use === "url" ? "put them under credentials" : "a proxy with credentials is not supported",
      secret: true,
    };
  }
  if (text.includes("?") || text.includes("#"))
    return { message: "has a query or a fragment", hint: "take it out", secret: true };
  if (use === "proxy") return url.pathname === "/" ? undefined : { message: "has a path", hint: example };
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return {
      message: "must begin with https://",
      hint: "http is possible on this machine only (127.0.0.1, localhost)",
    };
  }
  if (/\/\.{1,2}(?:\/|$)|%2e|%2f|%5c/i.test(text.slice(8)))
    return { message: "has a path that can be read in two ways", hint: "write the path out" };
  return undefined;
}
