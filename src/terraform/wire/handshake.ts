/**
 * The handshake of go-plugin: what Terraform tells a provider by environment variables, and the one line on standard output that answers.
 * The rules are in go-plugin's `client.go` and `server.go`.
 */

/** Set by whoever starts a plugin on purpose. It is no secret. */
const cookieName = "TF_PLUGIN_MAGIC_COOKIE";
const cookieValue = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const coreProtocolVersion = 1;
const providerProtocolVersion = 6;

export type Address = { network: "unix"; path: string } | { network: "tcp"; port: number };

/** What Terraform asks for. */
export interface Invitation {
  /** The certificate that Terraform will show; undefined when it wants no TLS. */
  clientCertificatePem: string | undefined;
  /** Where a socket is to lie; undefined when anywhere is right. */
  socketFolder: string | undefined;
  /** Ports that are offered where there are no sockets. */
  ports: { least: number; greatest: number };
}

/** Why no handshake is possible, in words for the user, and the stream on which they read it. */
interface Declined {
  stream: "stdout" | "stderr";
  message: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the invitation; whoever starts a provider by hand learns what it is. */
export function readInvitation(environment: Environment): Invitation | Declined {
  if (environment[cookieName] !== cookieValue) {
    const message =
      "This is a provider of Terraform, which Terraform starts itself. Run terraform, or see steward --help.";
    return { stream: "stderr", message };
  }
  const versions = (environment.PLUGIN_PROTOCOL_VERSIONS ?? "").split(",").map(Number);
  if (!versions.includes(providerProtocolVersion)) {
    // Terraform shows a line that is no handshake to the user; standard error is seen only with TF_LOG.
    const offered = environment.PLUGIN_PROTOCOL_VERSIONS || "none";
    const message = `Steward's providers need plugin protocol 6 (Terraform 1.0 or newer), and ${offered} was offered.`;
    return { stream: "stdout", message };
  }
  const port = (name: string, otherwise: number) => Number(environment[name] || otherwise);
  return {
    clientCertificatePem: environment.PLUGIN_CLIENT_CERT || undefined,
    socketFolder: environment.PLUGIN_UNIX_SOCKET_DIR || undefined,
    ports: { least: port("PLUGIN_MIN_PORT", 10_000), greatest: port("PLUGIN_MAX_PORT", 25_000) },
  };
}

/** The line that tells Terraform where we listen, and by which certificate it knows us. */
export function handshakeLine(address: Address, certificateDer: Buffer | undefined): string {
  const where = address.network === "unix" ? address.path : `127.0.0.1:${address.port}`;
  // Go reads base64 without padding here.
  const certificate = certificateDer?.toString("base64").replace(/=+$/, "") ?? "";
  return `${coreProtocolVersion}|${providerProtocolVersion}|${address.network}|${where}|grpc|${certificate}\n`;
}

/** The value of TF_REATTACH_PROVIDERS by which Terraform uses a provider that runs already, without TLS, and does not end it. */
export function reattachValue(source: string, address: Address, pid: number): string {
  const text = address.network === "unix" ? address.path : `127.0.0.1:${address.port}`;
  const config = { Protocol: "grpc", ProtocolVersion: providerProtocolVersion, Pid: pid, Test: true };
  return JSON.stringify({ [source]: { ...config, Addr: { Network: address.network, String: text } } });
}
