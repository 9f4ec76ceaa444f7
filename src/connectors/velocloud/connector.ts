import { InvalidManifest } from "../../diagnostic.ts";
import { velocloudConcurrencyMax, velocloudPenaltyMs, velocloudPenaltyTriesMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import { isSecretRef, type Value } from "../../resource.ts";
import type { KindSchema } from "../../schema.ts";
import { Secret } from "../../secret.ts";
import type { Connector, Facts, OpenSystem, SystemAccess } from "../connector.ts";
import { type HttpClient, httpFor } from "../http.ts";
import { labelBook, type SystemLabels } from "../labels.ts";
import { withSchemas } from "../schemas.ts";
import { adminUser } from "./admin-user.ts";
import { apiToken } from "./api-token.ts";
import { type Identity, VelocloudClient } from "./client.ts";
import { delegation } from "./delegation.ts";
import { examine } from "./examine.ts";
import { readFacts } from "./facts.ts";
import { VelocloudReader } from "./reader.ts";
import { role } from "./role.ts";
import { checkSettings, settingsOf, systemSettings } from "./settings.ts";
import { VelocloudWriter } from "./writer.ts";

/**
 * VeloCloud Orchestrator by its portal API v1. Rules and facts: docs/systems/velocloud.md. `schemas` are those of all kinds
 * of the package, `labels` those of all consoles; the connector takes its own out of them.
 */
export function velocloudConnector(
  schemas: readonly KindSchema[],
  labels: SystemLabels,
): Connector<VelocloudReader, VelocloudWriter> {
  const kinds = [adminUser, role, apiToken(labelBook(labels, "velocloud")), delegation];
  return {
    name: "velocloud",
    settings: systemSettings,
    kinds: withSchemas(kinds, schemas),
    check: checkSettings,
    fingerprint(system) {
      const { scope, tenantId, tenantName } = settingsOf(system);
      return `velocloud ${system.url} ${scope.name} ${tenantId ?? ""} ${JSON.stringify(tenantName ?? "")}`;
    },
    open(system, access) {
      const problems = checkSettings(system);
      if (problems.length > 0) throw new InvalidManifest(problems);
      return openSystem(system, access);
    },
  };
}

function openSystem(system: SystemConfig, access: SystemAccess): OpenSystem<VelocloudReader, VelocloudWriter> {
  const settings = settingsOf(system);
  const http = httpOf(system, access);
  const identity = identityOf(system, access);
  const client = new VelocloudClient(http, identity);
  const username = identity.by === "session" ? identity.username : undefined;
  const { scope, tenantId } = settings;
  const reader = new VelocloudReader({ http, client, scope, tenantId, username, now: () => access.io.clock.now() });
  let facts: Promise<Facts> | undefined;
  return {
    reader,
    writer: () => new VelocloudWriter(reader, client),
    facts() {
      facts ??= readFacts(reader);
      return facts;
    },
    examine: () => examine(reader, () => http.clockSkewMs),
    close: () => client.end(),
  };
}

function httpOf(system: SystemConfig, access: SystemAccess): HttpClient {
  return httpFor(system, access, {
    concurrencyMax: velocloudConcurrencyMax,
    penaltyMs: velocloudPenaltyMs,
    penaltyTriesMax: velocloudPenaltyTriesMax,
  });
}

function identityOf(system: SystemConfig, access: SystemAccess): Identity {
  const { token, username, password } = system.credentials;
  if (token !== undefined) return { by: "token", token: once(() => secretOf(token, access)) };
  return {
    by: "session",
    login: settingsOf(system).login,
    username: once(async () => (await secretOf(username, access)).reveal()),
    password: once(() => secretOf(password, access)),
  };
}

async function secretOf(value: Value | undefined, access: SystemAccess): Promise<Secret> {
  return isSecretRef(value) ? access.secret(value) : new Secret(String(value));
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
