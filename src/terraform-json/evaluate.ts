import type { Expression as OurExpression } from "../manifest/interpolate.ts";
import { type BinaryOperator, type Expression, ExpressionError, expressionDepthMax } from "./expression.ts";
import { callFunction, type Use } from "./functions.ts";
import { parseTemplate } from "./parser.ts";
import {
  type Budget,
  type Evaluated,
  isList,
  isMap,
  isSame,
  type Known,
  nameOf,
  numberOf,
  Pending,
  type Plain,
  textOf,
  truthOf,
} from "./values.ts";

/** What names mean in one stack. */
export interface Scope {
  /** The value of the beginning of a path, and how many of its steps that takes. Throws an ExpressionError. */
  resolve(path: readonly string[]): { value: Evaluated; steps: number };
  /** The declared value of an attribute that a reference means. Throws an ExpressionError when it is known only later. */
  follow(reference: OurExpression & { kind: "reference" }): Evaluated;
  readonly budget: Budget;
}

/** Evaluates the templates of one stack. */
export class Evaluator implements Use {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** The value of a text of the JSON. Throws an ExpressionError. */
  text(text: string): Evaluated {
    const parts = parseTemplate(text);
    const [only] = parts;
    if (parts.length === 1 && typeof only === "object") return placed(this.expression(only), only);
    return this.#template(parts, true);
  }

  /** The value of an expression. Throws an ExpressionError with its place. */
  expression(expression: Expression): Evaluated {
    try {
      return this.#scope.budget.deeper(() => this.#evaluate(expression));
    } catch (error) {
      if (!(error instanceof ExpressionError) || error.span) throw error;
      throw new ExpressionError(error.message, expression, error.hint);
    }
  }

  known(value: Evaluated): Known {
    if (!(value instanceof Pending)) return value;
    const { whole } = value;
    if (whole?.kind === "reference") return this.known(this.#scope.budget.deeper(() => this.#scope.follow(whole)));
    if (whole) throw secretInside();
    return textOf(this.known(this.joined(value.parts.map((part) => this.#knownPart(part)))));
  }

  plain(value: Evaluated, depth = 0): Plain {
    if (depth > expressionDepthMax) throw new ExpressionError("this value is nested too deeply");
    const known = this.known(value);
    if (isList(known)) {
      this.spend(known.length);
      return known.map((item) => this.plain(item, depth + 1));
    }
    if (!isMap(known)) return known;
    this.spend(known.size);
    return new Map([...known].map(([key, item]) => [key, this.plain(item, depth + 1)]));
  }

  joined(pieces: readonly Evaluated[]): Evaluated {
    const parts: (string | OurExpression)[] = [];
    const add = (text: string) => {
      if (typeof parts.at(-1) === "string") parts[parts.length - 1] += text;
      else if (text !== "") parts.push(text);
    };
    let length = 0;
    for (const piece of pieces) {
      if (piece instanceof Pending && piece.whole?.kind === "secret") throw secretInside();
      const some = piece instanceof Pending ? piece.parts : [textOf(piece)];
      for (const part of some) {
        length += typeof part === "string" ? part.length : 1;
        if (typeof part === "string") add(part);
        else parts.push(part);
      }
    }
    this.spend(length);
    const isKnown = parts.every((part) => typeof part === "string");
    return isKnown ? ((parts[0] as string | undefined) ?? "") : new Pending(parts);
  }

  spend(amount: number): void {
    this.#scope.budget.spend(amount);
  }

  #knownPart(part: string | OurExpression): Evaluated {
    return typeof part === "string" ? part : this.known(new Pending([part]));
  }

  #evaluate(expression: Expression): Evaluated {
    switch (expression.is) {
      case "literal":
        return expression.value;
      case "template":
        return this.#quoted(expression.parts);
      case "name":
      case "attribute":
      case "index":
        return this.#path(expression);
      case "call":
        return this.#call(expression);
      case "list":
        this.spend(expression.items.length);
        return expression.items.map((item) => this.expression(item));
      case "map":
        return this.#map(expression);
      case "unary":
        return expression.operator === "-"
          ? -numberOf(this.#known(expression.of))
          : !truthOf(this.#known(expression.of));
      case "binary":
        return this.#binary(expression.operator, expression.left, expression.right);
      case "choice":
        return this.expression(truthOf(this.#known(expression.condition)) ? expression.yes : expression.no);
      case "ours":
        return new Pending([expression.expression]);
    }
  }

  #known(expression: Expression): Known {
    return this.known(this.expression(expression));
  }

  #quoted(parts: readonly (string | Expression)[]): Evaluated {
    const [only] = parts;
    return parts.length === 1 && typeof only === "object" ? this.expression(only) : this.#template(parts, false);
  }

  #template(parts: readonly (string | Expression)[], isOutermost: boolean): Evaluated {
    const pieces = parts.map((part) => {
      if (typeof part === "string") return part;
      const value = this.expression(part);
      return isOutermost ? placed(value, part) : value;
    });
    return this.joined(pieces);
  }

  #map(expression: Expression & { is: "map" }): Evaluated {
    this.spend(expression.entries.length);
    return new Map(
      expression.entries.map(({ key, value }) => [textOf(this.#known(key)), this.expression(value)] as const),
    );
  }

  #call({ name, args, spread }: Expression & { is: "call" }): Evaluated {
    const values = args.map((argument) => this.expression(argument));
    const last = spread ? this.known(values.pop() ?? null) : undefined;
    if (last !== undefined && !isList(last)) throw new ExpressionError(`${nameOf(last)} cannot be spread`);
    return callFunction(name, last ? [...values, ...last] : values, this);
  }

  /** `a.b["c"][0]`: the first steps are a name that the stack knows, the others lead into its value. */
  #path(expression: Expression): Evaluated {
    const steps: Expression[] = [];
    let of = expression;
    while (of.is === "attribute" || of.is === "index") {
      steps.unshift(of);
      of = of.of;
    }
    if (of.is !== "name") return this.#steps(this.expression(of), steps);
    const path = [of.name];
    for (const step of steps) {
      const word = this.#word(step);
      if (word === undefined) break;
      path.push(word);
    }
    const { value, steps: taken } = this.#scope.resolve(path);
    return this.#steps(value, steps.slice(taken - 1));
  }

  /** A step that is a name, also when it is written as `["name"]`. */
  #word(step: Expression): string | undefined {
    if (step.is === "attribute") return step.name;
    const key = step.is === "index" && step.key.is === "template" ? step.key.parts : [];
    return key.length === 1 && typeof key[0] === "string" ? key[0] : undefined;
  }

  #steps(first: Evaluated, steps: readonly Expression[]): Evaluated {
    let value = first;
    for (const step of steps) {
      const key = step.is === "attribute" ? step.name : step.is === "index" ? this.#known(step.key) : "";
      value = this.#inside(value, key);
    }
    return value;
  }

  #inside(value: Evaluated, key: Known): Evaluated {
    const known = this.known(value);
    const index = isList(known) ? Number(textOf(key)) : undefined;
    const found = isList(known) ? known[index!] : isMap(known) ? known.get(textOf(key)) : undefined;
    if (found !== undefined) return found;
    if (isList(known)) throw new ExpressionError("the list has no such element");
    throw new ExpressionError(isMap(known) ? "the map has no such key" : `${nameOf(known)} has no parts`);
  }

  #binary(operator: BinaryOperator, left: Expression, right: Expression): Evaluated {
    if (operator === "&&") return truthOf(this.#known(left)) && truthOf(this.#known(right));
    if (operator === "||") return truthOf(this.#known(left)) || truthOf(this.#known(right));
    if (operator === "==" || operator === "!=") {
      const same = isSame(this.plain(this.expression(left)), this.plain(this.expression(right)));
      return same === (operator === "==");
    }
    return calculated(operator, numberOf(this.#known(left)), numberOf(this.#known(right)));
  }
}

function calculated(operator: BinaryOperator, left: number, right: number): number | boolean {
  if ((operator === "/" || operator === "%") && right === 0) throw new ExpressionError("this divides by zero");
  const results: Partial<Record<BinaryOperator, number | boolean>> = {
    "+": left + right,
    "-": left - right,
    "*": left * right,
    "/": left / right,
    "%": left % right,
    "<": left < right,
    "<=": left <= right,
    ">": left > right,
    ">=": left >= right,
  };
  return results[operator]!;
}

/** Parts that are known later take the place of the expression that stands in the file. */
function placed(value: Evaluated, { at, end }: { at: number; end: number }): Evaluated {
  if (!(value instanceof Pending)) return value;
  return new Pending(value.parts.map((part) => (typeof part === "string" ? part : { ...part, at, end })));
}

const secretInside = (): ExpressionError =>
  new ExpressionError("a secret must be the whole value", undefined, "put the whole secret where it comes from");
