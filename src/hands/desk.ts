import { assert } from "../diagnostic.ts";
import type { Given, ListRow, ListScreen, Screen } from "../screen.ts";
import type { ConsolePage, Evidence } from "./console.ts";
import { type PerformOptions, performScreen, readList } from "./perform.ts";
import type { Ways } from "./ways.ts";

/** A console that is open, in a browser or otherwise. */
export interface OpenConsole {
  page: ConsolePage;
  /** Signs in, where the console asks for it. Absent where nothing is known to sign in with. */
  signIn?(): Promise<void>;
  /** Pictures of what is done there, kept under this name; absent where none can be made. */
  evidence?(name: string): Evidence;
  /** The same for what only reads: one where it stops. */
  stopped?(name: string): Evidence;
  close(): Promise<void>;
}

/** What carries out a step: the secrets that it fills in, what is known beforehand, and what its pictures are called. */
interface PerformRequest extends Pick<PerformOptions, "secret" | "known" | "readsOnly"> {
  evidence: string;
}

/**
 * The console of one system for one command: opened when it is first used, one thing at a time, as one person would. `look` and
 * `rows` carry out nothing that could change something.
 */
export class ConsoleDesk {
  performed = 0;
  readonly #open: () => Promise<OpenConsole>;
  /** Name of the system, under which pictures of reading are kept. */
  readonly #system: string;
  readonly #signal: AbortSignal | undefined;
  readonly #ways: Ways = new Map();
  #opened: Promise<OpenConsole> | undefined;
  /** What was asked for last; the next one waits for its end. */
  #last: Promise<unknown> = Promise.resolve();

  /** `signal` ends what is under way: for commands that only read. */
  constructor(open: () => Promise<OpenConsole>, system = "console", signal?: AbortSignal) {
    this.#signal = signal;
    this.#open = open;
    this.#system = system;
  }

  look(screen: Screen): Promise<Given> {
    assertReads(screen);
    return this.#next((console) => performScreen(console.page, screen, this.#readOptions(console)));
  }

  rows(list: ListScreen): Promise<ListRow[]> {
    assertReads(list);
    return this.#next((console) => readList(console.page, list, this.#readOptions(console)));
  }

  /** Looks at pages in a way of its own, in which nothing may be changed. */
  read<T>(work: (console: OpenConsole, options: PerformOptions) => Promise<T>): Promise<T> {
    // Whoever looks at a console itself looks at its menus too.
    const unguided = ({ ways: _ways, ...options }: PerformOptions): PerformOptions => options;
    return this.#next((console) => work(console, unguided(this.#readOptions(console))));
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
        ways: this.#ways,
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

  #readOptions({ signIn, stopped }: OpenConsole): PerformOptions {
    const secret = () => Promise.reject(new Error("nothing is filled in where one only looks"));
    const evidence = stopped?.(`reading/${this.#system}`);
    return {
      secret,
      readsOnly: true,
      ways: this.#ways,
      ...(signIn ? { signIn } : {}),
      ...(evidence ? { evidence } : {}),
    };
  }

  #next<T>(work: (console: OpenConsole) => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(() => this.#turn(work));
    this.#last = turn;
    return turn;
  }

  async #turn<T>(work: (console: OpenConsole) => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted();
    try {
      return await work(await this.#console());
    } catch (error) {
      // Where the browser was taken away, why it was says more than what it was missed by.
      this.#signal?.throwIfAborted();
      throw error;
    }
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

const reading: ReadonlySet<string> = new Set([
  ...["go", "search", "open", "expect", "shows", "read", "look", "reach", "note"],
]);

/** Readers have no way to change anything; a connector that gives one such a screen is our bug. */
function assertReads({ acts }: Pick<Screen, "acts">): void {
  const writes = acts.find((act) => !reading.has(act.act) && !("narrows" in act && act.narrows));
  assert(writes === undefined, `a screen that only looks cannot ${writes?.act}`);
}
