import { ExpressionError } from "./expression.ts";
import { formatPieces, jsonOf, jsonValue } from "./format.ts";
import {
  type Evaluated,
  isList,
  isMap,
  isSame,
  type Known,
  nameOf,
  numberOf,
  type Plain,
  textOf,
  truthOf,
} from "./values.ts";

/** What functions ask of the evaluator. All of it may throw an ExpressionError. */
export interface Use {
  /** What a reference leads to, where the manifest declares it. */
  known(value: Evaluated): Known;
  /** The same for every part of the value. */
  plain(value: Evaluated): Plain;
  /** Texts in a row, as one; parts may be known only later. */
  joined(pieces: readonly Evaluated[]): Evaluated;
  /** Counts what is made, before it is made. */
  spend(amount: number): void;
}

interface TerraformFunction {
  /** How many arguments it takes. */
  least: number;
  most: number;
  run(args: readonly Evaluated[], use: Use): Evaluated;
}

const unbounded = Number.POSITIVE_INFINITY;
const known = new Map<string, TerraformFunction>();

function define(name: string, least: number, most: number, run: TerraformFunction["run"]): void {
  known.set(name, { least, most, run });
}

/** Names of the functions that are evaluated: the pure ones that code synthesises for texts, numbers, lists and maps. */
export const functionNames = (): string[] => [...known.keys()].sort();

/** Calls a function. Throws an ExpressionError when it is not known or does not take these values. */
export function callFunction(name: string, args: readonly Evaluated[], use: Use): Evaluated {
  const found = known.get(name);
  if (!found) {
    const hint = `evaluated are: ${functionNames().join(", ")}`;
    throw new ExpressionError(`the function ${name} is not evaluated`, undefined, hint);
  }
  if (args.length < found.least) throw new ExpressionError(`${name} needs ${found.least} or more values`);
  if (args.length > found.most) throw new ExpressionError(`${name} takes ${found.most} values at most`);
  return found.run(args, use);
}

function listOf(value: Evaluated | undefined, use: Use): readonly Evaluated[] {
  const list = use.known(value ?? null);
  if (!isList(list)) throw new ExpressionError(`${nameOf(list)} is not a list`);
  use.spend(list.length);
  return list;
}

function mapOf(value: Evaluated | undefined, use: Use): ReadonlyMap<string, Evaluated> {
  const map = use.known(value ?? null);
  if (!isMap(map)) throw new ExpressionError(`${nameOf(map)} is not a map`);
  use.spend(map.size);
  return map;
}

const textIn = (value: Evaluated | undefined, use: Use): string => {
  const text = textOf(use.known(value ?? null));
  use.spend(text.length);
  return text;
};

const numberIn = (value: Evaluated | undefined, use: Use): number => numberOf(use.known(value ?? null));

/** Without those that stand there already. */
function distinct(items: readonly Evaluated[], use: Use): Evaluated[] {
  const plain = items.map((item) => use.plain(item));
  const seen = new Set<string>();
  return items.filter((_, index) => {
    const key = jsonOf(plain[index]!);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** The order of a set of texts, of numbers or of truths; other values keep theirs. */
function sorted(items: readonly Evaluated[]): readonly Evaluated[] {
  const hasOrder = items.every((item) => typeof item === typeof items[0] && typeof item !== "object");
  return hasOrder ? [...items].sort((a, b) => (a! < b! ? -1 : 1)) : items;
}

/** As Terraform keeps a set: each value once, in order. */
export const setOf = (items: readonly Evaluated[], use: Use): readonly Evaluated[] => sorted(distinct(items, use));

function elementOf(list: readonly Evaluated[], index: number): Evaluated {
  if (list.length === 0) throw new ExpressionError("an empty list has no element");
  if (!Number.isInteger(index) || index < 0) throw new ExpressionError("an index is a whole number, 0 or more");
  return list[index % list.length]!;
}

// Texts.
define("format", 1, unbounded, ([template, ...values], use) =>
  use.joined(formatPieces(textIn(template, use), values, use)),
);
define("join", 1, unbounded, ([separator, ...lists], use) => {
  const between = textIn(separator, use);
  const items = lists.flatMap((list) => listOf(list, use));
  return use.joined(items.flatMap((item, index) => (index === 0 ? [item] : [between, item])));
});
define("jsonencode", 1, 1, ([value], use) => {
  const text = jsonOf(use.plain(value!));
  use.spend(text.length);
  return text;
});
define("jsondecode", 1, 1, ([value], use) => jsonValue(textIn(value, use)));
define("lower", 1, 1, ([text], use) => textIn(text, use).toLowerCase());
define("upper", 1, 1, ([text], use) => textIn(text, use).toUpperCase());
define("trimspace", 1, 1, ([text], use) => textIn(text, use).trim());
define("trimprefix", 2, 2, ([text, prefix], use) => {
  const [whole, start] = [textIn(text, use), textIn(prefix, use)];
  return whole.startsWith(start) ? whole.slice(start.length) : whole;
});
define("trimsuffix", 2, 2, ([text, suffix], use) => {
  const [whole, end] = [textIn(text, use), textIn(suffix, use)];
  return whole.endsWith(end) ? whole.slice(0, whole.length - end.length) : whole;
});
define("replace", 3, 3, ([text, from, to], use) => {
  const [whole, old, other] = [textIn(text, use), textIn(from, use), textIn(to, use)];
  if (/^\/.+\/$/s.test(old)) throw new ExpressionError("replace with a pattern is not evaluated");
  if (old === "") throw new ExpressionError("replace needs a text to look for");
  const parts = whole.split(old);
  use.spend(parts.length * other.length);
  return parts.join(other);
});
define("split", 2, 2, ([separator, text], use) => {
  const [between, whole] = [textIn(separator, use), textIn(text, use)];
  return whole.split(between);
});
define("startswith", 2, 2, ([text, start], use) => textIn(text, use).startsWith(textIn(start, use)));
define("endswith", 2, 2, ([text, end], use) => textIn(text, use).endsWith(textIn(end, use)));

// Types.
define("tostring", 1, 1, ([value], use) => {
  const one = use.known(value!);
  return one === null ? null : textOf(one);
});
define("tonumber", 1, 1, ([value], use) => numberIn(value, use));
define("tobool", 1, 1, ([value], use) => truthOf(use.known(value!)));
define("tolist", 1, 1, ([value], use) => listOf(value, use));
define("toset", 1, 1, ([value], use) => setOf(listOf(value, use), use));
define("tomap", 1, 1, ([value], use) => mapOf(value, use));
// What follows a sensitive value is up to us: everything secret is a reference already.
define("nonsensitive", 1, 1, ([value]) => value!);

// Lists.
define("length", 1, 1, ([value], use) => {
  const one = use.known(value!);
  if (isList(one)) return one.length;
  return isMap(one) ? one.size : [...textOf(one)].length;
});
define("concat", 1, unbounded, (lists, use) => lists.flatMap((list) => listOf(list, use)));
define("element", 2, 2, ([list, index], use) => elementOf(listOf(list, use), numberIn(index, use)));
define("one", 1, 1, ([value], use) => {
  const list = listOf(value, use);
  if (list.length > 1) throw new ExpressionError("one needs a list with one element at most");
  return list[0] ?? null;
});
define("distinct", 1, 1, ([list], use) => distinct(listOf(list, use), use));
define("sort", 1, 1, ([list], use) => sorted(listOf(list, use).map((item) => textIn(item, use))));
define("reverse", 1, 1, ([list], use) => [...listOf(list, use)].reverse());
define("compact", 1, 1, ([list], use) => listOf(list, use).filter((item) => item !== null && item !== ""));
define("flatten", 1, 1, ([list], use) => flattened(listOf(list, use), use));
define("contains", 2, 2, ([list, item], use) => {
  const wanted = use.plain(item!);
  return listOf(list, use).some((one) => isSame(use.plain(one), wanted));
});
define("slice", 3, 3, ([value, from, to], use) => {
  const [list, start, end] = [listOf(value, use), numberIn(from, use), numberIn(to, use)];
  const isInside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= list.length;
  if (!isInside) throw new ExpressionError("slice begins or ends outside the list");
  return list.slice(start, end);
});

function flattened(list: readonly Evaluated[], use: Use): Evaluated[] {
  return list.flatMap((item) => (isList(item) ? flattened(listOf(item, use), use) : [item]));
}

// Maps.
define("keys", 1, 1, ([map], use) => [...mapOf(map, use).keys()].sort());
define("values", 1, 1, ([map], use) => {
  const entries = [...mapOf(map, use)].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([, item]) => item);
});
define("lookup", 2, 3, ([map, key, otherwise], use) => {
  const found = mapOf(map, use).get(textIn(key, use));
  if (found !== undefined) return found;
  if (otherwise === undefined) throw new ExpressionError("lookup found nothing, and has no value for that case");
  return otherwise;
});
define("merge", 1, unbounded, (maps, use) => new Map(maps.flatMap((map) => [...mapOf(map, use)])));
define("coalesce", 1, unbounded, (values, use) => {
  const found = values.find((value) => ![null, ""].includes(use.known(value) as null));
  if (found === undefined) throw new ExpressionError("coalesce has nothing to choose from");
  return found;
});

// Numbers.
define("min", 1, unbounded, (numbers, use) => chosen(numbers, Math.min, use));
define("max", 1, unbounded, (numbers, use) => chosen(numbers, Math.max, use));
define("abs", 1, 1, ([number], use) => Math.abs(numberIn(number, use)));
define("floor", 1, 1, ([number], use) => Math.floor(numberIn(number, use)));
define("ceil", 1, 1, ([number], use) => Math.ceil(numberIn(number, use)));

/** One by one: a call takes fewer arguments than a list may have entries. */
function chosen(numbers: readonly Evaluated[], choose: (a: number, b: number) => number, use: Use): number {
  return numbers.map((one) => numberIn(one, use)).reduce((a, b) => choose(a, b));
}
