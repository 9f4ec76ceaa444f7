import { join } from "node:path";
import { showStep } from "../../apply/answer.ts";
import { replaceFile } from "../../durable.ts";
import { linklessDisk } from "../../linkless-disk.ts";
import { renderInstruction } from "../../render/instruction.ts";
import { askedSteps } from "../../run.ts";
import { Secret } from "../../secret.ts";
import type { OpenRun } from "../../state.ts";
import { writtenManifestName } from "../names.ts";
import { isNumber, numberText } from "../wire/number.ts";
import type { TerraformDiagnostic } from "../wire/service.ts";
import { isObjectValue, type ObjectValue, type Value } from "../wire/value.ts";
import { secretName } from "./config-text.ts";
import { say } from "./diagnostics.ts";
import { journalDefault, ownWords } from "./provider-block.ts";
import type { Walk } from "./walk.ts";

/**
 * What a person is to do, as a diagnostic of Terraform: the instruction, and the command that takes the answer. `steward do` and
 * `steward confirm` need a manifest, so one is written that says of the system what the provider block says, without its secrets.
 */

/** What waits for people in a run, and the manifest with which they tell it. Nothing when nobody is asked. */
export async function sayWaiting(walk: Walk, run: OpenRun): Promise<TerraformDiagnostic[]> {
  const asked = askedSteps(run);
  if (asked.length === 0) return [];
  const { workspace } = walk;
  const manifest = await writeManifest(walk);
  const { environment } = workspace.manifest;
  return asked.map(({ step }) => {
    const shown = showStep(workspace, run, step);
    const instruction = renderInstruction(shown, { environment, manifest });
    return say("error", `${step.id} waits for a person`, `${instruction}\nThen apply again: it goes on.`);
  });
}

/** Where only a person gets in at a console: the command that lets them, with the manifest that it needs. */
export async function withLogin(
  walk: Walk,
  diagnostics: readonly TerraformDiagnostic[],
): Promise<readonly TerraformDiagnostic[]> {
  const login = `steward console login ${walk.system.name}`;
  if (!diagnostics.some(({ detail }) => detail?.includes(login))) return diagnostics;
  const manifest = await writeManifest(walk);
  return diagnostics.map((one) =>
    one.detail === undefined ? one : { ...one, detail: one.detail.replace(login, `${login} --manifest ${manifest}`) },
  );
}

/** Writes it into the folder of the provider's paths. Answers its name. */
async function writeManifest({ workspace, system, block }: Walk): Promise<string> {
  const { folder, environment } = workspace.manifest;
  const name = writtenManifestName(system.name);
  const settings = Object.entries(block).filter(([word, value]) => !ownWords.includes(word) && value !== null);
  const plain = Object.fromEntries(settings.map(([word, value]) => [word, written(value, [word])]));
  const document = {
    systems: { [system.name]: { type: system.type, ...plain } },
    sinks: written(block.sinks ?? {}, ["sinks"]),
    state: { path: block.journal ?? journalDefault },
    environments: { [environment]: { protected: true } },
    resources: {},
  };
  const text = `# Written by the Terraform provider, for: steward do, steward confirm. Holds no secret and no resources.\n${JSON.stringify(document, undefined, 2)}\n`;
  await replaceFile(linklessDisk(workspace.io.disk, folder), join(folder, name), Buffer.from(text));
  return name;
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** As a manifest writes it; a secret as the variable that whoever goes on brings it by. */
function written(value: Value, path: readonly string[]): Json {
  if (value instanceof Secret) return `\${env.${secretName("STEWARD", path)}}`;
  if (typeof value === "string") return value.replaceAll("${", "$${");
  if (isNumber(value)) return Number(numberText(value));
  if (Array.isArray(value)) return value.map((one, index) => written(one, [...path, String(index)]));
  if (!isObjectValue(value)) return value as boolean | null;
  const set = Object.entries(value as ObjectValue).filter(([, one]) => one !== null);
  return Object.fromEntries(set.map(([word, one]) => [word, written(one, [...path, word])]));
}
