import { describe, expect, it } from "vitest";
import { sharedRequired } from "../src/manifest/systems.ts";
import { loadLabels } from "../src/schema-files.ts";
import { pinOfSystem } from "../src/trust.ts";
import { connectors, diagnosticsOf, parse } from "./manifest-fixture.ts";

/** `screens` and `console_session` of a system. */

const types = [...connectors, { name: "momentus", settings: { properties: {}, required: [], credentials: {} } }];
const options = { connectors: types, labels: loadLabels };
const textOf = (line: string): string => `systems:
  momentus:
    url: https://acme.example.net/test
    ${line}
sinks: { local: { type: age, path: secrets/, recipients: [age1qyqszqgpqyqszqgp] } }
`;
const systemOf = (line: string) => parse(textOf(line), options).systems.momentus!;
const said = (line: string) =>
  diagnosticsOf(() => parse(textOf(line), options)).map(
    ({ message, hint, source }) => `${source?.line}:${source?.column} ${message} (${hint})`,
  );

describe("screens", () => {
  it("are words by the key of a label, or ways to what is pressed", () => {
    expect(systemOf('screens: { add: "New", apiUsers: "Security > API Users" }').screens).toEqual({
      add: "New",
      apiUsers: "Security > API Users",
    });
    expect(systemOf("screens: {}")).not.toHaveProperty("screens");
    expect(sharedRequired).not.toContain("screens");
  });

  it.each([
    ['screens: { ad: "New" }', '4:16 unknown attribute "ad" on screens of the system momentus (did you mean "add"?)'],
    ["screens: { add: 7 }", "4:21 screens.add must be text, not a whole number (put it in quotes)"],
    ['screens: { add: "" }', "4:21 screens.add is blank (give it a value, or leave it out)"],
    ["screens: New", "4:14 screens must be a map, not text"],
    [
      'screens: { organization: "More > Company" }',
      '4:30 screens.organization is a path, and "Organization" is a combobox (write the words of the combobox alone; a path leads to links, buttons, tabs and items of menus)',
    ],
    ['screens: { add: " > New" }', "4:21 screens.add has a blank part (write it as: Menu > Words)"],
    [
      "screens: { retire: Internal }",
      '4:24 screens.retire is what "Internal" (internal) has too, another checkbox (give each its own words)',
    ],
    [
      "screens: { retire: Off, internal: Off }",
      '4:24 screens.retire is what "Internal" (internal) has too, another checkbox (give each its own words)',
    ],
    [
      "screens: { ok: Save, save: Save }",
      '4:20 screens.ok is what "Save" (promptSave) has too, another button (give each its own words; where both read so, each on its own page, add promptSave: "Save")',
    ],
    ["console_session: local", "4:22 console_session: "],
    ["console_session: lokal:session", '4:22 no sink "lokal" is declared (did you mean "local"?)'],
  ])("that are wrong are told at their place: %s", (line, message) => {
    expect(said(line).join("\n")).toContain(message);
  });

  it("are told all at once, whatever is wrong with some of them, and only what stands under no label is hidden", () => {
    const line = 'screens: { ad: "New", ok: " > Save", retire: Internal, name: 5 }';
    const found = diagnosticsOf(() => parse(textOf(line), options));
    expect(found.map(({ message }) => message).sort()).toEqual([
      "screens.name must be text, not a whole number",
      "screens.ok has a blank part",
      expect.stringContaining("screens.retire is what"),
      'unknown attribute "ad" on screens of the system momentus',
    ]);
    const [shown] = new Set(found.map(({ excerpt }) => excerpt?.line));
    expect(shown).toBe('    screens: { ad: (hidden), ok: " > Save", retire: Internal, name: 5 }');
  });

  it.each([
    "screens: { retire: Internal, internal: Retire }",
    "screens: { id: Identifier, promptId: Identifier }",
    "screens: { ok: Save, promptSave: Save, save: Save }",
    'screens: { ok: "More > Save" }',
  ])("may be swapped, and may be alike where they were so or where that is said of each: %s", (line) => {
    expect(said(line)).toEqual([]);
  });

  it("of a system whose console nobody knows are refused by name", () => {
    const text = textOf("").replace("momentus:", "velocloud:").replace("    \n", '    screens: { add: "New" }\n');
    const messages = diagnosticsOf(() => parse(text, { ...options, labels: () => ({}) })).map(({ message }) => message);
    expect(messages).toEqual(['unknown attribute "add" on screens of the system velocloud']);
  });

  it("and the place of a session are part of what is trusted, and of what a plan was made for", () => {
    const [plain, worded, kept] = ["hand: person", 'screens: { add: "New" }', "console_session: local:session"];
    const pins = [plain, worded, kept].map((line) => JSON.stringify(pinOfSystem(systemOf(line!))));
    const digests = [plain, worded, kept].map((line) => parse(textOf(line!), options).digest);
    for (const all of [pins, digests]) expect(new Set(all).size).toBe(3);
    expect(pins[0]).not.toMatch(/screens|session/);
  });

  it("share no place with another secret", () => {
    const other = `${textOf("console_session: local:same")}resources:
  velocloud_admin_user:
    ci: { username: ci@acme.example, role: Enterprise Support, system: velocloud, password: { generate: true, deliver_to: local:same } }
`.replace("sinks:", "  velocloud: { url: https://vco.example.net }\nsinks:");
    const messages = diagnosticsOf(() => parse(other, options)).map(({ message, hint }) => `${message}: ${hint}`);
    expect(messages).toEqual([
      expect.stringContaining("another secret is delivered to local:same too: the first is velocloud_admin_user.ci at"),
    ]);
  });
});
