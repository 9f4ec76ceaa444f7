import type { Address, Lifecycle } from "../resource.ts";
import type { AttributeSchema, KindSchema } from "../schema.ts";
import { type Entry, keySpan, type ListNode, type Node, type Span } from "./node.ts";
import type { Report } from "./report.ts";
import { asMap } from "./sections.ts";

/** Reads `depends_on`: addresses, plain or as `${kind.name}`. */
export function readDependsOn(entry: Entry, report: Report, address: Address): { address: Address; span: Span }[] {
  return texts(entry, report, address, "addresses, such as velocloud_role.auditor").flatMap(({ text, node }) => {
    const plain = /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;
    if (/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(plain)) return [{ address: plain, span: node }];
    report.error("this is not the address of a resource", node, { hint: "write KIND.NAME", address });
    return [];
  });
}

function texts(entry: Entry, report: Report, address: Address, what: string): { text: string; node: Node }[] {
  const list: ListNode | undefined = entry.value.type === "list" ? entry.value : undefined;
  if (!list) {
    report.error(`${entry.key} must be a list of ${what}`, keySpan(entry), { address });
    return [];
  }
  return list.items.flatMap((node) => {
    if (node.type === "scalar" && typeof node.value === "string") return [{ text: node.value, node }];
    report.error(`${entry.key} must hold ${what}`, node, { address });
    return [];
  });
}

const lifecycleSchema: AttributeSchema = {
  type: "object",
  description: "How Steward treats this resource.",
  properties: {
    prevent_destroy: {
      type: "boolean",
      default: false,
      description: "Refuse every plan that would remove this object.",
      examples: [true],
    },
    ignore_changes: {
      type: "array",
      items: { type: "string" },
      description: "Attributes that others may change.",
      examples: [["description"]],
    },
    adopt: {
      type: "boolean",
      default: false,
      description: "Take over an object of the same identity that already exists.",
      examples: [true],
    },
    on_remove: {
      type: "string",
      enum: ["delete", "forget"],
      description:
        "What becomes of the object when its block leaves the manifest. Created ones are removed, adopted ones forgotten.",
      examples: ["forget"],
    },
  },
};

const lifecycleProperties = lifecycleSchema.properties!;
const lifecycleKeys = Object.keys(lifecycleProperties);

/** What every resource may say beside the attributes of its kind. */
export const metaSchema: Record<string, AttributeSchema> = {
  system: {
    type: "string",
    description: "Name of the system. The one named like its type, or the only one of it, unless this says otherwise.",
  },
  depends_on: {
    type: "array",
    items: { type: "string" },
    description: "Resources that must be there first, as KIND.NAME.",
  },
  environments: {
    type: "array",
    minItems: 1,
    items: { type: "string" },
    description: "Only in these environments.",
  },
  lifecycle: lifecycleSchema,
};

/** How a key of `lifecycle` that stands on the resource itself is written; undefined for any other word. */
export function asLifecycle(key: string): string | undefined {
  if (!lifecycleKeys.includes(key)) return undefined;
  const [example] = lifecycleProperties[key]!.examples ?? [];
  const value = Array.isArray(example) ? `[${example.join(", ")}]` : String(example);
  return `write lifecycle: { ${key}: ${value} }`;
}

/** Reads `lifecycle`. */
export function readLifecycle(entry: Entry, kind: KindSchema, report: Report, address: Address): Lifecycle {
  const lifecycle: Lifecycle = { preventDestroy: false, ignoreChanges: [], adopt: false, onRemove: "default" };
  const map = asMap(entry, "lifecycle", report);
  for (const part of map?.entries ?? []) {
    if (part.key === "prevent_destroy") lifecycle.preventDestroy = flag(part, report, address);
    else if (part.key === "adopt") lifecycle.adopt = flag(part, report, address);
    else if (part.key === "ignore_changes") lifecycle.ignoreChanges = readIgnored(part, kind, report, address);
    else if (part.key === "on_remove") lifecycle.onRemove = readOnRemove(part, report, address);
    else {
      const hint = report.suggest(part.key, lifecycleKeys);
      report.error(`unknown key "${part.key}" on lifecycle`, keySpan(part), { hint, address });
    }
  }
  return lifecycle;
}

function flag(part: Entry, report: Report, address: Address): boolean {
  if (part.value.type === "scalar" && typeof part.value.value === "boolean") return part.value.value;
  report.error(`lifecycle.${part.key} must be true or false`, keySpan(part), { address });
  return false;
}

function readOnRemove(part: Entry, report: Report, address: Address): Lifecycle["onRemove"] {
  const value = part.value.type === "scalar" ? part.value.value : undefined;
  if (value === "delete" || value === "forget") return value;
  report.error("lifecycle.on_remove has a value that is not allowed", keySpan(part), {
    hint: "allowed: delete, forget",
    address,
  });
  return "default";
}

function readIgnored(part: Entry, kind: KindSchema, report: Report, address: Address): string[] {
  const names = Object.keys(kind.properties).filter((name) => !kind.properties[name]!.readOnly);
  const read = texts(part, report, address, "names of attributes").flatMap(({ text, node }) => {
    if (names.includes(text)) return [text];
    report.error(`unknown attribute "${text}" in ignore_changes`, node, { hint: report.suggest(text, names), address });
    return [];
  });
  return [...new Set(read)].sort();
}
