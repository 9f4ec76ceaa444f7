import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, type ClientOptions, credentials, type ServiceError } from "@grpc/grpc-js";
import { type Certificate, makeCertificate } from "../src/terraform/wire/certificate.ts";
import { methodOf } from "../src/terraform/wire/grpc.ts";
import type { ReadMessage, WriteMessage } from "../src/terraform/wire/message.ts";
import { encodeMsgpack } from "../src/terraform/wire/msgpack.ts";
import { type ProviderRpcs, processRpcs, providerPath, providerRpcs } from "../src/terraform/wire/protocol.ts";
import type { Value, ValueType } from "../src/terraform/wire/value.ts";

/** Terraform's side of the protocol, as its core speaks it: starts a provider, shakes hands, and asks any request. */

export const cookie = { TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" };
const answerTimeoutMs = 20_000;
const bytesMax = 256 * 1024 * 1024;

type Name = keyof ProviderRpcs;

export class ProviderClient {
  readonly #client: Client;

  /** `target` as gRPC spells it, `unix:/path` or `127.0.0.1:1`. Without certificates nothing is encrypted. */
  constructor(target: string, tls?: { serverDer: Buffer; own?: Certificate }) {
    const pem = (der: Buffer) =>
      Buffer.from(`-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`);
    const options: ClientOptions = {
      "grpc.max_receive_message_length": bytesMax,
      "grpc.max_send_message_length": bytesMax,
      ...(tls && { "grpc.ssl_target_name_override": "localhost", "grpc.default_authority": "localhost" }),
    };
    const secure = () => {
      const { privateKeyPem, pem: chain } = tls?.own ?? {};
      return credentials.createSsl(
        pem(tls!.serverDer),
        privateKeyPem === undefined ? null : Buffer.from(privateKeyPem),
        chain === undefined ? null : Buffer.from(chain),
      );
    };
    this.#client = new Client(target, tls ? secure() : credentials.createInsecure(), options);
  }

  /** Asks one request of the provider service. Rejects with the status of gRPC. */
  ask<N extends Name>(
    name: N,
    ...[request]: object extends WriteMessage<ProviderRpcs[N]["request"]>
      ? [request?: WriteMessage<ProviderRpcs[N]["request"]>]
      : [request: WriteMessage<ProviderRpcs[N]["request"]>]
  ): Promise<ReadMessage<ProviderRpcs[N]["response"]>> {
    return this.#unary(methodOf(providerPath(name), providerRpcs[name]), request ?? {}) as Promise<never>;
  }

  shutdown = () => this.#unary(methodOf(processRpcs.shutdown.path, processRpcs.shutdown), {});
  health = (service: string) =>
    this.#unary(methodOf(processRpcs.health.path, processRpcs.health), { service }) as Promise<{ status: number }>;

  /** Any path, whether the provider has it or not. */
  other = (path: string) => this.#unary(methodOf(path, processRpcs.shutdown), {});

  /** A request that is given up after a while; resolves with the code of its end. */
  async giveUp<N extends Name>(name: N, request: WriteMessage<ProviderRpcs[N]["request"]>, afterMs: number) {
    const { path, requestSerialize, responseDeserialize } = methodOf(providerPath(name), providerRpcs[name]);
    const ended = new Promise<number>((resolve) => {
      const call = this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error) =>
        resolve(error?.code ?? 0),
      );
      setTimeout(() => call.cancel(), afterMs);
    });
    return ended;
  }

  /** Opens both streams of go-plugin as Terraform does at once. Returns what ends them, and how many messages came. */
  openStreams(): { messages(): number; end(): void } {
    const { stdio, broker } = processRpcs;
    const { requestSerialize: write, responseDeserialize: read } = methodOf(stdio.path, stdio);
    const output = this.#client.makeServerStreamRequest(stdio.path, write, read, {});
    const connections = this.#client.makeBidiStreamRequest(broker.path, write, read);
    let messages = 0;
    for (const stream of [output, connections]) stream.on("data", () => messages++).on("error", () => undefined);
    return {
      messages: () => messages,
      end() {
        output.cancel();
        connections.end();
      },
    };
  }

  close(): void {
    this.#client.close();
  }

  #unary({ path, requestSerialize, responseDeserialize }: ReturnType<typeof methodOf>, request: unknown) {
    return new Promise<unknown>((resolve, reject) => {
      const deadline = Date.now() + answerTimeoutMs;
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        { deadline },
        (error: ServiceError | null, value) => (error ? reject(error) : resolve(value)),
      );
    });
  }
}

/** A value as Terraform sends it. */
export const dynamic = (type: ValueType, value: Value) => ({ msgpack: encodeMsgpack(type, value) });

/** The do-nothing provider as one executable file, in a folder of its own. */
export function buildSyntheticProvider(): { folder: string; executable: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "steward-provider-"));
  const executable = join(folder, "terraform-provider-synthetic_v1.0.0");
  const root = new URL("..", import.meta.url).pathname;
  const words = ["scripts/bundle-provider.mjs", "bench/synthetic-provider.ts", executable];
  execFileSync(process.execPath, words, { cwd: root });
  return { folder, executable, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Started {
  child: ChildProcess;
  /** The first line of standard output; empty when it ended without one. */
  line: string;
  errors(): string;
  ended: Promise<number | null>;
}

/** Starts an executable as Terraform starts a provider, and reads its line. */
export async function start(executable: string, environment: Record<string, string>): Promise<Started> {
  const child = spawn(executable, [], {
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, "line").then(([line]) => line as string);
  const line = await Promise.race([first, once(lines, "close").then(() => "")]);
  return { child, line, errors: () => errors, ended };
}

/** Starts it with TLS, as Terraform does, and connects. */
export async function launch(executable: string, environment: Record<string, string> = {}) {
  const own = makeCertificate(new Date(), "P-521");
  const invitation = { ...cookie, PLUGIN_PROTOCOL_VERSIONS: "5,6", PLUGIN_CLIENT_CERT: own.pem };
  const started = await start(executable, { ...invitation, ...environment });
  const { target, serverDer } = readLine(started.line);
  return { ...started, target, serverDer, own, client: new ProviderClient(target, { serverDer, own }) };
}

/** What the handshake says. */
export function readLine(line: string): { target: string; serverDer: Buffer } {
  const [core, protocol, network, address, kind, certificate = ""] = line.split("|");
  if (core !== "1" || protocol !== "6" || kind !== "grpc") throw new Error(`no handshake: ${line}`);
  return { target: network === "unix" ? `unix:${address}` : address!, serverDer: Buffer.from(certificate, "base64") };
}
