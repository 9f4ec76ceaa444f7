import { Evaluator, type Scope } from "./evaluate.ts";
import { ExpressionError } from "./expression.ts";
import { setOf, type Use } from "./functions.ts";
import { parseExpression } from "./parser.ts";
import { Budget, type Evaluated, isList, isMap, type Known, nameOf, numberOf, textOf, truthOf } from "./values.ts";

/** Characters of a value that `--var` gives. */
const givenMax = 65_536;

/**
 * A value in the type that a variable declares, as Terraform converts it: `string`, `number`, `bool`, and lists, sets and maps of them.
 * Other types are taken as they are. Throws an ExpressionError.
 */
export function converted(value: Evaluated, type: string, use: Use): Evaluated {
  const known = value as Known;
  if (known === null) return null;
  const inner = /^(list|set|map)\((.*)\)$/s.exec(type.trim());
  if (inner) return convertedInside(known, inner[1]!, inner[2]!, use);
  if (type === "string") return textOf(known);
  if (type === "number") return numberOf(known);
  if (type === "bool") return truthOf(known);
  return value;
}

function convertedInside(value: Known, outer: string, type: string, use: Use): Evaluated {
  if (outer === "map") {
    if (!isMap(value)) throw new ExpressionError(`${nameOf(value)} is not a map`);
    return new Map([...value].map(([key, item]) => [key, converted(item, type, use)]));
  }
  if (!isList(value)) throw new ExpressionError(`${nameOf(value)} is not a list`);
  const items = value.map((item) => converted(item, type, use));
  return outer === "set" ? setOf(items, use) : items;
}

/** A value from outside, which is text. For a list or a map it is an expression without names, as on Terraform's command line. */
export function fromOutside(given: string | number | boolean, type: string): Evaluated {
  const evaluator = new Evaluator(noNames());
  const isExpression = typeof given === "string" && /^(?:list|set|map|object|tuple)\(/.test(type.trim());
  return converted(isExpression ? evaluator.expression(parseExpression(given)) : given, type, evaluator);
}

const noNames = (): Scope => ({
  resolve: (): never => {
    throw new ExpressionError("a value from outside holds no names");
  },
  follow: (): never => {
    throw new ExpressionError("a value from outside holds no references");
  },
  budget: new Budget(givenMax),
});
