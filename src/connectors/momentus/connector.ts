import { Fault, InvalidManifest } from "../../diagnostic.ts";
import { momentusConcurrencyMax, momentusPenaltyMs, momentusPenaltyTriesMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import { isSecretRef, type Value } from "../../resource.ts";
import type { KindSchema } from "../../schema.ts";
import { Secret } from "../../secret.ts";
import type { Connector, OpenSystem, SystemAccess } from "../connector.ts";
import { type HttpClient, httpFor } from "../http.ts";
import { allLabels, type LabelsOf, labelBook, type SystemLabels } from "../labels.ts";
import { withSchemas } from "../schemas.ts";
import { apiKey } from "./api-key.ts";
import { apiUser } from "./api-user.ts";
import { appApproval } from "./app-approval.ts";
import { MomentusClient } from "./client.ts";
import { momentusConsole } from "./console.ts";
import { MomentusConsole } from "./console-reader.ts";
import { examine } from "./examine.ts";
import type { ApiUserCredentials } from "./jwt.ts";
import type { MomentusLabel } from "./labels.ts";
import { mailServerOf } from "./license-settings.ts";
import { MomentusReader } from "./reader.ts";
import { role } from "./role.ts";
import { checkSettings, hasCredentials, systemSettings, withoutCredentials } from "./settings.ts";
import { user } from "./user.ts";
import { userRole } from "./user-role.ts";
import { MomentusWriter } from "./writer.ts";

/**
 * Momentus Enterprise and Momentus Connect: by the v1 API what that knows, at the consoles the rest. Rules and facts:
 * docs/systems/momentus.md. `schemas` are those of all kinds, `labels` those of all consoles.
 */
export function momentusConnector(
  schemas: readonly KindSchema[],
  labels: SystemLabels,
): Connector<MomentusReader, MomentusWriter> {
  const book = labelBook<MomentusLabel>(labels, "momentus");
  const kinds = [user, role, userRole, apiUser(book), apiKey(book), appApproval(book)];
  return {
    name: "momentus",
    settings: systemSettings,
    kinds: withSchemas(kinds, schemas),
    console: momentusConsole(book, allLabels(labels, "momentus")),
    check: checkSettings,
    fingerprint,
    open(system, access) {
      const problems = checkSettings(system);
      if (problems.length > 0) throw new InvalidManifest(problems);
      return openSystem(system, access, book);
    },
  };
}

/** An approval is one of a customer and a tenant: the same words elsewhere mean another place. */
function fingerprint({ url, settings }: SystemConfig): string {
  const place = [settings.connect_url, settings.customer, settings.tenant];
  const connect = place.some((part) => part !== undefined) ? ` ${JSON.stringify(place)}` : "";
  return `momentus ${url}${connect}`;
}

function openSystem(
  system: SystemConfig,
  access: SystemAccess,
  labels: LabelsOf<MomentusLabel>,
): OpenSystem<MomentusReader, MomentusWriter> {
  const http = httpOf(system, access);
  let asked: Promise<ApiUserCredentials> | undefined;
  const credentials = (): Promise<ApiUserCredentials> => {
    asked ??= credentialsOf(system, access);
    return asked;
  };
  const { serial_number: serial } = system.settings;
  const client = new MomentusClient({
    http,
    system: system.name,
    serialNumber: typeof serial === "string" ? serial : undefined,
    credentials,
    now: () => access.io.clock.now(),
  });
  const console = access.console && new MomentusConsole(access.console, labels(system), system);
  const reader = new MomentusReader(client, system.url, console);
  const apiUserId = async (): Promise<string> => (await credentials()).id;
  return {
    reader,
    writer: () => new MomentusWriter(reader, client),
    mailServer: () => mailServerOf(system, access),
    facts: async () => ({ me: hasCredentials(system) ? { id: await apiUserId() } : null }),
    examine: async () =>
      hasCredentials(system)
        ? examine(reader, apiUserId, () => http.clockSkewMs)
        : [{ level: "warning", message: withoutCredentials(system.name), remedy: onlyPeople }],
    close: async () => {},
  };
}

const onlyPeople = "nothing to do where only the work at consoles is declared: API users, their Keys and app approvals";

function httpOf(system: SystemConfig, access: SystemAccess): HttpClient {
  return httpFor(system, access, {
    concurrencyMax: momentusConcurrencyMax,
    penaltyMs: momentusPenaltyMs,
    penaltyTriesMax: momentusPenaltyTriesMax,
  });
}

async function credentialsOf(system: SystemConfig, access: SystemAccess): Promise<ApiUserCredentials> {
  // Lists that cannot be made prove no absence, and nothing else fails for it (MOM-25).
  if (!hasCredentials(system)) {
    throw new Fault(withoutCredentials(system.name), { happened: "no", on: system.name, code: "privilege" });
  }
  const { api_user_id: id, secret, key } = system.credentials;
  return {
    id: (await secretOf(id, access)).reveal(),
    secret: await secretOf(secret, access),
    key: await secretOf(key, access),
  };
}

async function secretOf(value: Value | undefined, access: SystemAccess): Promise<Secret> {
  return isSecretRef(value) ? access.secret(value) : new Secret(String(value));
}
