import { describe, expect, test } from "vitest";
import { renderInstruction } from "../src/render/instruction.ts";
import type { Act } from "../src/screen.ts";
import { instructionOf, label } from "./render-people.ts";

/** An instruction with nothing but these acts, without its head. */
function bodyOf(...acts: Act[]): string {
  const { step } = instructionOf("momentus_api_user.moco_serv/create");
  const screen = { role: "an Enterprise support user", acts, results: [] };
  return renderInstruction({ step, screen }, { environment: "default" }).split("\n\n").slice(1).join("\n\n");
}

describe("acts that are there for a browser", () => {
  test("says what is to be copied and looked for only where no other act says so", () => {
    const read = { act: "read" as const, ask: "key" };
    const column = label("keyColumn");
    const look = { act: "look" as const, row: "MOCO-SERV" };
    const among = { column: label("status"), words: [label("approved"), label("active")] };
    const said: Act[] = [
      { ...read, field: label("secret") },
      { ...read, column },
      { ...read, column, row: "A" },
      { ...read, column, begins: "1a2b" },
      look,
      { ...look, among },
      { act: "look", column, begins: "1a2b" },
      { ...look, ends: true },
    ];
    const [items, assumed] = bodyOf(...said).split("\n\n");
    expect(items?.split("\n").map((line) => line.trim())).toEqual([
      "1. Copy what Secret shows.",
      "2. Copy the last one under API USER KEY ID.",
      "3. Copy what the row A shows under API USER KEY ID.",
      "4. Copy the one under API USER KEY ID that begins with 1a2b.",
      "5. Look whether the list has MOCO-SERV. Change nothing.",
      "6. Look whether the list has MOCO-SERV with Status Approved, Active. Change nothing.",
      "7. Look whether one under API USER KEY ID begins with 1a2b. Change nothing.",
      "8. Look whether the list has MOCO-SERV. Change nothing. If not, that is the answer.",
    ]);
    expect(assumed?.trim()).toBe("Labels assumed, may read otherwise: API USER KEY ID, Active");
    const note: Act = { act: "note", text: "copy it" };
    expect(bodyOf(note, ...said.map((act) => ({ ...act, silent: true as const }) as Act))).toBe(bodyOf(note));
  });

  test("says how something is opened by what its row offers, and which boxes are meant", () => {
    const opened = { act: "open" as const, row: "A" };
    const ticked: Act = { act: "read", ask: "permissions", ticked: label("apps") };
    const [items, assumed] = bodyOf(
      opened,
      { ...opened, by: label("show") },
      { ...opened, by: label("enable"), menu: label("moreOptions") },
      ticked,
    ).split("\n\n");
    expect(items?.split("\n").map((line) => line.trim())).toEqual([
      "1. Open A in the list.",
      "2. In the row A, press Show.",
      "3. In the row A, press More options and choose Enable.",
      "4. Note the boxes under Apps that are on.",
    ]);
    expect(assumed).toContain("Show, More options, Enable");
  });

  test("says of a button that need not be there, and of a window without fields, only what is to be done", () => {
    const go: Act = { act: "go", path: [label("apps")] };
    const heading = label("regenerateQuestion");
    const lines = bodyOf(
      go,
      { act: "press", button: label("show"), optional: true },
      { act: "prompt", heading, fields: [], button: label("regenerateConfirm") },
    );
    expect(
      lines
        .split("\n")
        .slice(0, 3)
        .map((line) => line.trim()),
    ).toEqual([
      "1. Go to tab Apps.",
      "2. Press Show, if it is there.",
      "3. If a window Regenerate Secret comes up: press Regenerate Secret. If none comes up, go on.",
    ]);
  });
});
