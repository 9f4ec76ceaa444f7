import { isLoopback } from "../loopback.ts";
import { type StarterSystem, starters } from "./systems.ts";

/** What the starter manifest says about its user's surroundings. */
interface StarterOptions {
  system: StarterSystem;
  /** Base URL of the system. */
  url: string;
  /** Where its API is, as `apiUrlFor` says. */
  apiUrl?: string;
  /** Public keys of the age sink. */
  recipients: readonly string[];
}

/** Where `steward init` puts a new age identity, relative to the manifest. */
export const identityPath = ".steward/identity.txt";

/** The commented manifest that `steward init` writes. It is valid as it is and declares no resources yet. */
export function starterManifest({ system, url, apiUrl = url, recipients }: StarterOptions): string {
  const { systems, prodUrl, resources } = starters[system];
  return `# yaml-language-server: $schema=./node_modules/steward/schemas/manifest.json
# What Steward manages, where its secrets go, and how much one run may take away.
# Every kind and attribute:  steward kinds · what may stand here of ${system}:  steward kinds ${system}

systems:
${systems(scalar(url), scalar(apiUrl))}
sinks:
  local: # secrets as encrypted files, which may be committed
    type: age
    path: secrets
    recipients: # public keys of all who may read; the private one is in ${identityPath}
${recipients.map((recipient) => `      - ${recipient}`).join("\n")}

guard: # a plan that takes away more is refused, with the flag that allows it
  deletions_max: 5
  deletions_max_percent: 25

# Several environments? Then write \${environment} into the paths of sinks and state, and:
#
# environments:
#   test: {}
#   prod: { protected: true, systems: { ${system}: { url: ${prodUrl} } } }

${resources}`;
}

/** An address as YAML reads it back. */
function scalar(url: string): string {
  return /^[\w./~%:-]*[\w/]$/.test(url) ? url : JSON.stringify(url);
}

/** Where the API of a system at this address is; undefined where it is the address itself, whatever that is. */
export function apiUrlFor(system: StarterSystem, url: string): string | undefined {
  const starter = starters[system];
  if (!("apiUrl" in starter)) return undefined;
  return isLoopback(new URL(url).hostname) ? url : starter.apiUrl;
}

/** Lines of .gitignore that the manifest's folder needs: the identity must never be committed. */
const ignoredLines: readonly string[] = [
  `${identityPath}`,
  ".steward/state/**/lock*",
  ".steward/outbox/",
  ".steward/evidence/",
  "plan.json",
];

/** The text of .gitignore with our lines, or undefined when all of them are there. */
export function withIgnoredLines(text: string): string | undefined {
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const covered = present.has(".steward/") || present.has(".steward");
  const missing = ignoredLines.filter((line) => !present.has(line) && !(covered && line.startsWith(".steward/")));
  if (missing.length === 0) return undefined;
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${before}# Steward: the private key and what belongs to one run\n${missing.join("\n")}\n`;
}
