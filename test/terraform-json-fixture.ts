import type { InvalidManifest } from "../src/diagnostic.ts";
import type { Manifest } from "../src/manifest/manifest.ts";
import { type ParseInput, parseManifest } from "../src/manifest/parse.ts";
import { connectors, diagnosticsOf, input } from "./manifest-fixture.ts";

/** What stands in steward.yaml beside an app: everything but resources. */
export const beside = `systems: { velocloud: { url: "https://vco.example.net", credentials: { token: "\${env.VCO_TOKEN}" } } }
sinks: { local: { type: age, path: "secrets/\${environment}/", recipients: [age1qyqszqgpqyqszqgp] } }
`;

/** With a second orchestrator, for aliases. */
export const besideTwo = beside.replace(
  "systems: {",
  'systems: { second: { type: velocloud, url: "https://two.example.net" },',
);

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** The parts of a `cdk.tf.json`, as an app writes them. */
export interface Synthesized {
  resource?: Blocks;
  [part: string]: unknown;
}

/** JSON with the metadata that CDKTF gives to every resource. */
export function synthesized(parts: Synthesized, stack = "app"): string {
  const resource = Object.fromEntries(
    Object.entries(parts.resource ?? {}).map(([kind, named]) => [
      kind,
      Object.fromEntries(Object.entries(named).map(([name, body]) => [name, withMetadata(body, name, stack)])),
    ]),
  );
  const metadata = { metadata: { backend: "local", stackName: stack, version: "0.21.0" } };
  const provider = { velocloud: [{}] };
  return `${JSON.stringify({ "//": metadata, provider, ...parts, resource }, null, 2)}\n`;
}

const withMetadata = (body: Record<string, unknown>, name: string, stack: string) => ({
  "//": { metadata: { path: `${stack}/team/${name}`, uniqueId: name } },
  ...body,
});

export type Texts = Record<string, string>;

const texts = (files: Texts) =>
  Object.entries(files).map(([path, text]) => ({ path, text, stack: path.split("/").at(-2) ?? "" }));

export function parseStacks(files: Texts | string, more: Partial<ParseInput> & { yaml?: string } = {}): Manifest {
  const { yaml = beside, ...rest } = more;
  const read = () => ({ texts: texts(typeof files === "string" ? { "cdk.tf.json": files } : files), found: [] });
  return parseManifest(
    input([{ path: "steward.yaml", text: yaml }], { connectors, synthesized: { isMeant: true, read }, ...rest }),
  );
}

/** What is reported; empty when all is well. */
export const problemsOf = (...args: Parameters<typeof parseStacks>): InvalidManifest["diagnostics"] =>
  diagnosticsOf(() => parseStacks(...args));
