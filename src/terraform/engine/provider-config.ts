import { hash } from "node:crypto";
import type { Connector } from "../../connectors/connector.ts";
import type { Manifest, SystemConfig } from "../../manifest/manifest.ts";
import { type Entry, entryOf, type MapNode, type Node } from "../../manifest/node.ts";
import { readRootNodes } from "../../manifest/parse.ts";
import { Report } from "../../manifest/report.ts";
import type { SideFiles, SystemType } from "../../manifest/systems.ts";
import { secretPathProblem, sinkSettings } from "../../sinks/open.ts";
import { isUnset } from "../../terraform-json/value-nodes.ts";
import { pinOfSystem } from "../../trust.ts";
import type { ObjectValue } from "../wire/value.ts";
import { ConfigText, type Held } from "./config-text.ts";
import { journalDefault, ownWords } from "./provider-block.ts";

/** The provider block as the manifest of one system, read and checked by the readers of the manifest. */

export interface ProviderConfig {
  manifest: Manifest;
  /** As it was sent. */
  block: ObjectValue;
  /** As `KIND:IDENTITY`. */
  restore: readonly string[];
}

interface ReadOptions {
  type: SystemType;
  /** Absolute: what paths of the block are relative to. */
  folder: string;
  side: SideFiles | undefined;
  held: Held;
}

/** The text of a provider block, for its diagnostics. */
export const providerText = (held: Held): ConfigText => new ConfigText("provider", held, "STEWARD");

/** Reads the block, of which everything is known. Throws an InvalidManifest with everything that is wrong. */
export function readProviderConfig(
  config: ObjectValue,
  text: ConfigText,
  { type, folder, side }: ReadOptions,
): ProviderConfig {
  const block = withoutUnset(text.mapOf(config)) as MapNode;
  const isOwn = ({ key }: Entry) => ownWords.includes(key);
  const settings = { ...block, entries: block.entries.filter((entry) => !isOwn(entry)) };
  const environment = wordIn(block, "environment") ?? "default";
  const root = mapNode(block, {
    systems: mapNode(block, { [type.name]: settings }),
    ...optional("sinks", block),
    state: mapNode(block, { path: entryOf(block, "journal")?.value ?? scalar(block, journalDefault) }),
    environments: mapNode(block, { [environment]: mapNode(block, {}) }),
  });
  const report = new Report();
  const manifest = readRootNodes(
    [root],
    [],
    {
      files: [],
      folder,
      environment,
      variables: {},
      environmentVariables: {},
      kinds: [],
      connectors: [type],
      sinkTypes: sinkSettings,
      sinkPathProblem: secretPathProblem,
      side,
    },
    report,
  );
  return { manifest, block: config, restore: (config.restore ?? []) as string[] };
}

/**
 * The manifest with the system under a name that tells it apart from others of its type in a shared journal: the same words that lead
 * elsewhere are another system.
 */
export function withOwnName(manifest: Manifest, connector: Connector): { manifest: Manifest; system: SystemConfig } {
  const config = manifest.systems[connector.name]!;
  const place = JSON.stringify([connector.fingerprint(config), (pinOfSystem(config) as { url: string }).url]);
  const name = `${connector.name}-${hash("sha256", place).slice(0, 8)}`;
  const system = { ...config, name };
  return { manifest: { ...manifest, systems: { [name]: system } }, system };
}

function mapNode({ file, at, end }: Node, values: Record<string, Node>): MapNode {
  const entries = Object.entries(values).map(([key, value]) => ({ key, at: value.at, end: value.end, value }));
  return { type: "map", file, at, end, entries };
}

const scalar = ({ file, at, end }: Node, value: string): Node => ({
  type: "scalar",
  file,
  at,
  end,
  value,
  evaluated: { parts: [value] },
});

function optional(name: string, block: MapNode): Record<string, Node> {
  const value = entryOf(block, name)?.value;
  return value ? { [name]: value } : {};
}

function wordIn(block: MapNode, name: string): string | undefined {
  const value = entryOf(block, name)?.value;
  return value?.type === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/** What is not set is not there. */
function withoutUnset(node: Node): Node {
  if (node.type === "list") return { ...node, items: node.items.filter((one) => !isUnset(one)).map(withoutUnset) };
  if (node.type !== "map") return node;
  const entries = node.entries.filter(({ value }) => !isUnset(value));
  return { ...node, entries: entries.map((entry) => ({ ...entry, value: withoutUnset(entry.value) })) };
}
