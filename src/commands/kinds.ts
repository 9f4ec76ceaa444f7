import { exitCodes } from "../diagnostic.ts";
import { closest } from "../manifest/closest.ts";
import { metaSchema } from "../manifest/meta.ts";
import { kindName } from "../manifest/resources.ts";
import { type SystemType, systemParts } from "../manifest/systems.ts";
import { stringify } from "../render/json.ts";
import { kindSummary, renderKind } from "../render/kind-text.ts";
import { styleFor } from "../render/style.ts";
import { renderSystem } from "../render/system-text.ts";
import { renderTable } from "../render/table.ts";
import type { KindSchema } from "../schema.ts";
import { loadKindSchemas } from "../schema-files.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { connectorsOf } from "./session.ts";

/** `steward kinds`. */
export const addKinds: AddCommand = (command, run) => {
  command
    .description(
      "Lists the kinds of resources; with a kind its attributes, with a system type what systems.NAME may say. Needs no manifest.",
    )
    .argument("[kind]", "a kind or a system type, for example velocloud_api_token or momentus")
    .addHelpText("after", "\nExamples:\n  steward kinds\n  steward kinds velocloud_api_token\n  steward kinds momentus")
    .action(run<object, [string | undefined]>(kinds));
};

async function kinds(console: Console, options: SharedOptions, name: string | undefined): Promise<number> {
  const systems = connectorsOf(console);
  const system = systems.find((type) => type.name === name);
  if (system) await showSystem(console, options, system);
  else if (name !== undefined) await showOne(console, options, schemaOf(name, systems));
  else if (options.format === "json") {
    const all = loadKindSchemas().map((kind) => ({
      kind: kindName(kind),
      system: kind["x-system"],
      title: kind.title,
      summary: kindSummary(kind),
    }));
    const types = systems.map(({ name: type, settings }) => ({ type, description: settings.description }));
    console.write(stringify({ formatVersion: 1, kinds: all, systems: types }));
  } else listAll(console, systems);
  return exitCodes.done;
}

function listAll(console: Console, systems: readonly SystemType[]): void {
  const rows = loadKindSchemas().map((kind) => [kindName(kind), kindSummary(kind)]);
  console.write(renderTable(["kind", "what it is"], rows, styleFor(console.color)));
  const types = systems.map(({ name }) => `steward kinds ${name}`).join(", ");
  console.write(`\nAttributes and an example of one:  steward kinds KIND
What systems.NAME may say:         ${types}\n`);
}

async function showOne(console: Console, { format }: SharedOptions, kind: KindSchema): Promise<void> {
  if (format === "json") {
    console.write(stringify({ formatVersion: 1, kind: kindName(kind), schema: kind, meta: metaSchema }));
    return;
  }
  const example = kind.examples?.[0];
  const text = example === undefined ? "" : await yamlOf({ resources: example });
  console.write(renderKind(kindName(kind), kind, metaSchema, text, lookOf(console)));
}

async function showSystem(console: Console, { format }: SharedOptions, type: SystemType): Promise<void> {
  const parts = systemParts(type);
  const { example } = type.settings;
  if (format === "json") {
    const { name: system, ...rest } = parts;
    console.write(stringify({ formatVersion: 1, system, ...rest, example }));
    return;
  }
  const text = example === undefined ? "" : await yamlOf({ systems: example });
  console.write(renderSystem(parts, text, lookOf(console)));
}

const lookOf = ({ columns, color }: Console) => ({ columns, style: styleFor(color) });

async function yamlOf(example: object): Promise<string> {
  const yaml = await import("yaml");
  return yaml.stringify(example, { lineWidth: 100 });
}

function schemaOf(name: string, systems: readonly SystemType[]): KindSchema {
  const all = loadKindSchemas();
  const found = all.find((kind) => kindName(kind) === name);
  if (found) return found;
  const near = closest(name, [...all.map(kindName), ...systems.map((type) => type.name)]);
  const message = `there is no kind and no system type ${name}`;
  throw new WrongUsage(`${message}${near ? ` (did you mean ${near}?)` : ""}; steward kinds lists them`);
}
