import type { Moved } from "../manifest/manifest.ts";
import { entryOf, type MapNode, type Node, type Span } from "../manifest/node.ts";
import type { Report } from "../manifest/report.ts";
import type { Address } from "../resource.ts";
import { addressIn } from "../terraform/names.ts";
import { textOfNode } from "./value-nodes.ts";

interface Move {
  to: Address;
  span: Span;
}

/**
 * What the `moved` blocks say: which address an object had, and which it has now. Chains are followed to their end. What was moved to
 * an address that nobody declares any more is left out: then its object goes away under the name that it had.
 */
export function readMoved(blocks: readonly MapNode[], declared: ReadonlySet<Address>, report: Report): Moved[] {
  const moves = new Map<Address, Move>();
  const taken = new Map<Address, Address>();
  for (const block of blocks) {
    const from = readAddress(block, "from", report);
    const to = readAddress(block, "to", report);
    if (from === undefined || to === undefined || from.address === to.address) continue;
    const problem = problemOf(from.address, to.address, moves, taken, declared);
    if (problem) report.error(problem.message, from.span, { hint: problem.hint });
    moves.set(from.address, { to: to.address, span: from.span });
    taken.set(to.address, from.address);
  }
  return [...moves].flatMap(([from, move]) => {
    const to = endOf(move, moves, report);
    return to !== undefined && declared.has(to) ? [{ from, to }] : [];
  });
}

function readAddress(block: MapNode, key: "from" | "to", report: Report): { address: Address; span: Span } | undefined {
  const node: Node | undefined = entryOf(block, key)?.value;
  const address = addressIn(textOfNode(node) ?? "");
  if (node && address !== undefined) return { address, span: node };
  const place = node ?? { ...block, end: block.at + 1 };
  report.error(`${key} of moved is not the address of a resource`, place, { hint: "write KIND.NAME" });
  return undefined;
}

function problemOf(
  from: Address,
  to: Address,
  moves: ReadonlyMap<Address, Move>,
  taken: ReadonlyMap<Address, Address>,
  declared: ReadonlySet<Address>,
): { message: string; hint: string } | undefined {
  const kind = (address: Address) => address.slice(0, address.indexOf("."));
  const other = moves.get(from);
  if (kind(from) !== kind(to))
    return { message: `${from} cannot become ${to}: the kinds differ`, hint: "a moved object stays of its kind" };
  if (other)
    return other.to === to
      ? undefined
      : { message: `${from} is moved to ${other.to} and to ${to}`, hint: "keep one of them" };
  const same = taken.get(to);
  if (same !== undefined) return { message: `${same} and ${from} are both moved to ${to}`, hint: "keep one of them" };
  if (declared.has(from))
    return { message: `${from} is moved, and still declared`, hint: "take the moved block or the resource out" };
  return undefined;
}

/** Where a chain of moves ends; undefined for a circle, which is reported. */
function endOf(first: Move, moves: ReadonlyMap<Address, Move>, report: Report): Address | undefined {
  const seen = new Set<Address>();
  for (let to = first.to; ; ) {
    const next = moves.get(to);
    if (!next) return to;
    if (seen.has(to)) {
      report.error(`these moves lead in a circle at ${to}`, first.span, { hint: "take one of them out" });
      return undefined;
    }
    seen.add(to);
    to = next.to;
  }
}
