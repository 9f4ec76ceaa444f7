/**
 * One operation on a vendor's console, as data: a browser performs it, and for a person it is rendered as an instruction.
 * Nothing here says how a control looks or where it stands; everything goes by role and label.
 */

/** A control as `schemas/SYSTEM/labels.json` names it. */
export interface Label {
  key: string;
  /** The words on the screen. */
  text: string;
  /** Accessible role, for example `button`. */
  role: string;
  /** Whether the vendor's documents print it. An assumed one can read otherwise on the real console. */
  mark: "documented" | "assumed";
}

/** What goes into a field: a value, or a secret that the step's input holds; `part` names a member of a bundle. */
export type FieldValue = string | boolean | { secret: string; part?: string };

export interface ScreenField {
  label: Label;
  value: FieldValue;
}

/** One thing to do or to look at. */
export type Act =
  /** Follow a path of menus, links and tabs: Main Menu › API Users. */
  | { act: "go"; path: Label[] }
  | { act: "search"; field: Label; text: string }
  /** Open what a list shows under this name. */
  | { act: "open"; row: string }
  /** Press a button or follow a link, in a row of a list or in a menu where it says so. */
  | { act: "press"; button: Label; row?: string; menu?: Label }
  | { act: "fill"; fields: ScreenField[] }
  /** Look before anything is changed: stop when it is otherwise. */
  | { act: "expect"; fields: { label: Label; value: string | boolean }[] }
  /** A window that only sometimes comes up. */
  | { act: "prompt"; heading: Label; fields: ScreenField[]; button: Label }
  /** What the screen shows now; a browser waits for it. */
  | { act: "shows"; labels: Label[]; text: string }
  /** Words for a person; a browser passes over them. */
  | { act: "note"; text: string };

/** How a step or a question ended, as a person says it. */
export const answerResults = ["done", "found", "absent", "cannot-see", "not-done", "failed"] as const;
export type AnswerResult = (typeof answerResults)[number];

/** One thing to be told. `name` is what `--field` or `--secret` calls it. */
export interface Ask {
  name: string;
  label: string;
  secret?: true;
  optional?: true;
  /** Allowed words; for a check box `on` and `off`. */
  choices?: string[];
  /** Regular expression of the whole value, and what it means in words. */
  pattern?: { matches: string; says: string };
}

/** A way in which the operation may end, and what is to be told then. */
export interface ScreenResult {
  result: AnswerResult;
  /** In words: "it is there already". */
  means: string;
  asks: Ask[];
}

export interface Screen {
  /** Who does it: "an Enterprise support user". Adjacent steps of one role are one task. */
  role: string;
  /** Where to begin: the address of the console. Absent when no console is involved. */
  url?: string;
  acts: Act[];
  results: ScreenResult[];
}

/** What a person said about a step, as the log keeps it. Never a secret. */
export interface Answer {
  result: AnswerResult;
  fields: Record<string, string>;
  by: string;
  /** ISO 8601. */
  at: string;
}
