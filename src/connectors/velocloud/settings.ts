import { assert, type Diagnostic } from "../../diagnostic.ts";
import { velocloudConcurrencyMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { AttributeSchema, SystemSettings } from "../../schema.ts";
import { type Login, type Scope, type ScopeName, scopes } from "./scopes.ts";

const tenantId: AttributeSchema = { type: "integer", minimum: 1, maximum: 2_147_483_647 };

/** What may stand in `systems.NAME` of type velocloud. */
const properties: Record<string, AttributeSchema> = {
  scope: {
    type: "string",
    enum: ["enterprise", "partner", "operator"],
    default: "enterprise",
    description: "Whose users, roles and tokens these are: of one enterprise, of a partner, or of the operator.",
  },
  enterprise: {
    type: "string",
    minLength: 1,
    description: "Name of the enterprise, for people and for the plan's basis. The orchestrator is not asked by it.",
  },
  enterprise_id: {
    ...tenantId,
    description: "Number of the enterprise. Needed when partner or operator credentials manage it (VCO-22).",
  },
  partner: { type: "string", minLength: 1, description: "Name of the partner, for people and for the plan's basis." },
  partner_id: {
    ...tenantId,
    description: "Number of the partner. Needed when operator credentials manage it (VCO-22).",
  },
  login: {
    type: "string",
    enum: ["enterprise", "operator"],
    description:
      "Which login username and password are for: enterprise (enterprise and partner users) or operator. By default as the scope says.",
  },
};

/** Either `token`, or `username` and `password`. */
const credentials: Record<string, AttributeSchema> = {
  token: { type: "string", "x-secret": "chosen", description: "API token of the user that Steward runs as." },
  username: { type: "string", minLength: 1, description: "Name of the user that Steward runs as." },
  password: {
    type: "string",
    "x-secret": "chosen",
    description: "That user's password; each command logs in and out.",
  },
};

/** All that `systems.NAME` of type velocloud may say. */
export const systemSettings: SystemSettings = {
  description:
    "One VeloCloud Orchestrator, all of it by its API: `hand` is always api. Steward runs as a user of it, by an API token or by username and password.",
  example: {
    velocloud: {
      url: "https://vco.example.net",
      enterprise: "Acme",
      credentials: { token: "${env.VCO_TOKEN}" },
    },
  },
  properties,
  required: [],
  credentials,
  sharedDefaults: { concurrency: velocloudConcurrencyMax },
};

interface VelocloudSettings {
  scope: Scope;
  tenantId: number | undefined;
  tenantName: string | undefined;
  login: Login;
}

/** The settings with defaults filled in. */
export function settingsOf(system: SystemConfig): VelocloudSettings {
  const {
    scope: name = properties.scope!.default,
    login,
    enterprise,
    enterprise_id,
    partner,
    partner_id,
  } = system.settings;
  const scope = scopes[name as ScopeName];
  assert(scope, `the scope ${String(name)} passed the schema`);
  const ids = { enterprise: enterprise_id, partner: partner_id, operator: undefined };
  const names = { enterprise, partner, operator: undefined };
  const id = ids[scope.name];
  const tenantName = names[scope.name];
  return {
    scope,
    tenantId: typeof id === "number" ? id : undefined,
    tenantName: typeof tenantName === "string" ? tenantName : undefined,
    login: login === "enterprise" || login === "operator" ? login : scope.login,
  };
}

/** What the schema cannot say: exactly one form of credentials, and no settings of another scope. */
export function checkSettings(system: SystemConfig): Diagnostic[] {
  const { token, username, password } = system.credentials;
  const problems: [string, string][] = [];
  if (system.hand !== "api") {
    const hint = "remove hand, or write hand: api: this system has an API for everything that Steward manages";
    problems.push([`${system.name} cannot be managed with hand: ${system.hand}`, hint]);
  }
  const isSession = username !== undefined || password !== undefined;
  if (token === undefined && !isSession) {
    problems.push([`${system.name} has no credentials`, "write credentials: { token } or { username, password }"]);
  }
  if (token !== undefined && isSession) {
    problems.push([`${system.name} has two forms of credentials`, "write either token, or username and password"]);
  }
  if (isSession && (username === undefined || password === undefined)) {
    problems.push([`${system.name} needs both username and password`, "add what is missing, or use a token"]);
  }
  const { scope } = settingsOf(system);
  for (const name of ["enterprise", "partner"] as const) {
    if (scope.name === name) continue;
    for (const key of [name, `${name}_id`]) {
      if (system.settings[key] !== undefined) {
        problems.push([`${key} means nothing with scope ${scope.name}`, `remove ${key}, or write scope: ${name}`]);
      }
    }
  }
  return problems.map(([message, hint]) => ({ severity: "error", message, hint, source: system.source }));
}
