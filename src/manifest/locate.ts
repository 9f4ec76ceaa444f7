import type { Source } from "../resource.ts";
import type { Node } from "./node.ts";
import type { Draft } from "./resources.ts";

/**
 * Where an attribute stands, such as `role`, `privileges[2]` or `password.value`: the value, the key of a map, or the
 * nearest thing around it. Without a path: the name of the resource.
 */
export function locateIn(draft: Draft | undefined, path?: string): Source | undefined {
  if (!draft) return undefined;
  const { file } = draft.node;
  let node: Node = draft.node;
  let span: { at: number; end: number } = draft.entry;
  for (const part of path === undefined ? [] : (path.match(/[^.[\]]+/g) ?? [])) {
    if (node.type === "map") {
      const entry: { at: number; end: number; value: Node } | undefined = node.entries.find((one) => one.key === part);
      if (!entry) break;
      node = entry.value;
      span = node.type === "scalar" && node.end > node.at ? node : entry;
    } else if (node.type === "list") {
      const item: Node | undefined = node.items[Number(part)];
      if (!item) break;
      node = item;
      span = item;
    } else {
      break;
    }
  }
  return (node.file ?? file).source(span.at, span.end);
}
