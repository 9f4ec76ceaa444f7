import { beforeEach, describe, expect, it } from "vitest";
import { totpCode, totpPeriod } from "../src/simulators/console/totp.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { fillAll, goToList, makeVeson, TestConsole, userOf } from "./veson-client.ts";

let simulator: VesonSimulator;
let clock: { ms: number };
let console: TestConsole;

function renew(options: VesonSimulatorOptions = {}): void {
  ({ simulator, clock } = makeVeson(options));
  console = new TestConsole(simulator);
}
beforeEach(() => renew());

/** Gives name and password on whatever page asks for them. */
async function give(name: string, password: string, button = "Sign in"): Promise<void> {
  fillAll(console, { "User name": name, Password: password });
  await console.click("button", button);
}

describe("signing in with a password", () => {
  it("leads to the page that was asked for and back out", async () => {
    const { username, password } = simulator.world.admin;
    await console.goto("/data-center/security?status=Inactive");
    expect(console.title()).toBe("Sign in");
    await give(username, password);
    expect([console.title(), console.value("Status")]).toEqual(["Security List", "Inactive"]);
    await console.click("button", "Sign out");
    await console.goto("/data-center/security");
    expect(console.title()).toBe("Sign in");
  });

  it("refuses a wrong password and leads nobody to another site", async () => {
    const { username, password } = simulator.world.admin;
    await console.goto("/signin");
    await give(username, "wrong");
    expect([console.status, console.alert()]).toEqual([403, "User name or password is wrong."]);
    await console.goto("/signin?next=//evil.example");
    await give(username, password);
    expect(console.path).toBe("/");
  });

  it("tells a user who is external only so, in the words of the document, and only for the right password", async () => {
    const { userName, password } = userOf(simulator, "sys.reports");
    await console.goto("/signin");
    await give(userName, password);
    expect([console.status, console.alert()]).toEqual([
      ...[403, "User sys.reports is external only and may not log on interactively."],
    ]);
    await give(userName, "wrong");
    expect(console.alert()).toBe("User name or password is wrong.");
  });

  it("lets no inactive user in, be it by a group, and nobody whom an identity provider signs in", async () => {
    const { id, password } = userOf(simulator, "r.winter");
    await console.goto("/signin");
    await give("r.winter", password);
    expect(console.alert()).toBe("User r.winter is inactive.");
    const group = simulator.store.addGroup({ name: "Left", isInactive: true });
    simulator.store.changeUser(id, { isInactive: false, groupIds: [group.id] });
    await give("r.winter", password);
    expect(console.alert()).toBe("User r.winter is inactive.");
    simulator.store.changeUser(id, { groupIds: [], authentication: "Single Sign-On" });
    await give("r.winter", password);
    expect(console.alert()).toBe("User name or password is wrong.");
  });

  it("lets an Authentication Only user in, who then has no rights", async () => {
    simulator.store.changeUser(userOf(simulator, "kiosk").id, { isSecurityAdmin: true });
    await console.signIn({ username: "kiosk", password: userOf(simulator, "kiosk").password });
    expect(console.all("menuitem", "Security")).toEqual([]);
    await console.goto("/data-center/security");
    expect(console.status).toBe(403);
  });

  it("gives a session that ends after half an hour without a request", async () => {
    await console.signIn(simulator.world.admin);
    for (let time = 0; time < 3; time += 1) {
      clock.ms += 29 * 60 * 1000;
      await goToList(console);
    }
    clock.ms += 30 * 60 * 1000;
    await console.goto("/data-center/security");
    expect(console.title()).toBe("Sign in");
  });

  it("makes a panel of an earlier session one that is not open any more", async () => {
    await console.signIn(simulator.world.admin);
    await console.goto("/data-center/security/users/4");
    await console.click("tab", "Access Rights");
    const { path } = console;
    await console.goto(path);
    expect(console.status).toBe(200);
    await console.click("button", "Sign out");
    await console.signIn(simulator.world.admin);
    await console.goto(path);
    expect([console.status, console.alert()]).toEqual([409, expect.stringContaining("not open any more")]);
  });

  it("refuses a form without the token of the session", async () => {
    await console.signIn(simulator.world.admin);
    const before = simulator.store.users.values();
    await console.send("POST", "/data-center/security/selection", "press=deactivate&select=user-4");
    expect([console.status, simulator.store.users.values()]).toEqual([403, before]);
  });
});

describe("signing in with a second factor", () => {
  beforeEach(() => renew({ signInMode: "mfa" }));
  const code = (periods = 0) => totpCode(simulator.world.admin.totpSecret, totpPeriod(clock.ms) + periods);
  const withPassword = async () => {
    const { username, password } = simulator.world.admin;
    await console.goto("/signin?next=/data-center/security");
    await give(username, password);
  };
  const giveCode = async (text: string) => {
    console.fill("Verification code", text);
    await console.click("button", "Verify");
  };

  it("makes the codes of RFC 6238", () => {
    // Appendix B, SHA-1, the last six of its eight digits; the secret is "12345678901234567890" there.
    const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const codes = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000].map((seconds) =>
      totpCode(secret, totpPeriod(seconds * 1000)),
    );
    expect(codes).toEqual(["287082", "081804", "050471", "005924", "279037", "353130"]);
  });

  it("asks for the code after the password, and leads on", async () => {
    await withPassword();
    expect(console.all("textbox").length).toBe(1);
    await giveCode(code());
    expect(console.title()).toBe("Security List");
  });

  it("is not signed in with the password alone", async () => {
    await withPassword();
    await console.goto("/data-center/security");
    expect(console.title()).toBe("Sign in");
    const stranger = new TestConsole(simulator);
    await stranger.goto("/signin/code");
    expect([stranger.path, stranger.all("textbox", "Verification code")]).toEqual(["/signin", []]);
  });

  it("takes a code of the periods beside now, none that is older, and each once", async () => {
    for (const [periods, isIn] of [
      [-2, false],
      [2, false],
      [-1, true],
      [1, true],
    ] as const) {
      renew({ signInMode: "mfa" });
      await withPassword();
      await giveCode(code(periods));
      expect([periods, console.title() === "Security List"]).toEqual([periods, isIn]);
    }
    await console.click("button", "Sign out");
    await withPassword();
    await giveCode(code(1));
    expect([console.status, console.alert()]).toEqual([403, "The code is wrong or was used already."]);
    clock.ms += 60_000;
    await giveCode(code());
    expect(console.title()).toBe("Security List");
  });

  it("can take a code twice", async () => {
    renew({ signInMode: "mfa", codesRepeat: true });
    for (let time = 0; time < 2; time += 1) {
      await withPassword();
      await giveCode(code());
      await console.click("button", "Sign out");
    }
    expect(simulator.store.countOf("console/signIn/code/submit")).toBe(2);
    expect(console.alert()).toBeUndefined();
  });
});

describe("signing in by an identity provider", () => {
  beforeEach(() => renew({ signInMode: "sso" }));
  const toProvider = async () => {
    await console.goto("/data-center/security");
    await console.click("button", "Sign in with single sign-on");
  };

  it("is the only way: the page has no field for a password", async () => {
    await expect(console.signIn(simulator.world.admin)).rejects.toThrow('there is no field "User name"');
    await console.post("/signin", {
      username: simulator.world.admin.username,
      password: simulator.world.admin.password,
    });
    expect([console.status, console.alert()]).toEqual([403, "Single sign-on is the only way in."]);
  });

  it("leads through the provider back to the page that was asked for", async () => {
    const { username, password } = simulator.world.admin;
    await toProvider();
    expect([console.path.split("?")[0], console.title()]).toEqual([
      "/identity-provider",
      "Simulated identity provider",
    ]);
    await give(username, "wrong", "Continue");
    expect(console.alert()).toBe("User name or password is wrong.");
    await give(username, password, "Continue");
    expect(console.title()).toBe("Security List");
  });

  it("takes what the provider answers once", async () => {
    const { username } = simulator.world.admin;
    const code = "c".repeat(32);
    simulator.store.signIn.providerCodes.set(code, username);
    await console.goto(`/sso/return?code=${code}&next=%2F`);
    expect(console.path).toBe("/");
    await console.click("button", "Sign out");
    for (const used of [code, "", "wrong"]) {
      await console.goto(`/sso/return?code=${used}`);
      expect([console.status, console.alert()]).toEqual([403, "The identity provider's answer is not valid any more."]);
    }
  });

  it("does not let an external-only user in either", async () => {
    await toProvider();
    await give("sys.reports", userOf(simulator, "sys.reports").password, "Continue");
    expect(console.alert()).toBe("User sys.reports is external only and may not log on interactively.");
  });

  it("is not there where a site signs in by password", async () => {
    renew();
    await console.goto("/identity-provider");
    expect([console.status, console.alert()]).toEqual([404, "This site does not sign in that way."]);
  });
});
