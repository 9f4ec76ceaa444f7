import { expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { type BrowserConsole, openBrowserConsole } from "../src/hands/browser/open.ts";
import { Secret } from "../src/secret.ts";

/** What is looked at before a browser is opened. */

const how = {
  userName: { key: "userName", text: "User name", role: "textbox", mark: "assumed" },
  password: { key: "password", text: "Password", role: "textbox", mark: "assumed" },
  button: { key: "signIn", text: "Sign in", role: "button", mark: "assumed" },
} as const;

function consoleWith(session: Secret | undefined, log: string[]): BrowserConsole {
  return {
    ...{ system: "veson", origins: ["https://acme.imos.example"], how, labels: [], keepsSession: false },
    session: async () => session,
    account: async () => {
      throw new Fault("the environment variable VESON_PASSWORD is not set", { happened: "no", code: "absent" });
    },
    place: {
      ...{ variables: {}, platform: "linux", packaged: async () => undefined },
      canStart: async () => {
        log.push("looked for a browser");
        return false;
      },
    },
  };
}

test("a password that is not there is told before a browser is looked for", async () => {
  const log: string[] = [];
  await expect(openBrowserConsole(consoleWith(undefined, log))).rejects.toThrow("VESON_PASSWORD is not set");
  expect(log).toEqual([]);
});

test("where a person left a session, no password is needed to begin", async () => {
  const log: string[] = [];
  await expect(openBrowserConsole(consoleWith(new Secret("{}"), log))).rejects.toThrow(/browser|Chrom/);
  expect(log).not.toEqual([]);
});
