import { expect, test } from "vitest";
import { drive } from "./world/flow-drive.ts";
import { FlowWorld } from "./world/flow-world.ts";
import { bundleAt, peopleManifest, reports, warehouse, withReports } from "./world/people-cases.ts";
import type { Task } from "./world/support-person.ts";

/** What an instruction says of Keys, which only their values tell apart (MOM-26). */

const keyed = {
  ...withReports,
  momentus_api_key: { warehouse, another: { ...warehouse, name: "another", deliver_to: "local:ANOTHER" } },
};

/** Works through a manifest, and keeps what each step's notes said of Keys. */
async function notesOf(world: FlowWorld, text: string): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  const conduct = (task: Task) => {
    const notes = task.screen.acts.flatMap((act) =>
      act.act === "note" && /Key\b.*, then/.test(act.text) ? [act.text] : [],
    );
    said.set(task.step, notes.join("\n"));
    return world.person.work(task);
  };
  await world.apply(text);
  await drive(world, text, { conduct });
  return said;
}

async function begun(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.trust(peopleManifest(world, {}));
  return world;
}

test("MOM-26 a Key that is added is the one that begins with none of those that are known", async () => {
  const world = await begun();
  const text = peopleManifest(world, withReports);
  const made = await notesOf(world, text);
  expect(made.get("momentus_api_user.reports/create")).toBe("Right-click on the Key, then Copy Key to Clipboard");
  const first = (await bundleAt(world, text, "REPORTS"))!.key.slice(0, 8);
  const one = { ...withReports, momentus_api_key: { warehouse } };
  const added = await notesOf(world, peopleManifest(world, one));
  expect(added.get("momentus_api_key.warehouse/add")).toBe(
    `Right-click on the new Key, the one that does not begin with ${first} …, then Copy Key to Clipboard`,
  );
  const second = (await bundleAt(world, text, "WAREHOUSE"))!.key.slice(0, 8);
  const more = await notesOf(world, peopleManifest(world, keyed));
  const known = [first, second]
    .sort()
    .map((prefix) => `${prefix} …`)
    .join(" or ");
  expect(more.get("momentus_api_key.another/add")).toContain(`the one that does not begin with ${known}, then`);
});

test("MOM-26 the Key of a user that the same plan makes is known by the time that another is added", async () => {
  const world = await begun();
  const text = peopleManifest(world, { ...withReports, momentus_api_key: { warehouse } });
  const said = await notesOf(world, text);
  const first = (await bundleAt(world, text, "REPORTS"))!.key.slice(0, 8);
  expect(said.get("momentus_api_key.warehouse/add")).toContain(`does not begin with ${first} …`);
});

test("MOM-26 what is copied again is the very Key, or any of a user's, and never just the Key", async () => {
  const world = await begun();
  const one = { ...withReports, momentus_api_key: { warehouse } };
  await notesOf(world, peopleManifest(world, one));
  const second = (await bundleAt(world, peopleManifest(world, one), "WAREHOUSE"))!.key.slice(0, 8);
  const moved = {
    momentus_api_user: { reports: { ...reports, deliver_to: "local:ELSEWHERE" } },
    momentus_api_key: { warehouse: { ...warehouse, deliver_to: "local:FURTHER" } },
  };
  const said = await notesOf(world, peopleManifest(world, moved));
  expect(said.get("momentus_api_key.warehouse/deliver")).toBe(
    `It is the Key that begins with ${second}: right-click on it, then Copy Key to Clipboard`,
  );
  expect(said.get("momentus_api_user.reports/deliver")).toContain("any of them where there are several");
});
