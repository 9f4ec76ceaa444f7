import { InvalidManifest } from "../../diagnostic.ts";
import { ipressoConcurrencyMax, ipressoPenaltyMs, ipressoPenaltyTriesMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { KindSchema } from "../../schema.ts";
import type { Connector, OpenSystem, SystemAccess } from "../connector.ts";
import { type HttpClient, httpFor } from "../http.ts";
import { allLabels, labelBook, type SystemLabels } from "../labels.ts";
import { withSchemas } from "../schemas.ts";
import { apiSettings } from "./api-settings.ts";
import { apiUser } from "./api-user.ts";
import { IpressoClient } from "./client.ts";
import { ipressoConsole } from "./console.ts";
import { examine } from "./examine.ts";
import type { IpressoLabel, LabelsOfIpresso } from "./labels.ts";
import { IpressoReader } from "./reader.ts";
import { apiUrl, checkSettings, systemSettings } from "./settings.ts";
import { userGroup } from "./user-group.ts";
import { IpressoWriter } from "./writer.ts";

/**
 * iPresso: its API users, groups and settings, at the console by a browser or by a person, and their proof by the API. Rules and
 * facts: docs/systems/ipresso.md. `schemas` are those of all kinds, `labels` those of all consoles.
 */
export function ipressoConnector(
  schemas: readonly KindSchema[],
  labels: SystemLabels,
): Connector<IpressoReader, IpressoWriter> {
  const book = labelBook<IpressoLabel>(labels, "ipresso");
  const kinds = [apiSettings(book), userGroup(book), apiUser(book)];
  return {
    name: "ipresso",
    settings: systemSettings,
    kinds: withSchemas(kinds, schemas),
    console: ipressoConsole(book, allLabels(labels, "ipresso")),
    check: checkSettings,
    fingerprint: (system) => `ipresso ${system.url}${apiUrl(system) === system.url ? "" : ` ${apiUrl(system)}`}`,
    open(system, access) {
      const problems = checkSettings(system);
      if (problems.length > 0) throw new InvalidManifest(problems);
      return openSystem(book, system, access);
    },
  };
}

function openSystem(
  labels: LabelsOfIpresso,
  system: SystemConfig,
  access: SystemAccess,
): OpenSystem<IpressoReader, IpressoWriter> {
  const client = new IpressoClient(httpOf(system, access));
  const reader = new IpressoReader({ client, system, access, label: labels(system) });
  const { username } = system.credentials;
  return {
    reader,
    writer: () => new IpressoWriter(reader),
    facts: async () => ({ me: typeof username === "string" ? { username } : null }),
    examine: () => examine(reader),
    close: async () => {},
  };
}

function httpOf(system: SystemConfig, access: SystemAccess): HttpClient {
  return httpFor(system, access, {
    url: apiUrl(system),
    concurrencyMax: ipressoConcurrencyMax,
    penaltyMs: ipressoPenaltyMs,
    penaltyTriesMax: ipressoPenaltyTriesMax,
  });
}
