import type { SystemConfig } from "../manifest/manifest.ts";
import type { Act, Given, Label, ListRow, ListScreen, Screen, SignIn } from "../screen.ts";

/** The console of one type of system, for whoever works there by machine. Pure. */
export interface ConsoleDescription {
  /** What its sign-in page is told by, and what is filled in there. */
  signIn(system: Pick<SystemConfig, "screens">): SignIn;
  /** Where it is, without paths; the first is where one signs in. */
  origins(system: SystemConfig): string[];
  /** All controls that its labels name, as this system has them. */
  labels(system: Pick<SystemConfig, "screens">): Label[];
  /** Pages that are reached without changing anything, with what must be there: what `console check` walks through. */
  pages(system: SystemConfig): ConsoleView[];
}

/** A page of a console, the way there, and the controls that it must show. */
export interface ConsoleView extends Pick<Screen, "url" | "acts"> {
  name: string;
  /** Not every console has it: what is not there on the way to it is not missing. */
  isOptional?: true;
  shows: Label[];
  /** What shows only sometimes: where the list has several pages, or something of a certain status. */
  perhaps?: Label[];
  /**
   * Goes on with the first row of the page's list that is meant: what is opened there, and what must show then. What no row leads
   * to is not reached, for the reason that `whyNone` gives.
   */
  first?: {
    isMeant?(row: ListRow): boolean;
    whyNone?: string;
    acts(row: ListRow): Act[];
    shows: Label[];
    perhaps?: Label[];
  };
}

/** What reading a console needs. It changes nothing there; signing in and out are the only calls that do. */
export interface ConsoleReader {
  /** How many screens were carried out so far that may have changed something: what was read before is old then. */
  readonly performed: number;
  /** Carries out a screen that only looks, and answers as whoever looked would. */
  look(screen: Screen): Promise<Given>;
  /** The rows of a list, all pages of it. */
  rows(list: ListScreen): Promise<ListRow[]>;
}
