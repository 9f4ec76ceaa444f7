/** What the starter manifest says about its user's surroundings. */
export interface StarterOptions {
  /** Base URL of the orchestrator. */
  url: string;
  /** Public keys of the age sink. */
  recipients: readonly string[];
}

/** Where `steward init` puts a new age identity, relative to the manifest. */
export const identityPath = ".steward/identity.txt";

/** The commented manifest that `steward init` writes. It is valid as it is and declares no resources yet. */
export function starterManifest({ url, recipients }: StarterOptions): string {
  return `# yaml-language-server: $schema=./node_modules/steward/schemas/manifest.json
# What Steward manages, where its secrets go, and how much one run may take away.
# Every kind and attribute:  steward kinds

systems:
  velocloud:
    url: ${url} # pinned by: steward trust velocloud
    # enterprise: Acme # for people
    # scope: enterprise # or partner, or operator
    credentials:
      token: "\${env.VCO_TOKEN}" # of a super user; or username and password

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
#   prod: { protected: true, systems: { velocloud: { url: https://vco-prod.example.net } } }

# Your first user with a token that is rotated two weeks before it expires: take the # away.
#
# resources:
#   velocloud_admin_user:
#     ci:
#       username: ci@acme.example
#       role: Enterprise Standard Admin
#       password: { generate: true, deliver_to: local:velocloud/ci-password }
#
#   velocloud_api_token:
#     ci:
#       owner: \${velocloud_admin_user.ci}
#       name: ci
#       lifetime: 90d
#       rotate_before: 14d
#       deliver_to: local:velocloud/ci-token
`;
}

/** Lines of .gitignore that the manifest's folder needs: the identity must never be committed. */
export const ignoredLines: readonly string[] = [
  `${identityPath}`,
  ".steward/state/**/lock*",
  ".steward/outbox/",
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
