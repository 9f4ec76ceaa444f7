import type { BrowserDesks } from "../browser-desks.ts";
import type { Connector } from "../connectors/connector.ts";
import { Refusal } from "../diagnostic.ts";
import { closest } from "../manifest/closest.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import { WrongUsage } from "./errors.ts";
import type { Session } from "./session.ts";

/** A system whose console a browser works at. */
export interface ConsoleSystem {
  config: SystemConfig;
  how: NonNullable<Connector["console"]>;
  browsers: BrowserDesks;
}

/** The system that a command line names. Throws WrongUsage for a name that is none, and a Refusal where no browser works there. */
export function consoleSystem({ workspace, manifest, browsers }: Session, name: string): ConsoleSystem {
  const config = manifest.systems[name];
  if (!config) {
    const known = Object.keys(manifest.systems);
    const near = closest(name, known);
    const way = near ? `did you mean ${near}?` : `declared: ${known.join(", ")}`;
    throw new WrongUsage(`no system ${name} is declared (${way})`);
  }
  const { console: how } = workspace.connector(name);
  if (how && browsers && config.hand === "browser") return { config, how, browsers };
  const message = how
    ? `nobody works at the console of ${name} in a browser: its hand is ${config.hand}`
    : `Steward knows no console of ${config.type} systems`;
  const remedy = how
    ? `write hand: browser for ${name}`
    : `there is nothing to do at a console: ${name} is managed by its API`;
  throw new Refusal([{ message, remedy }]);
}
