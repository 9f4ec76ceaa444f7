import type { Diagnostic } from "../../diagnostic.ts";
import { ipressoConcurrencyMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { AttributeSchema, SystemSettings } from "../../schema.ts";
import { consoleCredentials } from "../console-settings.ts";
import { consoleWays } from "./console-ways.ts";

/** What may stand in `systems.NAME` of type ipresso. */
const properties: Record<string, AttributeSchema> = {
  api_url: {
    type: "string",
    minLength: 1,
    maxLength: 500,
    pattern: "^https?://[^\\s/?#@]+$",
    "x-pinned": true,
    description:
      "Where the API is, without a path, when that is not the address of the panel. Logins and passwords of API users are proven there.",
    examples: ["https://api.acme.example.net"],
  },
  console: {
    type: "object",
    additionalProperties: false,
    description: "How this console is made, where no document says it. All may be left out.",
    properties: consoleWays,
  },
};

/** The account of the console, and the key of the installation. */
const credentials: Record<string, AttributeSchema> = {
  ...consoleCredentials,
  customer_key: {
    type: "string",
    "x-secret": "chosen",
    description:
      "The key of the installation (CUSTOMER_KEY), which proving a password needs (IPR-02). Left out: Steward takes it from where ipresso_api_settings delivers it, or reads it on the page of the settings.",
    examples: ["${sink:local:ipresso/customer-key}"],
  },
};

/** All that `systems.NAME` of type ipresso may say. */
export const systemSettings: SystemSettings = {
  description:
    "One iPresso panel. It has no API for API users, groups and settings (IPR-23): a browser works at its console, which needs `username` and `password`, or a person does by Steward's instructions, with `hand: person`.",
  example: {
    ipresso: {
      url: "https://acme.ipresso.pl",
      credentials: { username: "steward@acme.example", password: "${env.IPRESSO_PASSWORD}" },
    },
  },
  properties,
  required: [],
  credentials,
  sharedDefaults: { hand: "browser", concurrency: ipressoConcurrencyMax },
};

/** Where the API is. */
export function apiUrl({ url, settings }: SystemConfig): string {
  return typeof settings.api_url === "string" ? settings.api_url : url;
}

type Problem = [message: string, hint: string];

/** What the schema cannot say: who can work there, and settings that need one another. */
export function checkSettings(system: SystemConfig): Diagnostic[] {
  const problems = [...handProblems(system), ...accountProblems(system), ...urlProblems(system)];
  return problems.map(([message, hint]) => ({ severity: "error", message, hint, source: system.source }));
}

function handProblems({ name, hand }: SystemConfig): Problem[] {
  if (hand !== "api") return [];
  const hint =
    "leave hand out, and a browser works at the console; or write hand: person, and Steward says what to do there";
  return [[`${name} cannot be managed with hand: api: iPresso has no API for it (IPR-23)`, hint]];
}

/** Without an account a session that somebody opened is used, so that both may be left out. */
function accountProblems({ name, credentials: { username, password, totp } }: SystemConfig): Problem[] {
  const missing = [username === undefined ? "username" : "", password === undefined ? "password" : ""].filter(Boolean);
  const isNone = missing.length === 2 && totp === undefined;
  if (missing.length === 0 || isNone) return [];
  const hint = "write credentials: { username, password } of the account of the console, or neither";
  return [[`${name} has no ${missing.join(", ")}`, hint]];
}

function urlProblems({ name, url }: SystemConfig): Problem[] {
  const api = /\/api(?:\/.*)?$/i.exec(url);
  if (!api) return [];
  return [
    [`the url of ${name} must end before ${api[0]}`, `write url: ${url.slice(0, api.index)}, the address of the panel`],
  ];
}
