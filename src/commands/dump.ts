import { join, relative, resolve } from "node:path";
import type { Kind, Listing, OpenSystem } from "../connectors/connector.ts";
import { exitCodes, Fault, Refusal } from "../diagnostic.ts";
import { type DumpSection, draftDump, managedIn } from "../dump/draft.ts";
import { dumpYaml } from "../dump/yaml.ts";
import { closest } from "../manifest/closest.ts";
import { nodeFiles } from "../platform/manifest-files.ts";
import { isReadByPerson, listKind } from "../refresh.ts";
import { stringify } from "../render/json.ts";
import { count } from "../render/visible.ts";
import type { Actual } from "../resource.ts";
import type { AddCommand } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { sayPlace } from "./said.ts";
import { manifestPath, type Session, withSession } from "./session.ts";
import { addBrowserOptions, gather } from "./shared-options.ts";

interface DumpFlags {
  kind?: string[];
  out?: string;
  force?: true;
}

/** `steward dump`. */
export const addDump: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Writes what exists on a system, and Steward does not manage yet, as a manifest with adopt: true. Changes nothing. Secrets cannot be read: they are left out, or stand as !redacted in a comment.",
    )
    .argument("<system>", "a system of the manifest")
    .option("--kind <kind>", "only this kind; may be repeated", gather)
    .option("--out <file>", "write it to a new file")
    .option("--force", "overwrite that file")
    .addHelpText(
      "after",
      "\nExamples:\n  steward dump velocloud >> steward.yaml      when the manifest has no resources yet\n  steward dump velocloud --kind velocloud_role --out roles.yaml",
    )
    .action(
      run<DumpFlags, [string]>((console, options, system) =>
        withSession(console, options, { reads: true }, (session) => dump(session, options, system)),
      ),
    );
};

async function dump(session: Session, options: DumpFlags, name: string): Promise<number> {
  const { workspace, manifest, console } = session;
  assertOneOf("system", name, Object.keys(manifest.systems));
  const all = workspace.connector(name).kinds;
  for (const kind of options.kind ?? [])
    assertOneOf(
      "kind",
      kind,
      all.map((one) => one.name),
    );
  const target = options.out === undefined ? undefined : await freeTarget(session, options.out, options.force ?? false);
  const wanted = all.filter((kind) => options.kind?.includes(kind.name) ?? true);
  const kinds = wanted.filter((kind) => !isReadByPerson(kind, workspace.config(name)));
  for (const kind of wanted.filter((one) => !kinds.includes(one))) {
    console.note(`${kind.name} is left out: only a person can look there. Declare one, and apply asks.\n`);
  }
  workspace.assertTrusted();
  const system = workspace.system(name);
  const input = { manifest, system: workspace.config(name), entries: Object.values(workspace.state.entries) };
  const unread = new Map<string, string>();
  const [facts, ...listings] = await Promise.all([
    system.facts(),
    ...kinds.map(async (kind) => [kind, await listInFull(kind, system, input, unread)] as const),
  ]);
  const sections = draftDump({ ...input, listings, facts, unread });
  const text =
    session.options.format === "json" ? dumpJson(sections) : dumpYaml(sections, headOf(session, name, kinds));
  if (target === undefined) console.write(text);
  else await workspace.io.disk.write(target, Buffer.from(text), { mode: 0o644 });
  console.note(saySummary(session, sections, options.out));
  return exitCodes.done;
}

/** The list of a kind, with what it lacks of what can be taken over. What cannot be read of one object goes into `unread`. */
async function listInFull(
  kind: Kind,
  system: OpenSystem,
  input: Parameters<typeof managedIn>[0],
  unread: Map<string, string>,
): Promise<Listing> {
  const managed = managedIn(input);
  const listing = await listKind(kind, system);
  const { details } = kind;
  if (!details) return listing;
  const objects: Actual[] = [];
  // One after the other: a console is one page.
  for (const object of listing.objects) {
    const key = `${kind.name} ${object.id}`;
    const isDumped = !managed.has(key) && kind.whyNotAdopted?.(object) === undefined;
    const read = isDumped ? await readWhole(details, system, object) : object;
    if (typeof read === "string") unread.set(key, read);
    objects.push(typeof read === "string" ? object : read);
  }
  return { ...listing, objects };
}

/** One object with what the list lacks, or why that is not read. Throws what stands in the way of all of them. */
async function readWhole(
  { read, whyNotRead }: NonNullable<Kind["details"]>,
  { reader }: OpenSystem,
  object: Actual,
): Promise<Actual | string> {
  const why = whyNotRead?.(object);
  if (why !== undefined) return why;
  try {
    const gone = "what the list shows could not be opened: it is gone meanwhile, or its name is not as it shows";
    return (await read(reader, object)) ?? gone;
  } catch (error) {
    if (error instanceof Fault && error.details.code === "screen") return error.message;
    throw error;
  }
}

function assertOneOf(what: string, name: string, known: string[]): void {
  if (known.includes(name)) return;
  const near = closest(name, known);
  throw new WrongUsage(
    `there is no ${what} ${name} (${near ? `did you mean ${near}?` : `there is: ${known.join(", ")}`})`,
  );
}

async function freeTarget({ workspace, console }: Session, out: string, force: boolean): Promise<string> {
  const path = resolve(console.folder, out);
  if (force || (await workspace.io.disk.size(path)) === undefined) return path;
  throw new Refusal([{ message: `the file ${out} is there already`, remedy: "choose another name, or add --force" }]);
}

function headOf({ workspace, manifest }: Session, name: string, kinds: Kind[]): string[] {
  const { url } = workspace.config(name);
  const day = workspace.timestamp().slice(0, 10);
  return [
    `${name} (${url}, environment ${manifest.environment}) as of ${day}: ${kinds.map((kind) => kind.name).join(", ")}`,
    "adopt: true takes an object over at the next apply; as long as its attributes are as they are there, nothing changes.",
    "Delete here what Steward should not manage. It is left alone then.",
  ];
}

function dumpJson(sections: readonly DumpSection[]): string {
  const kinds = sections.map(({ kind, notes, blocks }) => ({
    kind,
    notes,
    objects: blocks.map(({ name, attributes, meta, notes: own, isComment }) => ({
      ...{ address: `${kind}.${name}`, adoptable: !isComment, notes: own },
      attributes: Object.fromEntries(attributes),
      meta: Object.fromEntries(meta),
    })),
  }));
  return stringify({ formatVersion: 1, kinds });
}

function saySummary(session: Session, sections: readonly DumpSection[], out: string | undefined): string {
  const { console, options } = session;
  const blocks = sections.flatMap((section) => section.blocks);
  const open = blocks.filter((block) => !block.isComment).length;
  const rest = blocks.length - open;
  const more =
    rest > 0 ? `, ${count(rest, "more stands", "more stand")} there as ${rest === 1 ? "a comment" : "comments"}` : "";
  const head = `${count(open, "object")} can be taken over${more}. Nothing was changed.\n`;
  if (open === 0) return head;
  const manifest = manifestPath(console, options);
  const isFolder = nodeFiles.kind(manifest) === "folder";
  const inside = out !== undefined && isFolder && !relative(manifest, join(console.folder, out)).startsWith("..");
  const place = isFolder ? "into a file of the manifest's folder" : "into the manifest, under one key resources";
  return `${head}${inside ? "" : `Put them ${place}, then:\n`}  steward validate${sayPlace(session)}\n  steward plan${sayPlace(session)}\n`;
}
