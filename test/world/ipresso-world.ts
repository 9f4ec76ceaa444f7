import { entryOf } from "../../src/commands/import.ts";
import { refresh } from "../../src/refresh.ts";
import type { IpressoSettings, IpressoSimulatorOptions } from "../../src/simulators/ipresso/options.ts";
import type { ApiUserRecord, GroupRecord } from "../../src/simulators/ipresso/records.ts";
import { IpressoSimulator } from "../../src/simulators/ipresso/simulator.ts";
import type { SimResponse } from "../../src/simulators/wire.ts";
import { type Attributes, clear, type Resources } from "./conformance-world.ts";
import type { Simulated } from "./sim-transport.ts";
import { TestWorld } from "./test-world.ts";

/** Steward's whole world with an iPresso panel in it, whose console is worked at by forms. */
export class IpressoWorld extends TestWorld {
  readonly ipresso: IpressoSimulator;
  /** Requests as they were sent, for tests that look into them. */
  readonly requests: { method: string; path: string; headers: Record<string, string>; body: string }[] = [];

  /** Where the panel is. */
  panelUrl = "https://panel.test";
  /** What the API answers instead of the simulator. */
  answerApi: (() => SimResponse) | undefined;

  constructor(
    settings: Partial<IpressoSettings> & Pick<IpressoSimulatorOptions, "users" | "labels"> = {},
    simulator?: IpressoSimulator,
    seed = 6,
  ) {
    super(seed);
    const now = (): number => this.clock.now();
    const sleep = (ms: number): Promise<void> => this.clock.sleep(ms);
    this.ipresso = simulator?.clone({ now, sleep }) ?? new IpressoSimulator({ seed: 6, now, sleep, ...settings });
  }

  override simulated(): Record<string, Simulated> {
    const handle: Simulated["handle"] = async (request) => {
      this.requests.push(request);
      if (this.answerApi && request.path.startsWith("/api/")) return this.answerApi();
      const response = await this.ipresso.handle({
        ...request,
        headers: { ...request.headers, host: new URL(this.panelUrl).host },
      });
      return response;
    };
    return { ...super.simulated(), [this.panelUrl]: { handle } };
  }

  override environmentVariables(): Record<string, string> {
    const { admin, customerKey } = this.ipresso.world;
    return {
      IPR_PASSWORD: admin.password,
      IPR_TOTP: admin.totpSecret,
      IPR_KEY: customerKey,
      IPR_GIVEN: "Given-Password-1",
      ...this.moreVariables,
    };
  }

  user(login: string): ApiUserRecord | undefined {
    this.ipresso.settlePending();
    return this.ipresso.store.user(login);
  }

  group(name: string): GroupRecord | undefined {
    this.ipresso.settlePending();
    return this.ipresso.store.group(name);
  }

  /** Mutating calls that the system saw, by name; refused ones too. */
  writes(): string[] {
    return this.ipresso.store.mutatingCalls.map(({ method }) => method);
  }

  /** How often each page was asked for since the last time. */
  counted(): Record<string, number> {
    const counts = Object.fromEntries([...this.ipresso.store.calls].sort());
    this.ipresso.store.calls.clear();
    return counts;
  }
}

export interface IpressoManifest {
  /** Further lines of the system. */
  system?: string[];
  /** Further credentials. */
  credentials?: string;
  hand?: "browser" | "person";
}

/** A manifest with one panel, and a sink that costs nothing. */
export function ipressoManifest(
  resources: Resources,
  { system = [], credentials, hand }: IpressoManifest = {},
): string {
  const declared = Object.entries(resources).filter(([, named]) => Object.keys(named).length > 0);
  const blocks = declared.flatMap(([kind, named]) => [
    `  ${kind}:`,
    ...Object.entries(named).flatMap(([name, attributes]) => [`    ${name}:`, ...attributeLines(attributes)]),
  ]);
  const account = 'username: a.keller@coffee.example, password: "${env.IPR_PASSWORD}", totp: "${env.IPR_TOTP}"';
  return [
    "systems:",
    "  ipresso:",
    "    url: https://panel.test",
    ...(hand ? [`    hand: ${hand}`] : []),
    ...system.map((line) => `    ${line}`),
    `    credentials: { ${account}${credentials ? `, ${credentials}` : ""} }`,
    "sinks:",
    "  local: { type: env-file, path: secrets.env }",
    "resources:",
    ...(blocks.length > 0 ? blocks : ["  {}"]),
    "",
  ].join("\n");
}

function attributeLines(attributes: Attributes): string[] {
  const lines = Object.entries(attributes).map(
    ([name, value]) => `      ${name}: ${value === clear ? "!clear" : JSON.stringify(value)}`,
  );
  return lines.length > 0 ? lines : ["      {}"];
}

export const shopGroup: Attributes = { name: "Shop integration", permissions: ["GET contact", "POST contact"] };
export const shopUser: Attributes = {
  login: "shop.two",
  email: "shop.two@coffee.example",
  groups: ["${ipresso_user_group.shop}"],
  allowed_addresses: ["any"],
  password: { generate: true, deliver_to: "local:SHOP_PASSWORD" },
};

/** A group with a user in it. */
export const shop = (user: Attributes = {}, group: Attributes = {}): Resources => ({
  ipresso_user_group: { shop: { ...shopGroup, ...group } },
  ipresso_api_user: { shop: { ...shopUser, ...user } },
});

/** What `steward import` records. */
export async function importIpresso(world: IpressoWorld, text: string, address: string, id: string): Promise<void> {
  await world.withLock(text, "import", async (workspace) => {
    workspace.begin();
    const resource = workspace.manifest.resources.find((one) => one.address === address);
    const kind = workspace.kinds.get(address.split(".")[0]!)!;
    const seen = (await refresh(workspace, { probe: "none" })).systems.ipresso!.kinds[kind.name]!;
    const actual = seen.objects.find((object) => object.id === id)!;
    const entry = entryOf({ address, kind, system: "ipresso", actual, resource });
    await workspace.append([{ type: "entry", at: workspace.timestamp(), by: "test", why: "import", address, entry }]);
  });
}
