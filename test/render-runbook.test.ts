import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownCharactersMax } from "../src/render/plan-markdown.ts";
import { renderRunbook } from "../src/render/runbook.ts";
import type { Ask } from "../src/screen.ts";
import type { Plan } from "../src/step.ts";
import { outsideOfSpans } from "./render-markdown.ts";
import { hostile, instructionFullOf, instructionOf, peopleInstructions, peoplePlan } from "./render-people.ts";
import { change, plan, step } from "./render-plans.ts";

const markdown = renderRunbook(peoplePlan(), peopleInstructions(), { format: "markdown", file: "plan.json" });
const html = renderRunbook(peoplePlan(), peopleInstructions(), { format: "html", file: "plan.json" });
const serv = "momentus_api_user.moco_serv";

/** The part of a runbook under one heading. */
function partOf(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}`);
  const end = text.indexOf("\n## ", start + 1);
  return start < 0 ? "" : text.slice(start + 1, end < 0 ? undefined : end);
}

/** A plan in which every text from outside is `word`. */
function planFullOf(word: string): Plan {
  const { step: asked } = instructionFullOf(word);
  const loan = { name: word, part: "take" as const };
  return plan({
    environment: word,
    digest: word,
    basis: { manifest: "m", lineage: "l", targets: { [word]: "a" }, version: word },
    changes: [change(`momentus_api_user.${word}`, { because: word })],
    steps: [
      { ...asked, loan },
      step(`momentus_api_user.b/${word}`, { title: word, needs: [asked.id], when: { is: "found", of: asked.id } }),
      step(`momentus_api_user.c/${word}`, {
        title: word,
        system: word,
        always: true,
        loan: { ...loan, part: "return" },
      }),
    ],
  });
}

const tagsOf = (page: string) => page.match(/<[^>]*>/g) ?? [];

describe("a runbook", () => {
  test("begins with what changes, who is needed and how it is followed", () => {
    expect(markdown.slice(0, markdown.indexOf("## Task 1"))).toMatchInlineSnapshot(`
      "# Runbook for environment test

      Plan: 3 to create, 0 to update, 0 to delete. 4 to 6 steps wait for a person.

      - Systems: \`momentus, velocloud\`
      - Plan of: \`2026-11-22 10:00 UTC\`
      - Plan digest: \`3f2a91c0d1e2\`
      - Made by: \`Steward 0.1.0, from state serial 17\`

      ## What changes

      - \`+ momentus_api_user.moco_serv\` create: not known to be on momentus
      - \`+ momentus_app_approval.event_portal\` create, after \`momentus_api_user.moco_serv\`
      - \`+ momentus_app_approval.exhibitor\` create, after \`momentus_api_user.moco_serv\`

      ## Who is needed

      - An Enterprise support user for tasks 1 and 3, at \`https://acme.example.net/test\`
      - Whoever writes to Licensing for tasks 2 and 4
      - A Support User of Momentus Connect for task 5, at \`https://connect.example.net\`
      - Whoever runs Steward: begins, tells what was done, goes on, in the folder of the manifest and its state

      ## How to follow it

      1. Run \`steward apply plan.json\` in the folder of the manifest. Steward does what it can by itself, and ends with exit code 3 when only people are missing.
      2. Do the tasks in order. Tick a step when it is done, or when its condition says that it is not needed.
      3. After each step, tell Steward how it ended, with the command below the step. Steward knows only what it is told; the boxes are for you.
      4. Steward then names what waits next. Where this runbook says Go on, run \`steward apply plan.json\` again.
      5. When a screen shows something else than is written here, stop, and tell Steward that.
      6. A label that is called assumed stands in no document of the vendor, and may read otherwise on your screen.
      7. Never write a secret into this runbook: \`steward do\` shows the secrets that a step needs, and takes those that it gives.

      - [ ] Begin: run \`steward apply plan.json\`. Steward says what waits.

      "
    `);
  });

  test("has tasks in the order of the plan, each with what it waits for", () => {
    const heads = markdown.match(/^## Task [^\n]*\n\n[^\n]*$/gm)?.map((head) => head.replace("\n\n", " | "));
    expect(heads).toMatchInlineSnapshot(`
      [
        "## Task 1: an Enterprise support user | Can begin at once.",
        "## Task 2: whoever writes to Licensing | Waits for task 1 (an Enterprise support user).",
        "## Task 3: an Enterprise support user | Waits for task 2 (whoever writes to Licensing).",
        "## Task 4: whoever writes to Licensing | Waits for task 3 (an Enterprise support user).",
        "## Task 5: a Support User of Momentus Connect | Waits for task 4 (whoever writes to Licensing).",
      ]
    `);
  });

  test("makes one task of the adjacent steps of one role, and signs in once", () => {
    const task = partOf(markdown, "Task 1");
    expect(task.match(/^- \[ \] \*\*1\.\d\*\*/gm)).toEqual(["- [ ] **1.1**", "- [ ] **1.2**"]);
    expect(task.match(/Sign in to/g)).toHaveLength(1);
  });

  test("shows a step with its condition, exact values, what to tell and room for notes", () => {
    expect(partOf(markdown, "Task 3")).toMatchInlineSnapshot(`
      "## Task 3: an Enterprise support user

      Waits for task 2 (whoever writes to Licensing).

      - [ ] **3.1** Create the API user

        on momentus, step \`momentus_api_user.moco_serv/create\`

        > Only if step 1.1 was answered: it is not in the list.

        1. Sign in to \`https://acme.example.net/test\` as an Enterprise support user.
        2. Go to \`Main Menu\` › \`API Users\` › \`Add\`.
        3. Fill in

           \`\`\`text
           Display Name             Momentus Connect
           ID                       MOCO-SERV
           Description              Internal Momentus Connect API User
           Internal                 ☑
           License Special Access   ☑
           Enforce Access Privileges, Allow Proxy User, Retire   ☐
           \`\`\`
        4. Organization: choose any organization.
        5. Press \`OK\`. The page now shows the Secret, and one Key under Keys.

        **When it is done:** You say how it ended: it is created · it was there already · it cannot be done. It asks for Secret and Key without echo.

        \`\`\`text
        steward do --env test momentus_api_user.moco_serv/create
        \`\`\`

        Done by: ________ · Date and time: ________ · Result and remarks (never a secret): ________

      - [ ] Go on: run \`steward apply plan.json\`. Steward does by itself:
        - Prove that its key works (\`momentus_api_user.moco_serv\`).
      "
    `);
  });

  test("says of a loan where it goes back, and lists it again at the end", () => {
    expect(partOf(markdown, "Task 2")).toContain(
      "> Only if step 1.1 showed that the license is missing.\n  >\n  > Borrows Basic API on momentus. Step 4.1 gives it back.",
    );
    expect(partOf(markdown, "Given back")).toMatchInlineSnapshot(`
      "## Given back at the end, whatever happened

      - [ ] Ask Licensing to remove the module (step 4.1). Only if step 2.1 was carried out: what it borrowed goes back. Also when something before it failed. Gives Basic API on momentus back.
      "
    `);
  });

  test("says what decides a branch in general where no screen has words for it", () => {
    const when = (is: "absent" | "found" | "unrequested") => ({ hand: "person" as const, when: { is, of: "a.a/ask" } });
    const steps = [
      step("a.a/ask", { asks: true, title: "look" }),
      step("a.a/one", when("absent")),
      step("a.a/two", when("found")),
      step("a.a/three", when("unrequested")),
    ];
    const text = renderRunbook(plan({ steps }), [], { format: "markdown" });
    expect(text.match(/Only if .*/g)).toEqual([
      "Only if “look” showed that it is not there.",
      "Only if “look” showed that it is there already.",
      "Only if “look” showed that it is not requested yet.",
    ]);
  });

  test("has the commands for whoever has no terminal at its end", () => {
    const part = partOf(markdown, "Telling Steward");
    for (const { step: one, screen } of peopleInstructions()) {
      for (const { result } of screen.results) {
        expect(part).toContain(`\`steward confirm --env test ${one.id} --result ${result}`);
      }
    }
  });

  test("names what another one cannot know: the plan file, or the command that plans anew", () => {
    const without = renderRunbook(peoplePlan(), peopleInstructions(), { format: "markdown" });
    expect(markdown).toContain("- [ ] Begin: run `steward apply plan.json`.");
    expect(without).toContain("- [ ] Begin: run `steward apply --env test`.");
    const destroy = { ...peoplePlan(), scope: { destroy: true } };
    expect(renderRunbook(destroy, [], { format: "markdown" })).toContain("run `steward destroy --env test`");
  });

  test("without a screen says that Steward shows the step when its time comes", () => {
    const [first] = peoplePlan().steps;
    const text = renderRunbook(plan({ steps: [first!] }), [], { format: "markdown" });
    expect(text).toContain("## Task 1: a person");
    expect(text).toContain("1. Steward shows what to do when its time comes: run the command below.");
    expect(text).toContain(`steward do --env test ${serv}/observe`);
  });

  test("parts the steps of one role when Steward has to do something in between", () => {
    const { screen } = instructionOf(`${serv}/observe`);
    const steps = [
      step("a.a/one", { hand: "person" }),
      step("a.a/two", { needs: ["a.a/one"] }),
      step("a.a/three", { hand: "person", needs: ["a.a/two"] }),
      step("b.b/other", { hand: "person" }),
      step("c.c/alone"),
    ];
    const people = steps.filter(({ hand }) => hand === "person").map((one) => ({ step: one, screen }));
    const text = renderRunbook(plan({ steps }), people, { format: "markdown" });
    expect(text.match(/^## Task.*|^- \[ \] (?:\*\*|Begin|Go).*|^ {2}- .*\(`.*/gm)).toMatchInlineSnapshot(`
      [
        "- [ ] Begin: run \`steward apply --env test\`. Steward does by itself:",
        "  - Alone (\`c.c\`).",
        "## Task 1: an Enterprise support user",
        "- [ ] **1.1** One",
        "- [ ] Go on: run \`steward apply --env test --resume RUN\`. Steward does by itself:",
        "  - Two (\`a.a\`).",
        "## Task 2: an Enterprise support user",
        "- [ ] **2.1** Three",
        "- [ ] **2.2** Other",
        "- [ ] Go on: run \`steward apply --env test --resume RUN\`. At the end it says: Apply complete.",
      ]
    `);
  });

  test("counts what Steward does by itself where it is much", () => {
    const steps = Array.from({ length: 500 }, (_, index) => step(`velocloud_role.r${index}/create`));
    const text = renderRunbook(plan({ steps }), [], { format: "markdown" });
    expect(text).toContain("- … and 480 more steps");
    expect(text.length).toBeLessThan(markdownCharactersMax);
  });

  test("never holds a secret, only where it is shown", () => {
    for (const text of [markdown, html]) {
      expect(text).toContain("(secret; steward do --env test momentus_app_approval.event_portal/approve shows it)");
      expect(text).not.toContain("local:momentus");
    }
  });

  test("as markdown keeps whatever could format or link inside code", () => {
    const text = renderRunbook(planFullOf(hostile), [instructionFullOf(hostile)], {
      format: "markdown",
      file: hostile,
    });
    const outside = outsideOfSpans(text).replace(/^(?: {2})?(#+|- \[ \]|>)( |$)/gm, "");
    for (const sign of ["@", "#", "[", "<", ">", "&", "http", "www", "~", "\u202e", "\u001b", "\r", "$"]) {
      expect(outside).not.toContain(sign);
    }
  });

  test("as markdown is measured by a scan that sees a leak", () => {
    expect(outsideOfSpans("`a` @maintainer, `b`")).toContain("@maintainer");
    expect(outsideOfSpans("for `a` [b](c)")).toContain("[b](c)");
  });

  test("as markdown is the same around any signs", () => {
    const around = (word: string) =>
      outsideOfSpans(renderRunbook(planFullOf(word), [instructionFullOf(word)], { format: "markdown", file: word }));
    const unit = fc.constantFrom(..."`|<>&\n\r\\@~#*_[](-)!:. \tab1\u202e\u2028\u001b", "```", "\n```\n", "-->", "1. ");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 24 }), (units) => {
        expect(around(`@${units.join("")}@`)).toBe(around("@"));
      }),
      { numRuns: 300 },
    );
  });

  test("says what standard input holds, and what may be left out as words that can be pasted", () => {
    expect(markdown).toContain(
      "--result done --secret secret --secret key`  \n  standard input: Secret and Key, one a line  \n  Secret: 36 characters\n",
    );
    const { step: create, screen } = instructionOf(`${serv}/create`);
    const asks: Ask[] = [{ name: "note", label: "Note", optional: true, choices: ["yes", "no"] }];
    const results = [{ result: "done" as const, means: "it is created", asks }];
    const text = renderRunbook(plan({ steps: [create] }), [{ step: create, screen: { ...screen, results } }], {
      format: "markdown",
    });
    expect(text).toContain("--result done`  \n  may be added: `--field 'note=<yes|no>'`\n");
  });
});

describe("a runbook as a page", () => {
  test("is one file that loads nothing and runs nothing", () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;`);
    expect(html).not.toMatch(/<(script|link|img|iframe|object|form)\b|\bsrc=|\burl\(|@import| on[a-z]+=/i);
    expect(html.match(/href="[^"]*"/g)).toEqual([
      'href="https://acme.example.net/test"',
      'href="https://connect.example.net"',
      'href="https://acme.example.net/test"',
      'href="https://acme.example.net/test"',
      'href="https://connect.example.net"',
    ]);
  });

  test("has a box to tick for each step, what is given back, and each start of Steward that is of use", () => {
    const steps = peopleInstructions().length;
    expect(html.match(/<article class="step">\n<h3><label><input type="checkbox">/g)).toHaveLength(steps);
    expect(html.match(/<input type="checkbox">/g)).toHaveLength(steps + 1 + 3);
    expect(html).toMatch(/@media print/);
  });

  test("gives each check box of a form its own row, in words too", () => {
    expect(html).toContain('<tr><th scope="row">Internal</th><td><span class="box">☑</span> checked</td></tr>');
    expect(html).toContain('<tr><th scope="row">Retire</th><td><span class="box">☐</span> not checked</td></tr>');
  });

  test("closes every element that it opens, in order", () => {
    const open: string[] = [];
    for (const tag of tagsOf(html)) {
      const name = /^<\/?([a-z0-9!]+)/.exec(tag)?.[1] ?? "";
      if (["!doctype", "meta", "input", "br"].includes(name)) continue;
      if (tag.startsWith("</")) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("has the same elements whatever the words are", () => {
    const page = (word: string) => {
      const text = renderRunbook(planFullOf(word), [instructionFullOf(word)], { format: "html", file: word });
      // The one thing that depends on a value: how to read it when it stands in quotes.
      return tagsOf(text.replace(/ <span class="hint">\(without the outer quotes[^<]*<\/span>/g, ""));
    };
    expect(page(hostile)).toEqual(page("x"));
    const unit = fc.constantFrom(..."<>&\"'`/= -!\n\u202e\u0000", "</style>", "<!--", "]]>", "</li>");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 24 }), (units) => {
        expect(page(`x${units.join("")}x`)).toEqual(page("x"));
      }),
      { numRuns: 200 },
    );
  });

  test("links no address but one of the web", () => {
    const { step: one, screen } = instructionOf(`${serv}/create`);
    const pageOf = (url: string) => {
      return renderRunbook(plan({ steps: [one] }), [{ step: one, screen: { ...screen, url } }], { format: "html" });
    };
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "//evil.example",
      "http:\\\\evil.example",
      " https://a",
    ]) {
      expect(pageOf(url)).not.toContain("href=");
    }
    expect(pageOf('https://a.example/"onclick=x')).toContain('href="https://a.example/&#34;onclick=x"');
  });
});
