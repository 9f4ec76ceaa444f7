import { expect } from "vitest";
import { makeSocketFolder } from "../../src/platform/provider-process.ts";
import type { AttributeSchema } from "../../src/schema.ts";
import { loadKindSchemas } from "../../src/schema-files.ts";
import { terraformForm } from "../../src/terraform/form.ts";
import { providerSource } from "../../src/terraform/provider-schema.ts";
import { serveForReattach } from "../../src/terraform/wire/run.ts";
import { TerraformFolder } from "../provider-terraform-fixture.ts";
import { ProviderWorld } from "./provider-world.ts";
import type { TestWorld } from "./test-world.ts";

/** The life of a resource under a real Terraform, over the simulators: the acceptance that providers are used to. */

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type Block = Record<string, Json>;

/** One system as a provider block names it. `$NAME` in a value stands for the secret NAME, which goes in by a variable. */
export interface ProviderSite {
  system: string;
  world: TestWorld;
  provider: Block;
  secrets: Record<string, string>;
}

/** What one kind is taken through. */
export interface Acceptance {
  kind: string;
  site(): ProviderSite;
  /** What must be there first: resources by kind and name. */
  needs?: Record<string, Record<string, Block>>;
  block: Block;
  /** One after the other, each laid over what was before. */
  edits: Block[];
  /** An edit that gives back access which was taken away: refused until the provider block names the object. */
  revival?: { edit: Block; name: string };
  /** Attributes whose change makes another object. */
  replaces?: Block[];
  /** Changes of what can never be another, and what is said of them. */
  refused?: { edit: Block; because: string }[];
  /** How the object is imported; the last is what names it. */
  ids(state: Block): string[];
  /** Words that a state made by import cannot have. */
  notImported?: string[];
  /** What destroying needs first. */
  leaving?: Block;
}

export const chosenSecret = "Chosen-canary-1a2b3c4D";

/** A provider that is served to a Terraform with a folder of its own. */
export interface Served {
  folder: TerraformFolder;
  site: ProviderSite;
  providers: ProviderWorld;
  stop(): void;
}

/** Serves it in this process, so that its world is the test's. */
export async function serveSite(site: ProviderSite): Promise<Served> {
  const providers = new ProviderWorld(site.world);
  const { system, secrets } = site;
  const program = { source: providerSource(system), load: async () => providers.service(system) };
  const served = await serveForReattach(program, { pid: process.pid, makeSocketFolder });
  const environment: Record<string, string> = {
    TF_REATTACH_PROVIDERS: served.value,
    TF_VAR_chosen: chosenSecret,
  };
  for (const [name, value] of Object.entries(secrets)) environment[`TF_VAR_${name}`] = value;
  const folder = new TerraformFolder({ environment });
  return {
    ...{ folder, site, providers },
    stop: () => {
      served.stop();
      folder.remove();
    },
  };
}

/** A configuration with these resources, by kind and name. */
export function writeBlocks(
  {
    folder,
    site: { system, provider, secrets },
  }: { folder: TerraformFolder; site: Pick<ProviderSite, "system" | "provider" | "secrets"> },
  resources: Record<string, Record<string, Block>>,
  more: Block = {},
): void {
  const names = ["chosen", ...Object.keys(secrets)];
  const variable = Object.fromEntries(names.map((name) => [name, { type: "string", ephemeral: true, default: "" }]));
  const required_providers = { [system]: { source: providerSource(system), version: "0.1.0" } };
  const document = {
    terraform: { required_providers },
    variable,
    provider: { [system]: provider },
    resource: resources,
    ...more,
  };
  folder.write("main.tf.json", JSON.stringify(document));
}

/** The attributes of a resource as the state holds them. */
export function stateOf({ folder }: Pick<Served, "folder">, kind: string, name: string): Block {
  const state = JSON.parse(folder.read("terraform.tfstate").toString()) as {
    resources: { type: string; name: string; instances: { attributes: Block }[] }[];
  };
  return state.resources.find((one) => one.type === kind && one.name === name)!.instances[0]!.attributes;
}

/** Neither a change nor a difference is found. */
export async function expectNothingToDo({ folder }: Pick<Served, "folder">): Promise<void> {
  await folder.expect(0, "plan -no-color -detailed-exitcode");
  expect((await folder.run("plan -no-color -refresh-only")).out).toContain("No changes.");
}

/** Takes a kind through its whole life. */
export async function accept(served: Served, acceptance: Acceptance): Promise<void> {
  const { kind, needs = {}, block, edits, replaces = [], refused = [], revival, leaving } = acceptance;
  const { folder, site } = served;
  let declared = block;
  const declare = (edit: Block): void => {
    declared = { ...declared, ...edit };
    writeBlocks(served, { ...needs, [kind]: { ...needs[kind], x: declared } });
  };
  declare({});
  await folder.expect(0, "init -no-color");
  await folder.expect(2, "plan -no-color -detailed-exitcode -out=plan");
  const shown = await folder.expect(0, "show -json plan");
  for (const secret of [chosenSecret, ...Object.values(served.site.secrets)]) expect(shown).not.toContain(secret);
  await folder.expect(0, "apply -no-color plan");
  await expectNothingToDo(served);
  const apply = async (edit: Block, counts: string): Promise<void> => {
    declare(edit);
    expect(await folder.expect(0, "apply -no-color -auto-approve"), JSON.stringify(edit)).toContain(counts);
    await expectNothingToDo(served);
  };
  for (const edit of edits) await apply(edit, changedOne);
  if (revival) {
    declare(revival.edit);
    const held = await folder.run("plan -no-color");
    expect([held.code, inOneLine(held.errors)]).toEqual([1, expect.stringContaining(`restore = ["${revival.name}"]`)]);
    site.provider.restore = [revival.name];
    await apply(revival.edit, changedOne);
    site.provider.restore = [];
  }
  for (const edit of replaces) await apply(edit, "1 added, 0 changed, 1 destroyed");
  for (const { edit, because } of refused) {
    const before = declared;
    declare(edit);
    const said = await folder.run("plan -no-color");
    expect([said.code, inOneLine(said.errors)], JSON.stringify(edit)).toEqual([1, expect.stringContaining(because)]);
    declared = before;
    declare({});
  }
  await verifyImport(served, acceptance);
  if (leaving) {
    declare(leaving);
    await folder.expect(0, "apply -no-color -auto-approve");
  }
  await folder.expect(0, "destroy -no-color -auto-approve");
}

const changedOne = "0 added, 1 changed, 0 destroyed";

/** Terraform breaks lines where its window ends. */
export const inOneLine = (text: string): string => text.replaceAll(/[\s│╷╵]+/g, " ");

/** What is imported is what was there, by each name of the object. */
async function verifyImport(served: Served, { kind, ids, notImported = [] }: Acceptance): Promise<void> {
  const { folder } = served;
  const before = stateOf(served, kind, "x");
  for (const id of ids(before)) {
    await folder.expect(0, `state rm -no-color ${kind}.x`);
    await folder.expect(0, ["import", "-no-color", `${kind}.x`, id]);
    const imported = stateOf(served, kind, "x");
    for (const [word, value] of Object.entries(before))
      if (value !== null && !notImported.includes(word)) expect(imported[word], word).toEqual(value);
    await folder.expect(0, "apply -no-color -auto-approve");
    await expectNothingToDo(served);
  }
}

/** What may change of a kind by its schema, and no edit of the acceptance changes: attributes, parts of secrets, what may be cleared. */
export function uncovered({ kind, block, edits, replaces = [], refused = [] }: Acceptance): string[] {
  const schema = loadKindSchemas().find((one) => terraformForm(one).kind === kind)!;
  const changed = new Set(edits.flatMap(Object.keys));
  const replaced = new Set([...replaces, ...refused.map(({ edit }) => edit)].flatMap(Object.keys));
  const cleared = new Set(edits.flatMap(({ clear }) => (Array.isArray(clear) ? clear.map(String) : [])));
  const identity = schema["x-identity"];
  const missing: string[] = [];
  for (const [name, attribute] of Object.entries(schema.properties)) {
    if (attribute.readOnly) continue;
    const isReplacing = attribute["x-immutable"] === true;
    // What names an object that cannot be renamed: another name is another object, and that is one replacement for all names.
    if (isReplacing && identity.includes(name)) {
      if (!identity.some((one) => replaced.has(one))) missing.push(`replace ${name}`);
    } else if (!changed.has(name) && !(isReplacing && replaced.has(name))) missing.push(name);
    if (attribute["x-clearable"] && !cleared.has(name)) missing.push(`clear ${name}`);
    missing.push(...uncoveredParts(name, attribute, [block, ...edits]));
  }
  return missing;
}

/** Each part of a chosen secret is said somewhere, with more than one value of its version. */
function uncoveredParts(name: string, { properties }: AttributeSchema, blocks: readonly Block[]): string[] {
  if (!properties) return [];
  const said = blocks.map((block) => (block[name] ?? {}) as Block);
  const words = Object.keys(properties).map((part) => (part === "value" ? ["value_wo", "value_wo_version"] : [part]));
  return words.flat().flatMap((word) => (said.some((one) => word in one) ? [] : [`${name}.${word}`]));
}
