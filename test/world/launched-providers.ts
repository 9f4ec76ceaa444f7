import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedSimulator, serveSimulator } from "../../src/simulators/server.ts";
import { VelocloudSimulator } from "../../src/simulators/velocloud/simulator.ts";
import { TerraformFolder } from "../provider-terraform-fixture.ts";
import { testIdentity } from "./test-world.ts";

/** The providers as they are shipped, started by Terraform from a mirror, against an orchestrator on loopback. */

export interface BuiltProviders {
  mirror: string;
  registry: string;
  remove(): void;
}

/** Builds what `npm run build:providers` builds, in a folder of its own. */
export function buildProviders(): BuiltProviders {
  const folder = mkdtempSync(join(tmpdir(), "steward-providers-"));
  const root = new URL("../..", import.meta.url).pathname;
  execFileSync(process.execPath, ["scripts/build-providers.mjs", `--outdir=${folder}`], { cwd: root });
  return {
    mirror: join(folder, "mirror"),
    registry: join(folder, "registry"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const chosen = "Chosen-canary-9z8y7x";

/** One orchestrator and one folder of Terraform. */
export class LaunchedWorld {
  readonly simulator: VelocloudSimulator;
  readonly folder: TerraformFolder;
  /** Called with the number of each request as it arrives. */
  onRequest: (count: number) => void = () => undefined;
  requests = 0;
  readonly #served: ServedSimulator;

  private constructor(simulator: VelocloudSimulator, served: ServedSimulator, mirror: string | undefined) {
    this.simulator = simulator;
    this.#served = served;
    const { password } = simulator.world.enterprise;
    this.folder = new TerraformFolder({
      settings: mirror === undefined ? "" : `provider_installation {\n filesystem_mirror { path = "${mirror}" }\n}\n`,
      environment: {
        TF_VAR_password: password,
        TF_VAR_chosen: chosen,
        STEWARD_AGE_IDENTITY: testIdentity.identity,
      },
    });
  }

  /** Without a mirror Terraform looks where it looks by itself. */
  static async start(mirror?: string, seed = 1): Promise<LaunchedWorld> {
    const simulator = new VelocloudSimulator({ seed, latencyMs: 4 });
    let world: LaunchedWorld | undefined;
    const served = await serveSimulator({
      handle: (request) => {
        if (world) world.onRequest(++world.requests);
        return simulator.handle(request);
      },
    });
    world = new LaunchedWorld(simulator, served, mirror);
    return world;
  }

  async close(): Promise<void> {
    await this.#served.close();
    this.folder.remove();
  }

  /** A configuration with these resources in HCL. */
  declare(resources: string): void {
    const { username } = this.simulator.world.enterprise;
    this.folder.write(
      "main.tf",
      `terraform {
  required_providers {
    velocloud = { source = "steward.example/steward/velocloud" }
  }
}
variable "password" {
  type      = string
  ephemeral = true
}
variable "chosen" {
  type      = string
  ephemeral = true
}
provider "velocloud" {
  url             = "${this.#served.url}"
  enterprise_id   = 1
  request_timeout = "2s"
  commit_grace    = "1s"
  environment     = "prod"
  credentials     = { username = "${username}", password = var.password }
  sinks           = { local = { type = "age", path = "secrets/prod", recipients = ["${testIdentity.recipient}"] } }
}
${resources}`,
    );
  }

  /** Every file that Terraform and the provider left, encrypted secrets too; executables left out. */
  leftFiles(): Map<string, string> {
    const work = join(this.folder.path, "work");
    const paths = readdirSync(work, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(".terraform/providers"))
      .map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [path.slice(work.length + 1), readFileSync(path, "latin1")]));
  }
}

/** A user with a generated password and one with a chosen one, and a token of the first. */
export const usersAndToken = `
resource "velocloud_admin_user" "ci" {
  username = "ci@acme.example"
  role     = "Enterprise Standard Admin"
  password = { generate = true, deliver_to = "local:velocloud/ci-password" }
}
resource "velocloud_admin_user" "ann" {
  username = "ann@acme.example"
  role     = "Enterprise Standard Admin"
  password = { value_wo = var.chosen, value_wo_version = 1 }
}
resource "velocloud_api_token" "ci" {
  owner         = velocloud_admin_user.ci.username
  name          = "ci"
  description   = "Build pipeline"
  lifetime      = "90d"
  rotate_before = "14d"
  deliver_to    = "local:velocloud/ci-token"
}
`;
