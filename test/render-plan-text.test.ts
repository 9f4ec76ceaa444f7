import { describe, expect, test } from "vitest";
import { renderPlanText } from "../src/render/plan-text.ts";
import { colorStyle } from "../src/render/style.ts";
import type { AttributeChange, Predicate } from "../src/step.ts";
import { peoplePlan, peopleRoles } from "./render-people.ts";
import { change, plan, richPlan, step } from "./render-plans.ts";

/** Name, condition and the step that decides it. */
type StepSketch = [name: string, is?: Predicate, of?: string];

const bodyOf = (text: string) => text.split("\n\n").slice(1, -1).join("\n\n");
const updateOf = (...attributes: AttributeChange[]) =>
  bodyOf(renderPlanText(plan({ changes: [change("velocloud_role.ops", { action: "update", attributes })] })));

describe("a plan as text", () => {
  test("says once why a change is held", () => {
    const because = "it is gone from velocloud: somebody removed it";
    const held = change("velocloud_role.ops", { action: "create", because, held: { because } });
    expect(renderPlanText(plan({ changes: [held] })).match(/somebody removed it/g)).toHaveLength(1);
  });

  test("names its file so that a shell takes it for one word, and adds nothing that the file knows", () => {
    const consented = plan({ ...richPlan(), consents: { allowDeletions: 1, restore: [], replace: [] } });
    expect(renderPlanText(consented, { file: "my $(reboot) plan", manifest: "a b/" })).toContain(
      "Apply it with:  steward apply --manifest 'a b/' 'my $(reboot) plan'\n",
    );
  });

  test("reads like the picture: changes, attributes, numbered steps, summary and next command", () => {
    expect(renderPlanText(richPlan(), { file: "plan.json" })).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

        + momentus_api_user.moco_serv         create: not found on momentus
            user_id                 "MOCO-SERV"
            license_special_access  true
            secret                  (secret → local:momentus/moco-serv)
            1  ask for the Basic API module by e-mail  person
            2  create the API user                     person  → local:momentus/moco-serv
            3  ask Licensing to remove the module      person  always, after step 1

        + momentus_app_approval.event_portal  create, after momentus_api_user.moco_serv
            connect_user  (known after apply: momentus_api_user.moco_serv.user_id)

        ~ velocloud_admin_user.ci             update in place
            role  "Enterprise Support" → "Enterprise Standard Admin"   privilege gained

        ⟳ velocloud_api_token.ci              rotate: expires in 9 days (rotate_before 14d)
            1  issue the next generation (2)         api
            2  download it as ci@acme.example, once  api     → local:velocloud/ci-token
            3  prove that it works                   api
            4  revoke the former token               api

      Plan: 2 to create, 1 to update, 1 to rotate, 0 to delete. 3 steps wait for a person.
      About 6 calls. Nothing was changed. Apply it with:  steward apply plan.json
      "
    `);
  });

  test("without changes says so and names no next command", () => {
    expect(
      renderPlanText(plan({ changes: [change("velocloud_role.ops", { action: "none" })] })),
    ).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

      No changes.
      "
    `);
  });

  test("with only held and blocked changes says No changes and how many are held", () => {
    const text = renderPlanText(
      plan({
        changes: [
          change("velocloud_admin_user.ann", { held: { because: "it vanished from velocloud" } }),
          change("velocloud_api_token.ann", { blocked: { because: "run 7 has reserved it" } }),
        ],
      }),
    );
    expect(text).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

        ⏸ velocloud_admin_user.ann  create, held: it vanished from velocloud
            Nothing is done about it before:  steward plan --env test --restore velocloud_admin_user.ann

        ⏸ velocloud_api_token.ann   create, left out: run 7 has reserved it

      No changes; 1 held, 1 left out.
      "
    `);
  });

  test("without a file tells how to keep the plan, in its environment", () => {
    const text = renderPlanText(
      plan({ changes: [change("velocloud_role.ops", {})], steps: [step("velocloud_role.ops/create")] }),
    );
    expect(text).toContain(
      "About 1 call. Nothing was changed. To keep and apply it:  steward plan --env test --out plan.json",
    );
  });

  test("every action has its own symbol", () => {
    const actions = ["create", "adopt", "update", "replace", "rotate", "move", "revive", "delete", "forget"] as const;
    const text = renderPlanText(
      plan({ changes: actions.map((action) => change(`velocloud_role.${action}`, { action })) }),
    );
    expect(text).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

        + velocloud_role.create   create
        ⊕ velocloud_role.adopt    adopt
        ~ velocloud_role.update   update in place
        ± velocloud_role.replace  replace
        ⟳ velocloud_role.rotate   rotate
        → velocloud_role.move     move
        ↺ velocloud_role.revive   revive
        - velocloud_role.delete   delete
        ∅ velocloud_role.forget   forget (stays on the system)

      Plan: 1 to create, 1 to adopt, 1 to update, 1 to rotate, 1 to replace, 1 to move, 1 to revive, 1 to delete, 1 to forget.
      Nothing was changed. To keep and apply it:  steward plan --env test --out plan.json
      "
    `);
  });

  test("conflict shows desired, recorded and actual, drift what it was and will be", () => {
    const text = updateOf(
      { path: "description", before: "by hand", after: "ours", recorded: "ours", drift: true },
      { path: "name", before: "theirs", after: "new", recorded: "old", conflict: true },
    );
    expect(text).toMatchInlineSnapshot(`
      "  ~ velocloud_role.ops  update in place
            description  "by hand" → "ours"   drift, changed outside Steward
            name         "theirs" → "new"   conflict: desired "new", recorded "old", actual "theirs""
    `);
  });

  test("a list shows the entries that come and go", () => {
    const text = updateOf({
      path: "privileges",
      before: ["a", "b", "c"],
      after: ["a", "c", "d"],
      recorded: ["a", "b", "c"],
    });
    expect(text).toContain('privileges  + ["d"]  - ["b"]');
    expect(text).not.toContain("3 → 3");
  });

  test("values that differ only where they are cut do not look equal", () => {
    const list = Array.from({ length: 20 }, (_, index) => ({ n: index }));
    const text = updateOf({ path: "rules", before: list, after: [...list.slice(0, 19), { n: 99 }] });
    expect(text).toContain("→ (differs beyond what is shown)");
  });

  test("an attribute that left the manifest is no longer managed", () => {
    expect(updateOf({ path: "phone", before: "1", unmanaged: true })).toContain(
      'phone  "1"   no longer managed, stays as it is',
    );
  });

  test("a reference that is not known yet names what makes it known", () => {
    const ref = { $ref: { address: "velocloud_role.x", attribute: "id" } };
    const text = updateOf({ path: "role_id", after: ref }, { path: "title", after: { $template: ["role ", ref] } });
    expect(text).toContain("role_id  (known after apply: velocloud_role.x.id)");
    expect(text).toContain('title    "role " + (known after apply: velocloud_role.x.id)');
  });

  test("a secret is shown by where it goes or comes from, even when a value stands beside it", () => {
    const text = updateOf(
      {
        path: "password",
        secret: true,
        before: "hunter2-before",
        after: "hunter2-after",
        recorded: "hunter2-old",
        drift: true,
      },
      { path: "key", secret: true, after: { $secret: { from: "sink", name: "local:key" } } },
      { path: "pin", after: { $secret: { from: "env", name: "PIN" } } },
    );
    expect(text).not.toContain("hunter2");
    expect(text).toMatchInlineSnapshot(`
      "  ~ velocloud_role.ops  update in place
            password  (secret)   changed outside Steward
            key       (secret ← local:key)
            pin       (secret ← env PIN)"
    `);
  });

  test("a hostile value can neither move the cursor nor turn the line", () => {
    const text = updateOf({
      path: "name",
      before: "a\u001b[2K\rPlan: 0",
      after: "x\u202egnp\u200b\u2028\u{e0041}\u00a0\u009b",
    });
    expect(text).toContain(String.raw`"a\u001b[2K\rPlan: 0" → "x\u202egnp\u200b\u2028\u{e0041}\u00a0\u009b"`);
  });

  test("hostile words outside of values are made visible too", () => {
    const evil = "x\n\u001b[1Ay\u202e";
    const text = renderPlanText(
      plan({
        environment: evil,
        changes: [
          change(`velocloud_role.${evil}`, {
            because: evil,
            held: { because: evil },
            notes: [evil],
            after: [evil],
            system: evil,
          }),
          change("velocloud_role.b", { attributes: [{ path: evil, after: { [evil]: evil }, note: evil }] }),
        ],
        steps: [
          step("velocloud_role.b/one", {
            title: evil,
            hand: "person",
            delivers: { a: { sink: evil, path: evil, issueId: "", generation: 1 } },
          }),
        ],
        notices: [{ address: evil, message: evil }],
        consents: { restore: [evil], replace: [evil] },
        scope: { destroy: true },
      }),
      { file: evil },
    );
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toContain("\ny");
    expect(text).not.toContain("x\n");
  });

  test("long texts are cut, and their difference stays in sight", () => {
    const start = "s".repeat(500);
    expect(updateOf({ path: "note", before: `${start}-one`, after: `${start}-two` })).toContain(
      'note  …"sssssssssssssssssss-one" → …"sssssssssssssssssss-two"',
    );
    expect(updateOf({ path: "note", after: start })).toContain(`${"s".repeat(120)}"… (500 characters)`);
  });

  test("scope, consents and notices stand before and after the changes", () => {
    const text = renderPlanText(
      plan({
        scope: { destroy: true },
        consents: { allowDeletions: 7, restore: ["velocloud_role.b"], replace: [] },
        changes: [change("velocloud_role.a", { action: "delete", attributes: [{ path: "name", before: "A" }] })],
        notices: [{ system: "velocloud", message: "role catalog was not complete" }],
      }),
    );
    expect(text).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

      Destroy: this plan removes everything in its scope.

      Whoever planned consented to: --allow-deletions 7 --restore velocloud_role.b

        - velocloud_role.a  delete
            name  "A"

      Notices:
        ! velocloud: role catalog was not complete

      Plan: 0 to create, 0 to update, 1 to delete.
      Nothing was changed. To keep and apply it:  steward plan --destroy --env test --allow-deletions 7 --restore velocloud_role.b --out plan.json
      "
    `);
  });

  test("one step that delivers a secret is shown with where it goes", () => {
    const address = "velocloud_admin_user.ci";
    const delivers = { password: { sink: "local", path: "ci", issueId: "i.password.1", generation: 1 } };
    const text = renderPlanText(
      plan({ changes: [change(address, {})], steps: [step(`${address}/create`, { delivers })] }),
    );
    expect(text).toContain("      1  create  api     → local:ci\n");
  });

  test("prints every branch, what is asked and borrowed, and for whom it waits", () => {
    expect(renderPlanText(peoplePlan(), { file: "plan.json", roles: peopleRoles() })).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

        + momentus_api_user.moco_serv         create: not known to be on momentus
            user_id      "MOCO-SERV"
            internal     true
            credentials  (secret → local:momentus/moco-serv)
            1  is there a MOCO-SERV?                          person  asks, changes nothing · waits for an Enterprise support user
            2  take over the credentials of the existing one  person  → local:momentus/moco-serv · if found
            3  ask for the Basic API module by e-mail         person  if unlicensed · borrows Basic API · waits for whoever writes to Licensing
            4  create the API user                            person  → local:momentus/moco-serv · if absent · waits for an Enterprise support user
            5  prove that its key works                       api
            6  ask Licensing to remove the module             person  always, if step 3 ran · gives Basic API back · waits for whoever writes to Licensing

        + momentus_app_approval.event_portal  create, after momentus_api_user.moco_serv
            app  "Event Portal"
            1  approve Event Portal  person  waits for a Support User of Momentus Connect

        + momentus_app_approval.exhibitor     create, after momentus_api_user.moco_serv
            app  "Exhibitor Hub"
            1  approve Exhibitor Hub  person  waits for a Support User of Momentus Connect

      Plan: 3 to create, 0 to update, 0 to delete. 4 to 6 steps wait for a person.
      About 1 call. Nothing was changed. Apply it with:  steward apply plan.json
      "
    `);
  });

  test("says of which question a branch is where there are several", () => {
    const hand = { hand: "person" as const, title: "x" };
    const steps = [
      step("a.b/one", { ...hand, asks: true }),
      step("a.b/two", { ...hand, asks: true }),
      step("a.b/three", { ...hand, when: { is: "absent", of: "a.b/one" } }),
      step("a.b/four", { ...hand, when: { is: "unrequested", of: "a.b/two" } }),
      step("a.b/five", { ...hand, when: { is: "borrowed", of: "a.b/four" } }),
    ];
    const text = bodyOf(renderPlanText(plan({ changes: [change("a.b", {})], steps })));
    expect(text).toMatchInlineSnapshot(`
      "  + a.b  create, on a
            1  x  person  asks, changes nothing
            2  x  person  asks, changes nothing
            3  x  person  if absent (step 1)
            4  x  person  if not requested (step 2)
            5  x  person  if step 4 ran"
    `);
  });

  test("says on which day a value was attested", () => {
    const note = "attested on 2026-11-20";
    expect(updateOf({ path: "internal", before: false, after: true, note })).toContain(`false → true   ${note}`);
  });

  test("a question about a resource that stays as it is is a change to ask about", () => {
    const address = "momentus_api_user.moco_serv";
    const text = renderPlanText(
      plan({
        changes: [change(address, { action: "none" })],
        steps: [step(`${address}/observe`, { hand: "person", asks: true, title: "is it still there?" })],
      }),
    );
    expect(text).toMatchInlineSnapshot(`
      "Steward 0.1.0 · environment test · 2 systems, 4 resources declared · state serial 17

        ? momentus_api_user.moco_serv  ask what it is like
            1  is it still there?  person  asks, changes nothing

      Plan: 0 to create, 0 to update, 0 to delete, 1 to ask about. 1 step waits for a person.
      Nothing was changed. To keep and apply it:  steward plan --env test --out plan.json
      "
    `);
  });

  test.each<[string, StepSketch[], string]>([
    ["certain steps", [["a"], ["b"]], "2 steps wait for a person."],
    ["one step", [["a"]], "1 step waits for a person."],
    [
      "two branches, of which one is taken",
      [["q"], ["x", "absent", "q"], ["y", "found", "q"]],
      "2 steps wait for a person.",
    ],
    [
      "branches of different length",
      [["q"], ["x", "absent", "q"], ["y", "absent", "q"]],
      "1 to 3 steps wait for a person.",
    ],
    [
      "what hangs on a license and what gives it back",
      [["q"], ["x", "absent", "q"], ["y", "found", "q"], ["l", "unlicensed", "q"], ["r", "borrowed", "l"]],
      "2 to 4 steps wait for a person.",
    ],
    [
      "a step in a branch of a branch",
      [
        ["x", "found", "q"],
        ["y", "absent", "x"],
      ],
      "Up to 2 steps wait for a person.",
    ],
  ])("counts for people: %s", (_what, sketches, said) => {
    const steps = sketches.map(([name, is, of]) => {
      return step(`a.b/${name}`, { hand: "person", ...(is && { when: { is, of: `a.b/${of}` } }) });
    });
    expect(renderPlanText(plan({ changes: [change("a.b", {})], steps }))).toContain(`0 to delete. ${said}`);
  });

  test("leftovers of an unchanged resource are shown and counted", () => {
    const address = "velocloud_api_token.ci";
    const text = renderPlanText(
      plan({ changes: [change(address, { action: "none" })], steps: [step(`${address}/revoke:4`)] }),
    );
    expect(text).toContain("~ velocloud_api_token.ci  tidy up");
    expect(text).toContain("0 to delete, 1 to tidy up.");
  });

  test("color changes nothing but the color", () => {
    const colored = renderPlanText(richPlan(), { style: colorStyle });
    expect(colored).toContain("\u001b[32m+\u001b[39m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is taken out
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(renderPlanText(richPlan()));
  });
});
