import { hash } from "node:crypto";
import type { Kind } from "../../connectors/connector.ts";
import { InvalidManifest } from "../../diagnostic.ts";
import { locateIn } from "../../manifest/locate.ts";
import type { Manifest, SystemConfig } from "../../manifest/manifest.ts";
import type { Entry, MapNode, Node } from "../../manifest/node.ts";
import { finishResources } from "../../manifest/parse.ts";
import { Report } from "../../manifest/report.ts";
import { readResources } from "../../manifest/resources.ts";
import { checkTargets } from "../../manifest/unique.ts";
import { identityOf } from "../../plan/world.ts";
import { type Address, type Plain, type Resource, type StateEntry, splitAddress } from "../../resource.ts";
import { secretPathProblem } from "../../sinks/open.ts";
import type { State } from "../../state.ts";
import { lowerBlock } from "../../terraform-json/lower.ts";
import { type ObjectValue, Unknown, type Value } from "../wire/value.ts";
import { ConfigText, type Held } from "./config-text.ts";
import { fromTerraform } from "./values.ts";

/** The configuration of one resource, read and checked by the readers of the manifest. */

export interface ResourceConfig {
  resource: Resource;
  text: ConfigText;
  locate: Manifest["locate"];
}

interface ReadOptions {
  address: Address;
  kind: Pick<Kind, "name" | "schema">;
  /** Without sinks it is not checked where secrets go: the provider block is not known yet. */
  manifest: Pick<Manifest, "environment"> & {
    systems: Record<string, Pick<SystemConfig, "name" | "type">>;
    sinks?: Manifest["sinks"];
  };
  held: Held;
}

/** Reads it. What is known only after apply stays as a reference. Throws an InvalidManifest, and `onText` learns first where its places are. */
export function readResourceConfig(
  config: ObjectValue,
  { address, kind, manifest, held }: ReadOptions,
  onText: (text: ConfigText) => void,
): ResourceConfig {
  const text = new ConfigText(`${address}.tf`, held, `STEWARD_${address}`);
  onText(text);
  const report = new Report();
  const body = text.mapOf(config);
  const { name } = splitAddress(address);
  const entry: Entry = { key: name, at: body.at, end: body.end, value: body };
  const user = { address, secret: false, construct: undefined, needs: new Map() };
  const scope = { node: (node: Node) => node };
  const lowered = lowerBlock({ entry, body }, name, { kind: kind.schema, scope, user, report });
  const section: MapNode = { ...body, entries: [lowered] };
  const { environment } = manifest;
  const drafts = readResources([{ ...entry, key: kind.name, value: section }], {
    report,
    environment,
    variables: { value: () => undefined, names: [], declared: () => false },
    files: [],
    kinds: new Map([[kind.name, kind.schema]]),
    environments: [environment],
    systems: new Map(Object.values(manifest.systems).map((system) => [system.name, system.type])),
  });
  if (manifest.sinks) {
    const sinks = Object.values(manifest.sinks).map((sink): [string, string] => [sink.name, sink.type]);
    checkTargets(drafts, [], new Map(sinks), secretPathProblem, report);
  }
  if (report.errors > 0) throw new InvalidManifest(report.finish());
  const [resource] = finishResources(drafts);
  const locate = (of: Address, path?: string) => locateIn(drafts.get(of), path);
  return { resource: { ...resource!, dependsOn: [] }, text, locate };
}

/**
 * The address of what a configuration declares. Terraform tells a provider no address, so it comes from what names the object: the same
 * object has the same address in every run, also after its Terraform state was lost. `isOpen`: what names it is known only after apply.
 */
export function addressOf(
  config: ObjectValue,
  { name, schema }: Kind,
  system: string,
  state: State,
): { address: Address; isOpen: boolean } {
  const identity = schema["x-identity"].map((one) => plainOf(config[one]));
  // Where names repeat, the place of the secret tells objects apart.
  const more = schema["x-unique"] === false && Object.hasOwn(config, "deliver_to") ? [plainOf(config.deliver_to)] : [];
  const isOpen = [...identity, ...more].includes(undefined);
  const digest = hash("sha256", JSON.stringify([system, name, identity, more])).slice(0, 12);
  const address = `${name}.${slug(identity)}_${digest}`;
  if (isOpen || state.entries[address]) return { address, isOpen };
  return { address: recordedAt(config, { name, schema }, system, state) ?? address, isOpen };
}

/** Undefined while it is not known. */
function plainOf(value: Value | undefined): Plain | undefined {
  if (value instanceof Unknown) return undefined;
  return fromTerraform(value ?? null);
}

/** An object may have got its address when its name was spelled in other letters, or its secret lay elsewhere. */
function recordedAt(
  config: ObjectValue,
  { name, schema }: Pick<Kind, "name" | "schema">,
  system: string,
  state: State,
): Address | undefined {
  const identity = schema["x-identity"];
  const isUnique = schema["x-unique"] !== false;
  if (isUnique && !identity.some((one) => schema.properties[one]?.["x-caseless"])) return undefined;
  const attributes = Object.fromEntries(identity.map((one) => [one, plainOf(config[one]) ?? null]));
  const wanted = identityOf(schema, attributes);
  const known = Object.values(state.entries).filter(
    (entry) => entry.kind === name && entry.system === system && identityOf(schema, entry.attributes) === wanted,
  );
  const place = plainOf(config.deliver_to);
  const lies = ({ secrets }: StateEntry) => Object.values(secrets).some((one) => `${one.sink}:${one.path}` === place);
  return (isUnique ? known[0] : known.find(lies))?.address;
}

/** Readable in messages: at most 40 letters of what names the object. */
function slug(parts: readonly (Plain | undefined)[]): string {
  const plain = parts.filter((part) => typeof part === "string" || typeof part === "number");
  const text = plain
    .join("_")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .slice(0, 40)
    .replaceAll(/^_+|_+$/g, "");
  return /^[a-z]/.test(text) ? text : `r${text && `_${text}`}`;
}
