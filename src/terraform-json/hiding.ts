import type { Diagnostic } from "../diagnostic.ts";
import type { Node, ScalarNode, Span } from "../manifest/node.ts";
import type { ErrorDetails, Report } from "../manifest/report.ts";
import type { ExpressionError } from "./expression.ts";

const secretMessage = "this expression cannot be evaluated";
const secretHint =
  "a secret attribute says only where the secret comes from: ${env.NAME}, ${file:PATH} or ${sink:NAME:PATH}";

/** Whether a text is a name with dots, or the place of a secret: printing it tells nothing. */
export const isPlainName = (text: string): boolean => /^\$\{[A-Za-z0-9_.:/-]+\}$/.test(text);

const saysNothing = (node: Node): boolean =>
  node.type === "scalar" && typeof node.value === "string" && isPlainName(node.value);

/** A text that cannot be evaluated, and the piece of the file that is wrong. */
interface Place {
  node: ScalarNode;
  text: string;
  span: Span;
}

/**
 * What of the stacks is never printed: everything that went into a secret attribute. The same text may be evaluated for somebody else
 * before or after; what was said about it then is made silent, and what is said later says less.
 */
export class Hiding {
  readonly #report: Report;
  readonly #hidden = new Set<Node>();
  readonly #told = new Map<Node, Diagnostic[]>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Nothing of this node is printed, unless it only says where the secret comes from. */
  hide(node: Node): void {
    if (this.#hidden.has(node) || saysNothing(node)) return;
    this.#report.hide(node);
    this.#silence(node);
  }

  /** Reports that a text cannot be evaluated. */
  error(error: ExpressionError, { node, text, span }: Place, details: ErrorDetails): void {
    // The words of an error may be words of the text, and that may be a secret.
    const isHidden = this.#hidden.has(node);
    const message = isHidden ? secretMessage : `${shortened(text)} cannot be evaluated: ${error.message}`;
    const { diagnostics } = this.#report;
    const count = diagnostics.length;
    this.#report.error(message, span, { ...details, hint: isHidden ? secretHint : error.hint });
    const diagnostic = diagnostics[count];
    if (diagnostic) this.#told.set(node, [...(this.#told.get(node) ?? []), diagnostic]);
  }

  #silence(node: Node): void {
    if (this.#hidden.has(node) || saysNothing(node)) return;
    this.#hidden.add(node);
    for (const diagnostic of this.#told.get(node) ?? []) {
      diagnostic.message = secretMessage;
      diagnostic.hint = secretHint;
    }
    if (node.type === "list") for (const item of node.items) this.#silence(item);
    if (node.type === "map") for (const { value } of node.entries) this.#silence(value);
  }
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
