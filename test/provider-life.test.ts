import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import type { ProviderProcess } from "../src/platform/provider-process.ts";
import { Secret } from "../src/secret.ts";
import { makeCertificate } from "../src/terraform/wire/certificate.ts";
import { readInvitation } from "../src/terraform/wire/handshake.ts";
import { makeLog } from "../src/terraform/wire/log.ts";
import { runProvider } from "../src/terraform/wire/run.ts";
import { cookie, dynamic, ProviderClient, readLine } from "./provider-client.ts";
import { syntheticKind, syntheticProvider, syntheticSource, syntheticType } from "./provider-synthetic.ts";

/** What a provider writes, how it ends, and how it runs where there are no sockets, without a process of its own. */

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

/** A process that only notes what becomes of it, on a system without sockets. */
function notedProcess(environment: Record<string, string>) {
  const noted = { ends: [] as number[], printed: [] as string[], terminate: (): void => undefined };
  const own: ProviderProcess = {
    ...{ pid: 1, isWindows: true, script: "", folder: "", words: [], environment, parentPid: () => 0 },
    print: (text) => void noted.printed.push(text),
    note: () => undefined,
    onInterrupt: () => undefined,
    onTerminate(act) {
      noted.terminate = act;
    },
    onPanic: () => undefined,
    makeSocketFolder: () => {
      throw new Error("there are none");
    },
    exit: (code) => noted.ends.push(code) as never,
  };
  return { own, noted };
}

/** Waits until it has ended, for a second at most. */
async function ended({ ends }: { ends: number[] }): Promise<number[]> {
  for (let tries = 0; tries < 100 && ends.length === 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return ends;
}

describe("a provider that is to end", () => {
  test.each(["Shutdown", "SIGTERM"])("by %s finishes what is under way, and tells it to be quick", async (way) => {
    const signaled: boolean[] = [];
    const load = async () => {
      const { provider, resources } = syntheticProvider();
      const read: typeof resources.read = async ({ state }, call) => {
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
        signaled.push(true);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { state };
      };
      return { provider, resources: { ...resources, read } };
    };
    const port = await freePort();
    const ports = { PLUGIN_MIN_PORT: String(port), PLUGIN_MAX_PORT: String(port + 50) };
    const { own, noted } = notedProcess({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "6", ...ports });
    await runProvider({ source: syntheticSource, load }, own);
    const client = new ProviderClient(readLine(noted.printed[0]!.trim()).target);
    const current_state = dynamic(syntheticType, { name: "a" });
    const slow = client.ask("ReadResource", { type_name: syntheticKind, current_state });
    await client.ask("GetMetadata");
    if (way === "SIGTERM") noted.terminate();
    else await client.shutdown();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([signaled, noted.ends]).toEqual([[true], []]);
    expect((await slow).new_state?.msgpack).toEqual(Buffer.from(current_state.msgpack));
    expect(await ended(noted)).toEqual([way === "SIGTERM" ? 143 : 0]);
    client.close();
  });
});

/** A port that nobody had a moment ago. */
async function freePort(): Promise<number> {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  taken.close();
  await once(taken, "close");
  return port;
}

describe("where there are no sockets", () => {
  test("a provider listens at a port of this machine within the bounds that Terraform gives, with TLS", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const own = makeCertificate(new Date(), "P-521");
    const invitation = { ...cookie, PLUGIN_PROTOCOL_VERSIONS: "6", PLUGIN_CLIENT_CERT: own.pem };
    const ports = { PLUGIN_MIN_PORT: String(port), PLUGIN_MAX_PORT: String(port + 50) };
    const program = { source: syntheticSource, load: async () => syntheticProvider() };
    const { own: process, noted } = notedProcess({ ...invitation, ...ports });
    await runProvider(program, process);
    taken.close();
    const { target, serverDer } = readLine(noted.printed[0]!.trim());
    expect(Number(target.split(":")[1])).toBeGreaterThan(port);
    expect(target).toMatch(/^127\.0\.0\.1:/);
    const client = new ProviderClient(target, { serverDer, own });
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
    await client.shutdown();
    expect(await ended(noted)).toEqual([0]);
    client.close();
  });

  test("the ports are those that go-plugin takes when Terraform names none", () => {
    expect(readInvitation({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "5,6" })).toMatchObject({
      ports: { least: 10_000, greatest: 25_000 },
      clientCertificatePem: undefined,
    });
  });
});
