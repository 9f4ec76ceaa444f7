import type { Node, ScalarNode } from "../manifest/node.ts";
import { type Budget, type Evaluated, isList, isMap, Pending } from "./values.ts";

/** What a node counts in the budget, beside the characters of its text: it takes about as much memory as so many of them. */
const nodeCost = 16;

/** A value as the node of a manifest. All of it stands where the expression stands. Throws an ExpressionError when it is too large. */
export function nodeOf(value: Evaluated, node: ScalarNode, budget: Budget): Node {
  const { file, at, end } = node;
  budget.spend(nodeCost);
  if (value instanceof Pending)
    return { type: "scalar", file, at, end, value: node.value, evaluated: { parts: value.parts } };
  if (isList(value)) {
    const items = value.map((item) => nodeOf(wholly(item, node), node, budget));
    return { type: "list", file, at, end, items };
  }
  if (isMap(value)) {
    const entries = [...value].map(([key, item]) => ({
      key,
      at,
      end,
      value: nodeOf(wholly(item, node), node, budget),
    }));
    return { type: "map", file, at, end, entries };
  }
  if (typeof value === "string")
    return { type: "scalar", file, at, end, value: node.value, evaluated: { parts: value === "" ? [] : [value] } };
  return { type: "scalar", file, at, end, value, evaluated: {} };
}

/** Parts of a list or map stand where the whole expression stands. */
function wholly(value: Evaluated, { value: text }: ScalarNode): Evaluated {
  if (!(value instanceof Pending) || typeof text !== "string") return value;
  const parts = value.parts.map((part) => (typeof part === "string" ? part : { ...part, at: 0, end: text.length }));
  return new Pending(parts);
}

/** What was reported already: there is no value, and nothing more is said about it. */
export const wrongNode = ({ file, at, end, value }: ScalarNode, isHidden: boolean): ScalarNode => ({
  type: "scalar",
  file,
  at,
  end,
  value,
  tag: "wrong",
  ...(isHidden ? { evaluated: {} } : {}),
});

/** A scalar whose text is known, with that text as its value: for words that are no attributes. */
export function settled(node: Node): Node {
  const parts = node.type === "scalar" ? node.evaluated?.parts : undefined;
  if (!parts?.every((part) => typeof part === "string")) return node;
  return { ...(node as ScalarNode), value: parts.join("") };
}

/** The value of nothing: an attribute that is `null` is not set. */
export const isUnset = (node: Node): boolean => node.type === "scalar" && node.value === null && node.tag === undefined;

export const isEmptyList = (node: Node): boolean => node.type === "list" && node.items.length === 0;

/** The text of a scalar that holds text; undefined for everything else. */
export const textOfNode = (node: Node | undefined): string | undefined =>
  node?.type === "scalar" && typeof node.value === "string" ? node.value : undefined;
