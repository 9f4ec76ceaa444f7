import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type SimRequest, type SimResponse, SimulatedCut } from "./wire.ts";

/** Anything that answers requests in process. */
export type Simulator = { handle(request: SimRequest): Promise<SimResponse> };

export type ServedSimulator = {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and destroys what is still open. Safe to call twice. */
  close(): Promise<void>;
};

/** Bytes; a longer request is answered 413. */
const requestBytesMax = 1024 * 1024;

/** The whole body, or undefined when it is longer than allowed. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= requestBytesMax) chunks.push(chunk);
  }
  return bytes > requestBytesMax ? undefined : Buffer.concat(chunks).toString("utf8");
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** Sends the answer; one that is shorter than its content-length ends in a destroyed connection. */
function send(response: ServerResponse, answer: SimResponse): void {
  const body = Buffer.from(answer.body);
  const isCutShort = Number(answer.headers["content-length"] ?? body.length) > body.length;
  response.writeHead(answer.status, isCutShort ? answer.headers : { ...answer.headers, "content-length": body.length });
  if (isCutShort) response.write(body, () => response.socket?.destroy());
  else response.end(body);
}

async function serve(simulator: Simulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request);
    if (body === undefined) {
      send(response, { status: 413, headers: { connection: "close" }, body: "simulated: the body is too long\n" });
      return;
    }
    const { method = "GET", url: path = "/" } = request;
    const { remoteAddress: from = "127.0.0.1" } = request.socket;
    send(response, await simulator.handle({ method, path, headers: headersOf(request), body, from }));
  } catch (error) {
    response.socket?.destroy();
    if (!(error instanceof SimulatedCut) && !request.destroyed) throw error;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Puts a simulator on 127.0.0.1, and nowhere else. `port` 0 lets the system choose. Rejects when the port is taken. */
export async function serveSimulator(simulator: Simulator, options: { port?: number } = {}): Promise<ServedSimulator> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => void serve(simulator, request, response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(server, options.port ?? 0);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `http://127.0.0.1:${port}`, port, close };
}
