import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeSpan, fence } from "../src/render/markup.ts";
import { markdownCharactersMax, renderPlanMarkdown } from "../src/render/plan-markdown.ts";
import { peoplePlan, peopleRoles } from "./render-people.ts";
import { change, plan, richPlan, step } from "./render-plans.ts";

const hostile =
  "`|</code></details>\n```\n~~~\n# Approved @maintainer [x](http://evil.example) <img src=x> www.evil.example\r\u202e\u001b[2K";

/** What is left of markdown when code spans, fences and the tags that we write are taken out. */
function outsideOfCode(markdown: string): string {
  return markdown
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "")
    .replace(/<code>[^<]*<\/code>/g, "")
    .replace(/<\/?(details|summary)>/g, "")
    .replace(/`[^`\n]+`/g, "");
}

describe("a plan as markdown", () => {
  test("is a summary table with collapsible details", () => {
    const { changes, steps } = richPlan();
    const short = plan({ changes: changes.slice(2), steps: steps.slice(4) });
    expect(renderPlanMarkdown(short, { file: "plan.json" })).toMatchInlineSnapshot(`
      "### Steward: Plan: 0 to create, 1 to update, 1 to rotate, 0 to delete.

      \`Steward 0.1.0\` · \`environment test\` · \`2 systems, 4 resources declared\` · \`state serial 17\`

      | | Resource | What |
      |---|---|---|
      | \`~\` | \`velocloud_admin_user.ci\` | \`update in place\` |
      | \`⟳\` | \`velocloud_api_token.ci\` | \`rotate: expires in 9 days (rotate_before 14d)\` |

      <details><summary>~ <code>velocloud_admin_user.ci</code> <code>update in place</code></summary>

      \`\`\`text
        ~ velocloud_admin_user.ci  update in place
            role  "Enterprise Support" → "Enterprise Standard Admin"   privilege gained
      \`\`\`

      </details>

      <details><summary>⟳ <code>velocloud_api_token.ci</code> <code>rotate: expires in 9 days (rotate_before 14d)</code></summary>

      \`\`\`text
        ⟳ velocloud_api_token.ci  rotate: expires in 9 days (rotate_before 14d)
            1  issue the next generation (2)         api
            2  download it as ci@acme.example, once  api     → local:velocloud/ci-token
            3  prove that it works                   api
            4  revoke the former token               api
      \`\`\`

      </details>

      \`\`\`text
      About 5 calls. Nothing was changed. Apply it with:  steward apply plan.json
      \`\`\`
      "
    `);
  });

  test("shows branches, loans and roles like the text", () => {
    const markdown = renderPlanMarkdown(peoplePlan(), { roles: peopleRoles() });
    expect(markdown).toContain(
      "### Steward: Plan: 3 to create, 0 to update, 0 to delete. 4 to 6 steps wait for a person.",
    );
    expect(markdown).toContain("if unlicensed · borrows Basic API · waits for whoever writes to Licensing\n");
    expect(markdown).toContain("always, if step 3 ran · gives Basic API back");
  });

  test("without changes is short", () => {
    expect(renderPlanMarkdown(plan())).toMatchInlineSnapshot(`
      "### Steward: No changes.

      \`Steward 0.1.0\` · \`environment test\` · \`2 systems, 4 resources declared\` · \`state serial 17\`
      "
    `);
  });

  test("hostile values stay inside code, wherever they stand", () => {
    const markdown = renderPlanMarkdown(
      plan({
        environment: hostile,
        changes: [
          change(`velocloud_role.${hostile}`, {
            action: "update",
            because: hostile,
            system: hostile,
            attributes: [
              {
                path: hostile,
                before: hostile,
                after: `x${hostile}`,
                recorded: hostile,
                conflict: true,
                note: hostile,
              },
            ],
            after: [hostile],
            notes: [hostile],
            held: { because: hostile },
          }),
          change("velocloud_role.b", {}),
        ],
        steps: [step("velocloud_role.b/one", { title: hostile, hand: "person" })],
        notices: [{ address: hostile, message: hostile }],
        consents: { restore: [hostile], replace: [] },
        scope: { destroy: false },
      }),
      { file: hostile },
    );
    const outside = outsideOfCode(markdown);
    for (const word of [
      "Approved",
      "@maintainer",
      "evil",
      "img",
      "```",
      "~~~",
      "</details",
      "\u202e",
      "\u001b",
      "\r",
    ]) {
      expect(outside).not.toContain(word);
    }
    expect(markdown.match(/<details>/g)).toHaveLength(2);
    expect(markdown.match(/^<\/details>$/gm)).toHaveLength(2);
  });

  test("whatever the words are, the markdown around them stays the same", () => {
    const around = (word: string) =>
      outsideOfCode(
        renderPlanMarkdown(
          plan({
            environment: word,
            changes: [
              change(`velocloud_role.${word}`, {
                because: word,
                attributes: [{ path: word, before: word, after: `${word}x`, note: word }],
                notes: [word],
                after: [word],
              }),
            ],
            steps: [step("velocloud_role.x/one", { title: word, hand: "person" })],
            notices: [{ message: word }],
          }),
          { file: word },
        ),
      );
    const unit = fc.constantFrom(
      ..."`|<>&\n\r\\@~#*_[](-)!:. \tab\u202e\u2028\u001b",
      "```",
      "\n```\n",
      "</code>",
      "\\|",
      "-->",
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 24 }), (units) => {
        expect(around(units.join(""))).toBe(around("x"));
      }),
      { numRuns: 300 },
    );
  });

  test("a table row has three cells whatever stands in it", () => {
    const markdown = renderPlanMarkdown(
      plan({ changes: [change("velocloud_role.a", { because: "a \\| b \\\\| c | d `" })] }),
    );
    const row = markdown.split("\n").find((line) => line.includes("velocloud_role.a"))!;
    expect(row.match(/\|/g)).toHaveLength(4);
    expect(row.match(/`/g)).toHaveLength(6);
  });

  test("the scan for text outside of code sees a leak", () => {
    expect(outsideOfCode("`a` @maintainer <code>b</code>")).toContain("@maintainer");
  });

  test("a code span and a fence cannot be closed from inside", () => {
    expect(codeSpan("a`b|c\nd")).toBe("`a\\u0060b\\u007cc\\nd`");
    expect(codeSpan(" ")).toBe("` `");
    expect(fence("x\n`````\ny").startsWith("``````text\n")).toBe(true);
  });

  test("is bounded, says what was cut, and lists removals first", () => {
    const creates = Array.from({ length: 3_000 }, (_, index) => {
      return change(`velocloud_role.r${index}`, { attributes: [{ path: "description", after: "d".repeat(100) }] });
    });
    const markdown = renderPlanMarkdown(
      plan({ changes: [...creates, change("velocloud_role.last", { action: "delete" })] }),
    );
    expect(markdown.length).toBeLessThanOrEqual(markdownCharactersMax);
    expect(markdown.length).toBeGreaterThan(markdownCharactersMax / 2);
    expect(markdown.indexOf("velocloud_role.last")).toBeLessThan(markdown.indexOf("velocloud_role.r0"));
    expect(markdown).toContain("### Steward: Plan: 3000 to create, 0 to update, 1 to delete.");
    expect(markdown).toMatch(/\*\*Cut for room:\*\* \d+ of 3001 changes are not listed/);
    expect(markdown).toMatch(/\*\*Cut for room:\*\* details of \d+ of 3001 changes are not shown/);
  });

  test("one huge change is cut by whole lines", () => {
    const attributes = Array.from({ length: 2_000 }, (_, index) => ({ path: `a${index}`, after: "`".repeat(300) }));
    const markdown = renderPlanMarkdown(plan({ changes: [change("velocloud_role.a", { attributes })] }));
    expect(markdown.length).toBeLessThan(10_000);
    expect(markdown).toMatch(/… \d+ more lines, cut for room/);
  });

  test("stays bounded when everything is long at once", () => {
    const long = "\u202e".repeat(50_000);
    const changes = Array.from({ length: 40 }, (_, index) => {
      return change(`velocloud_role.${index}${long}`, {
        because: long,
        notes: [long],
        attributes: [{ path: long, after: long }],
      });
    });
    const notices = Array.from({ length: 40 }, () => ({ message: long }));
    const markdown = renderPlanMarkdown(plan({ environment: long, changes, notices }), { file: long });
    expect(markdown.length).toBeLessThanOrEqual(markdownCharactersMax);
  });
});
