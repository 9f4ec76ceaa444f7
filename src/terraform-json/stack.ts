import { type Entry, entryOf, keySpan, type MapNode, type Node } from "../manifest/node.ts";
import type { Report } from "../manifest/report.ts";
import type { SynthesizedFile } from "./file.ts";
import { isEmptyList, isUnset, textOfNode } from "./value-nodes.ts";

/** One resource as it stands in the JSON, nothing of it evaluated. */
export interface Block {
  kind: string;
  /** Its name in Terraform; `addressName` makes ours of it. */
  name: string;
  /** The name and what stands behind it. */
  entry: Entry;
  body: MapNode;
  stack: Stack;
}

/** What is lowered of a block. Terraform itself hands over blocks that belong to no stack of ours. */
export type Lowered = Pick<Block, "entry" | "body"> & Partial<Pick<Block, "stack">>;

/** One stack: a `cdk.tf.json`. */
export interface Stack {
  /** As the app calls it. */
  name: string;
  file: SynthesizedFile;
  blocks: Block[];
  variables: Map<string, Entry>;
  locals: Map<string, Entry>;
  outputs: Map<string, Entry>;
  /** Aliases of the provider blocks, by provider. */
  aliases: Map<string, Map<string, Node>>;
  moved: MapNode[];
}

/** Parts of Terraform that mean nothing to Steward and take nothing away when they are left out. */
const ignored = new Set(["//", "terraform", "data", "ephemeral", "check"]);

/** Parts that would change what is managed, and what to do instead. */
const refused: Record<string, string> = {
  module: "write its resources in the code itself",
  import: "run once: steward import ADDRESS ID; then take the import out of the code",
  removed: "take the block out; on_remove: forget on the resource, applied before, leaves the object in place",
};

/** Takes a file apart into its blocks. `providers` are the names of ours. What is wrong is in the report. */
export function readStack(
  file: SynthesizedFile,
  root: Node,
  folderName: string,
  providers: readonly string[],
  report: Report,
): Stack | undefined {
  if (root.type !== "map") {
    report.error("Terraform JSON is a map", { file, at: root.at, end: root.at + 1 }, { hint: "synthesise it again" });
    return undefined;
  }
  const stack: Stack = { ...emptyStack(file), name: stackName(root) ?? folderName };
  for (const entry of root.entries) readPart(entry, stack, providers, report);
  return stack;
}

const emptyStack = (file: SynthesizedFile): Stack => ({
  name: "",
  file,
  blocks: [],
  variables: new Map(),
  locals: new Map(),
  outputs: new Map(),
  aliases: new Map(),
  moved: [],
});

const words = ["resource", "provider", "variable", "locals", "output", "moved", "terraform", "data"];

function readPart(entry: Entry, stack: Stack, providers: readonly string[], report: Report): void {
  const { key } = entry;
  if (key === "resource") readResources(entry, stack, report);
  else if (key === "provider") readProviders(entry, stack, providers, report);
  else if (key === "variable") collect(entry, stack.variables, report);
  else if (key === "locals") collect(entry, stack.locals, report);
  else if (key === "output") collect(entry, stack.outputs, report);
  else if (key === "moved") stack.moved = [...stack.moved, ...bodies(entry, report)];
  else if (Object.hasOwn(refused, key)) {
    if (!isEmpty(entry.value))
      report.error(`Steward does not carry out ${key} blocks`, keySpan(entry), { hint: refused[key] });
  } else if (!ignored.has(key)) {
    report.hide(entry.value);
    report.error(`unknown part "${key}" of Terraform JSON`, keySpan(entry), { hint: report.suggest(key, words) });
  }
}

const isEmpty = (node: Node): boolean => isEmptyList(node) || (node.type === "map" && node.entries.length === 0);

/** The maps behind a key: one, or a list of them, as Terraform's JSON allows for every block. */
export function bodies(entry: Entry, report: Report): MapNode[] {
  const { value } = entry;
  const nodes = value.type === "list" ? value.items : [value];
  return nodes.flatMap((node) => {
    if (node.type === "map") return [node];
    report.hide(node);
    report.error(`${entry.key} must be a map`, keySpan(entry), { hint: "synthesise it again" });
    return [];
  });
}

function readResources(entry: Entry, stack: Stack, report: Report): void {
  for (const ofKind of bodies(entry, report).flatMap((map) => map.entries)) {
    for (const named of bodies(ofKind, report).flatMap((map) => map.entries)) {
      for (const body of bodies(named, report)) {
        stack.blocks.push({ kind: ofKind.key, name: named.key, entry: named, body, stack });
        const path = constructPath(body);
        if (path !== undefined) stack.file.addConstruct(named.at, body.end, path);
      }
    }
  }
}

/** The names below a key with what stands behind them; a name that stands twice is an error. */
function collect(entry: Entry, into: Map<string, Entry>, report: Report): void {
  for (const named of bodies(entry, report).flatMap((map) => map.entries)) {
    if (named.key === "//") continue;
    if (into.has(named.key)) report.error(`${entry.key} ${named.key} stands here again`, keySpan(named));
    else into.set(named.key, named);
  }
}

/** Only the alias says something: which system is meant. Everything else stands in steward.yaml. */
function readProviders(entry: Entry, stack: Stack, providers: readonly string[], report: Report): void {
  for (const provider of bodies(entry, report).flatMap((map) => map.entries)) {
    const known = stack.aliases.get(provider.key) ?? new Map<string, Node>();
    stack.aliases.set(provider.key, known);
    if (!providers.includes(provider.key)) report.hide(provider.value);
    if (!providers.includes(provider.key)) continue;
    for (const body of bodies(provider, report)) readProvider(provider, body, known, report);
  }
}

function readProvider(provider: Entry, body: MapNode, known: Map<string, Node>, report: Report): void {
  const alias = entryOf(body, "alias")?.value;
  const others = body.entries.filter(({ key, value }) => key !== "alias" && key !== "//" && !isUnset(value));
  for (const { value } of others) report.hide(value);
  if (others.length > 0) {
    const names = others.slice(0, 5).map(({ key }) => key);
    const more = others.length > names.length ? ", …" : "";
    const message = `ignored in the provider ${provider.key}: ${names.join(", ")}${more}`;
    report.warn(message, keySpan(others[0]!), { hint: "settings and credentials of systems stand in steward.yaml" });
  }
  if (!alias || isUnset(alias)) return;
  const name = textOfNode(alias);
  if (name === undefined) report.error("an alias must be text", { ...alias, end: alias.at + 1 });
  else if (known.has(name))
    report.error(`two providers ${provider.key} have the alias ${name}`, alias, { hint: "keep one of them" });
  else known.set(name, alias);
}

/** The text behind some keys inside one another. */
function textAt(node: Node, path: readonly string[]): string | undefined {
  let at: Node | undefined = node;
  for (const key of path) at = at?.type === "map" ? entryOf(at, key)?.value : undefined;
  const text = textOfNode(at);
  return text !== undefined && text.length <= 1_000 ? text : undefined;
}

const stackName = (root: Node): string | undefined => textAt(root, ["//", "metadata", "stackName"]);

/** Where a block comes from in the code, as CDKTF notes it. */
const constructPath = (body: MapNode): string | undefined => textAt(body, ["//", "metadata", "path"]);

/** Whether nothing in a stack is for Steward: resources of other providers, and none of ours. */
export function isForeign(stack: Stack, providers: readonly string[]): boolean {
  if (stack.blocks.length === 0) return false;
  return (
    !stack.blocks.some(({ kind }) => isOurs(kind, providers)) && !providers.some((name) => stack.aliases.has(name))
  );
}

/** Whether a kind is of one of these providers, by the beginning of its name. */
export const isOurs = (kind: string, providers: readonly string[]): boolean =>
  providers.some((name) => kind.startsWith(`${name}_`));
