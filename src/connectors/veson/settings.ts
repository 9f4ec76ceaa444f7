import type { Diagnostic } from "../../diagnostic.ts";
import { vesonConcurrencyMax } from "../../limits.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Value } from "../../resource.ts";
import type { AttributeSchema, SystemSettings } from "../../schema.ts";
import { consoleCredentials } from "../console-settings.ts";

const apiUrlDefault = "https://api.veslink.com";
/** A list that public clients read; any token whose user has an API permission may. */
const probePathDefault = "/v1/companies/partners";

/** What may stand in `systems.NAME` of type veson. */
const properties: Record<string, AttributeSchema> = {
  license: {
    type: "object",
    additionalProperties: false,
    description: "A system user takes one license while it is set up (VES-07). What to do when all are taken (VES-08).",
    properties: {
      limit: {
        type: "integer",
        minimum: 1,
        maximum: 100_000,
        description:
          "Named-user licenses of this site. The web platform documents no place for it (VES-09). Without it a license is borrowed only when a save is refused for want of one.",
        examples: [25],
      },
      borrow_from: {
        type: "array",
        uniqueItems: true,
        minItems: 1,
        maxItems: 100,
        items: { type: "string", minLength: 1, maxLength: 128 },
        description:
          "User Names of people who agreed to be deactivated for a few minutes, in the order in which they are asked. Without it nobody ever is.",
        examples: [["j.doe", "m.ortega"]],
      },
    },
  },
  api_url: {
    type: "string",
    minLength: 1,
    maxLength: 500,
    pattern: "^https?://[^\\s?#]+$",
    default: apiUrlDefault,
    "x-pinned": true,
    description:
      "Address of the data plane. Tokens are sent there to be proven, so it must be trusted. https://api.veslink.com unless this says otherwise.",
    examples: [apiUrlDefault],
  },
  probe_path: {
    type: "string",
    minLength: 1,
    maxLength: 500,
    pattern: "^/[^\\s?#]*$",
    default: probePathDefault,
    description: `What is read to prove a token, by GET: something that every API permission may read. ${probePathDefault} unless this says otherwise (VES-19).`,
    examples: [probePathDefault],
  },
  company_domain: {
    type: "string",
    minLength: 1,
    maxLength: 200,
    pattern: "^[^\\s@]+$",
    description:
      "A system user without an email gets its User Name at this domain. Nothing is ever sent there (VES-04).",
    examples: ["acme.example"],
  },
};

/** All that `systems.NAME` of type veson may say. */
export const systemSettings: SystemSettings = {
  description:
    "One site of the Veson IMOS Platform, worked on in its console as an IMOS administrator with Security Admin, by a browser or by a person. Tokens are proven at api.veslink.com.",
  example: {
    veson: {
      url: "https://acme.imos.example",
      company_domain: "acme.example",
      license: { limit: 25, borrow_from: ["j.doe"] },
      credentials: { username: "steward", password: "${env.VESON_PASSWORD}" },
    },
  },
  properties,
  required: [],
  credentials: consoleCredentials,
  sharedDefaults: { hand: "browser", concurrency: vesonConcurrencyMax },
};

/** Who may be deactivated for a while, and how many licenses there are. */
export interface LicenseSettings {
  limit: number | undefined;
  borrowFrom: string[];
}

/** `license` of a system. */
export function licenseOf({ settings }: Pick<SystemConfig, "settings">): LicenseSettings {
  const { limit, borrow_from: from } = (settings.license ?? {}) as Record<string, Value>;
  const names = Array.isArray(from) ? from.map(String) : [];
  return { limit: typeof limit === "number" ? limit : undefined, borrowFrom: names };
}

/** Where tokens are proven. */
export function dataPlaneOf({ settings }: Pick<SystemConfig, "settings">): { url: string; path: string } {
  const { api_url: url = apiUrlDefault, probe_path: path = probePathDefault } = settings;
  return { url: String(url).replace(/\/+$/, ""), path: String(path) };
}

/** The account that works at the console; undefined where nothing says so. */
export function administratorOf({ credentials }: Pick<SystemConfig, "credentials">): string | undefined {
  return typeof credentials.username === "string" ? credentials.username : undefined;
}

/** Whether two names mean one user. That letter case makes no difference is assumed: the cautious reading (VES-02). */
export function sameName(a: unknown, b: unknown): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}

type Problem = [message: string, hint: string];

/** What the schema cannot say. */
export function checkSettings(system: SystemConfig): Diagnostic[] {
  const problems = [...handProblems(system), ...accountProblems(system), ...licenseProblems(system)];
  return problems.map(([message, hint]) => ({ severity: "error", message, hint, source: system.source }));
}

function handProblems({ name, hand }: SystemConfig): Problem[] {
  if (hand !== "api") return [];
  const hint = "take hand out for a browser, or write hand: person, and Steward says step by step what to do";
  return [[`${name} cannot be managed with hand: api: users, groups and tokens have no public API (VES-01)`, hint]];
}

function accountProblems({ name, hand, credentials }: SystemConfig): Problem[] {
  const missing = ["username", "password"].filter((key) => credentials[key] === undefined);
  if (missing.length === 0 || (missing.length === 2 && hand === "person")) return [];
  // With single sign-on a person signs in once: `steward console login`.
  if (missing.length === 1 && missing[0] === "password" && credentials.totp === undefined) return [];
  const hint = "write credentials: { username, password } of an IMOS administrator with Security Admin";
  return [[`${name} has no ${missing.join(" and no ")} to sign in with`, hint]];
}

function licenseProblems(system: SystemConfig): Problem[] {
  const me = administratorOf(system);
  const { borrowFrom } = licenseOf(system);
  if (me === undefined || !borrowFrom.some((name) => sameName(name, me))) return [];
  const hint = `take ${me} out of license.borrow_from`;
  return [[`${me} is the account that ${system.name} is worked on as: it cannot be deactivated (VES-08)`, hint]];
}
