import type { Diagnostic } from "../../diagnostic.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Value } from "../../resource.ts";
import type { AttributeSchema } from "../../schema.ts";

/** What may stand in `systems.NAME` of type momentus. */
export const settingsSchema: Record<string, AttributeSchema> = {
  serial_number: {
    type: "string",
    minLength: 1,
    maxLength: 64,
    description: "Serial number of the environment. The vendor asks for it when the API has to be licensed (MOM-18).",
    examples: ["12345"],
  },
  customer: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description: "Name of the customer as Momentus Connect lists it, for the instructions to people.",
    examples: ["Harbor Congress Center"],
  },
  tenant: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description: "The tenant of Momentus Connect whose apps are approved, for the instructions to people.",
    examples: ["prod"],
  },
  connect_url: {
    type: "string",
    minLength: 1,
    maxLength: 500,
    pattern: "^https?://[^\\s]+$",
    description: "Address of Momentus Connect, for the instructions to people. Nothing is sent there.",
    examples: ["https://connect.example.net"],
  },
};

/** The API user that Steward runs as: ID, Secret and one of its Keys. Without them nothing is managed by the v1 API (MOM-25). */
export const credentialsSchema: Record<string, AttributeSchema> = {
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

/** The loan of an API module that people at Licensing switch on for a while (MOM-07). */
export interface LicenseSettings {
  module: string;
  mailTo: string;
  /** Empty where a person sends the mail. */
  mailFrom: string;
  /** Whether the module is given back when it was used. */
  isReturnRequired: boolean;
  /** Whether a mail server is configured: Steward sends the mails itself. */
  hasServer: boolean;
}

/** What `systems.NAME.license` says; undefined when nothing can be borrowed. */
export function licenseOf(system: SystemConfig): LicenseSettings | undefined {
  const { license } = system.settings;
  if (typeof license !== "object" || Array.isArray(license)) return undefined;
  const { module, mail_to: mailTo, mail_from: mailFrom, return: back, smtp } = license as Record<string, Value>;
  return {
    module: typeof module === "string" ? module : "Basic API",
    mailTo: String(mailTo),
    mailFrom: typeof mailFrom === "string" ? mailFrom : "",
    isReturnRequired: back !== "not-required",
    hasServer: smtp !== undefined,
  };
}

/** Whether the v1 API can be called. */
export function hasCredentials(system: SystemConfig): boolean {
  return Object.keys(system.credentials).length > 0;
}

/** Why nothing of the v1 API is managed on a system without credentials (MOM-25), and what to write. */
export function withoutCredentials(name: string): string {
  return `systems.${name} has no credentials for the v1 API: write credentials: { api_user_id, secret, key }`;
}

/** What the schema cannot say: all three credentials or none, and a URL that ends before the API begins. */
export function checkSettings(system: SystemConfig): Diagnostic[] {
  const problems: [string, string][] = [];
  if (system.hand === "browser") {
    const hint = "write hand: person, or remove hand: what has an API is done by the API either way";
    problems.push([`${system.name} cannot be managed with hand: ${system.hand}`, hint]);
  }
  const missing = Object.keys(credentialsSchema).filter((name) => system.credentials[name] === undefined);
  if (missing.length > 0 && hasCredentials(system)) {
    const hint = "write credentials: { api_user_id, secret, key }, as the screen of the API user shows them";
    problems.push([`${system.name} has no ${missing.join(", ")}`, hint]);
  }
  const api = /\/api(?:\/v\d+)?$/i.exec(system.url);
  if (api) {
    const hint = `write url: ${system.url.slice(0, api.index)}, the address of the environment`;
    problems.push([`the url of ${system.name} must end before ${api[0]}`, hint]);
  }
  return problems.map(([message, hint]) => ({ severity: "error", message, hint, source: system.source }));
}
