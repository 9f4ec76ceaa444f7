import type { Secret } from "./secret.ts";

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
  /** What it shows, or what stands below this heading, is a secret: no picture shows it. */
  secret?: true;
  /** The part of the page that it stands in, where another control may have these words: it is looked for there alone. */
  part?: Pick<Label, "role" | "text">;
  /** Where it stands, in words for people. */
  where?: string;
  /** It shows only after something was pressed that changes something, or asks whether it shall. */
  afterWrite?: true;
  /** What is followed first to get to it, where a system has it elsewhere: links, buttons or menu items by their words. */
  via?: readonly string[];
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
  /** Choose in the list's filters, fill in what is searched for, and search. */
  | { act: "search"; field: Label; text: string; filters?: { label: Label; value: string }[] }
  /** Open what a list shows under this name: by its name, or by what its row offers, in a menu where it says so. */
  | { act: "open"; row: string; by?: Label; menu?: Label }
  /**
   * Press a button or follow a link, in a row of a list or in a menu where it says so. `copies`: into the clipboard, so a browser
   * passes over it and reads instead. `optional`: no document says that it is there; where it is not, go on. `narrows`: it decides
   * what a list shows and changes nothing.
   */
  | { act: "press"; button: Label; row?: string; menu?: Label; copies?: true; optional?: true; narrows?: true }
  | { act: "fill"; fields: ScreenField[]; narrows?: true }
  /** Look before anything is changed: stop when it is otherwise. `silent`: what a page shows when a change was taken. */
  | { act: "expect"; fields: { label: Label; value: string | boolean }[]; silent?: true }
  /** A window that only sometimes comes up. */
  | { act: "prompt"; heading: Label; fields: ScreenField[]; button: Label }
  /** What the screen shows now; a browser waits for it. */
  | { act: "shows"; labels: Label[]; text: string }
  /** Any choice will do: a browser keeps what is chosen, or takes the first. What a person does, a note says. */
  | { act: "choose"; field: Label }
  | ReadAct
  | LookAct
  | ReachAct
  /** Words for a person; a browser passes over them, and stops where they leave something `toPerson`. */
  | { act: "note"; text: string; toPerson?: true };

/** What a person copies to answer an `Ask`. `silent`: other acts say so already, and nothing more is said of it. */
export type ReadAct = {
  act: "read";
  /** Name of what is asked for. */
  ask: string;
  silent?: true;
  /** How the screen says each word that the answer may be. */
  words?: Record<string, Label>;
} /** `optional`: where it is not on the page, nothing is told. */ & (
  | { field: Label; optional?: true }
  /** The names of all check boxes in this part of the page that are on, one on each line. `all`: of those that are off too. */
  | { ticked: Label; all?: true }
  /** Which of `words` stands in the row with this header; `missing` is told where there is no such row. */
  | { inRow: string; missing: string }
  /** Whether this is on the page: on or off. */
  | { present: Label }
  /** The last cell of a column; with `row` the cell of that row, with `begins` the one that begins so. */
  | { column: Label; row?: string; begins?: string /** What is told when there is no such row. */; missing?: string }
);

/** Whether a list has something: what answers a question. With `ends`, nothing that follows is done where it has not. */
export type LookAct = { act: "look"; silent?: true; ends?: true } & (
  | {
      row: string;
      /** It counts only with one of these words in this column. */
      among?: { column: Label; words: Label[] };
      /** What leads to the list's next page. */
      next?: Label;
      /** What every page of the list shows: what has it not is another page, and says nothing. */
      on?: Label;
    }
  /** A cell of this column that begins so; it may be a secret. */
  | { column: Label; begins: string }
);

/**
 * Whether a page can be got to. The path is followed as `go` follows it. Where a control behind its menu is missing or does not
 * work, or the console refuses the page, nothing that follows is done; `asks` is the yes or no that this answers. A list behind it
 * counts as one that may not be read. A page that comes must show `shows`.
 */
export interface ReachAct {
  act: "reach";
  path: Label[];
  shows?: Label;
  asks?: string;
  /** Passed over where something was found before. */
  unlessFound?: true;
  /** Other acts say how a person finds it out; without this a person follows the path. */
  silent?: true;
}

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
  /** What the system's settings say of what is asked for, so that a browser can tell it. */
  known?: Readonly<Record<string, string>>;
}

/**
 * The way to a list, and what leads from one of its pages to the next; on the last one that is not there. Every page of it shows
 * `on`.
 */
export type ListScreen = Pick<Screen, "url" | "acts"> & { next?: Label; on?: Label };

/** One row of a list: its header, empty where it has none, and its cells by the heading of their column. */
export interface ListRow {
  header: string;
  cells: Record<string, string>;
}

/** What a person said about a step, as the log keeps it. Never a secret. */
export interface Answer {
  result: AnswerResult;
  fields: Record<string, string>;
  by: string;
  /** ISO 8601. */
  at: string;
}

/** What was told about a step: checked against the screen's results before an operation sees it. */
export interface Given {
  result: AnswerResult;
  fields: Record<string, string>;
  secrets: Record<string, Secret>;
}

/** How one signs in at a console: what its sign-in page is told by, and what is filled in there. */
export interface SignIn {
  userName: Label;
  password: Label;
  button: Label;
  /** Where the code of an authenticator is entered, on the same page or on one that follows with a button of its own. */
  code?: { field: Label; button: Label };
}
