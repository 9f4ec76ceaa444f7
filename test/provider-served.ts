import { afterEach } from "vitest";
import { makeSocketFolder } from "../src/platform/provider-process.ts";
import { decodeMsgpack } from "../src/terraform/wire/msgpack.ts";
import { serveForReattach } from "../src/terraform/wire/run.ts";
import type { ProviderService, ResourcePart } from "../src/terraform/wire/service.ts";
import type { ObjectType, ObjectValue, Value } from "../src/terraform/wire/value.ts";
import { dynamic, ProviderClient } from "./provider-client.ts";
import { jsonText } from "./provider-json.ts";
import { syntheticKind, syntheticProvider, syntheticSource, syntheticType } from "./provider-synthetic.ts";

/** The do-nothing provider, or one that differs from it in part, served in this process for one test; and values in its words. */

export const type_name = syntheticKind;
const identityType: ObjectType = { is: "object", attributes: new Map([["name", { is: "text" }]]) };
export const thing = (value: ObjectValue | null) => dynamic(syntheticType, value);
export const identity = (name: string) => ({ identity_data: dynamic(identityType, { name }) });
export const read = (sent: { msgpack: Uint8Array } | undefined): Value => decodeMsgpack(syntheticType, sent!.msgpack);
export const seen = (sent: { msgpack: Uint8Array } | undefined) => read(sent) as ObjectValue;
export const named = (sent: { identity_data: { msgpack: Uint8Array } | undefined } | undefined) =>
  decodeMsgpack(identityType, sent!.identity_data!.msgpack);
export const json = (value: Value) => ({ json: Buffer.from(jsonText(value)) });

export let client: ProviderClient;
let stop = (): void => undefined;

/** Serves another one from now on. */
export async function serve(
  change: (service: ProviderService) => ProviderService = (service) => service,
): Promise<void> {
  stop();
  const load = async () => change(syntheticProvider());
  const served = await serveForReattach({ source: syntheticSource, load }, { pid: process.pid, makeSocketFolder });
  client = new ProviderClient(`unix:${served.socketPath}`);
  stop = () => {
    client.close();
    served.stop();
  };
}

/** The same provider with other answers about resources. */
export const withResources = (part: Partial<ResourcePart>) => (service: ProviderService) => ({
  ...service,
  resources: { ...service.resources, ...part },
});

afterEach(() => stop());
