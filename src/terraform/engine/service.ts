import type { HostInfo } from "../../backends/local-lock.ts";
import type { BuiltInConnector } from "../../connectors/all.ts";
import type { SystemLabels } from "../../connectors/labels.ts";
import type { Io } from "../../io.ts";
import type { KindSchema } from "../../schema.ts";
import type { WorkspaceOptions } from "../../workspace.ts";
import { type TerraformForm, terraformForm } from "../form.ts";
import type { ProviderService, ResourceSchema } from "../wire/service.ts";
import { dataSourceBlock } from "./data-source.ts";
import type { Engine } from "./engine.ts";
import { providerBlock } from "./provider-block.ts";
import { secretSourceBlock, secretSourceName, secretSourceProblems } from "./secret-source.ts";
import { timeoutsAttribute } from "./timeouts.ts";

/**
 * A provider over the engine: the same kinds, diff and steps as `steward` itself. Schemas are known at once; the engine and the connector
 * are loaded when Terraform first asks for more.
 */

export interface ProviderParts {
  connector: BuiltInConnector;
  /** Of all kinds of the package. */
  schemas: readonly KindSchema[];
  labels: SystemLabels;
  /** What paths of the provider block are relative to: where Terraform runs. Absolute. */
  folder: string;
  environmentVariables: Readonly<Record<string, string | undefined>>;
  /** Of this package. */
  version: string;
  /** In tests: the world instead of this machine's. */
  world?: { io: Io; host: HostInfo; deskOf?: WorkspaceOptions["deskOf"] };
}

/** The service of one type of system. */
export function providerService(parts: ProviderParts): ProviderService {
  const { connector, schemas } = parts;
  const own = schemas.filter((kind) => kind["x-system"] === connector.name);
  const kinds = own.map(terraformForm);
  const dataSchemas = Object.fromEntries(
    own.map((kind) => [terraformForm(kind).kind, { version: 0, block: dataSourceBlock(kind) }]),
  );
  const resourceSchemas = Object.fromEntries(kinds.map((form) => [form.kind, schemaOf(form, schemas)]));
  let engine: Promise<Engine> | undefined;
  const loaded = (): Promise<Engine> => {
    engine ??= import("./engine.ts").then(({ Engine }) => new Engine(parts, kinds));
    return engine;
  };
  return {
    close: async () => {
      await (await engine)?.close();
    },
    provider: {
      schema: () => ({ version: 0, block: providerBlock(connector) }),
      validate: async (request) => (await loaded()).validateProvider(request),
      configure: async (request) => (await loaded()).configure(request),
    },
    resources: {
      schemas: () => resourceSchemas,
      validate: async (request) => (await loaded()).validate(request),
      read: async (request) => (await loaded()).read(request),
      plan: async (request) => (await loaded()).plan(request),
      apply: async (request, call) => (await loaded()).apply(request, call),
      import: async (request) => (await loaded()).import(request),
      move: async (request) => (await loaded()).move(request),
    },
    dataSources: {
      schemas: () => dataSchemas,
      read: async (request) => (await loaded()).readData(request),
    },
    ephemerals: {
      schemas: () => ({ [secretSourceName(connector.name)]: { version: 0, block: secretSourceBlock } }),
      validate: async ({ config }) => ({ diagnostics: secretSourceProblems(config) }),
      open: async (request) => (await loaded()).openSecret(request),
    },
  };
}

function schemaOf(form: TerraformForm, schemas: readonly KindSchema[]): ResourceSchema {
  const kind = schemas.find((schema) => terraformForm(schema) === form)!;
  const names = kind["x-identity"];
  const block = { ...form.block, attributes: { ...form.block.attributes, timeouts: timeoutsAttribute } };
  if (names.length === 0) return { version: 0, block };
  const attributes = names.map((name) => {
    const { type, description = "" } = kind.properties[name] ?? {};
    const word = type === "integer" || type === "number" ? "number" : type === "boolean" ? "bool" : "string";
    return [name, { type: word, forImport: "required", description }] as const;
  });
  return { version: 0, block, identity: { version: 0, attributes: Object.fromEntries(attributes) } };
}
