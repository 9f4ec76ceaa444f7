import { type Diagnostic, InvalidManifest } from "../diagnostic.ts";
import type { Address, Resource } from "../resource.ts";
import type { KindSchema } from "../schema.ts";
import type { Label } from "../screen.ts";
import {
  lowerStacks,
  readRoots,
  readStacks,
  type SynthesizedRoot,
  type SynthesizedText,
} from "../terraform-json/read.ts";
import { digestOf } from "./digest.ts";
import { environmentPart, readEnvironments } from "./environments.ts";
import { locateIn } from "./locate.ts";
import type { Manifest, SinkConfig, SystemConfig } from "./manifest.ts";
import { type Entry, entryOf, keySpan, type Node, type Span, TextFile } from "./node.ts";
import { checkReferences, dependencies } from "./references.ts";
import { Report } from "./report.ts";
import { type Draft, kindName, readResources } from "./resources.ts";
import { override, readSections } from "./sections.ts";
import { checkSinkPaths, readGuard, readSink, readState, type SinkType } from "./sinks.ts";
import { readSystem, type SideFiles, type SystemType } from "./systems.ts";
import { checkIdentities, checkTargets, checkUniqueAttributes } from "./unique.ts";
import { readVariables } from "./variables.ts";
import { readYaml } from "./yaml.ts";

/** Everything that a manifest is read with. */
export interface ParseInput {
  /** Text of each file; paths are relative to the folder, with forward slashes. */
  files: { path: string; text: string }[];
  /** Absolute path of the manifest's folder. */
  folder: string;
  /** Needed when the manifest declares several. */
  environment?: string | undefined;
  /** Values of `--var`. */
  variables: Record<string, string>;
  /** Of the process; only `STEWARD_VAR_NAME` is looked at. */
  environmentVariables: Record<string, string | undefined>;
  kinds: readonly KindSchema[];
  connectors: readonly SystemType[];
  /** What the consoles of each type print; read only where a system says `screens`. */
  labels?: (() => Readonly<Record<string, readonly Label[]>>) | undefined;
  sinkTypes: Record<string, SinkType>;
  /** What to do about a path that a sink of this type cannot take; undefined when it can. */
  sinkPathProblem?: ((type: string, path: string) => string | undefined) | undefined;
  /** Files beside the manifest: `ca_file`, and whether a link leads out of the folder. Without it `ca_file` is an error. */
  side?: SideFiles | undefined;
  /** What reading the files already found wrong. */
  found?: Diagnostic[];
  /** What code synthesised beside the files. */
  synthesized?: Synthesized | undefined;
}

/** What code synthesised. It is read when the YAML declares no resources. */
export interface Synthesized {
  /** It was asked for by name: then it is an error when the YAML declares resources too. */
  isMeant: boolean;
  read(): { texts: SynthesizedText[]; found: Diagnostic[] };
}

/**
 * Text in, manifest out; pure apart from `side`. Throws an `InvalidManifest` with everything that is wrong, each at its
 * place. Bounded in time and memory whatever the text is.
 */
export function parseManifest(input: ParseInput): Manifest {
  const report = new Report();
  report.push(input.found ?? []);
  const roots: Node[] = [];
  for (const { path, text } of [...input.files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const file = new TextFile(path, text);
    report.addFile(file);
    const root = readYaml(file, report);
    if (root) roots.push(root);
  }
  const code = synthesizedRoots(roots, input, report);
  // With a file unread, every reference into it would be reported as wrong.
  if (hasErrors(report)) throw new InvalidManifest(report.finish());
  return readRootNodes(roots, code, input, report);
}

function synthesizedRoots(roots: readonly Node[], { synthesized }: ParseInput, report: Report): SynthesizedRoot[] {
  if (!synthesized) return [];
  const declared = roots
    .flatMap((root) => (root.type === "map" ? (entryOf(root, "resources") ?? []) : []))
    .find(({ value }) => !(value.type === "map" && value.entries.length === 0));
  if (declared && !synthesized.isMeant) return [];
  const { texts, found } = synthesized.read();
  if (declared && texts[0]) {
    const hint = `they stand in ${texts[0].path} too; keep one of them, or name the file: --manifest ${declared.value.file.path}`;
    report.error("resources are declared in YAML and in code", keySpan(declared), { hint });
    return [];
  }
  report.push(found);
  return readRoots(texts, report);
}

const hasErrors = (report: Report): boolean => report.diagnostics.some((one) => one.severity === "error");

/** The manifest of texts that were read already. Throws an `InvalidManifest`. */
export function readRootNodes(roots: Node[], code: SynthesizedRoot[], input: ParseInput, report: Report): Manifest {
  const sections = readSections(roots, report);
  const environment = readEnvironments(sections.environments, input.environment, report);
  const providers = input.connectors.map((connector) => connector.name);
  const stacks = readStacks(code, providers, report);
  if (code[0] && stacks.length === 0 && input.synthesized?.isMeant) reportForeign(code[0], providers, report);
  const elsewhere = stacks.flatMap((stack) => [...stack.variables.keys()]);
  const variables = readVariables(sections.variables, environment.variables, input, report, elsewhere);
  const files: { path: string; span: Span }[] = [];
  const shared = { report, environment: environment.name, variables, files };
  const systemEntries = override(sections.systems, environment.systems, "systems", report);
  const sinkEntries = override(sections.sinks, environment.sinks, "sinks", report);
  checkOtherOverrides(sections.environments, environment.name, sections.systems, sections.sinks, report);
  const systemTypes = input.connectors.map((type) => ({ ...type, labels: () => input.labels?.()[type.name] ?? [] }));
  const systems = collect(systemEntries, (entry) => readSystem(entry, systemTypes, input.side, shared));
  const place = { ...shared, several: environment.names.length > 1, side: input.side };
  const sinks = collect(sinkEntries, (entry) => readSink(entry, input.sinkTypes, place));
  const state = readState(sections.state, place);
  const guard = readGuard(sections.guard, place);
  const kinds = new Map(input.kinds.map((kind) => [kindName(kind), kind]));
  const types = new Map(systemEntries.map((entry) => [entry.key, typeName(entry)]));
  const context = { report, kinds, environment: environment.name, variables };
  const { resources: synthesized, moved } = lowerStacks(stacks, context);
  const drafts = readResources([...sections.resources, ...synthesized], {
    ...shared,
    kinds,
    environments: environment.names,
    systems: types,
  });
  checkReferences(drafts, kinds, environment.name, report);
  checkIdentities(drafts, report);
  checkUniqueAttributes(drafts, report);
  checkSinkPaths(Object.values(sinks), sinkEntries, report);
  checkTargets(
    drafts,
    systemEntries,
    new Map(sinkEntries.map((entry) => [entry.key, typeName(entry)])),
    input.sinkPathProblem,
    report,
  );
  checkFiles(files, input.side, report);
  const diagnostics = report.finish();
  if (hasErrors(report)) throw new InvalidManifest(diagnostics);
  const { name, names, protected: isProtected } = environment;
  const resources = finishResources(drafts);
  const meaning = { environment: name, protected: isProtected, systems, sinks, state, guard, resources, moved };
  return {
    folder: input.folder,
    files: [...input.files, ...stacks.map((stack) => stack.file)].map((file) => file.path).sort(),
    environments: names,
    ...meaning,
    digest: digestOf(meaning, unorderedIn(input.kinds)),
    warnings: diagnostics,
    locate: (address: Address, path?: string) => locateIn(drafts.get(address), path),
    excerpt: (source) => report.excerpt(source),
  };
}

/** Without a word about it a folder with code for others only would mean: there are no resources any more. */
function reportForeign({ file }: SynthesizedRoot, providers: string[], report: Report): void {
  const hint = `a resource of ${providers.join(", ")} must stand in it; a manifest in YAML beside it is read with --manifest FILE`;
  report.error("nothing in this code is for Steward", { file, at: 0, end: 1 }, { hint });
}

/** Tells lists whose order means nothing. */
function unorderedIn(kinds: readonly KindSchema[]): (kind: string, attribute: string) => boolean {
  const byName = new Map(kinds.map((kind) => [kindName(kind), kind]));
  return (kind, attribute) => byName.get(kind)?.properties[attribute]?.uniqueItems === true;
}

/** A slip in the overrides of another environment is found today, not on the day of its release. */
function checkOtherOverrides(
  environments: Entry[],
  current: string,
  systems: Entry[],
  sinks: Entry[],
  report: Report,
): void {
  for (const entry of environments) {
    if (entry.key === current) continue;
    override(systems, environmentPart(entry, "systems"), "systems", report);
    override(sinks, environmentPart(entry, "sinks"), "sinks", report);
  }
}

function collect<T extends SystemConfig | SinkConfig>(
  entries: Entry[],
  read: (entry: Entry) => T | undefined,
): Record<string, T> {
  const result: Record<string, T> = {};
  for (const entry of entries) {
    const one = read(entry);
    if (one) result[entry.key] = one;
  }
  return result;
}

/** The type of a system as it is written, also when something else in it is wrong. */
function typeName(entry: Entry): string {
  const written = entry.value.type === "map" ? entry.value.entries.find((part) => part.key === "type") : undefined;
  return written?.value.type === "scalar" ? String(written.value.value) : entry.key;
}

function checkFiles(files: { path: string; span: Span }[], side: SideFiles | undefined, report: Report): void {
  for (const { path, span } of files) {
    const problem = side?.problem(path);
    if (problem) report.error(`the path ${problem}`, span, { hint: "files stay inside the manifest's folder" });
  }
}

/** The resources of this environment, in the order of their addresses. */
export function finishResources(drafts: Map<Address, Draft>): Resource[] {
  const resources: Resource[] = [];
  for (const draft of drafts.values()) {
    if (draft.absent) continue;
    const { address, name, system, attributes, lifecycle, entry, node } = draft;
    resources.push({
      address,
      kind: kindName(draft.kind),
      name,
      system,
      attributes,
      dependsOn: dependencies(draft),
      lifecycle,
      source: node.file.source(entry.at, entry.end),
    });
  }
  return resources.sort((a, b) => (a.address < b.address ? -1 : 1));
}
