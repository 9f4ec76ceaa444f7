import type { EnvironmentName } from "./records.ts";

/** Licenses are per environment and are switched by the vendor's licensing team, by mail only. */

export type ApiModule = "Basic API" | "Standard API";
export const licensingAddress = "licensing@gomomentus.com";

/** Which API modules are on where. */
export class Licensing {
  private readonly on: Set<string>;

  constructor(on: Iterable<string> = []) {
    this.on = new Set(on);
  }

  isOn(environment: EnvironmentName, module: ApiModule): boolean {
    return this.on.has(`${environment}/${module}`);
  }

  /** Whether any API module is on. */
  isLicensed(environment: EnvironmentName): boolean {
    return this.isOn(environment, "Basic API") || this.isOn(environment, "Standard API");
  }

  switchOn(environment: EnvironmentName, module: ApiModule = "Basic API"): void {
    this.on.add(`${environment}/${module}`);
  }

  switchOff(environment: EnvironmentName, module: ApiModule = "Basic API"): void {
    this.on.delete(`${environment}/${module}`);
  }

  clone(): Licensing {
    return new Licensing(this.on);
  }
}
