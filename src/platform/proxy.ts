import type { Environment } from "./transport.ts";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The proxy that the environment wants for a URL: HTTPS_PROXY or HTTP_PROXY, and NO_PROXY, as for requests of the transport.
 * Undefined when it is asked directly.
 */
export function environmentProxy(url: string, env: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const proxy = protocol === "https:" ? (env.https_proxy ?? env.HTTPS_PROXY) : (env.http_proxy ?? env.HTTP_PROXY);
  if (!proxy || loopback.has(hostname)) return undefined;
  const others = (env.no_proxy ?? env.NO_PROXY ?? "").split(/[\s,]+/).filter(Boolean);
  return others.some((rule) => isMeant(rule, hostname, port)) ? undefined : proxy;
}

/** `*`, `example.net` and all below it, `.example.net`, `*.example.net`, each with a port where one is meant. */
function isMeant(rule: string, hostname: string, port: string): boolean {
  if (rule === "*") return true;
  const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? [];
  if (only !== undefined && only !== port) return false;
  const suffix = name.replace(/^\*?\./, "");
  return hostname === suffix || hostname.endsWith(`.${suffix}`);
}
