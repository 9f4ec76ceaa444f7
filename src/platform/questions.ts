import { createInterface, type Interface } from "node:readline";
import { type Readable, Writable } from "node:stream";

/** How long what was typed before the first question is awaited: it lies ready, so that one turn of the event loop would do. */
const typedBeforeMs = 30;

/** Where questions are asked. */
interface QuestionPlace {
  input: Readable & { isTTY?: boolean };
  /** The terminal: questions, and the echo of what is typed. */
  show(text: string): void;
  /** Aborted when the command is stopped: no question is answered after that. */
  stop: AbortSignal;
  /** Ctrl-C at a terminal in raw mode, which is no signal there. */
  onInterrupt(): void;
}

/**
 * One reader for all questions of a command. Between questions it goes on reading and throws away: what somebody types or pastes
 * while credentials are tested is neither echoed nor taken for the next answer. Echo is ours, so that a secret has none.
 */
export class Questions {
  readonly #place: QuestionPlace;
  #lines: Interface | undefined;
  #isEchoing = false;
  #isOver = false;

  constructor(place: QuestionPlace) {
    this.#place = place;
  }

  /** The next line; undefined at the end of input, and when the command is stopped. */
  async ask(question: string, options: { secret?: boolean } = {}): Promise<string | undefined> {
    const { show, stop } = this.#place;
    const lines = await this.#ready();
    if (stop.aborted || this.#isOver) return undefined;
    show(question);
    this.#isEchoing = !options.secret;
    const answer = await this.#lineOf(lines);
    this.#isEchoing = false;
    if (options.secret || answer === undefined) show("\n");
    return answer;
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#lines?.close();
  }

  /** The reader, with nothing in it: away with what was typed before there was a question. */
  async #ready(): Promise<Interface> {
    const isTerminal = this.#place.input.isTTY === true;
    const isNew = this.#lines === undefined;
    this.#lines ??= this.#open(isTerminal);
    if (!isTerminal) return this.#lines;
    if (isNew) await new Promise((resolve) => setTimeout(resolve, typedBeforeMs));
    if (!this.#isOver) this.#lines.write(null, { ctrl: true, name: "e" });
    if (!this.#isOver) this.#lines.write(null, { ctrl: true, name: "u" });
    return this.#lines;
  }

  #open(isTerminal: boolean): Interface {
    const { input, show, onInterrupt } = this.#place;
    const output = new Writable({
      write: (chunk, _encoding, next) => {
        if (this.#isEchoing) show(String(chunk));
        next();
      },
    });
    const lines = createInterface({ input, output, terminal: isTerminal, historySize: 0 });
    lines.on("SIGINT", onInterrupt);
    // Ctrl-Z does nothing: it would leave a secret on the screen, and a shell behind it.
    lines.on("SIGTSTP", () => {});
    // Also between questions, by Ctrl-D: whoever ends the input is not asked again.
    lines.on("close", () => {
      this.#isOver = true;
    });
    return lines;
  }

  #lineOf(lines: Interface): Promise<string | undefined> {
    const { stop } = this.#place;
    return new Promise((resolve) => {
      const end = (line?: string): void => {
        lines.off("line", end);
        lines.off("close", onEnd);
        stop.removeEventListener("abort", onEnd);
        resolve(line);
      };
      const onEnd = (): void => end();
      lines.once("line", end);
      lines.once("close", onEnd);
      stop.addEventListener("abort", onEnd);
    });
  }
}
