import type { Diagnostic } from "../diagnostic.ts";
import { commitGraceMs, requestTimeoutMs } from "../limits.ts";
import type { Plain, Value } from "../resource.ts";
import { type AttributeSchema, durationMs, type SystemSettings } from "../schema.ts";
import type { Label } from "../screen.ts";
import type { SystemConfig } from "./manifest.ts";
import { type Entry, entryOf, keySpan, type MapNode } from "./node.ts";
import type { Reading } from "./place.ts";
import { checkScreens, screensSchema } from "./screens.ts";
import { asMap } from "./sections.ts";
import { urlProblem } from "./url.ts";
import { readEntries } from "./value.ts";

/** What the manifest may say about systems of one type; every Connector is one. */
export interface SystemType {
  readonly name: string;
  readonly settings: SystemSettings;
  /** What a schema cannot say. */
  check?(system: SystemConfig): Diagnostic[];
  /** What its console prints; absent where nobody works at one. Asked for only where the manifest says `screens`. */
  labels?(): readonly Label[];
}

/** Text of files beside the manifest, inside its folder. */
export interface SideFiles {
  /** Why a path may not be used: it leaves the folder through a link. Undefined when it may, also when nothing is there. */
  problem(path: string): string | undefined;
  text(path: string): { text: string } | { problem: string };
}

/** The settings that every system has. What is pinned of them is what `src/trust.ts` pins. */
export const sharedSettings: Record<string, AttributeSchema> = {
  type: {
    type: "string",
    "x-pinned": true,
    description: "Which connector. The name of the system, unless this says otherwise.",
  },
  url: {
    type: "string",
    "x-pinned": true,
    description: "Base URL. https, or http on loopback.",
  },
  hand: {
    type: "string",
    enum: ["api", "browser", "person"],
    default: "api",
    description: "Who carries the work out.",
  },
  request_timeout: {
    type: "string",
    "x-duration": true,
    default: `${requestTimeoutMs / 1_000}s`,
    description: "How long one request may take.",
    examples: ["30s"],
  },
  commit_grace: {
    type: "string",
    "x-duration": true,
    default: `${commitGraceMs / 1_000}s`,
    description: "How long after a cut create it may still be committed.",
    examples: ["60s"],
  },
  concurrency: { type: "integer", minimum: 1, maximum: 64, description: "Requests in flight at most." },
  proxy: {
    type: "string",
    "x-pinned": true,
    description: "URL of an HTTP proxy, without credentials.",
    examples: ["http://proxy.example.net:3128"],
  },
  ca_file: {
    type: "string",
    "x-pinned": true,
    description: "PEM file of extra certificate authorities, inside the manifest's folder.",
  },
  screens: {
    type: "object",
    "x-pinned": true,
    description:
      "What its console calls a control, where that differs from `schemas/TYPE/labels.json`: the key of the label with the words, or with the way there, `Menu > Words`.",
    examples: [{ add: "New", apiUsers: "Security > API Users" }],
  },
  console_session: {
    type: "string",
    "x-pinned": true,
    description:
      "Where the session of whoever signs in by `steward console login` is kept: SINK:PATH. For consoles with single sign-on or a second factor.",
    examples: ["local:console/session"],
  },
};

/** The shared settings that every system must have. */
export const sharedRequired: readonly string[] = ["url"];

/** The shared settings with the defaults of one type. */
export function sharedSettingsOf({ sharedDefaults = {} }: SystemSettings): Record<string, AttributeSchema> {
  const entries = Object.entries(sharedSettings).map(([name, schema]): [string, AttributeSchema] => {
    const value = sharedDefaults[name];
    return [name, value === undefined ? schema : { ...schema, default: value }];
  });
  return Object.fromEntries(entries);
}

/** What may be said about a system of one type, in the parts in which people look for it. */
export function systemParts({ name, settings }: SystemType) {
  return {
    name,
    description: settings.description ?? "",
    own: settings.properties,
    shared: sharedSettingsOf(settings),
    required: [...sharedRequired, ...settings.required],
    credentials: settings.credentials,
  };
}

/** Requests shorter than this or longer are a slip of the unit. */
const timeoutBoundsMs = { min: 100, max: 600_000 };
const graceBoundsMs = { min: 0, max: 3_600_000 };

type Place = Omit<Reading, "holder">;

/** Reads one system; undefined when something in it is wrong. */
export function readSystem(
  entry: Entry,
  types: SystemType[],
  side: SideFiles | undefined,
  place: Place,
): SystemConfig | undefined {
  const { report } = place;
  const name = `systems.${entry.key}`;
  const map = asMap(entry, name, report);
  if (!map) return undefined;
  const type = typeOf(entry, map, types, place);
  if (!type) return undefined;
  const errors = report.errors;
  const { credentials, settings } = readSettings(entry, map, type, place);
  for (const key of [...sharedRequired, ...type.settings.required]) {
    if (!entryOf(map, key))
      report.error(`${key} is missing`, keySpan(entry), { hint: `the system ${entry.key} needs it` });
  }
  const config = finishSystem(entry, map, type, settings, credentials, side, place);
  if (report.errors === errors && type.check) {
    report.push(type.check(config).map((found) => ({ source: config.source, ...found })));
  }
  return report.errors === errors ? config : undefined;
}

/** The type that a system's entry says, or its name; undefined when there is no such connector. */
function typeOf(entry: Entry, map: MapNode, types: SystemType[], { report }: Place): SystemType | undefined {
  const written = entryOf(map, "type");
  const name = written ? (written.value.type === "scalar" ? written.value.value : undefined) : entry.key;
  const type = types.find((candidate) => candidate.name === name);
  if (type) return type;
  for (const part of map.entries) report.hide(part.value);
  const names = types.map((candidate) => candidate.name);
  const allowed = `write type: with one of: ${names.join(", ")}`;
  report.error(`no system type "${String(name)}"`, written ? written.value : keySpan(entry), {
    hint: report.suggest(String(name), names, allowed),
  });
  return undefined;
}

function readSettings(entry: Entry, map: MapNode, type: SystemType, place: Place) {
  const reading: Reading = { ...place, holder: `the system ${entry.key}` };
  const screens = entryOf(map, "screens");
  const labels = screens ? (type.labels?.() ?? []) : [];
  const properties = { ...type.settings.properties, ...sharedSettings, screens: screensSchema(labels) };
  const rest = { ...map, entries: map.entries.filter((part) => part.key !== "credentials") };
  const settings = readEntries(
    rest,
    { properties: withCredentials(properties), additionalProperties: false },
    reading,
    "",
    reading.holder,
  );
  const words = settings.screens as Record<string, string> | undefined;
  if (screens) checkScreens(screens, words ?? {}, labels, reading);
  const written = entryOf(map, "credentials");
  const node = written && asMap(written, "credentials", place.report);
  const holder = `the credentials of ${entry.key}`;
  const credentials = node
    ? readEntries(
        node,
        { properties: type.settings.credentials, additionalProperties: false },
        { ...reading, holder, credentials: true },
        "credentials.",
        holder,
      )
    : {};
  return { settings, credentials };
}

/** So that "did you mean" knows the word, although it is read on its own. */
const withCredentials = (properties: Record<string, AttributeSchema>) => ({
  ...properties,
  credentials: { type: "object" },
});

function finishSystem(
  entry: Entry,
  map: MapNode,
  type: SystemType,
  values: Record<string, Value>,
  credentials: Record<string, Value>,
  side: SideFiles | undefined,
  place: Place,
): SystemConfig {
  const settings = Object.fromEntries(Object.entries(values).filter(([key]) => !Object.hasOwn(sharedSettings, key)));
  const url = checkUrl(map, "url", values, place);
  const config: SystemConfig = {
    name: entry.key,
    type: type.name,
    url: url.replace(/\/+$/, ""),
    hand: (values.hand ?? type.settings.sharedDefaults?.hand ?? "api") as SystemConfig["hand"],
    settings,
    credentials,
    requestTimeoutMs: duration(map, "request_timeout", values, requestTimeoutMs, timeoutBoundsMs, place),
    commitGraceMs: duration(map, "commit_grace", values, commitGraceMs, graceBoundsMs, place),
    source: entry.value.file.source(entry.at, entry.end),
  };
  const pinned = pinnedIn(type.settings.properties, settings);
  if (Object.keys(pinned).length > 0) config.pinned = pinned;
  // Values that were read by their schema: words by key, and text.
  const { screens, console_session } = values as { screens?: Record<string, string>; console_session?: string };
  if (screens && Object.keys(screens).length > 0) config.screens = screens;
  if (console_session !== undefined) config.consoleSession = console_session;
  if (values.concurrency !== undefined) config.concurrency = values.concurrency as number;
  if (values.proxy !== undefined) config.proxy = checkUrl(map, "proxy", values, place).replace(/\/$/, "");
  const ca = readCa(map, values, side, place);
  if (ca !== undefined) config.ca = ca;
  return config;
}

/** Values of `x-pinned` settings, by their path. A part that is left out has none; in one that is there, defaults count. */
function pinnedIn(
  properties: Record<string, AttributeSchema>,
  values: Record<string, Value>,
  prefix = "",
): Record<string, Plain> {
  const pinned: Record<string, Plain> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = Object.hasOwn(values, name) ? values[name] : schema.default;
    if (value === undefined) continue;
    // Settings of a system hold neither references nor secrets: every value is plain.
    if (schema["x-pinned"]) pinned[prefix + name] = value as Plain;
    else if (schema.properties)
      Object.assign(pinned, pinnedIn(schema.properties, value as Record<string, Value>, `${prefix}${name}.`));
  }
  return pinned;
}

function checkUrl(map: MapNode, key: "url" | "proxy", values: Record<string, Value>, { report }: Place): string {
  const url = values[key];
  if (typeof url !== "string") return "";
  const problem = urlProblem(url, key);
  const node = entryOf(map, key)?.value;
  if (problem) {
    if (problem.secret && node) report.hide(node);
    report.error(`${key} ${problem.message}`, node, { hint: problem.hint });
  }
  return url;
}

function duration(
  map: MapNode,
  key: string,
  values: Record<string, Value>,
  otherwise: number,
  bounds: { min: number; max: number },
  { report }: Place,
): number {
  const text = values[key];
  const ms = typeof text === "string" ? durationMs(text) : undefined;
  if (ms === undefined) return otherwise;
  if (ms < bounds.min || ms > bounds.max) {
    report.error(`${key} must be between ${bounds.min} ms and ${bounds.max / 1_000} s`, entryOf(map, key)?.value);
  }
  return ms;
}

function readCa(
  map: MapNode,
  values: Record<string, Value>,
  side: SideFiles | undefined,
  { report }: Place,
): string | undefined {
  const path = values.ca_file;
  if (typeof path !== "string") return undefined;
  const node = entryOf(map, "ca_file")?.value;
  const read = side?.text(path) ?? { problem: "cannot be read here" };
  if ("problem" in read) {
    report.error(`the file of ca_file ${read.problem}`, node, { hint: "put a PEM file inside the manifest's folder" });
  } else if (!/^-----BEGIN CERTIFICATE-----/m.test(read.text)) {
    report.error("the file of ca_file holds no certificate", node, {
      hint: "it must be PEM: -----BEGIN CERTIFICATE-----",
    });
  } else {
    return read.text;
  }
  return undefined;
}
