import { InvalidManifest } from "../src/diagnostic.ts";
import type { Manifest } from "../src/manifest/manifest.ts";
import { type ParseInput, parseManifest } from "../src/manifest/parse.ts";
import type { SinkType } from "../src/manifest/sinks.ts";
import type { SystemType } from "../src/manifest/systems.ts";
import { loadKindSchemas } from "../src/schema-files.ts";

/** What the velocloud connector allows in `systems`, as far as these tests need it. */
export const connectors: SystemType[] = [
  {
    name: "velocloud",
    settings: {
      properties: {
        enterprise: { type: "string" },
        scope: { type: "string", enum: ["enterprise", "partner", "operator"] },
      },
      required: [],
      credentials: {
        token: { type: "string", "x-secret": "chosen" },
        username: { type: "string" },
        password: { type: "string", "x-secret": "chosen" },
      },
    },
  },
];

export const sinkTypes: Record<string, SinkType> = {
  age: {
    properties: {
      path: { type: "string" },
      recipients: { type: "array", minItems: 1, items: { type: "string", pattern: "^age1[a-z0-9]{8,}$" } },
    },
    required: ["path", "recipients"],
  },
  "env-file": { properties: { path: { type: "string" } }, required: ["path"] },
};

export const input = (files: ParseInput["files"], more: Partial<ParseInput> = {}): ParseInput => ({
  files,
  folder: "/work",
  variables: {},
  environmentVariables: {},
  kinds: loadKindSchemas(),
  connectors,
  sinkTypes,
  ...more,
});

export const parse = (text: string, more: Partial<ParseInput> = {}): Manifest =>
  parseManifest(input([{ path: "steward.yaml", text }], more));

/** What is reported about the manifest that `run` reads; empty when it is good. */
export function diagnosticsOf(run: () => unknown): InvalidManifest["diagnostics"] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof InvalidManifest) return error.diagnostics;
    throw error;
  }
}

export const problems = (text: string, more: Partial<ParseInput> = {}): InvalidManifest["diagnostics"] =>
  diagnosticsOf(() => parse(text, more));

/** Systems and sinks for manifests that are about resources. Three lines. */
export const head = `systems: { velocloud: { url: "https://vco.example.net", credentials: { token: "\${env.VCO_TOKEN}" } } }
sinks: { local: { type: age, path: "secrets/\${environment}/", recipients: [age1qyqszqgpqyqszqgp] } }
resources:
`;

/** A small manifest without a fault. */
export const rules = `${head}  velocloud_role:
    auditor:
      name: Auditor
      description: May look
      privileges: [Global Settings Enterprise Read Only, Monitor]
  velocloud_admin_user:
    ci:
      username: ci@acme.example
      role: "\${velocloud_role.auditor}"
      password: { generate: true, deliver_to: local:velocloud/ci-password }
  # A token of its own
  velocloud_api_token:
    ci:
      owner: "\${velocloud_admin_user.ci}"
      name: ci
      lifetime: 90d
      rotate_before: 14d
      deliver_to: local:velocloud/ci-token
`;
