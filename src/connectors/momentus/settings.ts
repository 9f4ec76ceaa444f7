import type { Diagnostic } from "../../diagnostic.ts";
import { momentusConcurrencyMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { AttributeSchema, SystemSettings } from "../../schema.ts";
import { consoleCredentials } from "../console-settings.ts";
import { licenseProblems, licenseSchema, type Problem, smtpPasswordSchema } from "./license-settings.ts";

/** The cautious reading: who does not say otherwise sees less, and proves no absence (MOM-30). */
export const rightsDefault = "customer";

/** What may stand in `systems.NAME` of type momentus. */
const properties: Record<string, AttributeSchema> = {
  serial_number: {
    type: "string",
    minLength: 1,
    maxLength: 64,
    pattern: "^[^\\p{Cc}\\p{Zl}\\p{Zp}]+$",
    description: "Serial number of the environment. The vendor asks for it when the API has to be licensed (MOM-18).",
    examples: ["12345"],
  },
  license: licenseSchema,
  customer: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description: "Name of the customer as Momentus Connect lists it, for a browser and for the instructions to people.",
    examples: ["Harbor Congress Center"],
  },
  tenant: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description:
      "The tenant of Momentus Connect whose apps are approved, for a browser and for the instructions to people.",
    examples: ["prod"],
  },
  console_rights: {
    type: "string",
    enum: ["support", "customer"],
    default: rightsDefault,
    description:
      "Rights of the account that signs in with hand: browser. support: it sees internal API users and their check boxes, so that its list proves absence. customer unless this says otherwise (MOM-30).",
    examples: ["support"],
  },
  connect_url: {
    type: "string",
    minLength: 1,
    maxLength: 500,
    pattern: "^https?://[^\\s]+$",
    "x-pinned": true,
    description:
      "Address of Momentus Connect, for a browser and for the instructions to people. Whoever works there signs in and enters credentials, so it must be trusted.",
    examples: ["https://connect.example.net"],
  },
};

/** The API user that Steward runs as: ID, Secret and one of its Keys. */
const apiUserSchema: Record<string, AttributeSchema> = {
  api_user_id: {
    type: "string",
    minLength: 1,
    maxLength: 10,
    description: "ID of the API user that Steward runs as. It is no secret.",
    examples: ["STEWARD"],
  },
  secret: {
    type: "string",
    "x-secret": "chosen",
    description: "Secret of that API user, a GUID. It signs every call.",
  },
  key: { type: "string", "x-secret": "chosen", description: "One Key of that API user, a GUID." },
};

/** The API user that Steward runs as, all of it or none, the account of the console, and the password of the mail server. */
const credentials: Record<string, AttributeSchema> = {
  ...apiUserSchema,
  ...consoleCredentials,
  smtp_password: smtpPasswordSchema,
};

/** All that `systems.NAME` of type momentus may say. */
export const systemSettings: SystemSettings = {
  description:
    "One Momentus Enterprise environment, with the Momentus Connect beside it. Users and roles go by the v1 API, which needs api_user_id, secret and key. API users, their Keys and app approvals have no API: with hand: browser a browser does them at the consoles, as the account username and password, otherwise people do.",
  example: {
    momentus: {
      url: "https://acme.example.net/test",
      hand: "person",
      serial_number: "12345",
      connect_url: "https://connect.example.net",
      license: { module: "Basic API", mail_from: "iam@example.com" },
      credentials: { api_user_id: "STEWARD", secret: "${env.MOMENTUS_SECRET}", key: "${env.MOMENTUS_KEY}" },
    },
  },
  properties,
  required: [],
  credentials,
  sharedDefaults: { concurrency: momentusConcurrencyMax },
};

/** Whether the v1 API can be called. Without credentials nothing is managed by it (MOM-25). */
export function hasCredentials({ credentials }: SystemConfig): boolean {
  return credentials.api_user_id !== undefined;
}

/** Why nothing of the v1 API is managed on a system without credentials (MOM-25), and what to write. */
export function withoutCredentials(name: string): string {
  return `systems.${name} has no credentials for the v1 API: write credentials: { api_user_id, secret, key }`;
}

/** What the schema cannot say: settings that need or exclude one another, and a URL that ends before the API begins. */
export function checkSettings(system: SystemConfig): Diagnostic[] {
  const problems = [
    ...handProblems(system),
    ...apiUserProblems(system),
    ...urlProblems(system),
    ...licenseProblems(system),
  ];
  return problems.map(([message, hint]) => ({ severity: "error", message, hint, source: system.source }));
}

/** A browser has to sign in. */
function handProblems({ name, hand, credentials, consoleSession }: SystemConfig): Problem[] {
  const missing = ["username", "password"].filter((key) => credentials[key] === undefined);
  if (hand !== "browser" || missing.length === 0) return [];
  if (consoleSession !== undefined && missing.length === 2) return [];
  const hint = `write credentials: { username: NAME, password: "\${env.NAME}" }, of an account that works at the consoles, or console_session: SINK:PATH for a person who signs in; hand: person has people do it`;
  return [[`${name} has hand: browser and no ${missing.join(", ")}`, hint]];
}

/** Without them only those kinds can be managed that a person looks after. */
function apiUserProblems({ name, credentials }: SystemConfig): Problem[] {
  const names = Object.keys(apiUserSchema);
  const missing = names.filter((key) => credentials[key] === undefined);
  if (missing.length === 0 || missing.length === names.length) return [];
  const hint =
    "write credentials: { api_user_id, secret, key }, as the screen of the API user shows them, or none of them";
  return [[`${name} has no ${missing.join(", ")}`, hint]];
}

function urlProblems({ name, url }: SystemConfig): Problem[] {
  const api = /\/api(?:\/v\d+)?$/i.exec(url);
  if (!api) return [];
  const hint = `write url: ${url.slice(0, api.index)}, the address of the environment`;
  return [[`the url of ${name} must end before ${api[0]}`, hint]];
}
