/** What `steward init` knows of each type of system: one entry for each connector. */

interface Starter {
  /** An address that stands there until somebody writes their own. */
  exampleUrl: string;
  /** The same of another environment. */
  prodUrl: string;
  /** Its block below `systems`; `url` as a YAML scalar, `apiUrl` where the API is elsewhere. */
  systems(url: string, apiUrl: string): string;
  /** Where its API is, when that is not the address itself; a simulator on this machine has its own beside its console. */
  apiUrl?: string;
  /** Commented out. */
  resources: string;
  /** What comes next, before and after places are pinned. */
  next: { before: readonly Next[]; after: readonly Next[] };
}

/** A line for a shell or an editor, and what it is for. */
type Next = readonly [line: string, what: string];

const declareFirst = (what: string): Next => ["edit steward.yaml", `declare ${what}: take the # away at its end`];
const plan: Next = ["steward plan", "see what would be done"];
const checkConsole = (type: string): Next[] => [
  ["steward doctor", "is there a browser, does it start, does the account get in"],
  [`steward console check ${type}`, "is what Steward looks for called so there"],
];

export const starters = {
  velocloud: {
    exampleUrl: "https://vco.example.net",
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
    next: {
      before: [["export VCO_TOKEN=…", "a token of a super user, to run as"]],
      after: [
        ["steward doctor", "check credentials, privileges, sinks and state"],
        ["steward dump velocloud >> steward.yaml", "declare what is there already"],
        plan,
      ],
    },
  },
  momentus: {
    exampleUrl: "https://acme.example.net/test",
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
    next: {
      before: [declareFirst("MOCO-SERV")],
      after: [["steward plan --runbook runbook.html", "see what people would do, in order"]],
    },
  },
  ipresso: {
    exampleUrl: "https://acme.ipresso.example",
    systems: (url) => `  ipresso:
    url: ${url} # of the panel; pinned by: steward trust ipresso
    # hand: person # people work at the console, by Steward's instructions; a browser does it unless this says so
    # api_url: https://api.acme.example.net # where the API is, when that is not the address of the panel; pinned too
    # console: { groups: several } # how this console is made, where no document says it: steward kinds ipresso
    credentials: # of an administrator of the panel, as whom the browser works
      username: "\${env.IPRESSO_USERNAME}"
      password: "\${env.IPRESSO_PASSWORD}"
`,
    prodUrl: "https://prod.ipresso.example",
    resources: `# Your first API user, whose group says what it may do, and the key that it needs beside its password: take the # away.
#
# resources:
#   ipresso_api_settings:
#     panel: { deliver_to: local:ipresso/customer-key }
#
#   ipresso_user_group:
#     shop:
#       name: Shop integration
#       permissions: [GET contact, POST contact, PUT contact]
#
#   ipresso_api_user:
#     web_shop:
#       login: web.shop
#       email: web.shop@acme.example
#       groups: ["\${ipresso_user_group.shop}"]
#       allowed_addresses: [203.0.113.10]
#       password: { generate: true, deliver_to: local:ipresso/web-shop }
`,
    next: {
      before: [["export IPRESSO_USERNAME=… IPRESSO_PASSWORD=…", "of an administrator of the panel"]],
      after: [
        ...checkConsole("ipresso"),
        ["steward dump ipresso >> steward.yaml", "declare what is there already"],
        plan,
      ],
    },
  },
  veson: {
    exampleUrl: "https://acme.imos.example",
    apiUrl: "https://api.veslink.com",
    systems: (url, apiUrl) => `  veson:
    url: ${url} # of the site; pinned by: steward trust veson
    api_url: ${apiUrl} # where tokens are sent to be proven; pinned too
    # hand: person # people work at the console, by Steward's instructions; a browser does it unless this says so
    # company_domain: acme.example # a user without an email gets its name at this domain
    # license: { limit: 25, borrow_from: [j.doe] } # all named-user licenses, and who lends one for a few minutes
    credentials: # of an IMOS administrator who is a Security Admin, as whom the browser works
      username: "\${env.VESON_USERNAME}" # no secret; written out here, Steward never locks out the account that it works as
      password: "\${env.VESON_PASSWORD}"
`,
    prodUrl: "https://prod.imos.example",
    resources: `# Your first system user with its API token, which takes one license while it is set up: take the # away.
#
# resources:
#   veson_user:
#     ledger:
#       user_name: sys.ledger
#       full_name: Ledger export
#       api_permission: read
#       password: { generate: true, deliver_to: local:veson/ledger-password }
#
#   veson_api_token:
#     ledger:
#       owner: \${veson_user.ledger}
#       deliver_to: local:veson/ledger
`,
    next: {
      before: [
        ["export VESON_USERNAME=… VESON_PASSWORD=…", "of an IMOS administrator"],
        declareFirst("the first user"),
      ],
      after: [...checkConsole("veson"), plan],
    },
  },
} as const satisfies Readonly<Record<string, Starter>>;

/** Types of systems that `steward init` writes a manifest for. */
export type StarterSystem = keyof typeof starters;
export const starterSystems = Object.keys(starters) as StarterSystem[];
