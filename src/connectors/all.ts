import type { Connector } from "./connector.ts";

/** A connector that comes with Steward: what a manifest may say is known without loading its code. */
export interface BuiltInConnector extends Pick<Connector, "name" | "settings" | "check"> {
  load(): Promise<Connector>;
}

/** The systems that Steward knows. */
export const builtInConnectors: readonly BuiltInConnector[] = [];
