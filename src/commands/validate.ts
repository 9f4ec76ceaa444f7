import { exitCodes } from "../diagnostic.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { renderDiagnostics } from "../render/diagnostics.ts";
import { completeHints } from "../render/hints.ts";
import { stringify } from "../render/json.ts";
import { styleFor } from "../render/style.ts";
import { count } from "../render/visible.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { loadManifest } from "./session.ts";

/** `steward validate`. */
export const addValidate: AddCommand = (command, run) => {
  command
    .description("Checks the manifest: every file, attribute and reference. Reads nothing from any system.")
    .addHelpText(
      "after",
      "\nExamples:\n  steward validate --env test\n  steward validate --manifest access/ --format json",
    )
    .action(run<object, []>(validate));
};

async function validate(console: Console, options: SharedOptions): Promise<number> {
  const manifest = loadManifest(console, options);
  const { warnings } = manifest;
  if (options.format === "json") {
    console.write(stringify({ formatVersion: 1, valid: true, ...countsOf(manifest), warnings }));
    return exitCodes.done;
  }
  if (warnings.length > 0) console.note(renderDiagnostics(warnings, styleFor(console.color)));
  console.write(`${styleFor(console.color)("good", "The manifest is valid:")} ${sayCounts(manifest)}.\n`);
  const env = manifest.environments.length > 1 ? manifest.environment : undefined;
  const next = completeHints("steward plan", { env, manifest: options.manifest });
  console.write(`Nothing was read from any system. To see what would change:  ${next}\n`);
  return exitCodes.done;
}

function countsOf(manifest: Manifest) {
  return {
    environment: manifest.environment,
    environments: manifest.environments,
    files: manifest.files.length,
    systems: Object.keys(manifest.systems).length,
    sinks: Object.keys(manifest.sinks).length,
    resources: manifest.resources.length,
  };
}

function sayCounts(manifest: Manifest): string {
  const counts = countsOf(manifest);
  const parts = [
    count(counts.resources, "resource"),
    count(counts.systems, "system"),
    count(counts.sinks, "sink"),
    count(counts.files, "file"),
  ];
  return `environment ${counts.environment}, ${parts.join(", ")}`;
}
