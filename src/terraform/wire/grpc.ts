import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  setLogger,
  status,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import type { Answers } from "./answers.ts";
import type { Calls } from "./calls.ts";
import type { Certificate } from "./certificate.ts";
import { WrongRequest } from "./compiled.ts";
import type { Address } from "./handshake.ts";
import type { Log } from "./log.ts";
import { WrongValue } from "./plain.ts";
import { HealthStatus, processRpcs, providerPath, providerRpcs } from "./protocol.ts";
import type { Call } from "./service.ts";

/**
 * The four services of a provider over gRPC. Both sides know each other by certificate: Terraform trusts ours from the handshake alone, and
 * nobody is let in who cannot show the one that Terraform announced.
 */

interface ServerOptions {
  /** Loaded when the first request comes; the handshake does not wait for it. */
  answers(): Promise<Answers>;
  /** Terraform has no more requests; called once it has our answer. */
  onShutdown(): void;
  calls: Calls;
  log: Log;
  /** Undefined for a server without TLS. */
  tls?: { own: Certificate; clientCertificatePem: string } | undefined;
}

/** Go's providers take as much; a state of thousands of users is some megabytes. */
const messageBytesMax = 256 * 1024 * 1024;
/** By then the answer to Shutdown is on its way; Terraform waits for our end and not for the answer. */
const shutdownDelayMs = 10;
const portsTriedMax = 100;

/** Listens at a socket, or at a free port of this machine within bounds. Returns where, and what ends it at once. */
export async function startServer(
  at: { socketPath: string } | { ports: { least: number; greatest: number } },
  options: ServerOptions,
): Promise<{ address: Address; stop(): void }> {
  // By itself the library writes to standard error, where Terraform expects our lines.
  const note = (text: string) => options.log("debug", text);
  setLogger({ error: note, info: note, debug: note });
  const server = new Server({
    "grpc.max_receive_message_length": messageBytesMax,
    "grpc.max_send_message_length": messageBytesMax,
    // Counters of every call, for a service that nobody asks.
    "grpc.enable_channelz": 0,
  });
  addProvider(server, options);
  addProcessServices(server, options);
  const credentials = credentialsOf(options.tls);
  const stop = () => server.forceShutdown();
  if ("socketPath" in at) {
    await bind(server, `unix:${at.socketPath}`, credentials);
    return { address: { network: "unix", path: at.socketPath }, stop };
  }
  return { address: { network: "tcp", port: await bindWithin(server, at.ports, credentials) }, stop };
}

function credentialsOf(tls: ServerOptions["tls"]): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const { own, clientCertificatePem } = tls;
  const pair = { cert_chain: Buffer.from(own.pem), private_key: Buffer.from(own.privateKeyPem) };
  return ServerCredentials.createSsl(Buffer.from(clientCertificatePem), [pair], true);
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

async function bindWithin(
  server: Server,
  { least, greatest }: { least: number; greatest: number },
  credentials: ServerCredentials,
): Promise<number> {
  for (let port = least; port <= Math.min(greatest, least + portsTriedMax); port++) {
    const bound = await bind(server, `127.0.0.1:${port}`, credentials).catch(() => undefined);
    if (bound !== undefined) return bound;
  }
  throw new Error(`no port of 127.0.0.1 between ${least} and ${greatest} is free`);
}

interface Coded {
  request: { encode(value: never): Uint8Array; decode(bytes: Uint8Array): unknown };
  response: { encode(value: never): Uint8Array; decode(bytes: Uint8Array): unknown };
}

/** How gRPC reads and writes one request; a client uses the same. */
export function methodOf(path: string, { request, response }: Coded): MethodDefinition<unknown, unknown> {
  const write = (message: Coded["request"]) => (value: unknown) => {
    const bytes = message.encode(value as never);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: write(request),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: write(response),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}

function addProvider(server: Server, options: ServerOptions): void {
  const methods: Record<string, MethodDefinition<unknown, unknown>> = {};
  const calls: Record<string, handleUnaryCall<unknown, unknown>> = {};
  for (const [name, rpc] of Object.entries(providerRpcs)) {
    methods[name] = methodOf(providerPath(name), rpc);
    calls[name] = (call, done) => {
      answer(name as keyof Answers, call, options).then(
        (value) => done(null, value),
        (error: Error) => done(asStatus(error, name, options.log)),
      );
    };
  }
  server.addService(methods, calls);
}

async function answer(
  name: keyof Answers,
  call: ServerUnaryCall<unknown, unknown>,
  { answers, calls, log }: ServerOptions,
): Promise<unknown> {
  const running = calls.begin(log);
  const giveUp = () => running.giveUp();
  call.on("cancelled", giveUp);
  log("trace", "request", { rpc: name });
  try {
    const all = await answers();
    return await (all[name] as (request: unknown, call: Call) => Promise<unknown>)(call.request, running);
  } finally {
    // gRPC says "cancelled" of every call once it has ended.
    call.off("cancelled", giveUp);
    running.end();
  }
}

/** Terraform shows the text as "Plugin error". */
function asStatus(error: Error, name: string, log: Log): Partial<ServiceError> {
  const isTheirs = error instanceof WrongValue || error instanceof WrongRequest;
  log("error", error.message, { rpc: name, stack: error.stack });
  return { code: isTheirs ? status.INVALID_ARGUMENT : status.INTERNAL, details: `${name}: ${error.message}` };
}

function addProcessServices(server: Server, { onShutdown }: ServerOptions): void {
  const { shutdown, stdio, broker, health } = processRpcs;
  add<handleUnaryCall<object, object>>(server, methodOf(shutdown.path, shutdown), (_, done) => {
    done(null, {});
    setTimeout(onShutdown, shutdownDelayMs);
  });
  add<handleUnaryCall<{ service: string }, object>>(server, methodOf(health.path, health), ({ request }, done) => {
    if (["", "plugin", "tfplugin6.Provider"].includes(request.service)) done(null, { status: HealthStatus.serving });
    else done({ code: status.NOT_FOUND, details: `there is no service ${request.service}` });
  });
  // It stays open and silent: what a provider has to say goes to its log.
  const stdioMethod = { ...methodOf(stdio.path, stdio), responseStream: true };
  add<handleServerStreamingCall<object, object>>(server, stdioMethod, (call) => {
    call.on("cancelled", () => call.end());
  });
  const brokerMethod = { ...methodOf(broker.path, broker), requestStream: true, responseStream: true };
  add<handleBidiStreamingCall<object, object>>(server, brokerMethod, (call) => {
    call.on("data", () => undefined);
    call.on("end", () => call.end());
  });
}

function add<Handle>(server: Server, method: MethodDefinition<unknown, unknown>, handle: Handle): void {
  server.addService({ method }, { method: handle as UntypedHandleCall });
}
