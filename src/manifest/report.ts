import type { Diagnostic } from "../diagnostic.ts";
import { diagnosticsShownMax } from "../limits.ts";
import type { Address, Source } from "../resource.ts";
import { closest } from "./closest.ts";
import { excerptOf, type Hidden } from "./excerpt.ts";
import type { Span, TextFile } from "./node.ts";

/** Diagnostics kept for one manifest; the text of a hostile file must not decide how much memory an error list takes. */
const diagnosticsKeptMax = 10_000;

export interface ErrorDetails {
  hint?: string | undefined;
  address?: Address | undefined;
  /** Of the construct for which this was looked at, where the place itself names none. */
  construct?: string | undefined;
}

/** Collects what is wrong with a manifest, and which pieces of its text must never be printed. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #hidden: Hidden = new Map();
  readonly #files = new Map<string, TextFile>();
  #errors = 0;

  get errors(): number {
    return this.#errors;
  }

  addFile(file: TextFile): void {
    this.#files.set(file.path, file);
  }

  error(message: string, span: Span | undefined, details: ErrorDetails = {}): void {
    this.#errors += 1;
    this.#add("error", message, span, details);
  }

  warn(message: string, span: Span | undefined, details: ErrorDetails = {}): void {
    this.#add("warning", message, span, details);
  }

  /** What somebody else found: the file reading, a connector. */
  push(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity === "error") this.#errors += 1;
      this.diagnostics.push({ ...diagnostic });
    }
  }

  /** Nothing of this span is printed, whatever is reported about its line. */
  hide(span: Span): void {
    const spans = this.#hidden.get(span.file.path) ?? [];
    if (spans.length < diagnosticsKeptMax) spans.push({ at: span.at, end: span.end });
    this.#hidden.set(span.file.path, spans);
  }

  /** `did you mean "x"?`, or what is allowed. Searched only while the error will be shown: it costs time. */
  suggest(word: string, candidates: readonly string[], otherwise?: string): string | undefined {
    if (this.#errors > diagnosticsShownMax) return otherwise;
    const near = closest(word, candidates);
    if (near !== undefined) return `did you mean "${near}"?`;
    return otherwise ?? listed(candidates);
  }

  /** The line that a source stands on, its secrets hidden. */
  excerpt(source: Source): Diagnostic["excerpt"] {
    const file = this.#files.get(source.file);
    return file ? excerptOf(file, source, this.#hidden.get(source.file) ?? []) : undefined;
  }

  /** Everything reported, in the order of the files, with the lines to show. */
  finish(): Diagnostic[] {
    const sorted = this.diagnostics.sort(inTextOrder);
    for (const diagnostic of sorted.slice(0, diagnosticsShownMax)) {
      const excerpt = diagnostic.source && this.excerpt(diagnostic.source);
      if (excerpt) diagnostic.excerpt = excerpt;
    }
    return sorted;
  }

  #add(severity: Diagnostic["severity"], message: string, span: Span | undefined, details: ErrorDetails): void {
    if (this.diagnostics.length >= diagnosticsKeptMax) return;
    const diagnostic: Diagnostic = { severity, message };
    if (details.hint !== undefined) diagnostic.hint = details.hint;
    if (span) diagnostic.source = span.file.source(span.at, span.end);
    if (diagnostic.source && details.construct !== undefined) diagnostic.source.construct ??= details.construct;
    if (details.address !== undefined) diagnostic.address = details.address;
    this.diagnostics.push(diagnostic);
  }
}

/** `allowed: a, b, c`, shortened. */
export function listed(names: readonly string[], word = "allowed"): string | undefined {
  if (names.length === 0) return undefined;
  const shown = names.slice(0, 12).join(", ");
  return `${word}: ${shown}${names.length > 12 ? `, … (${names.length} in all)` : ""}`;
}

function inTextOrder(a: Diagnostic, b: Diagnostic): number {
  if (!a.source || !b.source) return (a.source ? 1 : 0) - (b.source ? 1 : 0);
  if (a.source.file !== b.source.file) return a.source.file < b.source.file ? -1 : 1;
  return a.source.line - b.source.line || a.source.column - b.source.column;
}
