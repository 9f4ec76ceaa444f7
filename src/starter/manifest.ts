/** Types of systems that `steward init` writes a manifest for. */
export const starterSystems = ["velocloud", "momentus"] as const;
export type StarterSystem = (typeof starterSystems)[number];

/** What the starter manifest says about its user's surroundings. */
interface StarterOptions {
  system: StarterSystem;
  /** Base URL of the system. */
  url: string;
  /** Public keys of the age sink. */
  recipients: readonly string[];
}

/** Where `steward init` puts a new age identity, relative to the manifest. */
export const identityPath = ".steward/identity.txt";

/** An address that stands there until somebody writes their own. */
export const exampleUrls: Readonly<Record<StarterSystem, string>> = {
  velocloud: "https://vco.example.net",
  momentus: "https://acme.example.net/test",
};

interface StarterParts {
  systems(url: string): string;
  prodUrl: string;
  /** Commented out. */
  resources: string;
}

const parts: Readonly<Record<StarterSystem, StarterParts>> = {
  velocloud: {
    systems: (url) => `  velocloud:
    url: ${url} # pinned by: steward trust velocloud
    # enterprise: Acme # for people
    # scope: enterprise # or partner, or operator
    credentials:
      token: "\${env.VCO_TOKEN}" # of a super user; or username and password
`,
    prodUrl: "https://vco-prod.example.net",
    resources: `# Your first user with a token that is rotated two weeks before it expires: take the # away.
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
`,
  },
  momentus: {
    systems: (url) => `  momentus:
    url: ${url} # ends with the environment, such as /prod; pinned by: steward trust momentus
    hand: person # API users, their Keys and approvals have no API: Steward says step by step what people do; browser: a browser does it
    # serial_number: "12345" # of the environment, as the contract says; needed with license
    # license: { mail_from: iam@acme.example } # ask by mail for the API module where it is not licensed, and give it back
    # connect_url: https://connect.example.net # Momentus Connect, where apps are approved; pinned too
    # customer: Acme Events # as Momentus Connect lists it
    # tenant: prod # whose apps are approved
`,
    prodUrl: "https://acme.example.net/prod",
    resources: `# MOCO-SERV, the API user of Momentus Connect, and an app that is approved with it: take the # away.
# What is not said of MOCO-SERV is filled in as the vendor prescribes it.
#
# resources:
#   momentus_api_user:
#     moco_serv:
#       user_id: MOCO-SERV
#       display_name: Momentus Connect
#       organization: any
#       deliver_to: local:momentus/moco-serv
#
#   momentus_app_approval:
#     event_portal:
#       app: Event Portal
#       connect_user: \${momentus_api_user.moco_serv}
`,
  },
};

/** The commented manifest that `steward init` writes. It is valid as it is and declares no resources yet. */
export function starterManifest({ system, url, recipients }: StarterOptions): string {
  const { systems, prodUrl, resources } = parts[system];
  return `# yaml-language-server: $schema=./node_modules/steward/schemas/manifest.json
# What Steward manages, where its secrets go, and how much one run may take away.
# Every kind and attribute:  steward kinds · what may stand here of ${system}:  steward kinds ${system}

systems:
${systems(url)}
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
