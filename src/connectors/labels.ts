import { assert } from "../diagnostic.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import type { Label } from "../screen.ts";

/** What the consoles of the systems print, by the name of the connector. */
export type SystemLabels = Readonly<Record<string, readonly Label[]>>;

/** The control behind a key of `schemas/SYSTEM/labels.json`. */
export type LabelBook<Key extends string> = (key: Key) => Label;

/** The labels as one system has them: what its `screens` says otherwise counts. */
export type LabelsOf<Key extends string> = (system: Pick<SystemConfig, "screens">) => LabelBook<Key>;

/** The labels of one type of system by their keys. A key that the file does not have is our bug. */
export function labelBook<Key extends string>(labels: SystemLabels, type: string): LabelsOf<Key> {
  const byKey = new Map((labels[type] ?? []).map((label) => [label.key, label]));
  return ({ screens = {} }) =>
    (key) => {
      const label = byKey.get(key);
      assert(label, `schemas/${type}/labels.json has no label ${key}`);
      const words = screens[key];
      return words === undefined ? label : renamed(label, words);
    };
}

/** All labels of a type, as one system has them. */
export function allLabels(labels: SystemLabels, type: string): (system: Pick<SystemConfig, "screens">) => Label[] {
  const book = labelBook<string>(labels, type);
  return (system) => (labels[type] ?? []).map(({ key }) => book(system)(key));
}

/** The same for what looks at more of a console than its steps use: the labels by any of their keys. */
export function bookOf(labels: readonly Label[]): LabelBook<string> {
  const byKey = new Map(labels.map((label) => [label.key, label]));
  return (key) => {
    const label = byKey.get(key);
    assert(label, `labels.json has no label ${key}`);
    return label;
  };
}

/** `Menu > Page`: the last word is the control's own, those before it lead there. */
function renamed(label: Label, words: string): Label {
  const parts = words.split(" > ").map((part) => part.trim());
  const via = parts.slice(0, -1);
  return { ...label, text: parts.at(-1) ?? label.text, ...(via.length > 0 ? { via } : {}) };
}
