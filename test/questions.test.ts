import { PassThrough } from "node:stream";
import { setTimeout as passes } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Questions } from "../src/platform/questions.ts";

/** Questions at a terminal: what is echoed, what counts as the answer, and how it ends. */

const turnMs = 10;
const opened: Terminal[] = [];
afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.questions.close();
});

/** A terminal in raw mode: it shows nothing by itself. */
class Terminal {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  readonly stop = new AbortController();
  screen = "";
  interrupts = 0;
  readonly questions = new Questions({
    input: this.input,
    show: (text) => {
      this.screen += text;
    },
    stop: this.stop.signal,
    onInterrupt: () => {
      this.interrupts++;
      this.stop.abort();
    },
  });

  constructor() {
    opened.push(this);
  }

  /** Types once the question stands there. */
  async answer(question: string, typed: string, options?: { secret?: boolean }): Promise<string | undefined> {
    const answer = this.questions.ask(question, options);
    await this.asks(question);
    this.input.write(typed);
    return answer;
  }

  async asks(question: string): Promise<void> {
    for (let turns = 0; turns < 200 && !this.screen.endsWith(question); turns++) await passes(turnMs);
    expect(this.screen.endsWith(question)).toBe(true);
  }

  async type(text: string): Promise<void> {
    this.input.write(text);
    await passes(turnMs);
  }
}

test("an answer is echoed, and a secret is not", async () => {
  const terminal = new Terminal();
  expect(await terminal.answer("Name: ", "moco\r")).toBe("moco");
  expect(await terminal.answer("Secret: ", "canary-1\r", { secret: true })).toBe("canary-1");
  expect(await terminal.answer("Again: ", "yes\r")).toBe("yes");
  expect(terminal.screen).toContain("moco");
  expect(terminal.screen).toContain("yes");
  expect(terminal.screen).not.toContain("canary");
});

test("what is typed between two questions is neither echoed nor taken for the next answer", async () => {
  const terminal = new Terminal();
  await terminal.answer("Secret: ", "canary-1\r", { secret: true });
  const before = terminal.screen;
  await terminal.type("canary-2\rcanary-3\rcanary-4");
  expect(terminal.screen).toBe(before);
  expect(await terminal.answer("How did it end? ", "done\r")).toBe("done");
  // Nor what was left in the line, wherever the cursor stands in it.
  await terminal.type("canary-5\u001b[D\u001b[D");
  expect(await terminal.answer("And now? ", "yes\r")).toBe("yes");
  expect(terminal.screen).not.toContain("canary");
});

test("what was typed before the first question is not its answer", async () => {
  const terminal = new Terminal();
  terminal.input.write("early\rearlier");
  expect(await terminal.answer("Press Enter to see it: ", "s\r")).toBe("s");
  expect(terminal.screen).not.toContain("earl");
});

test("lines that are pasted beyond the first are not the answers of later questions", async () => {
  const terminal = new Terminal();
  expect(await terminal.answer("Secret: ", "one\rtwo\rthree\r", { secret: true })).toBe("one");
  expect(await terminal.answer("Key: ", "key\r", { secret: true })).toBe("key");
});

test("Ctrl-C ends the question without an answer, and no other is asked", async () => {
  const terminal = new Terminal();
  expect(await terminal.answer("Secret: ", "half\u0003", { secret: true })).toBeUndefined();
  expect(terminal.interrupts).toBe(1);
  const before = terminal.screen;
  expect(await terminal.questions.ask("Key: ")).toBeUndefined();
  expect(terminal.screen).toBe(before);
});

test("Ctrl-Z neither ends nor suspends a question: a secret may stand on the screen", async () => {
  let suspended = 0;
  const onSuspend = (): void => void suspended++;
  process.on("SIGTSTP", onSuspend);
  const terminal = new Terminal();
  expect(await terminal.answer("Key: ", "\u001akey\r")).toBe("key");
  await passes(turnMs);
  process.off("SIGTSTP", onSuspend);
  expect(suspended).toBe(0);
});

test("a stopped command asks nothing, and takes no answer for the question that stood there", async () => {
  const terminal = new Terminal();
  const answer = terminal.questions.ask("Key: ");
  await terminal.asks("Key: ");
  terminal.stop.abort();
  expect(await answer).toBeUndefined();
});

test("the end of input ends the question, also when it came between two questions", async () => {
  const ended = new Terminal();
  expect(await ended.answer("Key: ", "\u0004")).toBeUndefined();
  const between = new Terminal();
  await between.answer("Secret: ", "one\r", { secret: true });
  await between.type("\u0004");
  expect(await between.questions.ask("Key: ")).toBeUndefined();
  expect(between.screen).not.toContain("Key: ");
});

test("where input is no terminal each question takes a line, until there is none", async () => {
  const terminal = new Terminal();
  Object.assign(terminal.input, { isTTY: false });
  expect(await terminal.answer("One: ", "1\n")).toBe("1");
  const last = terminal.questions.ask("Two: ");
  terminal.input.end();
  expect(await last).toBeUndefined();
});
