import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { ProviderProcess } from "../src/platform/provider-process.ts";
import { Secret } from "../src/secret.ts";
import { makeCertificate } from "../src/terraform/wire/certificate.ts";
import { readInvitation } from "../src/terraform/wire/handshake.ts";
import { makeLog } from "../src/terraform/wire/log.ts";
import { runProvider } from "../src/terraform/wire/run.ts";
import { cookie, ProviderClient, readLine } from "./provider-client.ts";
import { syntheticProvider, syntheticSource } from "./provider-synthetic.ts";

/** What a provider writes, and how it runs where there are no sockets, without a process of its own. */

function logOf(environment: Record<string, string>) {
  const lines: string[] = [];
  const log = makeLog(environment, {
    write: (line) => lines.push(line),
    now: () => new Date("2026-11-25T12:00:00.5Z"),
  });
  return { log, lines, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("log lines", () => {
  test.each([
    [{}, ""],
    [{ TF_LOG: "off" }, ""],
    [{ TF_LOG: "ERROR" }, "error"],
    [{ TF_LOG: "warn" }, "warn error"],
    [{ TF_LOG: "TRACE", TF_LOG_PROVIDER: "INFO" }, "info warn error"],
    [{ TF_LOG: "JSON" }, "trace debug info warn error"],
    [{ TF_LOG: "strange" }, "trace debug info warn error"],
  ])("are those that %j asks for", (environment, expected) => {
    const { log, read } = logOf(environment as Record<string, string>);
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) log(level, level);
    expect(
      read()
        .map((line) => line["@level"])
        .join(" "),
    ).toBe(expected);
  });

  test("are short, hold no secret, and no field takes the place of what Terraform reads", () => {
    const { log, lines, read } = logOf({ TF_LOG: "TRACE" });
    const secret = new Secret("canary") as unknown as string;
    log("info", "x".repeat(100_000), { "@message": 5, secret, count: 3, none: undefined, long: "y".repeat(100_000) });
    expect(lines[0]!.length).toBeLessThan(64 * 1024);
    expect(lines[0]!.endsWith("}\n")).toBe(true);
    expect(read()[0]).toMatchObject({ secret: "(secret)", count: 3, "@timestamp": "2026-11-25T12:00:00.500000Z" });
    expect(read()[0]!["@message"]).toMatch(/^x+…$/);
    expect(lines[0]).not.toContain("canary");
  });
});

describe("where there are no sockets", () => {
  const ends: number[] = [];
  const printed: string[] = [];
  let shutdown: (() => Promise<unknown>) | undefined;
  afterEach(async () => {
    await shutdown?.();
  });

  const processWith = (environment: Record<string, string>): ProviderProcess => ({
    ...{ pid: 1, isWindows: true, words: [], environment, parentPid: () => 0 },
    print: (text) => void printed.push(text),
    note: () => undefined,
    onInterrupt: () => undefined,
    onTerminate: () => undefined,
    onPanic: () => undefined,
    makeSocketFolder: () => {
      throw new Error("there are none");
    },
    exit: (code) => ends.push(code) as never,
  });

  test("a provider listens at a port of this machine within the bounds that Terraform gives, with TLS", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const own = makeCertificate(new Date(), "P-521");
    const invitation = { ...cookie, PLUGIN_PROTOCOL_VERSIONS: "6", PLUGIN_CLIENT_CERT: own.pem };
    const ports = { PLUGIN_MIN_PORT: String(port), PLUGIN_MAX_PORT: String(port + 50) };
    const program = { source: syntheticSource, load: async () => syntheticProvider() };
    await runProvider(program, processWith({ ...invitation, ...ports }));
    taken.close();
    const { target, serverDer } = readLine(printed[0]!.trim());
    expect(Number(target.split(":")[1])).toBeGreaterThan(port);
    expect(target).toMatch(/^127\.0\.0\.1:/);
    const client = new ProviderClient(target, { serverDer, own });
    shutdown = () => client.shutdown();
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
    await client.shutdown();
    for (let tries = 0; tries < 100 && ends.length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ends).toEqual([0]);
    client.close();
    shutdown = undefined;
  });

  test("the ports are those that go-plugin takes when Terraform names none", () => {
    expect(readInvitation({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "5,6" })).toMatchObject({
      ports: { least: 10_000, greatest: 25_000 },
      clientCertificatePem: undefined,
    });
  });
});
