import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confirmCommand, doCommand } from "../src/render/command-line.ts";
import { shellWord } from "../src/render/hints.ts";
import { renderInstruction } from "../src/render/instruction.ts";
import type { Instruction } from "../src/render/instruction-view.ts";
import { colorStyle } from "../src/render/style.ts";
import type { Act, Ask, ScreenField } from "../src/screen.ts";
import { hostile, instructionFullOf, instructionOf, label } from "./render-people.ts";

const test1 = { environment: "test", env: "test" };
const only = { environment: "default" };
const createServ = "momentus_api_user.moco_serv/create";

/** An instruction with nothing but these acts. */
function acting(...acts: Act[]): Instruction {
  const { step } = instructionOf(createServ);
  return { step, screen: { role: "an Enterprise support user", acts, results: [] } };
}

const bodyOf = (...acts: Act[]) =>
  renderInstruction(acting(...acts), only)
    .split("\n\n")
    .slice(1)
    .join("\n\n");
const filled = (...fields: ScreenField[]) => bodyOf({ act: "fill", fields });

describe("an instruction on a terminal", () => {
  test("reads like the picture: where, as whom, what exactly, what shows then, and the commands", () => {
    expect(renderInstruction(instructionOf(createServ), test1)).toMatchInlineSnapshot(`
      "Waiting for a person · step momentus_api_user.moco_serv/create · momentus (test)
        Create the API user · for an Enterprise support user

        1. Sign in to https://acme.example.net/test as an Enterprise support user.
        2. Go to Main Menu › API Users › Add.
        3. Fill in
              Display Name             Momentus Connect
              ID                       MOCO-SERV
              Description              Internal Momentus Connect API User
              Internal                 ☑
              License Special Access   ☑
              Enforce Access Privileges, Allow Proxy User, Retire   ☐
        4. Organization: choose any organization.
        5. Press OK. The page now shows the Secret, and one Key under Keys.

        When it is done:  steward do --env test momentus_api_user.moco_serv/create     (asks for Secret and Key without echo)

        Or without a terminal, one of these:
          it is created          steward confirm --env test momentus_api_user.moco_serv/create --result done --secret secret --secret key
                                 standard input: Secret and Key, one a line
                                 Secret: 36 characters
          it was there already   steward confirm --env test momentus_api_user.moco_serv/create --result found
          it cannot be done      steward confirm --env test momentus_api_user.moco_serv/create --result failed
      "
    `);
  });

  test("for an app names the look before, the window and its secrets without their values", () => {
    const text = renderInstruction(instructionOf("momentus_app_approval.event_portal/approve"), only);
    expect(text).toMatchInlineSnapshot(`
      "Waiting for a person · step momentus_app_approval.event_portal/approve · momentus (default)
        Approve Event Portal · for a Support User of Momentus Connect

        1. Sign in to https://connect.example.net as a Support User of Momentus Connect.
        2. Search for Acme Events in the field Search.
        3. Open Acme Events in the list.
        4. Go to Customer Dashboard › tab Apps.
        5. Fill in
              Tenant   acme-test
        6. Press Show.
        7. Change nothing yet. Stop if you see other than
              Status   Requested
        8. In the row Event Portal, press Approve.
        9. If a window Momentus Connect API User comes up: fill in
              ID       MOCO-SERV
              Secret   (secret; steward do momentus_app_approval.event_portal/approve shows it)
              Key      (secret; steward do momentus_app_approval.event_portal/approve shows it)
           and press Save. If none comes up, go on. The app now stands in the group Approved.

        Labels assumed, may read otherwise: Search, Tenant, Show
        Labels assumed, may read otherwise in the window Momentus Connect API User: ID, Secret, Key, Save

        When it is done:  steward do momentus_app_approval.event_portal/approve

        Or without a terminal, one of these:
          it is approved             steward confirm momentus_app_approval.event_portal/approve --result done
          the app is not requested   steward confirm momentus_app_approval.event_portal/approve --result not-done
          it cannot be done          steward confirm momentus_app_approval.event_portal/approve --result failed
      "
    `);
  });

  test("for a question says what each answer is told with", () => {
    expect(renderInstruction(instructionOf("momentus_api_user.moco_serv/observe"), only)).toMatchInlineSnapshot(`
      "Waiting for a person · step momentus_api_user.moco_serv/observe · momentus (default)
        Is there a MOCO-SERV? · for an Enterprise support user

        1. Sign in to https://acme.example.net/test as an Enterprise support user.
        2. Go to Main Menu › API Users.
        3. Search for MOCO-SERV in the field Search.
        4. A search without support rights does not show internal users, and proves nothing.

        Label assumed, may read otherwise: Search

        When you know:  steward do momentus_api_user.moco_serv/observe     (asks for API licensed)

        Or without a terminal, one of these:
          it is in the list       steward confirm momentus_api_user.moco_serv/observe --result found
          it is not in the list   steward confirm momentus_api_user.moco_serv/observe --result absent --field 'licensed=<on|off>'
          the page is not shown   steward confirm momentus_api_user.moco_serv/observe --result cannot-see
      "
    `);
  });

  test("without a console signs in nowhere, and without results tells nothing", () => {
    expect(renderInstruction(acting({ act: "note", text: "send the message" }), only)).toMatchInlineSnapshot(`
      "Waiting for a person · step momentus_api_user.moco_serv/create · momentus (default)
        Create the API user · for an Enterprise support user

        1. Send the message.
      "
    `);
  });

  test("joins paths and the button at their end, and says what an act shows with the act", () => {
    const text = bodyOf(
      { act: "go", path: [label("mainMenu")] },
      { act: "go", path: [label("apiUsers"), label("keys")] },
      { act: "press", button: label("add") },
      { act: "press", button: label("ok") },
      { act: "shows", labels: [label("keys"), label("secret")], text: "" },
      { act: "press", button: label("disable"), row: "Event Portal", menu: label("moreOptions") },
      { act: "fill", fields: [{ label: label("id"), value: "A" }] },
      { act: "shows", labels: [], text: "it is kept" },
      { act: "shows", labels: [], text: "" },
      { act: "open", row: "A" },
      { act: "shows", labels: [label("customerDashboard")], text: "the page of the customer" },
      { act: "open", row: "B" },
      { act: "shows", labels: [label("approved")], text: "Event Portal stands there." },
    );
    expect(text).toMatchInlineSnapshot(`
      "  1. Go to Main Menu › API Users › tab Keys › Add.
        2. Press OK. You see Keys, Secret.
        3. In the row Event Portal, press More options and choose Disable.
        4. Fill in
              ID   A
        5. You see: it is kept.
        6. Open A in the list. You see: the page of the customer (Customer Dashboard).
        7. Open B in the list. Event Portal stands there (Approved).

        Label assumed, may read otherwise: More options
      "
    `);
  });

  test("says once what several answers have to look like, and what may be left out", () => {
    const { step, screen } = instructionOf(createServ);
    const pattern = { matches: "^.{36}$", says: "a GUID" };
    const asks: Ask[] = [
      { name: "user", label: "User", optional: true },
      { name: "secret", label: "Secret", secret: true, pattern },
      { name: "key", label: "Key", secret: true, pattern },
    ];
    const results = [{ result: "done" as const, means: "it is created", asks }];
    const text = renderInstruction({ step, screen: { ...screen, acts: [], results } }, only);
    expect(text.split("\n\n").slice(2).join("\n\n")).toMatchInlineSnapshot(`
      "  When it is done:  steward do momentus_api_user.moco_serv/create     (asks for User (optional), and for Secret and Key without echo)

        Or without a terminal, one of these:
          it is created   steward confirm momentus_api_user.moco_serv/create --result done --secret secret --secret key
                          standard input: Secret and Key, one a line
                          Secret and Key: a GUID
                          may be added: --field 'user=<User>'
      "
    `);
  });

  test("a value that cannot be read as it is stands in quotes, and says so", () => {
    const value = (text: string): ScreenField => ({ label: label("id"), value: text });
    expect(
      filled(value(" a"), value("a  b"), value('"a"'), value("(empty)"), value("a\nb"), value("\u202ea"), value("")),
    ).toMatchInlineSnapshot(`
      "  1. Fill in
              ID   " a"   (without the outer quotes)
              ID   "a  b"   (without the outer quotes)
              ID   ""a""   (without the outer quotes)
              ID   "(empty)"   (without the outer quotes)
              ID   "a\\nb"   (without the outer quotes; \\n is a line break, \\u… a character that does not show)
              ID   "\\u202ea"   (without the outer quotes; \\n is a line break, \\u… a character that does not show)
              ID   (empty)
      "
    `);
  });

  test("a value that is too long to type says where it stands whole", () => {
    const text = filled({ label: label("description"), value: "d".repeat(5_000) });
    expect(text).toContain(
      `${"d".repeat(1_000)}… (5000 characters)   (cut here: the whole text stands in the manifest)`,
    );
    expect(text.length).toBeLessThan(1_200);
  });

  test("aligns values under wide labels, and boxes that stay clear are one line at the end", () => {
    const wide = { ...label("id"), text: "日本語" };
    const text = filled(
      { label: label("retire"), value: false },
      { label: wide, value: "値" },
      { label: label("id"), value: "A" },
      { label: label("internal"), value: false },
      { label: label("allowProxyUser"), value: true },
    );
    expect(text).toMatchInlineSnapshot(`
      "  1. Fill in
              日本語             値
              ID                 A
              Allow Proxy User   ☑
              Retire, Internal   ☐
      "
    `);
  });

  test("numbers stay aligned beyond nine items", () => {
    const acts = Array.from({ length: 10 }, (): Act => ({ act: "open", row: "A" }));
    const lines = bodyOf(...acts, { act: "fill", fields: [{ label: label("id"), value: "A" }] }).split("\n");
    expect(lines[0]).toBe("   1. Open A in the list.");
    expect(lines[9]).toBe("  10. Open A in the list.");
    expect(lines[11]).toBe("         ID   A");
  });

  test("lists assumed labels once, and those of a window by its name", () => {
    const search: Act = { act: "search", field: label("search"), text: "A" };
    const prompt: Act = { act: "prompt", heading: label("connectApiUser"), fields: [], button: label("promptSave") };
    expect(bodyOf(search, search, prompt).split("\n\n")[1]?.trimEnd()).toBe(
      "  Label assumed, may read otherwise: Search\n" +
        "  Label assumed, may read otherwise in the window Momentus Connect API User: Save",
    );
    expect(bodyOf({ act: "press", button: label("ok") })).not.toContain("assumed");
  });

  test("lets nothing from outside move the cursor, turn a line or begin one", () => {
    const text = renderInstruction(instructionFullOf(hostile), test1);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toMatch(/^\s*(# Approved|```|~~~)/m);
    expect(text.split("\n")).toHaveLength(renderInstruction(instructionFullOf("x"), test1).split("\n").length);
  });

  test("color changes nothing but the color", () => {
    const one = instructionOf("momentus_app_approval.event_portal/approve");
    const colored = renderInstruction(one, { ...test1, style: colorStyle });
    expect(colored).toContain("\u001b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is taken out
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(renderInstruction(one, test1));
  });
});

describe("a command that can be pasted", () => {
  const asks: Ask[] = [
    { name: "organization", label: "Organization" },
    { name: "internal", label: "Internal", choices: ["on", "off"] },
    { name: "note", label: "Note", optional: true },
    { name: "secret", label: "Secret", secret: true },
    { name: "key", label: "Key", secret: true },
  ];

  test("names every field and secret that is needed, and the environment where there are several", () => {
    expect(confirmCommand("a.b/create", { result: "done", means: "", asks }, { env: "test" })).toBe(
      "steward confirm --env test a.b/create --result done --field 'organization=<Organization>' --field 'internal=<on|off>' --secret secret --secret key",
    );
    expect(confirmCommand("a.b/ask", { result: "cannot-see", means: "", asks: [] }, {})).toBe(
      "steward confirm a.b/ask --result cannot-see",
    );
    expect(doCommand("a.b/revoke:3", { env: "prod" })).toBe("steward do --env prod a.b/revoke:3");
  });

  test("is one command whatever the name of a step is", () => {
    expect(doCommand("a.b/x; reboot", {})).toBe("steward do 'a.b/x; reboot'");
    expect(shellWord("it's $(reboot)")).toBe("'it'\\''s $(reboot)'");
    expect(shellWord("a\nb")).toBe("'a\\nb'");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const word = shellWord(text);
        expect(word).toMatch(/^(?:[\w%+=:,./@-]+|'(?:[^'\n]|'\\'')*')$/);
      }),
    );
  });
});
