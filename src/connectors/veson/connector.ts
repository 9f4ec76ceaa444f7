import { InvalidManifest } from "../../diagnostic.ts";
import { vesonConcurrencyMax, vesonPenaltyMs, vesonPenaltyTriesMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { KindSchema } from "../../schema.ts";
import type { Connector, OpenSystem, SystemAccess } from "../connector.ts";
import { type HttpClient, httpFor } from "../http.ts";
import { allLabels, type LabelsOf, labelBook, type SystemLabels } from "../labels.ts";
import { withSchemas } from "../schemas.ts";
import { vesonConsole } from "./console.ts";
import { examine } from "./examine.ts";
import { group } from "./group.ts";
import type { VesonLabel } from "./labels.ts";
import { TokenProbe } from "./probe.ts";
import { VesonReader } from "./reader.ts";
import { administratorOf, checkSettings, dataPlaneOf, systemSettings } from "./settings.ts";
import { apiToken } from "./token.ts";
import { user } from "./user.ts";

/**
 * The Veson IMOS Platform: users, groups and tokens on its console, and the data plane of Veslink for proofs. Rules and facts:
 * docs/systems/veson.md. `schemas` are those of all kinds, `labels` those of all consoles.
 */
export function vesonConnector(
  schemas: readonly KindSchema[],
  labels: SystemLabels,
): Connector<VesonReader, { reader: VesonReader }> {
  const book = labelBook<VesonLabel>(labels, "veson");
  const kinds = [group(book), user(book), apiToken(book)];
  return {
    name: "veson",
    settings: systemSettings,
    kinds: withSchemas(kinds, schemas),
    console: vesonConsole(book, allLabels(labels, "veson")),
    check: checkSettings,
    fingerprint: (system) => `veson ${system.url} ${dataPlaneOf(system).url}`,
    open(system, access) {
      const problems = checkSettings(system);
      if (problems.length > 0) throw new InvalidManifest(problems);
      return openSystem(system, access, book);
    },
  };
}

function openSystem(
  system: SystemConfig,
  access: SystemAccess,
  labels: LabelsOf<VesonLabel>,
): OpenSystem<VesonReader, { reader: VesonReader }> {
  const { path } = dataPlaneOf(system);
  const probe = new TokenProbe(httpOf(system, access), path);
  const label = labels(system);
  const reader = new VesonReader({ name: system.name, url: system.url, label, console: access.console, probe });
  const me = administratorOf(system);
  return {
    reader,
    writer: () => ({ reader }),
    facts: async () => ({ me: me === undefined ? null : { user_name: me } }),
    examine: () => examine(reader, system),
    close: async () => {},
  };
}

function httpOf(system: SystemConfig, access: SystemAccess): HttpClient {
  return httpFor(system, access, {
    url: dataPlaneOf(system).url,
    concurrencyMax: vesonConcurrencyMax,
    penaltyMs: vesonPenaltyMs,
    penaltyTriesMax: vesonPenaltyTriesMax,
  });
}
