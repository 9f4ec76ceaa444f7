import { join, posix } from "node:path";
import { assert } from "../diagnostic.ts";
import type { Disk } from "../io.ts";
import type { SinkConfig } from "../manifest/manifest.ts";
import type { AttributeSchema } from "../schema.ts";
import type { Secret } from "../secret.ts";
import { AgeSink, agePathProblem } from "./age.ts";
import { EnvFileSink, envNameProblem } from "./env-file.ts";
import type { Sink } from "./sink.ts";

export interface SinkSurroundings {
  disk: Disk;
  /** Absolute folder of the manifest. */
  folder: string;
  environment: string;
  /** Private key of the age sinks. */
  identity?: Secret;
}

interface SinkType {
  settings: AttributeSchema;
  /** What to do about a path that this type cannot take. */
  pathProblem(path: string): string | undefined;
  open(name: string, settings: Record<string, unknown>, surroundings: SinkSurroundings): Sink;
}

const relativePath: AttributeSchema = {
  type: "string",
  minLength: 1,
  maxLength: 500,
  pattern: "^(?!/)(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\\\]+$",
};

const types: Record<string, SinkType> = {
  age: {
    settings: {
      type: "object",
      description: "One encrypted file for each secret. Writing needs public keys only.",
      properties: {
        path: { ...relativePath, description: "Folder of the encrypted files, relative to the manifest." },
        recipients: {
          type: "array",
          description: "Public keys of all who may read.",
          items: { type: "string", pattern: "^age1[0-9a-z]+$" },
          minItems: 1,
          maxItems: 50,
          uniqueItems: true,
        },
      },
      required: ["path", "recipients"],
      additionalProperties: false,
    },
    pathProblem: agePathProblem,
    open: (name, settings, { disk, folder, environment, identity }) => {
      const path = tidy(settings.path);
      const recipients = settings.recipients as string[];
      const inside = join(folder, path);
      return new AgeSink({ name, disk, folder: inside, path, environment, recipients, ...(identity && { identity }) });
    },
  },
  "env-file": {
    settings: {
      type: "object",
      description: "One file of NAME=value lines, readable by its owner only, with the secrets in clear.",
      properties: { path: { ...relativePath, description: "The file, relative to the manifest." } },
      required: ["path"],
      additionalProperties: false,
    },
    pathProblem: envNameProblem,
    open: (name, settings, { disk, folder, environment }) => {
      const path = tidy(settings.path);
      return new EnvFileSink({ name, disk, file: join(folder, path), path, environment });
    },
  },
};

/** Schema of the settings of each sink type. */
export const sinkSettings: Record<string, AttributeSchema> = Object.fromEntries(
  Object.entries(types).map(([type, { settings }]) => [type, settings]),
);

/** What to do about a path that a sink of this type cannot take, for diagnostics; undefined when it can. */
export function secretPathProblem(type: string, path: string): string | undefined {
  return types[type]?.pathProblem(path);
}

/** Opens a sink whose settings the manifest has validated. Touches nothing yet. */
export function openSink(config: SinkConfig, surroundings: SinkSurroundings): Sink {
  const type = Object.hasOwn(types, config.type) ? types[config.type] : undefined;
  assert(type, `the manifest let a sink of the unknown type ${config.type} pass`);
  return type.open(config.name, config.settings, surroundings);
}

/** One spelling for one place, because `steward trust` compares it. */
function tidy(path: unknown): string {
  assert(typeof path === "string", "a sink has no path");
  const tidied = posix.normalize(path).replace(/\/$/, "");
  assert(!posix.isAbsolute(tidied) && tidied.split("/")[0] !== "..", "a sink leads out of the manifest's folder");
  return tidied;
}
