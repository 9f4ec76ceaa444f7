/** What the demo adds to the starter manifest first. */
export const firstResources = `
resources:
  velocloud_role:
    auditor:
      name: Auditor
      description: May look at everything
      privileges: [Global Settings Enterprise Read Only, SD-WAN Enterprise Read Only]

  velocloud_admin_user:
    ci:
      username: ci@acme.example
      role: Enterprise Standard Admin
      password: { generate: true, deliver_to: local:velocloud/ci-password }

  velocloud_api_token:
    ci:
      owner: \${velocloud_admin_user.ci}
      name: ci
      lifetime: 90d
      rotate_before: 14d
      deliver_to: local:velocloud/ci-token
`;

/** The token whose download is killed: stands at the end, under velocloud_api_token. */
export const secondToken = `
    reports:
      owner: \${velocloud_admin_user.ci}
      name: reports
      lifetime: 30d
      rotate_before: 7d
      deliver_to: local:velocloud/reports-token
`;

/** A program that uses the token as any program would: from its environment. */
export const reportProgram = `const url = process.env.VCO_URL + "/portal/rest/enterprise/getEnterpriseUsers";
const headers = { authorization: "Token " + process.env.VCO_TOKEN, "content-type": "application/json" };
const answer = await fetch(url, { method: "POST", headers, body: "{}" });
const users = await answer.json();
if (!Array.isArray(users)) throw new Error("the token does not work");
console.log("HTTP " + answer.status + ": the token works, " + users.length + " users can be read");
`;

/** The systems of the second half: one Momentus, with its two environments. They stand below `systems:`. */
export function momentusSystems({ url, smtp, serials, customer }: MomentusTexts): string {
  return `
  momentus:
    url: ${url}/prod
    connect_url: ${url}/connect
    customer: ${customer}
    tenant: prod
    serial_number: ${serials.prod}
    license: { module: Basic API, mail_to: licensing@gomomentus.com, mail_from: ops@acme.example, smtp: "${smtp}" }

  momentus_test:
    type: momentus
    url: ${url}/test
`;
}

interface MomentusTexts {
  url: string;
  smtp: string;
  serials: { prod: string };
  customer: string;
}

/** What is declared of Momentus: MOCO-SERV in both environments, and two apps that need it. */
export const momentusResources = `
  momentus_api_user:
    moco_serv:                      # must exist before the first app is approved
      user_id: MOCO-SERV
      display_name: Momentus Connect
      description: Internal Momentus Connect API User
      organization: any
      internal: true
      license_special_access: true
      deliver_to: local:momentus/moco-serv
    moco_serv_test:
      system: momentus_test
      user_id: MOCO-SERV
      display_name: Momentus Connect
      organization: any
      deliver_to: local:momentus/moco-serv-test

  momentus_app_approval:
    floor_plan: { system: momentus, app: Floor Plan Studio, connect_user: "\${momentus_api_user.moco_serv}" }
    signage: { system: momentus, app: Lobby Signage }
`;

interface ConsoleTexts {
  ipresso: { url: string; username: string };
  veson: { url: string; username: string; limit: number; lender: string };
}

/** The systems of the third part. A browser is what they are managed by when nothing else is said. */
export function consoleSystems({ ipresso, veson }: ConsoleTexts): string {
  return `
  ipresso:
    url: ${ipresso.url}
    credentials: { username: ${ipresso.username}, password: "\${env.IPRESSO_PASSWORD}" }

  veson:
    url: ${veson.url}
    api_url: ${veson.url}
    company_domain: shipping.example
    license: { limit: ${veson.limit}, borrow_from: [${veson.lender}] }
    credentials: { username: ${veson.username}, password: "\${env.VESON_PASSWORD}" }
`;
}

/** What is declared of iPresso and Veson. */
export const consoleResources = `
  ipresso_api_settings:
    panel: { validity_seconds: 7200, deliver_to: local:ipresso/customer-key }
  ipresso_user_group:
    shop: { name: Shop integration, permissions: [GET contact, POST contact] }
  ipresso_api_user:
    shop:
      login: shop
      email: shop@acme.example
      groups: ["\${ipresso_user_group.shop}"]
      allowed_addresses: [any]
      password: { generate: true, deliver_to: local:ipresso/shop-password }

  veson_user:
    demo:
      user_name: sys.demo
      full_name: Demo integration
      api_permission: read
      password: { generate: true, deliver_to: local:veson/demo-password }
  veson_api_token:
    demo: { owner: "\${veson_user.demo}", deliver_to: local:veson/demo-token }
`;
