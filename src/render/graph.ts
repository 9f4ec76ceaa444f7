import type { Address } from "../resource.ts";
import { visible } from "./visible.ts";

/** A resource and the addresses that come first. A `Resource` is one. */
interface GraphNode {
  address: Address;
  dependsOn: Address[];
}

/** For Graphviz; an arrow points from what waits to what it needs. */
export function renderGraphDot(nodes: GraphNode[]): string {
  const lines = ["digraph steward {", "  rankdir = LR;", "  node [shape = box];"];
  for (const { address } of nodes) lines.push(`  ${dotName(address)};`);
  for (const [from, to] of edgesOf(nodes)) lines.push(`  ${dotName(from)} -> ${dotName(to)};`);
  return `${lines.join("\n")}\n}\n`;
}

/** For markdown pages that draw mermaid. */
export function renderGraphMermaid(nodes: GraphNode[]): string {
  const names = new Map<Address, string>();
  for (const address of addressesOf(nodes)) names.set(address, `n${names.size}`);
  const lines = ["graph LR"];
  for (const [address, name] of names) lines.push(`  ${name}["${mermaidText(address)}"]`);
  for (const [from, to] of edgesOf(nodes)) lines.push(`  ${names.get(from)} --> ${names.get(to)}`);
  return `${lines.join("\n")}\n`;
}

/** Indented: below each resource stands what it needs. What was shown before is not unfolded again. */
export function renderGraphText(nodes: GraphNode[]): string {
  const needs = new Map(nodes.map((node) => [node.address, unique(node.dependsOn)]));
  const needed = new Set(nodes.flatMap((node) => node.dependsOn));
  const shown = new Set<Address>();
  const lines: string[] = [];
  const unfold = (start: Address) => {
    const pending = [{ address: start, depth: 0 }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const below = needs.get(next.address) ?? [];
      const again = shown.has(next.address) && below.length > 0;
      lines.push(`${"  ".repeat(next.depth)}${visible(next.address)}${again ? " (shown above)" : ""}`);
      if (!again) for (const address of [...below].reverse()) pending.push({ address, depth: next.depth + 1 });
      shown.add(next.address);
    }
  };
  for (const { address } of nodes) if (!needed.has(address)) unfold(address);
  for (const { address } of nodes) if (!shown.has(address)) unfold(address);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function edgesOf(nodes: GraphNode[]): [Address, Address][] {
  return nodes.flatMap((node) => unique(node.dependsOn).map((to): [Address, Address] => [node.address, to]));
}

function addressesOf(nodes: GraphNode[]): Address[] {
  return unique([...nodes.map((node) => node.address), ...nodes.flatMap((node) => node.dependsOn)]);
}

function unique(addresses: Address[]): Address[] {
  return [...new Set(addresses)];
}

function dotName(address: Address): string {
  return `"${visible(address).replace(/[\\"]/g, "\\$&")}"`;
}

function mermaidText(address: Address): string {
  return visible(address).replace(/[^\w .-]/gu, (character) => `#${character.codePointAt(0)};`);
}
