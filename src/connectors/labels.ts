import { assert } from "../diagnostic.ts";
import type { Label } from "../screen.ts";

/** What the consoles of the systems print, by the name of the connector. */
export type SystemLabels = Readonly<Record<string, readonly Label[]>>;

/** The control behind a key of `schemas/SYSTEM/labels.json`. */
export type LabelBook<Key extends string> = (key: Key) => Label;

/** The labels of one system by their keys. A key that the file does not have is our bug. */
export function labelBook<Key extends string>(labels: SystemLabels, system: string): LabelBook<Key> {
  const byKey = new Map((labels[system] ?? []).map((label) => [label.key, label]));
  return (key) => {
    const label = byKey.get(key);
    assert(label, `schemas/${system}/labels.json has no label ${key}`);
    return label;
  };
}
