import { expect, it, type TestContext } from "vitest";
import { performScreen } from "../src/hands/perform.ts";
import type { Act, Label, ScreenResult } from "../src/screen.ts";
import { faultOf, html, labelOf, members, noSecret, openMember, screenOf } from "./console-pages.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** Fields of the same words in several parts of a page: the part that a label names decides. */

const browser = new TestBrowser();
const each = members.map((member) => [member] as const);
const box = (name: string, isOn: boolean): string =>
  `<label><input type="checkbox" name="${name}"${isOn ? " checked" : ""}>Inactive</label>`;
const pressed = `<button name="toggled" value="on" role="checkbox" aria-checked="false">Closed</button>`;
const page = html(
  `<form method="post" action="/save"><section aria-label="Details">${box("a", true)}${pressed}</section>` +
    `<section aria-label="Groups">${box("b", false)}<label><input name="t">Closed</label></section><button>Save</button></form>`,
);
const inPart = (label: Label, part: string): Label => ({ ...label, part: labelOf("region", part) });
const inactive = labelOf("checkbox", "Inactive");
const save: Act = { act: "press", button: labelOf("button", "Save") };

it.each(each)(
  "a field of the same words is filled in, and read, in its own part: %s",
  async (member, context?: TestContext) => {
    const bodies: string[] = [];
    const answer = ({ body }: { body: string }) => {
      bodies.push(body);
      return html("<h1>Saved</h1>");
    };
    const { page: opened } = await openMember(member, {
      browser,
      context: context!,
      pages: { "GET /start": page, "POST /save": answer },
    });
    const asks = ["details", "groups"].map((name) => ({ name, label: name, choices: ["on", "off"] }));
    const results: ScreenResult[] = [{ result: "done", means: "it is done", asks }];
    const acts: Act[] = [
      { act: "expect", fields: [{ label: inPart(inactive, "Details"), value: true }] },
      { act: "read", ask: "details", field: inPart(inactive, "Details") },
      { act: "fill", fields: [{ label: inPart(inactive, "Groups"), value: true }] },
      { act: "read", ask: "groups", field: inPart(inactive, "Groups") },
      { act: "fill", fields: [{ label: inPart(inactive, "Details"), value: false }] },
      save,
    ];
    const screen = { ...screenOf(acts, results), url: `${browser.origin}/start` };
    expect((await performScreen(opened, screen, noSecret)).fields).toEqual({ details: "on", groups: "on" });
    expect(bodies.map((body) => [...new URLSearchParams(body).keys()])).toEqual([["b", "t"]]);
    const unsaid = {
      ...screenOf([{ act: "fill", fields: [{ label: inactive, value: true }] }]),
      url: `${browser.origin}/start`,
    };
    expect((await faultOf(performScreen(opened, unsaid, noSecret))).message).toContain("2");
  },
);

it.each(each)(
  "what is not in its part is not there, whatever else has its words: %s",
  async (member, context?: TestContext) => {
    const sent: string[] = [];
    const renamed = html(
      `<form method="post" action="/save"><section aria-label="Details"><label><input type="checkbox" name="a">Disabled</label></section>` +
        `<section aria-label="Groups">${box("b", false)}</section><button>Save</button></form>`,
    );
    const { page: opened } = await openMember(member, {
      browser,
      context: context!,
      pages: {
        "GET /start": renamed,
        "POST /save": ({ body }) => {
          sent.push(body);
          return html("<h1>Saved</h1>");
        },
      },
    });
    const tick = (part: string): Act[] => [
      { act: "fill", fields: [{ label: inPart(inactive, part), value: true }] },
      save,
    ];
    for (const part of ["Details", "Elsewhere"]) {
      const screen = { ...screenOf(tick(part)), url: `${browser.origin}/start` };
      expect(await faultOf(performScreen(opened, screen, noSecret))).toMatchObject({ happened: "no", code: "screen" });
      expect(await opened.has(inPart(inactive, part))).toBe(false);
    }
    expect(sent).toEqual([]);
    expect(await opened.has(inPart(inactive, "Groups"))).toBe(true);
  },
);
