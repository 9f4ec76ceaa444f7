import { expect, test } from "vitest";
import { type HttpCall, HttpClient, type HttpOptions } from "../src/connectors/http.ts";
import { Fault } from "../src/diagnostic.ts";
import type { HttpRequest, HttpResponse } from "../src/io.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** The client that connectors share, over a transport that says what the test says. */

type Answer = Partial<HttpResponse> | Fault;

const unused = { disk: undefined as never, mailer: undefined as never };

function makeClient(answers: Answer[], options: Partial<HttpOptions> = {}) {
  const clock = new VirtualClock();
  const sent: HttpRequest[] = [];
  const trace: string[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    sent.push(request);
    await clock.sleep(10);
    const answer = answers[Math.min(sent.length, answers.length) - 1]!;
    if (answer instanceof Fault) throw answer;
    return { status: 200, headers: {}, body: "{}", ...answer };
  };
  const random = { bytes: (count: number) => new Uint8Array(count) };
  const client = new HttpClient({
    ...{ system: "vco", url: "https://h/base", trace: (line: string) => trace.push(line) },
    ...{ io: { clock, random, ...unused, transport: { send } }, signal: new AbortController().signal },
    ...{ requestTimeoutMs: 1_000, concurrencyMax: 2, penaltyMs: 5_000, penaltyTriesMax: 3, ...options },
  });
  return { client, clock, sent, trace };
}

const read: HttpCall = {
  method: "POST",
  path: "/r",
  headers: { authorization: "Token canary" },
  body: "{}",
  effect: "read",
};
const write: HttpCall = { ...read, path: "/w", effect: "write" };
const unknown = new Fault("reset", { happened: "unknown" });
const refused = new Fault("connection refused", { happened: "no" });
const page = { headers: {}, body: "<!doctype html><p>Sign in</p>" };

async function faultOf(action: Promise<unknown>): Promise<Fault> {
  const error = await action.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

test("a read is tried again after trouble on the way, a bounded number of times", async () => {
  const { client, sent } = makeClient([unknown, { status: 503, body: "busy" }, { body: '{"a":1}' }]);
  expect((await client.sendJson(read)).value).toEqual({ a: 1 });
  expect(sent).toHaveLength(3);
  const worse = makeClient([unknown]);
  const fault = await faultOf(worse.client.sendJson(read));
  expect(worse.sent).toHaveLength(3);
  expect(fault.details).toMatchObject({ happened: "no", on: "vco", at: "https://h/base/r" });
});

test.each([
  ["a cut connection", unknown, "unknown"],
  ["a failure without an envelope", { status: 500, body: "oops" }, "unknown"],
  ["a sign-in page", page, "unknown"],
  ["half of a body", { body: '{"a":' }, "unknown"],
  ["an empty body", { body: "" }, "unknown"],
  ["a redirect", { status: 302, body: "" }, "unknown"],
  ["a refused connection", refused, "no"],
  ["a missing path", { status: 404, body: "no" }, "no"],
  ["a proxy's no", { status: 403, body: "no" }, "no"],
] as [string, Answer, string][])(
  "a write is sent once whatever comes, and judged: %s",
  async (_name, answer, happened) => {
    const { client, sent } = makeClient([answer]);
    expect((await faultOf(client.sendJson(write))).details.happened).toBe(happened);
    expect(sent).toHaveLength(1);
  },
);

test("a page or a redirect names the url as what to check", async () => {
  for (const answer of [page, { status: 301, body: "" }]) {
    const { client } = makeClient([answer]);
    expect((await faultOf(client.sendJson(read))).details.remedy).toContain("url of the system");
  }
});

test("a 429 makes every call of the system wait, for the same time each", async () => {
  const { client, clock, sent } = makeClient([{ status: 429 }, {}, {}]);
  const start = clock.now();
  await client.sendJson(write);
  expect(clock.now() - start).toBeGreaterThanOrEqual(5_000);
  expect(sent).toHaveLength(2);
  const storm = makeClient([{ status: 429 }]);
  const fault = await faultOf(storm.client.sendJson(write));
  expect(fault.details).toMatchObject({ happened: "no", code: "rate-limited", transient: true });
  expect(storm.sent).toHaveLength(3);
});

test("not more calls are in flight than allowed, and all are answered", async () => {
  let [running, most] = [0, 0];
  const { client } = makeClient([{}], {
    io: {
      ...{ clock: new VirtualClock(), random: { bytes: (count) => new Uint8Array(count) }, ...unused },
      transport: {
        async send() {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          return { status: 200, headers: {}, body: "{}" };
        },
      },
    },
  });
  await Promise.all(Array.from({ length: 20 }, () => client.sendJson(read)));
  expect(most).toBe(2);
});

test("after a stop nothing is sent any more", async () => {
  const stop = new AbortController();
  const { client, sent } = makeClient([{}], { signal: stop.signal });
  stop.abort();
  expect((await faultOf(client.sendJson(write))).details).toMatchObject({ happened: "no", code: "aborted" });
  expect(sent).toEqual([]);
});

test("traces name method, address, status and time, and never a header or a body", async () => {
  const { client, trace } = makeClient([{ body: '{"secret":"canary"}' }]);
  await client.sendJson({ ...write, body: '{"password":"canary"}' });
  expect(trace).toEqual(["POST https://h/base/w 200 10 ms"]);
});
