import type { KindSchema } from "../schema.ts";
import type { Connector } from "./connector.ts";
import * as ipresso from "./ipresso/settings.ts";
import type { SystemLabels } from "./labels.ts";
import * as momentus from "./momentus/settings.ts";
import * as velocloud from "./velocloud/settings.ts";
import * as veson from "./veson/settings.ts";

/** A connector that comes with Steward: what a manifest may say is known without loading its code. */
export interface BuiltInConnector extends Pick<Connector, "name" | "settings" | "check"> {
  /** Its code, with the schemas of all kinds and the labels of all consoles of the package. */
  load(schemas: readonly KindSchema[], labels: SystemLabels): Promise<Connector>;
}

/** The systems that Steward knows. */
export const builtInConnectors: readonly BuiltInConnector[] = [
  {
    name: "ipresso",
    settings: ipresso.systemSettings,
    check: ipresso.checkSettings,
    load: async (schemas, labels) =>
      (await import("./ipresso/connector.ts")).ipressoConnector(schemas, labels) as Connector,
  },
  {
    name: "momentus",
    settings: momentus.systemSettings,
    check: momentus.checkSettings,
    load: async (schemas, labels) =>
      (await import("./momentus/connector.ts")).momentusConnector(schemas, labels) as Connector,
  },
  {
    name: "velocloud",
    settings: velocloud.systemSettings,
    check: velocloud.checkSettings,
    load: async (schemas, labels) =>
      (await import("./velocloud/connector.ts")).velocloudConnector(schemas, labels) as Connector,
  },
  {
    name: "veson",
    settings: veson.systemSettings,
    check: veson.checkSettings,
    load: async (schemas, labels) =>
      (await import("./veson/connector.ts")).vesonConnector(schemas, labels) as Connector,
  },
];
