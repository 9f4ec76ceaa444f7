import type { Diagnostic } from "../../diagnostic.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
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
};

/** The API user that Steward runs as: ID, Secret and one of its Keys. */
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

/** What the schema cannot say: all three credentials, and a URL that ends before the API begins. */
export function checkSettings(system: SystemConfig): Diagnostic[] {
  const problems: [string, string][] = [];
  if (system.hand !== "api") {
    const hint = "remove hand, or write hand: api: users, roles and memberships have an API";
    problems.push([`${system.name} cannot be managed with hand: ${system.hand}`, hint]);
  }
  const missing = Object.keys(credentialsSchema).filter((name) => system.credentials[name] === undefined);
  if (missing.length > 0) {
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
