import { plainStyle, type Style, type Tone } from "./style.ts";
import { phrase, width } from "./visible.ts";

/** What progress needs of the world; it touches nothing else. */
interface ProgressOptions {
  write(text: string): void;
  /** Milliseconds; only differences count. */
  now(): number;
  /** One line in place instead of one line per finished piece. */
  terminal: boolean;
  /** Width of the terminal. */
  columns?: number;
  style?: Style;
}

/** Tells people how far long work is. A piece is a step of an apply or one list of a refresh. */
export interface Progress {
  start(piece: string): void;
  /** `result` as in a run report; anything but "done" and "not-needed" stays on the screen. */
  finish(piece: string, result?: string): void;
  /** Work of `who`, a system or a step, rests until `untilMs` of the clock. `why` follows its name. */
  pause(who: string, untilMs: number, why?: string): void;
  /** Draws anew; the caller's timer calls it so that a pause counts down. */
  tick(): void;
  /** Clears the line. Nothing is drawn afterwards. */
  close(): void;
}

/** Redraws come no faster than this, so that ten thousand quick steps do not flood a terminal. */
const redrawMs = 100;
const columnsDefault = 80;
const clearLine = "\r\u001b[2K";

/** Progress over `total` pieces; undefined: nobody knows yet how many there are. */
export function startProgress(total: number | undefined, options: ProgressOptions): Progress {
  const running = new Map<string, number>();
  const pauses = new Map<string, Pause>();
  let finished = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  const draw = (force: boolean) => {
    if (closed || !options.terminal || (!force && options.now() - drawnAt < redrawMs)) return;
    drawnAt = options.now();
    const text = lineOf({ finished, total, running: [...running.keys()], pauses, now: options.now() });
    options.write(`${clearLine}${cut(text, (options.columns ?? columnsDefault) - 1)}`);
  };
  return {
    start(piece) {
      running.set(piece, options.now());
      draw(false);
    },
    finish(piece, result = "done") {
      const startedAt = running.get(piece) ?? options.now();
      running.delete(piece);
      finished++;
      const line = finishedLine(
        piece,
        result,
        countOf({ finished, total }),
        options.now() - startedAt,
        options.style ?? plainStyle,
      );
      const stays = result !== "done" && result !== "not-needed";
      if (!options.terminal) options.write(line);
      else if (stays && !closed) options.write(`${clearLine}${line}`);
      draw(stays || finished === total);
    },
    pause(who, untilMs, why = "asked to slow down") {
      pauses.set(who, { untilMs, why });
      draw(true);
    },
    tick: () => draw(true),
    close() {
      if (options.terminal && !closed) options.write(clearLine);
      closed = true;
    },
  };
}

interface Pause {
  untilMs: number;
  why: string;
}

interface Moment {
  finished: number;
  total: number | undefined;
  running: string[];
  pauses: Map<string, Pause>;
  now: number;
}

function countOf({ finished, total }: Pick<Moment, "finished" | "total">): string {
  return total === undefined ? String(finished) : `${finished}/${total}`;
}

function lineOf({ finished, total, running, pauses, now }: Moment): string {
  const parts = [countOf({ finished, total })];
  for (const [who, { untilMs, why }] of pauses) {
    if (untilMs > now) parts.push(`${phrase(who)} ${phrase(why)}, ${Math.ceil((untilMs - now) / 1_000)} s`);
  }
  const [first] = running;
  if (first !== undefined)
    parts.push(running.length > 1 ? `${phrase(first)} and ${running.length - 1} more` : phrase(first));
  return parts.join(" · ");
}

/** Results that are no failure. */
const tones: Record<string, Tone> = { done: "good", waiting: "wait", unproven: "wait", "not-needed": "quiet" };

function finishedLine(piece: string, result: string, place: string, tookMs: number, style: Style): string {
  return `${style(tones[result] ?? "bad", result.padEnd(9))} ${place}  ${phrase(piece)}  ${(Math.max(0, tookMs) / 1_000).toFixed(1)} s\n`;
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (width(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
