import type { ApiModule } from "../../src/simulators/momentus/licensing.ts";
import type { ApiUserRecord } from "../../src/simulators/momentus/records.ts";
import { FlowWorld, url } from "./flow-world.ts";
import { testIdentity } from "./test-world.ts";

/** The whole flow around MOCO-SERV: it, a further Key of it, and two approvals of apps. */
export interface FlowScenario {
  name: string;
  /** Whether somebody made MOCO-SERV before. */
  isThere: boolean;
  /** API modules that are on. Without one the module is borrowed. */
  modules: readonly ApiModule[];
  /** What is closed without a module: the whole screen API Users, or only adding to it. */
  gate: "menu" | "add";
  /** Whether Steward sends the mails itself; a person does otherwise. */
  hasServer: boolean;
  /** Encryption costs more than everything else in a crash run; where it is not the point, the plain file stands in. */
  sink: "age" | "env-file";
  /** Who works at the consoles; people, when left out. */
  hand?: "browser";
}

const licensed = { modules: ["Basic API"], gate: "menu", hasServer: true, sink: "env-file" } as const;
const unlicensed = { modules: [], hasServer: true, sink: "env-file" } as const;

/** Everybody is licensed: nothing is borrowed. */
export const licensedFlows: readonly FlowScenario[] = [
  { name: "MOCO-SERV is absent and the API licensed", isThere: false, ...licensed },
  { name: "MOCO-SERV is found and the API licensed", isThere: true, ...licensed },
];

/** The module is borrowed by mail. */
export const unlicensedFlows: readonly FlowScenario[] = [
  { name: "MOCO-SERV is absent and cannot be added without a license", isThere: false, gate: "add", ...unlicensed },
  { name: "MOCO-SERV is there and cannot be looked for without a license", isThere: true, gate: "menu", ...unlicensed },
];

/** The same flows, with a browser at the consoles. */
export const browserFlows: readonly FlowScenario[] = [...licensedFlows, ...unlicensedFlows].map((flow) => ({
  ...{ ...flow, name: `a browser works, ${flow.name}`, hand: "browser" },
}));

/** Further ways, for pairs of crashes. */
export const furtherFlows: readonly FlowScenario[] = [
  {
    name: "MOCO-SERV is absent and cannot be looked for without a license",
    isThere: false,
    gate: "menu",
    ...unlicensed,
  },
  { ...unlicensed, name: "a person sends the mails", isThere: false, gate: "menu", hasServer: false },
];

/** Where nothing on the disk may hold a secret in clear. */
export const encryptedFlow: FlowScenario = {
  ...licensed,
  ...{ name: "the secrets are encrypted", isThere: false, sink: "age" },
};

/** Whether a further Key is made: where the whole screen is closed once the module is given back, nobody gets at it. */
export const hasFurtherKey = ({ modules, gate }: FlowScenario): boolean => modules.length > 0 || gate === "add";

/** Places of the two bundles, by sink. */
export const places = {
  age: { moco: "momentus/moco-serv", further: "momentus/further" },
  "env-file": { moco: "MOCO_SERV", further: "FURTHER" },
} as const;

const sinks = {
  age: `{ type: age, path: "secrets/\${environment}", recipients: [${testIdentity.recipient}] }`,
  "env-file": `{ type: env-file, path: "secrets/\${environment}.env" }`,
};

/** The settings of the vendor's document. */
const mocoServFields = {
  ...{ displayName: "Momentus Connect", description: "Internal Momentus Connect API User", organization: "20" },
  ...{ isInternal: true, hasLicenseSpecialAccess: true },
};

/** MOCO-SERV as somebody made it before, with a Key. */
export function makeMocoServ(world: FlowWorld, fields: Partial<ApiUserRecord> = {}): void {
  world.momentus.store.addApiUser("prod", { id: "MOCO-SERV", ...mocoServFields, ...fields });
  world.momentus.store.addKey("prod", "MOCO-SERV");
}

/** A world as the flow finds it, and its manifest. Everything of the manifest is trusted. */
export async function beginFlow(scenario: FlowScenario): Promise<{ world: FlowWorld; text: string }> {
  const world = new FlowWorld({ modules: scenario.modules, licenseGate: scenario.gate });
  if (scenario.isThere) makeMocoServ(world);
  const text = flowManifest(scenario, world.momentus.store.serialNumbers.prod);
  await world.trust(text);
  return { world, text };
}

/** The manifest of a flow. */
export function flowManifest(scenario: FlowScenario, serial: string): string {
  const { hasServer, sink, hand } = scenario;
  const key = `  momentus_api_key:
    further: { api_user: "\${momentus_api_user.moco}", name: further, deliver_to: "local:${places[sink].further}" }
`;
  return `${flowSystem(serial, hasServer ? "smtp: smtps://mail.test:465" : "", hand)}
sinks:
  local: ${sinks[sink]}
resources:
  momentus_api_user:
    moco: { user_id: MOCO-SERV, display_name: Momentus Connect, organization: any, deliver_to: "local:${places[sink].moco}" }
${hasFurtherKey(scenario) ? key : ""}  momentus_app_approval:
    plan: { app: Floor Plan Studio, lifecycle: { adopt: true } }
    signage: { app: Lobby Signage, lifecycle: { adopt: true } }
`;
}

/** The system with everything that instructions and mails name. `license` holds further settings of the loan. */
export function flowSystem(serial: string, license: string, hand?: "browser"): string {
  const browser = `    hand: browser
    console_rights: support
    credentials: { username: "\${env.MOM_CONSOLE_USER}", password: "\${env.MOM_CONSOLE_PASSWORD}" }
`;
  return `systems:
  momentus:
    url: ${url}
${hand ? browser : ""}    connect_url: https://venue.test/connect
    customer: Harbor Congress Center
    tenant: prod
    serial_number: "${serial}"
    license: { mail_from: iam@venue.example${license === "" ? "" : `, ${license}`} }`;
}
