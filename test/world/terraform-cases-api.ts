import { MomentusWorld } from "./momentus-world.ts";
import type { Acceptance, Block, ProviderSite } from "./terraform-acceptance.ts";
import { TestWorld, testIdentity } from "./test-world.ts";

/** What each kind is taken through that an API carries. */

export function velocloudSite(world = new TestWorld()): ProviderSite {
  const { username, password } = world.simulator.world.enterprise;
  return {
    ...{ system: "velocloud", world, secrets: { password } },
    provider: {
      ...{ url: "https://vco.test", enterprise_id: 1, environment: "prod" },
      credentials: { username, password: "${var.password}" },
      sinks: { local: { type: "age", path: "secrets/prod", recipients: [testIdentity.recipient] } },
    },
  };
}

function momentusSite(world = new MomentusWorld()): ProviderSite {
  const { secret, key } = world.momentus.world.apiUser.prod;
  const credentials = { api_user_id: "STEWARD", secret: "${var.secret}", key: "${var.key}" };
  return {
    ...{ system: "momentus", world, secrets: { secret, key } },
    provider: { url: "https://venue.test/prod", credentials },
  };
}

const generated = { generate: true, deliver_to: "local:velocloud/ci-password" };
export const owner: Block = { username: "ci@acme.example", role: "Enterprise Standard Admin", password: generated };

export const velocloudCases: readonly Acceptance[] = [
  {
    kind: "velocloud_role",
    site: velocloudSite,
    block: { name: "Auditor", description: "May look", privileges: ["Global Settings Enterprise Read Only"] },
    edits: [
      { description: "May look at everything" },
      { privileges: ["Global Settings Enterprise Read Only", "SD-WAN Enterprise Read Only"] },
    ],
    replaces: [{ name: "Controller" }],
    ids: ({ id, name }) => [String(id), String(name)],
  },
  {
    kind: "velocloud_admin_user",
    site: velocloudSite,
    block: { username: "ann@acme.example", role: "Enterprise Standard Admin", password: { value_wo: "${var.chosen}" } },
    edits: [
      { role: "Enterprise Support" },
      { password: { value_wo: "${var.chosen}", value_wo_version: 2 } },
      { enabled: false },
      { enabled: true },
      { second_factor_disabled: true },
      { access_level: "PRIVILEGED" },
      { first_name: "Ann", last_name: "Lee", email: "ann@acme.example" },
      { office_phone: "+31 20 555 0100", mobile_phone: "+31 6 5550 0100" },
      { clear: ["email"], email: null },
      {
        clear: ["email", "first_name", "last_name", "office_phone", "mobile_phone"],
        ...{ first_name: null, last_name: null, office_phone: null, mobile_phone: null },
      },
      { take_over: true },
      // It is one already; another one would be another user.
      { native: true },
      { password: { generate: true, deliver_to: "local:velocloud/ann-password", generation: 3 } },
    ],
    replaces: [
      { username: "ann.lee@acme.example", password: { generate: true, deliver_to: "local:velocloud/ann-lee" } },
    ],
    ids: ({ id, username }) => [String(id), String(username)],
    notImported: ["password", "clear", "take_over"],
  },
  {
    kind: "velocloud_api_token",
    site: velocloudSite,
    needs: { velocloud_admin_user: { needed: owner } },
    block: {
      owner: "${velocloud_admin_user.needed.username}",
      name: "ci",
      description: "Build pipeline",
      lifetime: "90d",
      deliver_to: "local:velocloud/ci-token",
    },
    edits: [{ rotate_before: "14d" }, { deliver_to: "local:velocloud/ci-token-2" }],
    replaces: [
      { description: "Deployments" },
      { lifetime: "60d" },
      { name: "cd", deliver_to: "local:velocloud/cd-token" },
    ],
    ids: ({ id }) => [String(id)],
    notImported: ["lifetime", "rotate_before", "deliver_to"],
  },
  {
    // Always there and never removed: declaring takes it over, removing leaves it.
    kind: "velocloud_user_management_delegation",
    site: velocloudSite,
    block: { delegated: true },
    edits: [{ delegated: false }],
    ids: () => ["only"],
  },
];

export const momentusCases: readonly Acceptance[] = [
  {
    kind: "momentus_user",
    site: momentusSite,
    block: { id: "CDAY", display_name: "Cora Day", organization: "20", email: "cora@venue.example", login_id: "cora" },
    edits: [
      { display_name: "Cora M. Day", organization: "10", email: "cday@venue.example", login_id: "cday" },
      { initials: "CMD", group: "SALES", hold: true, access_level: 3 },
      { hold: false },
      { retired: true },
    ],
    revival: { edit: { retired: false }, name: "momentus_user:CDAY" },
    refused: [{ edit: { id: "CMDAY" }, because: "The ID of a user is permanent (MOM-15)" }],
    ids: ({ id }) => [String(id)],
  },
  {
    kind: "momentus_role",
    site: momentusSite,
    block: { id: "AUDIT", display_name: "Auditors", access_level: 2, access_level_default: 1 },
    edits: [{ display_name: "Audit" }, { access_level: 4 }, { access_level_default: 3 }],
    refused: [{ edit: { id: "CHECK" }, because: "MOM-15" }],
    ids: ({ id }) => [String(id)],
    // No role can be removed (MOM-18), nor replaced by another.
    leaving: { on_remove: "forget" },
  },
  {
    kind: "momentus_user_role",
    site: momentusSite,
    needs: {
      momentus_user: {
        needed: { id: "CDAY", display_name: "Cora Day", organization: "20", email: "cora@venue.example" },
      },
    },
    block: { user: "${momentus_user.needed.id}", role: "OPS" },
    edits: [],
    replaces: [{ role: "SALES" }],
    ids: ({ user, role }) => [`${user}/${role}`],
  },
];
