import type { ListRow } from "../screen.ts";
import type { Secret } from "../secret.ts";
import type { Unsaid } from "./unsaid.ts";

/** A control by role and accessible name. A label of a screen is one. */
export interface Control {
  /** Accessible role; `field` for whatever can be filled in. */
  role: string;
  /** The words on the screen. */
  text: string;
  /** It is looked for in this part of the page alone: elsewhere these words may be another one's. */
  part?: Control;
}

/** Where a control is looked for; the whole page when nothing is said. */
export interface Where {
  /** In the row of a list that this row header names. */
  row?: string;
  /** In a part of the page, such as its navigation. */
  within?: Control;
  /** In a menu that is opened first. */
  menu?: Control;
}

/**
 * The port of a console: what carrying out a screen needs of it. A browser and the form driver are its members. Everything goes
 * by role and accessible name. A method that names a control waits until it is there, within the member's bound, and throws a
 * Fault with the code `screen` that says what was looked for and what was there. `happened` of a member's Fault speaks of the
 * call that threw it; whoever makes several calls looks at `sent`.
 *
 * A member that was told how one signs in throws a Fault with the code `unauthorized` where the sign-in page comes instead of the
 * page that was asked for.
 */
export interface ConsolePage {
  /** What was filled in or read here and must not be said. What is told of the page is clean of it. */
  readonly unsaid: Unsaid;
  /** How many requests so far may have changed something on the system. One that surely changed nothing is not counted. */
  readonly sent: number;
  /** HTTP status of the page as it is now; 0 while there is none. */
  readonly status: number;
  /** Where the page is now, with its query. */
  readonly address: string;
  /** Opens an address of the console. */
  open(url: string): Promise<void>;
  /** Follows a link, presses a button, chooses an item, and waits for what comes of it. */
  press(control: Control, where?: Where): Promise<void>;
  /** Opens what a list shows under this name. */
  openRow(name: string): Promise<void>;
  /** Presses Enter in a field. */
  enter(field: Control): Promise<void>;
  /** Fills in a field. What the control shows is read back where it is not a plain one; a Fault when it shows otherwise. */
  fill(control: Control, value: string | boolean | Secret): Promise<void>;
  /** What can be chosen in a field, in the words of its options; what stands for no choice is not among them. */
  choices(control: Control): Promise<string[]>;
  /** What a field shows; `true` and `false` for a check box, `mixed` for one that is neither. */
  value(control: Control): Promise<string | boolean>;
  /** The names of the check boxes within a part of the page that are on; of `all`, those that are off too. */
  ticked(within: Control, all?: boolean): Promise<string[]>;
  /** What a field shows, when that is a secret. */
  secret(control: Control): Promise<Secret>;
  /** The cells of one column, top to bottom, when they are secrets. */
  secrets(column: Control): Promise<Secret[]>;
  /** Whether it is on the page as it is now. */
  has(control: Control, where?: Omit<Where, "menu">): Promise<boolean>;
  /** Whether it is there, or comes within a short bound: for a window that comes up only sometimes, and perhaps late. */
  comesUp(control: Control): Promise<boolean>;
  /** Whether it is there and marked as the selected one, as a tab is that shows what is on the page. */
  isSelected(control: Control, where?: Omit<Where, "menu">): Promise<boolean>;
  /** Waits until one of these is there, and says which. `withinMs` is instead of the member's bound; 0 looks once. */
  waitFor(controls: readonly Control[], withinMs?: number): Promise<Control>;
  /** The rows of the page's lists. */
  rows(): Promise<ListRow[]>;
  /** What the page says, and what became of the last act. A window of the browser is told once. */
  hear(): Promise<Heard>;
}

/** What is to be heard of a page. */
export interface Heard {
  /** The words of every alert, top to bottom. They may stand there without any cause, such as a notice of maintenance. */
  alerts: string[];
  /** What the last act met: a window of the browser, a change that was answered with an error, a page with an error's status. */
  refused?: string;
}

/** Pictures of a page while something is done there. */
export interface Evidence {
  /** Keeps a picture of the page as it is, and says where. Never throws; undefined when none could be made. */
  keep(what: string): Promise<string | undefined>;
}
