import { describe, expect, it, type TestContext } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { performScreen } from "../src/hands/perform.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { Unsaid } from "../src/hands/unsaid.ts";
import type { Act, ScreenResult } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import {
  faultOf,
  html,
  labelOf,
  members,
  noSecret,
  openMember,
  pageOf,
  screenOf,
  signIn,
  signInPage,
} from "./console-pages.ts";
import { TestBrowser } from "./world/test-browser.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** A page may repeat a secret in its own way; nothing that is told of it does. */

const browser = new TestBrowser();
const each = members.map((member) => [member] as const);
const form = `<h1>New</h1><form method="post" action="/save"><label for="s">Secret</label><input id="s" name="s"><button>OK</button></form>`;
const fill: Act = { act: "fill", fields: [{ label: labelOf("textbox", "Secret"), value: { secret: "s" } }] };
const press: Act = { act: "press", button: labelOf("button", "OK") };
const secretIs = (value: string) => ({ secret: async () => new Secret(value) });

describe("a secret that was filled in", () => {
  it.each([
    ["as it is", "canary-1", "canary-1"],
    ["with other white space", "canary  \u00a0one\ttwo", "canary one two"],
    ["without a sign that does not show", "canary\u200bone", "canaryone"],
    ["in other letters", "canary-One", "CANARY-ONE"],
    ["in an address", "canary/a b&c", "/welcome/canary%2Fa%20b%26c"],
    ["in the query of an address", "canary a&c", "?s=canary+a%26c"],
  ])("is found %s", (_how, value, shown) => {
    const unsaid = new Unsaid();
    unsaid.add(new Secret(value));
    unsaid.add(new Secret(" "));
    const fault = unsaid.cleanFault(new Fault(`a ${shown} b`, { happened: "no", at: shown, remedy: shown }));
    const told = [fault.message, fault.details.at, fault.details.remedy].join(" ");
    expect(told.toLowerCase()).not.toMatch(/canary|%2f|\+a/);
    expect(fault.message).toContain("(secret)");
    expect(unsaid.clean("nothing of it")).toBe("nothing of it");
  });

  it("is no dash below the heading of a secret", () => {
    const unsaid = new Unsaid();
    for (const cell of ["-", "canary"]) unsaid.add(new Secret(cell));
    expect(unsaid.clean("a-b canary")).toBe("a-b (secret)");
  });

  it.each(each)(
    "is told of no later page either, nor half of it where a message is cut: %s",
    async (member, context?: TestContext) => {
      const secret = `canary-${"x".repeat(20)}`;
      const cut = `<p role="alert">${"y".repeat(290)} ${secret}</p><h1>${"z".repeat(50)} ${secret}</h1>`;
      const pages = { "GET /start": form, "POST /save": "<h1>Saved</h1>", "GET /later": html(cut) };
      const { page } = await openMember(member, { browser, context: context!, pages });
      const url = (path: string) => `${browser.origin}${path}`;
      const saved = { ...screenOf([fill, press]), url: url("/start") };
      expect((await performScreen(page, saved, secretIs(secret))).result).toBe("done");
      const later = { ...screenOf([press]), url: url("/later") };
      const fault = await faultOf(performScreen(page, later, noSecret));
      expect(fault.message).toContain("yyy (sec");
    },
  );

  it.each(each)(
    "is not half told where what a list or a field shows is none of our words: %s",
    async (member, context?: TestContext) => {
      const secret = `canary-${"x".repeat(20)}`;
      const shown = `${"y".repeat(50)} ${secret}`;
      const table = `<table><tr><th scope="col">Name</th><th scope="col">State</th></tr><tr><th scope="row">A</th><td>${shown}</td></tr></table>`;
      const later = html(`${table}<label for="t">Note</label><input id="t" value="${shown}">`);
      const pages = { "GET /start": form, "POST /save": later };
      const words = { on: labelOf("cell", "On") };
      const reads: Act[] = [
        { act: "read", ask: "a", column: labelOf("columnheader", "State"), row: "A", words },
        { act: "read", ask: "a", field: labelOf("textbox", "Note"), words },
      ];
      for (const read of reads) {
        const { page } = await openMember(member, { browser, context: context!, pages });
        const results: ScreenResult[] = [{ result: "done", means: "it is done", asks: [{ name: "a", label: "A" }] }];
        const screen = { ...screenOf([fill, press, read], results), url: `${browser.origin}/start` };
        const fault = await faultOf(performScreen(page, screen, secretIs(secret)));
        expect(fault.message).toMatch(/^"y{50} \(.* is none of the words that are known for a: "On"$/);
        expect(fault.message).not.toContain("can");
      }
    },
  );

  it.each(each)("is not told as part of an address: %s", async (member, context?: TestContext) => {
    const secret = "canary one";
    const there = { "GET /welcome/canary%20one": "<h1>Welcome</h1>" };
    const answer = { status: 303, headers: { location: "/welcome/canary%20one?s=canary+one" }, body: "" };
    const pages = { "GET /start": form, "POST /save": answer, ...there };
    const { page } = await openMember(member, { browser, context: context!, pages });
    const screen = { ...screenOf([fill, press, press]), url: `${browser.origin}/start` };
    const fault = await faultOf(performScreen(page, screen, secretIs(secret)));
    expect(fault.at).toBe(`${browser.origin}/welcome/(secret)`);
  });

  it("is not told by who could not sign in", async () => {
    const account = { userName: "somebody", password: new Secret("canary") };
    const refused = `<p role="alert">Wrong: canary</p>${signInPage}`;
    const { page } = pageOf({ "GET /start": signInPage, "POST /signin": refused });
    const desk = new SignInDesk(signIn, account, new VirtualClock());
    const options = { ...noSecret, signIn: () => desk.signIn(page) };
    const fault = await faultOf(performScreen(page, screenOf([]), options));
    expect(fault.message).toBe('the console does not let somebody in: it says "Wrong: (secret)"');
  });
});
