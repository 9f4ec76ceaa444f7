import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { nodeMailer } from "../src/platform/mailer.ts";
import { closeNames } from "../src/simulators/close-names.ts";
import type { FaultRule } from "../src/simulators/faults.ts";
import type { IncomingMail, OpenMailSource } from "../src/simulators/mail-source.ts";
import { type RunningSimulators, type SimulateOptions, startSimulators } from "../src/simulators/simulate.ts";
import { callApi, openConsole } from "./momentus-client.ts";

/** What `steward simulate` starts. */

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(options: SimulateOptions = {}): Promise<RunningSimulators> {
  const simulators = await startSimulators(options);
  running.push(simulators);
  return simulators;
}

/** A receiver of mails without a wire. */
function mailbox() {
  const state = { ports: [] as number[], closed: 0 };
  const takers: ((mail: IncomingMail) => void)[] = [];
  const open: OpenMailSource = async (port, take) => {
    state.ports.push(port);
    takers.push(take);
    const close = async (): Promise<void> => {
      state.closed += 1;
    };
    return { url: "smtp://127.0.0.1:2525", close };
  };
  const deliver = (mail: IncomingMail): void => {
    for (const take of takers) take(mail);
  };
  return { state, open, deliver };
}

/** A port that nothing uses, with free ones after it as far as anybody can tell. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const statusOf = async (url: string): Promise<number> => (await fetch(url, { redirect: "manual" })).status;

describe("the simulators together", () => {
  it("are the same for the same seed, and have as many more users as asked for", async () => {
    const [one, two, other] = [await start({ seed: 3, users: 2 }), await start({ seed: 3 }), await start({ seed: 4 })];
    expect(one.momentus.world).toEqual(two.momentus.world);
    expect(one.velocloud.world.enterprise).toEqual(two.velocloud.world.enterprise);
    expect(one.momentus.world.support.password).not.toBe(other.momentus.world.support.password);
    for (const [with2, without] of [
      [one.momentus.store.prod.users.size, two.momentus.store.prod.users.size],
      [one.momentus.store.test.users.size, two.momentus.store.test.users.size],
      [one.velocloud.store.users.size, two.velocloud.store.users.size],
      [one.ipresso.store.users.values().length, two.ipresso.store.users.values().length],
    ]) {
      expect(with2! - without!).toBe(2);
    }
  });

  it("make every call wait", async () => {
    const { ready } = await start({ latencyMs: 60 });
    for (const url of [ready.momentus.console.url, `${ready.ipresso.url}/`, ready.velocloud.url]) {
      const begun = performance.now();
      const path = url.endsWith("/") ? "signin" : "/portal/";
      await fetch(url + path, path === "signin" ? {} : { method: "POST", body: '{"jsonrpc":"2.0","method":"x/y"}' });
      expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
    }
  });

  it("listen on ports one after the other, the receiver of mails after Momentus", async () => {
    const base = await freePort();
    const { open, state } = mailbox();
    const { ready } = await start({ portBase: base, openMailSource: open });
    expect([ready.velocloud.url, ready.momentus.url, ready.ipresso.url, state.ports]).toEqual([
      ...[`http://127.0.0.1:${base}`, `http://127.0.0.1:${base + 1}/prod`, `http://127.0.0.1:${base + 2}`],
      [base + 3],
    ]);
    expect(ready.momentus.smtp_url).toBe("smtp://127.0.0.1:2525");
    expect([ready.veson.url, ready.veson.api_url]).toEqual(Array(2).fill(`http://127.0.0.1:${base + 4}`));
    expect((await fetch(`${ready.veson.url}/signin`)).status).toBe(200);
  });

  it("leave nothing open when one of them cannot be opened, and name its port", async () => {
    const base = await freePort();
    const failing = async (): Promise<never> => {
      throw Object.assign(new Error("taken"), { code: "EADDRINUSE" });
    };
    const tried = startSimulators({ portBase: base, openMailSource: failing });
    await expect(tried).rejects.toMatchObject({ code: "EADDRINUSE", port: base + 3 });
    for (const port of [base, base + 1, base + 2])
      await expect(statusOf(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it("close with everything that was opened", async () => {
    const { open, state } = mailbox();
    const simulators = await startSimulators({ openMailSource: open });
    await simulators.close();
    await expect(statusOf(simulators.ready.momentus.console.url)).rejects.toThrow();
    await simulators.close();
    expect(state.closed).toBeGreaterThan(0);
  });
});

describe("faults", () => {
  it("go to each system that has such a method, and count in each apart", async () => {
    const { momentus, velocloud } = await start({ faults: ["500:users/get", "500:*:1", "429:enterprise/*"] });
    const target = (method: string) => ({ method, isWrite: false, isList: false });
    const named = (rule: FaultRule | undefined) => rule && `${rule.fault}:${rule.method}`;
    expect(named(momentus.faults.take(target("users/get")))).toBe("500:users/get");
    expect(named(momentus.faults.take(target("console/about")))).toBe("500:*");
    expect(named(momentus.faults.take(target("console/about")))).toBeUndefined();
    expect(named(velocloud.faults.take(target("enterprise/getEnterpriseUsers")))).toBe("500:*");
    expect(named(velocloud.faults.take(target("enterprise/getEnterpriseUsers")))).toBe("429:enterprise/*");
    expect(named(velocloud.faults.take(target("users/get")))).toBeUndefined();
  });

  it("of all writes go to all", async () => {
    const { momentus, velocloud, ipresso } = await start({ faults: ["cut-before:@writes:1"] });
    const write = { method: "x", isWrite: true, isList: false };
    const taken = [momentus, velocloud, ipresso].map(({ faults }) => faults.take(write)?.fault);
    expect(taken).toEqual(["cut-before", "cut-before", "cut-before"]);
  });

  it.each([
    ["500:console/apiUser/add", "Did you mean console/apiUsers/add"],
    ["500:enterprise/getEnterpriseUser", "Did you mean enterprise/getEnterpriseUsers"],
    ["slow:createApiToken:1s", "Did you mean enterprise/createApiToken"],
    ["500:USERS/GET", "Did you mean users/get"],
    ["500:nothing/like/it", "Methods begin with compositeRole, console, enterprise"],
    ["500:nowhere*", "* stands for any text"],
  ])("that no system can follow are refused with what may have been meant: %s", async (fault, says) => {
    const refused = startSimulators({ faults: [fault] });
    await expect(refused).rejects.toThrow(`fault "${fault}": no simulated system has a method`);
    await expect(startSimulators({ faults: [fault] })).rejects.toThrow(says);
  });

  it("that cannot be read are refused as ever", async () => {
    await expect(startSimulators({ faults: ["explode"] })).rejects.toThrow('there is no fault "explode"');
    await expect(startSimulators({ faults: [{ fault: "slow", method: "users/get" }] })).rejects.toThrow(
      "needs a duration",
    );
  });

  it("have close names nearest first, at most three, and none for a word that is far from all", () => {
    const names = ["users/get", "users/add", "roles/get", "console/keys/list", "users/edit", "users/copy"];
    expect(closeNames("user/get", names)[0]).toBe("users/get");
    expect(closeNames("users/", [...names]).length).toBe(3);
    expect(closeNames("zzzzzzzz", names)).toEqual([]);
    expect(closeNames("keys/lst", names)).toEqual(["console/keys/list"]);
  });
});

describe("the licensing team by itself", () => {
  const to = "licensing@gomomentus.com";
  const mailTo = ({ ready }: RunningSimulators, subject: string, more: Partial<IncomingMail> = {}): IncomingMail => ({
    ...{ from: "ops@venue.example", to, subject },
    text: `Basic API module, please. ${ready.momentus.url}, serial number ${ready.momentus.serial_number}`,
    ...more,
  });

  it("MOM-07 licenses an environment that came without, by mail, and takes the license back by mail", async () => {
    const box = mailbox();
    const simulators = await start({ isUnlicensed: true, openMailSource: box.open });
    const { momentus } = simulators;
    const support = await openConsole(momentus);
    const status = async () => {
      await support.goto("/prod/api-users");
      return support.status;
    };
    expect([await status(), (await callApi(momentus, "GET Users/AGREEN")).status]).not.toContain(200);
    box.deliver(mailTo(simulators, "Temporary add of the Basic API module"));
    expect([await status(), momentus.store.licensing.isLicensed("test")]).toEqual([200, false]);
    box.deliver(mailTo(simulators, "Remove the Basic API module"));
    expect(await status()).toBe(403);
    expect(momentus.store.outbox.filter((mail) => mail.to === "ops@venue.example")).toHaveLength(2);
  });

  it("insists on the URL under which the environment is served", async () => {
    const box = mailbox();
    const simulators = await start({ isUnlicensed: true, openMailSource: box.open });
    const text = `Basic API, https://elsewhere.example/prod, ${simulators.ready.momentus.serial_number}`;
    box.deliver(mailTo(simulators, "Add", { text }));
    expect(simulators.momentus.store.licensing.isLicensed("prod")).toBe(false);
    expect(simulators.momentus.store.outbox.at(-1)!.text).toContain("changed nothing");
  });

  it("takes a mail that is sent again for one mail, also after the license was given back", async () => {
    const box = mailbox();
    const simulators = await start({ isUnlicensed: true, openMailSource: box.open });
    const add = mailTo(simulators, "Add", { messageId: "<step-1@steward>" });
    box.deliver(add);
    box.deliver(mailTo(simulators, "Remove", { messageId: "<step-2@steward>" }));
    box.deliver(add);
    expect(simulators.momentus.store.licensing.isLicensed("prod")).toBe(false);
    box.deliver({ ...add, messageId: "<step-9@steward>" });
    expect(simulators.momentus.store.licensing.isLicensed("prod")).toBe(true);
  });

  it("answers in its time, at the next use of the system, whoever put the mail into the outbox", async () => {
    let ms = Date.UTC(2026, 10, 22);
    const simulators = await start({ isUnlicensed: true, licensingAnswerMs: 60_000, now: () => ms });
    const { momentus, ready } = simulators;
    momentus.store.sendMail(mailTo(simulators, "Add"));
    await statusOf(ready.momentus.console.url);
    expect(momentus.store.licensing.isLicensed("prod")).toBe(false);
    ms += 60_000;
    await statusOf(ready.momentus.console.url);
    expect(momentus.store.licensing.isLicensed("prod")).toBe(true);
  });

  it("MOM-07 is reached by Steward's own mailer over SMTP, and a mail sent twice is one", async () => {
    const simulators = await start({ isUnlicensed: true });
    const { momentus, ready } = simulators;
    const { from, subject, text } = mailTo(simulators, "Temporary add of the Basic API module");
    const mail = { from, to, subject, text, messageId: "<1.take@steward.example>", dateMs: Date.UTC(2026, 10, 22) };
    const server = { url: ready.momentus.smtp_url, timeoutMs: 5000 };
    for (let time = 0; time < 2; time += 1) await nodeMailer().send(mail, server);
    expect(momentus.store.licensing.isLicensed("prod")).toBe(true);
    expect(momentus.store.outbox.map((one) => [one.from, one.to, one.subject])).toEqual([
      [from, to, subject],
      [to, from, `Re: ${subject}`],
      [from, to, subject],
    ]);
    expect(momentus.store.outbox[0]!.text).toBe(text);
  });
});
