import { hash } from "node:crypto";
import type { Address } from "./resource.ts";

/**
 * The owner part of a mark: eight hex digits that tell objects of this lineage and address apart from namesakes.
 * The same digits are never made by another lineage except by accident of 1 in 4 billion.
 */
export function markOwner(lineage: string, address: Address): string {
  return hash("sha256", `${lineage}\n${address}`).slice(0, 8);
}

/** Names one issue of a secret for ever: sinks are asked by it whether a value arrived. */
export function issueIdOf(lineage: string, address: Address, secret: string, generation: number): string {
  return `${markOwner(lineage, address)}.${secret}.${generation}`;
}
