import { expect, it } from "vitest";
import { inOrder } from "../src/plan/order.ts";

const order = (needs: Record<string, string[]>): string[] =>
  inOrder(new Map(Object.keys(needs).map((name) => [name, name])), (name) => needs[name] ?? []);

it("puts what is needed first, and equals by name", () => {
  expect(order({ c: ["a"], b: [], a: ["z", "missing"], z: [] })).toEqual(["z", "a", "b", "c"]);
});

it("takes a circle by name instead of going round for ever", () => {
  expect(order({ b: ["a"], a: ["b"] })).toEqual(["b", "a"]);
});

it("is not ended by a chain of fifty thousand", () => {
  const chain = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`r${index}`, [`r${index + 1}`]]));
  expect(order(chain)[0]).toBe("r49999");
});
