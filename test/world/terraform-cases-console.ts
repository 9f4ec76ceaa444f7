import { FlowWorld, url } from "./flow-world.ts";
import { IpressoWorld, shopGroup } from "./ipresso-world.ts";
import type { Acceptance, Block, ProviderSite } from "./terraform-acceptance.ts";
import { VesonWorld } from "./veson-world.ts";

/** What each kind is taken through that is worked at on a console, by a browser or here by forms. */

const sinks = { local: { type: "env-file", path: "secrets.env" } };

/** A Momentus environment with a browser at its consoles. */
export function momentusConsoleSite(world = new FlowWorld()): ProviderSite {
  const { username, password } = world.momentus.world.support;
  return {
    ...{ system: "momentus", world, secrets: { password } },
    provider: {
      ...{ url, hand: "browser", console_rights: "support", connect_url: "https://venue.test/connect" },
      ...{ customer: "Harbor Congress Center", tenant: "prod", sinks },
      serial_number: world.momentus.store.serialNumbers.prod,
      credentials: { username, password: "${var.password}" },
    },
  };
}

export function ipressoSite(world = new IpressoWorld()): ProviderSite {
  const { admin } = world.ipresso.world;
  return {
    ...{ system: "ipresso", world, secrets: { password: admin.password, totp: admin.totpSecret } },
    provider: {
      ...{ url: world.panelUrl, sinks },
      credentials: { username: admin.username, password: "${var.password}", totp: "${var.totp}" },
    },
  };
}

/** All licenses but one are taken, unless it is said otherwise. */
export function vesonSite(world = new VesonWorld({ seatsFree: 2 })): ProviderSite {
  const { username, password, totpSecret } = world.veson.world.admin;
  return {
    ...{ system: "veson", world, secrets: { password, totp: totpSecret } },
    provider: {
      ...{ url: "https://imos.test", api_url: "https://api.test", company_domain: "shipping.example", sinks },
      license: { limit: world.veson.store.licenseLimit, borrow_from: ["j.doe"] },
      credentials: { username, password: "${var.password}", totp: "${var.totp}" },
    },
  };
}

const reports: Block = {
  ...{ user_id: "REPORTS", display_name: "Reports of the house", description: "For the data warehouse" },
  ...{ organization: "20", enforce_access_privileges: true, allow_proxy_user: true, retired: false },
  ...{ internal: true, license_special_access: true, deliver_to: "local:REPORTS" },
};

const moco: Block = {
  ...{ user_id: "MOCO-SERV", display_name: "Momentus Connect", organization: "any", deliver_to: "local:MOCO_SERV" },
};

export const momentusConsoleCases: readonly Acceptance[] = [
  {
    kind: "momentus_api_user",
    site: momentusConsoleSite,
    block: reports,
    edits: [
      ...[{ display_name: "Reports" }, { description: "For nobody" }, { organization: "10" }],
      ...[{ enforce_access_privileges: false }, { allow_proxy_user: false }, { internal: false }],
      ...[{ license_special_access: false }, { deliver_to: "local:ELSEWHERE" }, { retired: true }],
    ],
    revival: { edit: { retired: false }, name: "momentus_api_user:REPORTS" },
    refused: [{ edit: { user_id: "FIGURES" }, because: "The ID of an API user is permanent (MOM-15)" }],
    ids: ({ user_id }) => [String(user_id)],
    notImported: ["deliver_to", "key_prefix"],
  },
  {
    kind: "momentus_api_key",
    site: momentusConsoleSite,
    needs: { momentus_api_user: { needed: reports } },
    block: { api_user: "${momentus_api_user.needed.user_id}", name: "warehouse", deliver_to: "local:WAREHOUSE" },
    edits: [{ deliver_to: "local:WAREHOUSE_2" }],
    refused: [{ edit: { name: "depot" }, because: "of a Key cannot be changed" }],
    ids: () => [],
    // No screen removes a Key (MOM-12), so that none is replaced either.
    leaving: { on_remove: "forget" },
  },
  {
    kind: "momentus_app_approval",
    site: momentusConsoleSite,
    needs: { momentus_api_user: { moco } },
    block: { app: "Floor Plan Studio", adopt: true, depends_on: ["momentus_api_user.moco"] },
    edits: [{ connect_user: "${momentus_api_user.moco.user_id}" }],
    refused: [{ edit: { app: "Lobby Signage" }, because: "An approval cannot be moved to another app" }],
    ids: ({ app }) => [String(app)],
    notImported: ["connect_user", "adopt"],
  },
];

const password = (more: Block = {}): Block => ({ generate: true, deliver_to: "local:USER_PASSWORD", ...more });

export const ipressoCases: readonly Acceptance[] = [
  {
    kind: "ipresso_user_group",
    site: ipressoSite,
    block: { name: "Integration", permissions: ["GET contact", "POST contact", "DELETE www"] },
    edits: [
      { permissions: ["GET contact", "POST contact", "PUT contact"] },
      { name: "Integrations" },
      { name: "Shops", permissions: ["GET contact", "POST campaign"] },
    ],
    ids: ({ name }) => [String(name)],
  },
  {
    kind: "ipresso_api_user",
    site: ipressoSite,
    needs: {
      ipresso_user_group: { alpha: shopGroup as Block, beta: { name: "Beta", permissions: ["GET tag"] } },
    },
    block: {
      ...{ login: "con.formance", name: "Con", surname: "Formance", email: "con@coffee.example" },
      ...{ groups: ["${ipresso_user_group.alpha.name}"], allowed_addresses: ["127.0.0.1", "203.0.113.7"] },
      password: password(),
    },
    edits: [
      ...[{ name: "Conrad" }, { name: null, clear: ["name"] }, { surname: "F." }, { email: "conrad@coffee.example" }],
      { surname: null, clear: ["name", "surname"] },
      { groups: ["${ipresso_user_group.beta.name}"] },
      ...[{ allowed_addresses: ["any"] }, { allowed_addresses: ["127.0.0.1"] }, { login: "con.two" }],
      ...[{ password: password({ generation: 2 }) }, { password: password({ deliver_to: "local:OTHER_PASSWORD" }) }],
      { password: { value_wo: "${var.chosen}", value_wo_version: 3 } },
      { take_over: true },
    ],
    ids: ({ login }) => [String(login)],
    notImported: ["password", "take_over", "clear"],
  },
  {
    // Always there and never removed.
    kind: "ipresso_api_settings",
    site: ipressoSite,
    block: { validity_seconds: 900, returns_different_token: true, deliver_to: "local:KEY" },
    edits: [{ validity_seconds: 60 }, { returns_different_token: false }, { deliver_to: "local:OTHER_KEY" }],
    ids: () => ["only"],
    notImported: ["deliver_to"],
  },
];

const fuel: Block = {
  ...{ user_name: "sys.fuel", full_name: "Fuel export", initials: "FUE", api_permission: "read" },
  password: { generate: true, deliver_to: "local:FUEL_PASSWORD" },
};

export const vesonCases: readonly Acceptance[] = [
  {
    kind: "veson_group",
    site: vesonSite,
    block: { group_name: "Integrations", description: "Systems, all of them", security_admin: true },
    edits: [
      ...[{ description: "Others" }, { description: null, clear: ["description"] }, { security_admin: false }],
      ...[{ authentication_only: true }, { authentication_only: false }, { inactive: true }],
    ],
    revival: { edit: { inactive: false }, name: "veson_group:Integrations" },
    refused: [{ edit: { group_name: "Interfaces" }, because: "Steward does not rename groups" }],
    ids: ({ group_name }) => [String(group_name)],
    notImported: ["clear"],
  },
  {
    kind: "veson_user",
    site: vesonSite,
    needs: { veson_group: { one: { group_name: "Integrations" } } },
    block: { ...fuel, email: "fuel@else.example", phone: "+47 22", groups: ["Operations"] },
    edits: [
      ...[{ full_name: "Fuel" }, { initials: "F" }, { initials: null, clear: ["initials"] }, { email: "f@e.example" }],
      { phone: "1", email: null, clear: ["initials", "email"] },
      { phone: null, clear: ["initials", "email", "phone"] },
      { groups: ["${veson_group.one.group_name}"] },
      ...[{ api_permission: "write" }, { api_permission: "imos_message" }],
      { password: { generate: true, deliver_to: "local:FUEL_PASSWORD", generation: 2 } },
      { password: { value_wo: "${var.chosen}", value_wo_version: 3 } },
      { inactive: true },
    ],
    revival: { edit: { inactive: false }, name: "veson_user:sys.fuel" },
    refused: [{ edit: { user_name: "sys.bunker" }, because: "A user keeps its User Name for ever (VES-03)" }],
    ids: ({ user_name }) => [String(user_name)],
    notImported: ["password", "clear"],
  },
  {
    kind: "veson_api_token",
    site: vesonSite,
    needs: {
      veson_user: {
        one: fuel,
        other: {
          ...{ user_name: "sys.ship", full_name: "Ships", initials: "SHI", api_permission: "read" },
          password: { generate: true, deliver_to: "local:SHIP_PASSWORD" },
        },
      },
    },
    block: { owner: "${veson_user.one.user_name}", deliver_to: "local:FUEL_TOKEN" },
    edits: [{ rotate_every: "90d" }, { deliver_to: "local:FUEL_TOKEN_2" }],
    refused: [{ edit: { owner: "${veson_user.other.user_name}" }, because: "A token belongs to its user (VES-16)" }],
    ids: ({ owner }) => [String(owner)],
    notImported: ["rotate_every", "deliver_to"],
  },
];
