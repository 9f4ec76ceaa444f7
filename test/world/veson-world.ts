import type { VesonSimulatorOptions } from "../../src/simulators/veson/options.ts";
import type { UserRecord } from "../../src/simulators/veson/records.ts";
import { VesonSimulator } from "../../src/simulators/veson/simulator.ts";
import { type SimRequest, SimulatedCut } from "../../src/simulators/wire.ts";
import { type Attributes, clear, type Resources } from "./conformance-world.ts";
import type { Simulated } from "./sim-transport.ts";
import { TestWorld } from "./test-world.ts";

/** Steward's whole world with a site of the Veson IMOS Platform in it, its console and its data plane. */
export class VesonWorld extends TestWorld {
  readonly veson: VesonSimulator;
  /** Requests as they arrived, for tests that look into them. */
  readonly requests: SimRequest[] = [];
  /** Called before each request that arrives: what others do meanwhile. */
  meanwhile: ((request: SimRequest) => void) | undefined;
  /** Whether a request is lost on its way, or its answer; by its number, from 1. */
  cut: ((count: number) => "before" | "after" | undefined) | undefined;

  constructor(settings: Omit<VesonSimulatorOptions, "now" | "sleep"> = {}, simulator?: VesonSimulator, seed = 5) {
    super(seed);
    const now = (): number => this.clock.now();
    const sleep = (ms: number): Promise<void> => this.clock.sleep(ms);
    this.veson = simulator?.clone({ now, sleep }) ?? new VesonSimulator({ seed: 5, now, sleep, ...settings });
  }

  override simulated(): Record<string, Simulated> {
    const handle: Simulated["handle"] = async (request) => {
      this.requests.push(request);
      const lost = this.cut?.(this.requests.length);
      if (lost === "before") throw new SimulatedCut("lost");
      this.meanwhile?.(request);
      const answer = await this.veson.handle(request);
      if (lost === "after") throw new SimulatedCut("lost");
      return answer;
    };
    return { ...super.simulated(), "https://imos.test": { handle }, "https://api.test": { handle } };
  }

  override environmentVariables(): Record<string, string> {
    const { password, totpSecret } = this.veson.world.admin;
    return { VESON_PASSWORD: password, VESON_TOTP: totpSecret, ...this.moreVariables };
  }

  /** A user of the store, who must be there. */
  user(name: string): UserRecord {
    const found = this.veson.store.user(name);
    if (!found) throw new Error(`there is no user ${name}`);
    return found;
  }
}

/** Resources on the site, by kind and name. `system` adds settings or changes them. */
export function vesonManifest(resources: Resources, system: Attributes = {}): string {
  const blocks = Object.entries(resources).flatMap(([kind, named]) => [
    `  ${kind}:`,
    ...Object.entries(named).flatMap(([name, attributes]) => [
      `    ${name}:`,
      ...Object.entries(attributes).map(([key, value]) => {
        return `      ${key}: ${value === clear ? "!clear" : JSON.stringify(value)}`;
      }),
    ]),
  ]);
  const site = {
    ...{ url: "https://imos.test", api_url: "https://api.test", company_domain: "shipping.example" },
    credentials: { username: "s.harper", password: "${env.VESON_PASSWORD}", totp: "${env.VESON_TOTP}" },
    ...system,
  };
  return `systems:
  veson: ${JSON.stringify(site)}
sinks:
  local: { type: env-file, path: secrets.env }
resources:
${blocks.length > 0 ? blocks.join("\n") : "  {}"}
`;
}

/** A system user with a group and a token. */
export const fuel: Attributes = {
  ...{ user_name: "sys.fuel", full_name: "Fuel export", initials: "FUE", api_permission: "read" },
  password: { generate: true, deliver_to: "local:FUEL_PASSWORD" },
};
export const fuelToken: Attributes = { owner: "${veson_user.fuel}", deliver_to: "local:FUEL_TOKEN" };
export const fuelAndToken: Resources = { veson_user: { fuel }, veson_api_token: { fuel: fuelToken } };
