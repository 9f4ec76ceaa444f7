import { evaluatedMax } from "../limits.ts";
import type { Moved } from "../manifest/manifest.ts";
import { type Entry, keySpan, type Node } from "../manifest/node.ts";
import type { Variables } from "../manifest/place.ts";
import type { Report } from "../manifest/report.ts";
import { place } from "../manifest/sections.ts";
import type { Address } from "../resource.ts";
import type { KindSchema } from "../schema.ts";
import { terraformForm } from "../terraform/form.ts";
import { addressName } from "../terraform/names.ts";
import { providerNames } from "../terraform/provider-schema.ts";
import { SynthesizedFile } from "./file.ts";
import { Hiding } from "./hiding.ts";
import { readJson } from "./json.ts";
import { lowerBlock } from "./lower.ts";
import { readMoved } from "./moved.ts";
import { type Shared, StackScope } from "./scope.ts";
import { type Block, isForeign, isOurs, readStack, type Stack } from "./stack.ts";
import { Budget } from "./values.ts";

/** A file that code synthesised. */
export interface SynthesizedText {
  path: string;
  text: string;
  /** Name of the folder that the app made for the stack. */
  stack: string;
}

/** What the stacks are read with. */
interface StackContext {
  report: Report;
  kinds: ReadonlyMap<string, KindSchema>;
  environment: string;
  variables: Variables;
}

/** A file as JSON. */
export interface SynthesizedRoot {
  file: SynthesizedFile;
  root: Node;
  stack: string;
}

/** Reads the JSON of every file; what is none is in the report. */
export function readRoots(texts: readonly SynthesizedText[], report: Report): SynthesizedRoot[] {
  return texts.flatMap(({ path, text, stack }) => {
    const file = new SynthesizedFile(path, text);
    report.addFile(file);
    const root = readJson(file, report);
    return root ? [{ file, root, stack }] : [];
  });
}

/** The stacks of an app, one a file. A stack in which nothing is for Steward is left out. What is wrong is in the report. */
export function readStacks(roots: readonly SynthesizedRoot[], providers: readonly string[], report: Report): Stack[] {
  return roots.flatMap(({ file, root, stack: name }) => {
    const stack = readStack(file, root, name, providers, report);
    return stack && !isForeign(stack, providers) ? [stack] : [];
  });
}

/** The resources of all stacks as the entries of `resources` of a manifest, and which of them had another address. */
export function lowerStacks(stacks: readonly Stack[], context: StackContext): { resources: Entry[]; moved: Moved[] } {
  const blocks = addressed(stacks, context);
  const scopes = openScopes(stacks, blocks, context);
  const byKind = new Map<string, Entry[]>();
  for (const [address, block] of blocks) {
    const kind = context.kinds.get(block.kind)!;
    const scope = scopes.get(block.stack)!;
    const { construct } = block.stack.file.source(block.entry.at, block.entry.end);
    const user = { address, secret: false, construct, needs: new Map() };
    const name = address.slice(address.indexOf(".") + 1);
    const entry = lowerBlock(block, name, { kind, scope, user, report: context.report });
    const others = byKind.get(block.kind);
    if (others) others.push(entry);
    else byKind.set(block.kind, [entry]);
  }
  const moved = readMoved(
    stacks.flatMap((stack) => stack.moved),
    new Set(blocks.keys()),
    context.report,
  );
  return { resources: [...byKind].map(([kind, entries]) => sectionOf(kind, entries)), moved };
}

/** Resources of one kind of all files, as one entry below `resources`. */
function sectionOf(kind: string, entries: Entry[]): Entry {
  const first = entries[0]!;
  const { file } = first.value;
  const node: Node = { type: "map", file, at: first.at, end: first.end, entries };
  return { key: kind, at: first.at, end: first.end, value: node };
}

function openScopes(
  stacks: readonly Stack[],
  blocks: ReadonlyMap<Address, Block>,
  { report, environment, variables, kinds }: StackContext,
): Map<Stack, StackScope> {
  const scopes = new Map<Stack, StackScope>();
  const shared: Shared = {
    stackCalled: (name) => {
      const [only, ...others] = stacks.filter((stack) => isCalled(stack, name));
      return only && others.length === 0 ? scopes.get(only) : undefined;
    },
    report,
    hiding: new Hiding(report),
    budget: new Budget(evaluatedMax),
    environment,
    variables,
    attribute: (kind, word) => {
      const schema = word.endsWith("_wo") ? kinds.get(kind) : undefined;
      const meant = schema && terraformForm(schema).places.get(word);
      return meant?.is === "attribute" ? meant.name : word;
    },
    block: (address) => {
      const block = blocks.get(address);
      return block && { body: block.body, scope: scopes.get(block.stack)! };
    },
  };
  for (const stack of stacks) scopes.set(stack, new StackScope(stack, shared));
  return scopes;
}

/** CDKTF names a state by the path of the stack, `--` between its parts, without characters that names cannot hold. */
function isCalled(stack: Stack, state: string): boolean {
  const name = stack.name.replaceAll(/[^A-Za-z0-9_-]/g, "");
  return name !== "" && (state === name || state.endsWith(`--${name}`));
}

/** The blocks of kinds that are ours by their addresses. Names that cannot be ours and addresses that are there twice are reported. */
function addressed(stacks: readonly Stack[], { report, kinds }: StackContext): Map<Address, Block> {
  const providers = providerNames([...kinds.values()]);
  const blocks = new Map<Address, Block>();
  for (const block of stacks.flatMap((stack) => stack.blocks)) {
    const { kind, entry } = block;
    if (!kinds.has(kind)) {
      reportKind(block, [...kinds.keys()], providers, report);
      continue;
    }
    const name = addressName(block.name);
    if (name === undefined) {
      const hint = "it begins with a letter and has at most 63; set another with overrideLogicalId";
      report.error(`"${block.name}" cannot be the name of a resource`, keySpan(entry), { hint });
      continue;
    }
    const address = `${kind}.${name}`;
    const first = blocks.get(address);
    if (first) reportTwice(address, first, block, report);
    else blocks.set(address, block);
  }
  return blocks;
}

function reportKind({ kind, entry }: Block, kinds: string[], providers: readonly string[], report: Report): void {
  report.hide(entry.value);
  const hint = isOurs(kind, providers)
    ? report.suggest(kind, kinds)
    : `Steward knows ${providers.join(", ")}; put resources of other providers into a stack of their own, which it leaves out`;
  report.error(`unknown kind "${kind}"`, keySpan(entry), { hint });
}

function reportTwice(address: Address, first: Block, block: Block, report: Report): void {
  const at = `the first is at ${place(first.entry)}`;
  if (first.stack !== block.stack) {
    const message = `the stacks ${first.stack.name} and ${block.stack.name} both have the address ${address}`;
    const hint = `${at}; give one of the constructs another id, or synthesise one stack only`;
    report.error(message, keySpan(block.entry), { hint, address });
    return;
  }
  const message = `${block.name} and ${first.name} are one address, ${address}`;
  report.error(message, keySpan(block.entry), { hint: `${at}; letter case and - do not tell them apart`, address });
}
