import type { Expression as OurExpression } from "../manifest/interpolate.ts";

/** A Terraform expression, taken apart. `at` and `end` are offsets in the text of the JSON string that it stands in. */
export type Expression = { at: number; end: number } & (
  | { is: "literal"; value: string | number | boolean | null }
  | { is: "template"; parts: readonly (string | Expression)[] }
  | { is: "name"; name: string }
  | { is: "attribute"; of: Expression; name: string }
  | { is: "index"; of: Expression; key: Expression }
  | { is: "call"; name: string; args: readonly Expression[]; spread: boolean }
  | { is: "list"; items: readonly Expression[] }
  | { is: "map"; entries: readonly { key: Expression; value: Expression }[] }
  | { is: "unary"; operator: "-" | "!"; of: Expression }
  | { is: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { is: "choice"; condition: Expression; yes: Expression; no: Expression }
  /** `${sink:…}` and `${file:…}`: words of Steward, which Terraform does not have. */
  | { is: "ours"; expression: OurExpression }
);

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

/** A piece of a text is not an expression, or cannot be evaluated. Whoever knows the file makes a diagnostic of it. */
export class ExpressionError extends Error {
  readonly hint: string | undefined;
  /** Where in the text; undefined: all of it. */
  readonly span: { at: number; end: number } | undefined;

  constructor(message: string, span?: { at: number; end: number }, hint?: string) {
    super(message);
    this.span = span && { at: span.at, end: span.end };
    this.hint = hint;
  }
}

/** Longest expression that is read. What code synthesises is far shorter; a bigger value belongs into JSON itself. */
export const expressionLengthMax = 65_536;

/** Parentheses, lists and calls inside one another. */
export const expressionDepthMax = 64;
