import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import type { HttpRequest, HttpResponse } from "../src/io.ts";
import { nodeIo } from "../src/platform/node-io.ts";
import { type Environment, type Route, Transports } from "../src/platform/transport.ts";
import { testCertificate, testKey } from "./world/test-certificate.ts";

const canary = "c4nary";
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener) => listen(createServer(listener));
const serveTls = (listener: RequestListener) =>
  listen(createTlsServer({ cert: testCertificate, key: testKey }, listener) as unknown as Server);

function send(
  url: string,
  more: Partial<HttpRequest> = {},
  route: Route = {},
  env: Environment = {},
): Promise<HttpResponse> {
  const transports = new Transports(env);
  closing.push(() => transports.close());
  const request: HttpRequest = {
    method: "POST",
    url: `${url}?key=${canary}`,
    headers: { authorization: `Bearer ${canary}`, "content-type": "application/json" },
    body: `{"password":"${canary}"}`,
    timeoutMs: 5_000,
    bytesMax: 10_000,
    ...more,
  };
  return nodeIo({ transports, ...route }).transport.send(request);
}

/** The Fault that a request ends in; no part of a query, header or body may show in it. */
async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
  expect((error as Fault).details.remedy).toBeTruthy();
  return error as Fault;
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("one request", () => {
  test("brings method, address, headers and body there, and status, headers and body back", async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      request
        .setEncoding("utf8")
        .on("data", (chunk) => seen.push(request.method, request.url, request.headers.authorization, chunk));
      response.writeHead(201, [
        ["Set-Cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["X-Name", "é"].map(encodeURI) as [string, string],
      ]);
      response.end("päß");
    });
    const response = await send(`http://127.0.0.1:${port}/a`);
    expect(seen).toEqual(["POST", `/a?key=${canary}`, `Bearer ${canary}`, `{"password":"${canary}"}`]);
    expect(response).toMatchObject({
      status: 201,
      body: "päß",
      headers: { "set-cookie": ["a=1", "b=2"], "x-name": "%C3%A9" },
    });
  });

  test("does not follow a redirect", async () => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked++;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    const response = await send(`http://127.0.0.1:${port}/`, { method: "GET" });
    expect([response.status, response.headers.location, asked]).toEqual([302, "/elsewhere", 1]);
  });

  test("shares its signal with many others without a warning of Node", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    closing.push(() => process.off("warning", note));
    const port = await serve((_, response) => void setTimeout(() => response.end("ok"), 20));
    const { signal } = new AbortController();
    const io = nodeIo();
    const sleeping = Array.from({ length: 20 }, () => io.clock.sleep(20, signal));
    await Promise.all(Array.from({ length: 20 }, () => send(`http://127.0.0.1:${port}/`, { signal })));
    await Promise.all(sleeping);
    expect(warnings).toEqual([]);
  });

  test("uses connections again", async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end("ok"));
    server.on("connection", () => connections++);
    const url = `http://127.0.0.1:${await listen(server)}/`;
    const transports = new Transports();
    closing.push(() => transports.close());
    const request: HttpRequest = { method: "GET", url, headers: {}, timeoutMs: 5_000, bytesMax: 100 };
    for (let n = 0; n < 10; n++) await transports.route({}).send(request);
    // The first one is still being put back when the second request asks.
    expect(connections).toBeLessThanOrEqual(2);
  });
});

describe("a request that cannot have happened", () => {
  test("on a name that does not exist", async () => {
    const fault = await faultOf(send("http://no-such-host.invalid/"));
    expect(fault.details).toMatchObject({ happened: "no", at: "http://no-such-host.invalid" });
    expect(fault.message).toMatch(/no-such-host\.invalid (is not known|cannot be looked up)/);
  });

  test("on a port where nobody listens", async () => {
    const port = await freePort();
    const fault = await faultOf(send(`http://127.0.0.1:${port}/`));
    expect(fault.details).toMatchObject({ happened: "no", code: "ECONNREFUSED", transient: true });
    expect(fault.message).toBe(`127.0.0.1:${port} refuses connections`);
  });

  test("on a certificate that is not trusted", async () => {
    const port = await serveTls((_, response) => response.end("ok"));
    const fault = await faultOf(send(`https://localhost:${port}/`));
    expect(fault.details.happened).toBe("no");
    expect(fault.message).toMatch(/^the certificate of localhost:\d+ is/);
    expect(fault.details.remedy).toMatch(/`ca` of the system/);
  });

  test("on a certificate for another name", async () => {
    const port = await serveTls((_, response) => response.end("ok"));
    const fault = await faultOf(send(`https://127.0.0.1:${port}/`, {}, { ca: testCertificate }));
    expect(fault.details).toMatchObject({ happened: "no", code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  test("on a server that does not speak TLS", async () => {
    const port = await serve((_, response) => response.end("ok"));
    expect((await faultOf(send(`https://127.0.0.1:${port}/`))).details.happened).toBe("no");
  });

  test("when the deadline passes during the TLS handshake, and then it never happens", async () => {
    let bytes = "";
    const port = await listen(
      createTcpServer((socket) => socket.on("data", (chunk) => (bytes += chunk.toString("latin1")))),
    );
    const fault = await faultOf(send(`https://127.0.0.1:${port}/`, { timeoutMs: 100 }));
    expect(fault.details).toMatchObject({ happened: "no", code: "deadline" });
    expect(bytes).not.toContain("POST");
  });

  test("when a header holds a line end", async () => {
    const fault = await faultOf(send("http://127.0.0.1:9/", { headers: { authorization: `Token ${canary}\n` } }));
    expect(fault.details.happened).toBe("no");
    expect(fault.details.remedy).toMatch(/line end/);
  });

  test("when it was aborted before", async () => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked++;
      response.end();
    });
    const fault = await faultOf(send(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort() }));
    expect([fault.details.happened, fault.details.code, asked]).toEqual(["no", "aborted", 0]);
  });
});

describe("a request that may have happened", () => {
  test.each<[string, RequestListener]>([
    ["the connection is cut before the answer", (request) => request.socket.destroy()],
    [
      "the answer is cut",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 }).write("half");
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ["no answer comes", () => {}],
    ["the answer never ends", (_, response) => response.writeHead(200).write("half")],
    ["the answer is too long", (_, response) => response.end("x".repeat(10_001))],
  ])("when %s", async (_, listener) => {
    const port = await serve(listener);
    const fault = await faultOf(send(`http://127.0.0.1:${port}/`, { timeoutMs: 300 }));
    expect(fault.details).toMatchObject({ happened: "unknown", at: `http://127.0.0.1:${port}` });
  });

  test("when it is aborted while it runs", async () => {
    const stop = new AbortController();
    const port = await serve(() => stop.abort());
    const fault = await faultOf(send(`http://127.0.0.1:${port}/`, { signal: stop.signal }));
    expect(fault.details).toMatchObject({ happened: "unknown", code: "aborted" });
  });

  test("when the answer is not HTTP", async () => {
    const port = await listen(createTcpServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n")));
    expect((await faultOf(send(`http://127.0.0.1:${port}/`))).details.happened).toBe("unknown");
  });
});

describe("the way there", () => {
  /** A proxy that wants a password, and notes whom it was asked for. */
  async function proxy(): Promise<{ port: number; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer();
    server.on("connect", (request, client) => {
      asked.push(request.url!);
      const expected = `Basic ${Buffer.from(`ann:${canary}`).toString("base64")}`;
      if (request.headers["proxy-authorization"] !== expected)
        return void client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      const upstream = connect(Number(request.url!.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on("error", () => client.destroy());
      closing.push(() => upstream.destroy());
    });
    return { port: await listen(server), asked };
  }

  test("goes over authorities of the system's own, beside the usual ones", async () => {
    const port = await serveTls((_, response) => response.end("ok"));
    expect((await send(`https://localhost:${port}/`, {}, { ca: testCertificate })).body).toBe("ok");
  });

  test("goes through the proxy of the system", async () => {
    const { port, asked } = await proxy();
    const target = await serveTls((_, response) => response.end("ok"));
    const route = { proxy: `http://ann:${canary}@127.0.0.1:${port}`, ca: testCertificate };
    expect((await send(`https://localhost:${target}/`, {}, route)).body).toBe("ok");
    expect(asked).toEqual([`localhost:${target}`]);
  });

  test("names a proxy that refuses, without its password", async () => {
    const { port } = await proxy();
    const fault = await faultOf(send("https://vco.example/", {}, { proxy: `http://bob:${canary}@127.0.0.1:${port}` }));
    expect(fault.message).toBe("the proxy on the way to vco.example answered 407");
    expect(fault.details.happened).toBe("no");
  });

  test("goes through the proxy of the environment, but not to this machine or to NO_PROXY", async () => {
    const { port, asked } = await proxy();
    const env = { HTTPS_PROXY: `http://ann:${canary}@127.0.0.1:${port}`, NO_PROXY: "direct.invalid" };
    const target = await serveTls((_, response) => response.end("ok"));
    await send(`https://localhost:${target}/`, {}, { ca: testCertificate }, env);
    await faultOf(send("https://direct.invalid/", {}, {}, env));
    expect(asked).toEqual([]);
    await faultOf(send("https://proxied.invalid:1/", {}, {}, env));
    expect(asked).toEqual(["proxied.invalid:1"]);
  });

  test("does not look at the environment of the process by itself", async () => {
    const { port, asked } = await proxy();
    process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
    try {
      await faultOf(send("https://proxied.invalid:1/"));
      await faultOf(send("https://proxied.invalid:1/", {}, {}, { HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "*" }));
      expect(asked).toEqual([]);
    } finally {
      delete process.env.HTTPS_PROXY;
    }
  });

  test("does not show the URL of a proxy that cannot be used", async () => {
    const fault = await faultOf(send("https://x.invalid/", {}, { proxy: `nonsense ${canary}` }));
    expect(fault.message).toBe("the URL of the proxy cannot be used");
  });
});
