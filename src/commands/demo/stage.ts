import { ownProgram, type PipedChild, type PipedEnd, startPiped } from "../../platform/piped-child.ts";
import { styleFor } from "../../render/style.ts";
import type { Console } from "../command.ts";

/** Something in the demo was not as it says. */
export class NotAsClaimed extends Error {}

/** Lines of one command's output that are shown; the rest are counted. */
const linesShownMax = 26;
/** Longest that one command may take, in milliseconds. */
const commandTimeoutMs = 30_000;

interface Claim {
  /** Exit code; 0 when left out. */
  code?: number;
  /** What the output must say. */
  says?: (string | RegExp)[];
  /** Shown lines, when fewer than usual tell enough. */
  linesMax?: number;
  /** Lines of standard input: they are secrets, and are not shown. */
  input?: string[];
  /** Longest that it may take, in milliseconds, when it is more than usual. */
  timeoutMs?: number;
}

/** Where the demo plays: prints narration, runs commands as children and holds what they print against what was claimed. */
export class Stage {
  readonly folder: string;
  /** Everything that children printed. */
  transcript = "";
  readonly #console: Console;
  readonly #environment: Record<string, string | undefined>;
  readonly #running = new Set<PipedChild>();
  #acts = 0;

  constructor(console: Console, folder: string, environment: Record<string, string | undefined>) {
    this.#console = console;
    this.folder = folder;
    this.#environment = environment;
  }

  /** Begins the next act. */
  act(title: string, ...narration: string[]): void {
    this.#acts += 1;
    const head = styleFor(this.#console.color)("strong", `${this.#acts}. ${title}`);
    this.#console.write(`\n${head}\n${narration.map((line) => `   ${line}\n`).join("")}`);
  }

  say(...lines: string[]): void {
    this.#console.write(lines.map((line) => `${`   ${line}`.trimEnd()}\n`).join(""));
  }

  /** Shows text that is no command's, such as a file. */
  show(text: string): void {
    this.#console.write(`\n${text.trim().replaceAll(/^/gm, "   | ")}\n`);
  }

  /** Runs `steward …` to its end, shows it, and throws NotAsClaimed when it did not do what the demo says. */
  async steward(words: string[], claim: Claim = {}): Promise<string> {
    const { input = [], timeoutMs } = claim;
    const fed = input.length > 0 ? ` < ${input.length} secret line${input.length > 1 ? "s" : ""}` : "";
    const text = input.map((line) => `${line}\n`).join("");
    return this.finish(`steward ${words.map(quoted).join(" ")}${fed}`, this.start(words, text, timeoutMs), claim);
  }

  /** Runs `steward …` without showing it, and gives what it printed. */
  async quietly(words: string[]): Promise<string> {
    const { text } = await this.start(words).ended;
    this.transcript += text;
    return text;
  }

  /** Starts `steward …` without waiting. */
  start(words: string[], input = "", timeoutMs = commandTimeoutMs): PipedChild {
    this.#console.stop.throwIfAborted();
    const { folder } = this;
    const child = startPiped([...ownProgram, ...words], { folder, environment: this.#environment, input });
    this.#running.add(child);
    const stop = () => child.kill("SIGTERM");
    this.#console.stop.addEventListener("abort", stop);
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const over = () => {
      clearTimeout(timer);
      this.#running.delete(child);
      this.#console.stop.removeEventListener("abort", stop);
    };
    child.ended.then(over, over);
    return child;
  }

  /** Waits for a child, shows command and output, and checks the claim. */
  async finish(command: string, child: PipedChild, { code = 0, says = [], linesMax }: Claim): Promise<string> {
    const end = await child.ended;
    this.#console.stop.throwIfAborted();
    this.#showCommand(command, end, linesMax ?? linesShownMax);
    if (end.code !== code) throw new NotAsClaimed(`${command} ended with ${sayEnd(end)}, not with ${code}`);
    this.check(command, end, says);
    return end.text;
  }

  /** Shows a child that was killed. */
  async finishKilled(command: string, child: PipedChild): Promise<void> {
    const end = await child.ended;
    this.#showCommand(command, end, linesShownMax);
    this.say("", "Killed by SIGKILL: it could not even say good-bye.");
    if (end.signal !== "SIGKILL") throw new NotAsClaimed(`${command} was not killed, it ended with ${sayEnd(end)}`);
  }

  check(command: string, { text }: PipedEnd, says: (string | RegExp)[]): void {
    for (const claim of says) {
      const said = typeof claim === "string" ? text.includes(claim) : claim.test(text);
      if (!said) throw new NotAsClaimed(`${command} does not say ${String(claim)}`);
    }
  }

  /** Throws NotAsClaimed when a fact of the demo's world is not so. */
  claim(fact: boolean, text: string): void {
    if (!fact) throw new NotAsClaimed(`it is not so that ${text}`);
  }

  /** Ends every child that still runs, by its id. */
  async close(): Promise<void> {
    const left = [...this.#running];
    for (const child of left) child.kill("SIGKILL");
    await Promise.allSettled(left.map((child) => child.ended));
  }

  #showCommand(command: string, { text }: PipedEnd, linesMax: number): void {
    this.transcript += text;
    const style = styleFor(this.#console.color);
    const lines = text.replaceAll(this.folder, ".").trimEnd().split("\n");
    const shown = lines.length > linesMax ? lines.slice(0, linesMax - 1) : lines;
    const more = lines.length - shown.length;
    const rest = more > 0 ? [style("quiet", `… (${more} more lines)`)] : [];
    this.#console.write(`\n   ${style("wait", `$ ${command}`)}\n`);
    this.#console.write([...shown, ...rest].map((line) => `${`     ${line}`.trimEnd()}\n`).join(""));
  }
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`);

function sayEnd({ code, signal }: PipedEnd): string {
  return code === null ? `signal ${signal}` : `exit code ${code}`;
}
