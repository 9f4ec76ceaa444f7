import { builtInConnectors } from "../../src/connectors/all.ts";
import { loadKindSchemas, loadLabels } from "../../src/schema-files.ts";
import { Secret } from "../../src/secret.ts";
import { openSink } from "../../src/sinks/open.ts";
import { providerService } from "../../src/terraform/engine/service.ts";
import type { ProviderService } from "../../src/terraform/wire/service.ts";
import type { ObjectValue } from "../../src/terraform/wire/value.ts";
import { TestHost } from "./dead-or-alive.ts";
import { TestWorld, testIdentity, version } from "./test-world.ts";

/** A provider over the simulators, in a world whose time, disk and death the test decides. */
export class ProviderWorld {
  readonly world: TestWorld;
  readonly host = new TestHost();
  #starts = 0;

  constructor(world: TestWorld = new TestWorld()) {
    this.world = world;
    this.restart();
  }

  /** Whoever was at work before is dead. */
  restart(): void {
    this.#starts++;
    this.host.processes.set(process.pid, `boot/${this.#starts}`);
  }

  /** A provider process; several may be at work on one journal. */
  service(system = "velocloud", variables: Record<string, string> = {}): ProviderService {
    const connector = builtInConnectors.find(({ name }) => name === system)!;
    return providerService({
      connector,
      schemas: loadKindSchemas(),
      labels: loadLabels(),
      folder: "/repo",
      environmentVariables: { STEWARD_AGE_IDENTITY: testIdentity.identity, ...variables },
      version,
      world: { io: this.world.io(), host: this.host, deskOf: this.world.deskOf },
    });
  }

  /** The value that a consumer would take from the sink. */
  async secret(path: string): Promise<string | undefined> {
    const { disk } = this.world.io();
    const surroundings = { disk, folder: "/repo", environment: "prod", identity: new Secret(testIdentity.identity) };
    const settings = { path: "secrets/prod", recipients: [testIdentity.recipient] };
    const source = { file: "test", line: 1, column: 1 };
    return (
      await openSink({ name: "local", type: "age", settings, source }, surroundings).read(path, "current")
    )?.reveal();
  }

  /** The provider block of the usual orchestrator. */
  block(more: ObjectValue = {}): ObjectValue {
    const { username, password } = this.world.simulator.world[this.world.account];
    return {
      url: "https://vco.test",
      enterprise_id: 1,
      credentials: { username, password: new Secret(password) },
      environment: "prod",
      sinks: { local: { type: "age", path: "secrets/prod", recipients: [testIdentity.recipient] } },
      ...more,
    };
  }
}
