import { beforeEach, describe, expect, it } from "vitest";
import { totpCode, totpPeriod } from "../src/simulators/console/totp.ts";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { fillAll, makeIpresso, TestConsole } from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let clock: { ms: number };
let console: TestConsole;

function renew(options: IpressoSimulatorOptions = {}): void {
  ({ simulator, clock } = makeIpresso(options));
  console = new TestConsole(simulator);
}
beforeEach(() => renew());

const usersPath = "/system/accesses/api-users";

async function give(name: string, password: string, button = "Sign in"): Promise<void> {
  fillAll(console, { "User name": name, Password: password });
  await console.click("button", button);
}

describe("signing in at the panel with a password", () => {
  it("leads to the page that was asked for and back out", async () => {
    const { username, password } = simulator.world.admin;
    await console.goto(usersPath);
    expect(console.title()).toBe("Sign in");
    await give(username, "wrong");
    expect([console.status, console.alert()]).toEqual([403, "User name or password is wrong."]);
    await give(username, password);
    expect(console.title()).toBe("API Users");
    await console.click("button", "Sign out");
    await console.goto(usersPath);
    expect(console.title()).toBe("Sign in");
  });

  it("does not let an API user in", async () => {
    const { login, password } = simulator.world.apiUser;
    await console.goto("/signin");
    await give(login, password);
    expect(console.alert()).toBe("User name or password is wrong.");
  });

  it("gives a session that ends after half an hour without a request", async () => {
    await console.signIn(simulator.world.admin);
    clock.ms += 29 * 60 * 1000;
    await console.goto(usersPath);
    expect(console.title()).toBe("API Users");
    clock.ms += 30 * 60 * 1000;
    await console.goto(usersPath);
    expect(console.title()).toBe("Sign in");
  });
});

describe("signing in at the panel with a second factor", () => {
  beforeEach(() => renew({ signInMode: "mfa" }));
  const code = (periods = 0) => totpCode(simulator.world.admin.totpSecret, totpPeriod(clock.ms) + periods);
  const withPassword = async () => {
    const { username, password } = simulator.world.admin;
    await console.goto(`/signin?next=${usersPath}`);
    await give(username, password);
  };
  const giveCode = async (text: string) => {
    console.fill("Verification code", text);
    await console.click("button", "Verify");
  };

  it("asks for the code after the password, and leads on", async () => {
    await withPassword();
    expect(console.all("textbox").length).toBe(1);
    await giveCode(code());
    expect(console.title()).toBe("API Users");
  });

  it("is not signed in with the password alone", async () => {
    await withPassword();
    await console.goto(usersPath);
    expect(console.title()).toBe("Sign in");
    const stranger = new TestConsole(simulator);
    await stranger.goto("/signin/code");
    expect([stranger.path, stranger.all("textbox", "Verification code")]).toEqual(["/signin", []]);
  });

  it("takes a code of the periods beside now, none that is older, and each once", async () => {
    await withPassword();
    await giveCode(code(-2));
    expect([console.status, console.alert()]).toEqual([403, "The code is wrong or was used already."]);
    await giveCode(code());
    expect(console.title()).toBe("API Users");
    await console.click("button", "Sign out");
    await withPassword();
    await giveCode(code());
    expect(console.alert()).toBe("The code is wrong or was used already.");
  });

  it("gives each account a secret of its own, and keeps those of a copy apart", async () => {
    const { admin, marketer } = simulator.world;
    expect(admin.totpSecret).toMatch(/^[A-Z2-7]{32}$/);
    expect(marketer.totpSecret).not.toBe(admin.totpSecret);
    await withPassword();
    const copy = simulator.clone();
    copy.store.endSessions();
    expect([simulator.store.signIn.halfSignedIn.size, copy.store.signIn.halfSignedIn.size]).toEqual([1, 0]);
  });
});

describe("signing in at the panel by an identity provider", () => {
  beforeEach(() => renew({ signInMode: "sso" }));

  it("leads through the provider back to the page that was asked for", async () => {
    const { username, password } = simulator.world.admin;
    await console.goto(usersPath);
    expect(console.all("textbox")).toEqual([]);
    await console.click("button", "Sign in with single sign-on");
    expect(console.title()).toBe("Simulated identity provider");
    await give(username, "wrong", "Continue");
    expect(console.alert()).toBe("User name or password is wrong.");
    await give(username, password, "Continue");
    expect(console.title()).toBe("API Users");
  });

  it("is the only way, and takes what the provider answers once", async () => {
    const { username, password } = simulator.world.admin;
    await console.goto("/signin");
    await console.post("/signin", { username, password });
    expect([console.status, console.alert()]).toEqual([403, "Single sign-on is the only way in."]);
    simulator.store.signIn.providerCodes.set("c".repeat(32), username);
    await console.goto(`/sso/return?code=${"c".repeat(32)}`);
    expect(console.path).toBe("/");
    await console.click("button", "Sign out");
    await console.goto(`/sso/return?code=${"c".repeat(32)}`);
    expect([console.status, console.alert()]).toEqual([403, "The identity provider's answer is not valid any more."]);
  });

  it("is not there where a panel signs in by password", async () => {
    renew();
    await console.goto("/identity-provider");
    expect([console.status, console.alert()]).toEqual([404, "This site does not sign in that way."]);
  });
});
