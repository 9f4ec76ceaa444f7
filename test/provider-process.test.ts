import { execFileSync, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate } from "../src/terraform/wire/certificate.ts";
import {
  buildSyntheticProvider,
  cookie,
  launch,
  ProviderClient,
  readLine,
  type Started,
  start,
} from "./provider-client.ts";
import { syntheticKind } from "./provider-synthetic.ts";

/** A provider as a process: its handshake, its certificates, its life and its end. */

let built: ReturnType<typeof buildSyntheticProvider>;
const running: Started[] = [];
beforeAll(() => {
  built = buildSyntheticProvider();
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill();
    await ended;
  }
});
afterAll(() => built.remove());

async function launched(environment: Record<string, string> = {}) {
  const one = await launch(built.executable, environment);
  running.push(one);
  return one;
}
async function started(environment: Record<string, string>) {
  const one = await start(built.executable, environment);
  running.push(one);
  return one;
}

describe("the handshake", () => {
  test("without the cookie is refused, and a person who started it learns what it is", async () => {
    const { line, ended, errors } = await started({ PLUGIN_PROTOCOL_VERSIONS: "6" });
    expect(await ended).toBe(1);
    expect(line).toBe("");
    expect(errors()).toContain("Run terraform");
  });

  test("without protocol 6 tells the user on the stream that Terraform shows", async () => {
    const { line, ended } = await started({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "4,5" });
    expect(await ended).toBe(1);
    expect(line).toContain("need plugin protocol 6");
    expect(line).not.toContain("|");
  });

  test("is one line with a socket that only this user reaches, and a certificate", async () => {
    const { line, target, client, child } = await launched();
    expect(line).toMatch(/^1\|6\|unix\|\/[^|]{1,100}\|grpc\|[A-Za-z0-9+/]{400,}$/);
    const folder = dirname(target.replace("unix:", ""));
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(await client.health("plugin")).toEqual({ status: 1 });
    expect(child.exitCode).toBeNull();
  });

  test("lays the socket where it is told to", async () => {
    const { target } = await launched({ PLUGIN_UNIX_SOCKET_DIR: built.folder });
    expect(target.startsWith(`unix:${built.folder}/`)).toBe(true);
  });

  test("without a certificate of Terraform's is one without TLS", async () => {
    const { line } = await started({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "6" });
    expect(line).toMatch(/\|grpc\|$/);
    const client = new ProviderClient(readLine(line).target);
    expect((await client.ask("GetMetadata")).resources).toEqual([{ type_name: syntheticKind }]);
    client.close();
  });
});

describe("certificates", () => {
  test.each(["P-256", "P-384", "P-521"] as const)("of %s sign themselves and are for localhost", (curve) => {
    const now = new Date("2049-12-15T12:00:00Z");
    const { der, pem, privateKeyPem } = makeCertificate(now, curve);
    const read = new X509Certificate(der);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkIssued(read)).toBe(true);
    expect(read.ca).toBe(true);
    expect(read.checkHost("localhost")).toBe("localhost");
    expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(new Date(read.validFrom).toISOString()).toBe("2049-12-15T11:00:00.000Z");
    expect(new Date(read.validTo).toISOString()).toBe("2050-01-14T11:00:00.000Z");
    expect(new X509Certificate(pem).fingerprint256).toBe(read.fingerprint256);
    expect(privateKeyPem).toContain("BEGIN PRIVATE KEY");
  });

  test("differ in each process", () => {
    const numbers = new Set(
      Array.from({ length: 20 }, () => new X509Certificate(makeCertificate(new Date()).der).serialNumber),
    );
    expect(numbers.size).toBe(20);
    for (const number of numbers) expect(number).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test("are asked of the client: without one, or with another, nobody is let in", async () => {
    const { target, serverDer, client } = await launched();
    const bare = new ProviderClient(target, { serverDer });
    await expect(bare.ask("GetMetadata")).rejects.toMatchObject({ code: 14 });
    const stranger = new ProviderClient(target, { serverDer, own: makeCertificate(new Date()) });
    await expect(stranger.ask("GetMetadata")).rejects.toMatchObject({ code: 14 });
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
    for (const one of [bare, stranger]) one.close();
  });

  test("of the provider are known from the handshake: another is not trusted", async () => {
    const { target, own } = await launched();
    const fooled = new ProviderClient(target, { serverDer: makeCertificate(new Date()).der, own });
    await expect(fooled.ask("GetMetadata")).rejects.toMatchObject({ code: 14 });
    fooled.close();
  });

  test("are used with HTTP/2 as newer versions of Terraform demand", async () => {
    const { target, serverDer, own } = await launched();
    const ca = `-----BEGIN CERTIFICATE-----\n${serverDer.toString("base64")}\n-----END CERTIFICATE-----\n`;
    const socket = connect({
      path: target.replace("unix:", ""),
      ca,
      cert: own.pem,
      key: own.privateKeyPem,
      servername: "localhost",
      ALPNProtocols: ["h2"],
    });
    await once(socket, "secureConnect");
    expect([socket.alpnProtocol, socket.authorized]).toEqual(["h2", true]);
    socket.destroy();
  });
});

describe("the process", () => {
  test("answers Shutdown, and ends at once with nothing left behind", async () => {
    const { client, ended, target } = await launched();
    const streams = client.openStreams();
    await client.ask("GetMetadata");
    const beganMs = Date.now();
    await expect(client.shutdown()).resolves.toEqual({});
    expect(await ended).toBe(0);
    expect(Date.now() - beganMs).toBeLessThan(1_000);
    expect(streams.messages()).toBe(0);
    expect(existsSync(dirname(target.replace("unix:", "")))).toBe(false);
  });

  test("leaves an interrupt to Terraform, and ends by SIGTERM with its socket removed", async () => {
    const { client, child, ended, target } = await launched();
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    expect(existsSync(dirname(target.replace("unix:", "")))).toBe(false);
  });

  test("ends when whoever started it is gone", async () => {
    const parent = spawn(process.execPath, ["-e", parentText, built.executable], {
      env: { ...process.env, ...cookie, PLUGIN_PROTOCOL_VERSIONS: "6" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const { pid, target } = JSON.parse(line) as { pid: number; target: string };
    parent.kill("SIGKILL");
    for (let tries = 0; tries < 100 && isAlive(pid); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(target)).toBe(false);
  });

  /** Starts the provider as a child, tells who it is, and waits. */
  const parentText = `const { spawn } = require("node:child_process");
    const child = spawn(process.argv[1], [], { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.once("data", (line) => console.log(JSON.stringify({ pid: child.pid, target: String(line).split("|")[3] })));`;

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      // A process that nobody waits for is still in the table.
      return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  }

  test("takes messages above what gRPC takes by itself", async () => {
    const { client } = await launched();
    const state = Buffer.from(JSON.stringify({ name: "x".repeat(20 * 1024 * 1024) }));
    const { upgraded_state } = await client.ask("UpgradeResourceState", {
      type_name: syntheticKind,
      version: 1,
      raw_state: { json: state },
    });
    expect(upgraded_state?.msgpack.length).toBeGreaterThan(20 * 1024 * 1024);
  });

  test("writes log lines that Terraform reads, as far as the user asked for them", async () => {
    const { client, errors } = await launched({ TF_LOG_PROVIDER: "trace" });
    await client.ask("GetMetadata");
    await expect(client.ask("ReadResource", { type_name: "foreign" })).rejects.toMatchObject({ code: 3 });
    // The answer and the log come by ways of their own.
    await expect.poll(errors).toMatch(/"ReadResource".*\n$/);
    const lines = errors()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({ "@level": "trace", "@message": "request", rpc: "GetMetadata" }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ "@level": "error", rpc: "ReadResource" }));
    for (const line of lines) {
      expect(line["@timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(line["@message"]).toBeTypeOf("string");
    }
    const silent = await launched();
    await expect(silent.client.ask("ReadResource", { type_name: "foreign" })).rejects.toMatchObject({ code: 3 });
    expect(silent.errors()).toBe("");
  });

  test("with -debug tells how Terraform reaches it, and serves without TLS", async () => {
    const child = spawn(built.executable, ["-debug"], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    let text = "";
    for await (const line of lines) {
      text = line;
      if (line.startsWith("TF_REATTACH")) break;
    }
    const value = JSON.parse(/^TF_REATTACH_PROVIDERS='(.*)'$/.exec(text)![1]!) as Record<
      string,
      { Addr: { String: string } }
    >;
    const [source, config] = Object.entries(value)[0]!;
    expect(source).toBe("steward.example/steward/synthetic");
    expect(config).toMatchObject({
      Protocol: "grpc",
      ProtocolVersion: 6,
      Pid: child.pid,
      Test: true,
      Addr: { Network: "unix" },
    });
    const client = new ProviderClient(`unix:${config.Addr.String}`);
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
    await client.shutdown();
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
    client.close();
    child.kill("SIGINT");
    expect((await once(child, "exit"))[0]).toBe(0);
  });

  test("that panics says so in the words that Terraform shows", () => {
    const text = `const { ownProcess } = await import("./src/platform/provider-process.ts");
      const { runProvider } = await import("./src/terraform/wire/run.ts");
      await runProvider({ source: "x", load: () => new Promise(() => undefined) }, ownProcess());
      setTimeout(() => { throw new Error("boom\\nagain"); }, 1);`;
    const child = () =>
      execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", text], {
        cwd: new URL("..", import.meta.url).pathname,
        env: { ...process.env, ...cookie, PLUGIN_PROTOCOL_VERSIONS: "6" },
        stdio: ["ignore", "pipe", "pipe"],
        encoding: "utf8",
      });
    expect(child).toThrow(
      expect.objectContaining({ status: 2, stderr: expect.stringMatching(/^panic: boom again\n\nError: boom/) }),
    );
  });
});
