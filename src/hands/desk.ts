import { assert } from "../diagnostic.ts";
import type { Given, ListRow, ListScreen, Screen } from "../screen.ts";
import type { ConsolePage, Evidence } from "./console.ts";
import { type PerformOptions, performScreen, readList } from "./perform.ts";

/** A console that is open, in a browser or otherwise. */
export interface OpenConsole {
  page: ConsolePage;
  /** Signs in, where the console asks for it. Absent where nothing is known to sign in with. */
  signIn?(): Promise<void>;
  /** Pictures of what is done there, kept under this name; absent where none can be made. */
  evidence?(name: string): Evidence;
  close(): Promise<void>;
}

/** What carries out a step: the secrets that it fills in, what is known beforehand, and what its pictures are called. */
export interface PerformRequest extends Pick<PerformOptions, "secret" | "known"> {
  evidence: string;
}

/**
 * The console of one system for one command: opened when it is first used, one thing at a time, as one person would. `look` and
 * `rows` carry out nothing that could change something.
 */
export class ConsoleDesk {
  performed = 0;
  readonly #open: () => Promise<OpenConsole>;
  #opened: Promise<OpenConsole> | undefined;
  /** What was asked for last; the next one waits for its end. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(open: () => Promise<OpenConsole>) {
    this.#open = open;
  }

  look(screen: Screen): Promise<Given> {
    assertReads(screen);
    return this.#next((console) => performScreen(console.page, screen, readOptions(console)));
  }

  rows(list: ListScreen): Promise<ListRow[]> {
    assertReads(list);
    return this.#next((console) => readList(console.page, list, readOptions(console)));
  }

  /** Carries a screen out that may change something. Throws as `performScreen` does. */
  perform(screen: Screen, { evidence, ...request }: PerformRequest): Promise<Given> {
    return this.#next((console) => {
      this.performed += 1;
      const pictures = console.evidence?.(evidence);
      const signIn = console.signIn && { signIn: console.signIn };
      return performScreen(console.page, screen, {
        ...request,
        ...signIn,
        ...(pictures ? { evidence: pictures } : {}),
      });
    });
  }

  /** Ends the session of the browser. Never throws. */
  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.close().catch(() => undefined);
    this.#opened = undefined;
  }

  #next<T>(work: (console: OpenConsole) => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(async () => work(await this.#console()));
    this.#last = turn;
    return turn;
  }

  async #console(): Promise<OpenConsole> {
    this.#opened ??= this.#open();
    try {
      return await this.#opened;
    } catch (error) {
      // Whoever comes next tries once more: the network may be back.
      this.#opened = undefined;
      throw error;
    }
  }
}

function readOptions({ signIn }: OpenConsole): PerformOptions {
  const secret = () => Promise.reject(new Error("nothing is filled in where one only looks"));
  return { secret, readsOnly: true, ...(signIn ? { signIn } : {}) };
}

const reading: ReadonlySet<string> = new Set(["go", "search", "open", "shows", "read", "look", "note"]);

/** Readers have no way to change anything; a connector that gives one such a screen is our bug. */
function assertReads({ acts }: Pick<Screen, "acts">): void {
  const writes = acts.find(({ act }) => !reading.has(act));
  assert(writes === undefined, `a screen that only looks cannot ${writes?.act}`);
}
