import { exitCodes } from "../diagnostic.ts";
import { closest } from "../manifest/closest.ts";
import { kindName } from "../manifest/resources.ts";
import { stringify } from "../render/json.ts";
import { kindSummary, renderKind } from "../render/kind-text.ts";
import { styleFor } from "../render/style.ts";
import { renderTable } from "../render/table.ts";
import type { KindSchema } from "../schema.ts";
import { loadKindSchemas } from "../schema-files.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";

/** `steward kinds`. */
export const addKinds: AddCommand = (command, run) => {
  command
    .description("Lists the kinds of resources; with KIND its attributes. Needs no manifest.")
    .argument("[kind]", "for example velocloud_api_token")
    .addHelpText("after", "\nExamples:\n  steward kinds\n  steward kinds velocloud_api_token")
    .action(run<object, [string | undefined]>(kinds));
};

async function kinds(console: Console, options: SharedOptions, name: string | undefined): Promise<number> {
  if (name !== undefined) await showOne(console, options, schemaOf(name));
  else if (options.format === "json") {
    const all = loadKindSchemas().map((kind) => ({
      kind: kindName(kind),
      system: kind["x-system"],
      title: kind.title,
      summary: kindSummary(kind),
    }));
    console.write(stringify({ formatVersion: 1, kinds: all }));
  } else listAll(console);
  return exitCodes.done;
}

function listAll(console: Console): void {
  const rows = loadKindSchemas().map((kind) => [kindName(kind), kindSummary(kind)]);
  console.write(renderTable(["kind", "what it is"], rows, styleFor(console.color)));
  console.write("\nAttributes and an example of one:  steward kinds KIND\n");
}

async function showOne(console: Console, { format }: SharedOptions, kind: KindSchema): Promise<void> {
  if (format === "json") {
    console.write(stringify({ formatVersion: 1, kind: kindName(kind), schema: kind }));
    return;
  }
  const example = kind.examples?.[0];
  const yaml = await import("yaml");
  const text = example === undefined ? "" : yaml.stringify({ resources: example }, { lineWidth: 100 });
  console.write(renderKind(kindName(kind), kind, text, { columns: console.columns, style: styleFor(console.color) }));
}

function schemaOf(name: string): KindSchema {
  const all = loadKindSchemas();
  const found = all.find((kind) => kindName(kind) === name);
  if (found) return found;
  const near = closest(name, all.map(kindName));
  throw new WrongUsage(`there is no kind ${name}${near ? ` (did you mean ${near}?)` : ""}; steward kinds lists them`);
}
