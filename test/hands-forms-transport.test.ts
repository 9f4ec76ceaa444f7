import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { ConsoleDriver } from "../src/hands/forms/driver.ts";
import { sendOver } from "../src/hands/forms/over-transport.ts";
import { Transports } from "../src/platform/transport.ts";
import { Secret } from "../src/secret.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type ServedSimulator, serveSimulator } from "../src/simulators/server.ts";
import { addApiUser, mocoServ } from "./momentus-client.ts";

/** The driver over real HTTP, against a served simulator. */

let simulator: MomentusSimulator;
let served: ServedSimulator;
let transports: Transports;
let support: ConsoleDriver;

beforeEach(async () => {
  simulator = new MomentusSimulator();
  served = await serveSimulator(simulator);
  transports = new Transports();
  support = driverTo(served.url);
  const { username, password } = simulator.world.support;
  await support.signIn({ username, password: new Secret(password) });
});

afterEach(async () => {
  await transports.close();
  await served.close();
});

const driverTo = (origin: string, timeoutMs = 5000) =>
  new ConsoleDriver(sendOver(transports.route({}), origin, { timeoutMs }), { origin, on: "momentus" });

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => new Error("nothing was wrong"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  return error;
}

describe("the console over HTTP", () => {
  it("is used from signing in to the key of a new API user", async () => {
    await addApiUser(support, { ...mocoServ, Description: "several\nlines" });
    expect(simulator.store.prod.apiUser("MOCO-SERV")).toMatchObject({
      isInternal: true,
      description: "several\nlines",
    });
    const { secret, key } = simulator.store.credentialsOf("prod", "MOCO-SERV");
    expect(support.secret("Secret").reveal()).toBe(secret);
    await support.click("tab", "Keys");
    await support.click("menuitem", "Copy Key to Clipboard");
    expect(support.copied?.reveal()).toBe(key);
    await support.goto("/prod/about");
    expect(support.text()).toContain(`${served.url}/prod`);
  });

  it("lets nobody in with a wrong password", async () => {
    const stranger = driverTo(served.url);
    const { username } = simulator.world.support;
    const { details } = await faultOf(stranger.signIn({ username, password: "wrong" }));
    expect(details).toMatchObject({ happened: "no", code: "unauthorized", on: "momentus", at: served.url });
  });

  it("does not know whether a form was taken when the answer is cut, and knows that a look changes nothing", async () => {
    simulator.faults.add("cut-after-commit:console/keys/add:1");
    simulator.faults.add("cut-before:console/about:1");
    simulator.faults.add("truncated:console/about:1");
    await support.goto("/prod/api-users/STEWARD/keys");
    expect((await faultOf(support.click("button", "Add"))).details.happened).toBe("unknown");
    expect(simulator.store.prod.keysOf("STEWARD")).toHaveLength(2);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect((await faultOf(support.goto("/prod/about"))).details.happened).toBe("no");
    }
    await support.goto("/prod/about");
    expect(support.title()).toBe("About");
  });

  it("gives up in time, and when it is stopped", async () => {
    simulator.faults.add("slow:console/about:2s");
    const { origin } = new URL(served.url);
    const slow = driverTo(origin, 100);
    const { username, password } = simulator.world.support;
    await slow.signIn({ username, password });
    expect((await faultOf(slow.goto("/prod/about"))).message).toContain("did not answer within 0.1 s");
    const stop = AbortSignal.abort(new Error("stopped"));
    const stopped = new ConsoleDriver(sendOver(transports.route({}), origin, { signal: stop }), { origin });
    expect((await faultOf(stopped.goto("/signin"))).details.happened).toBe("no");
  });
});
