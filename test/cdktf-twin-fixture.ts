import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Console } from "../src/commands/command.ts";
import type { Io } from "../src/io.ts";
import { main } from "../src/main.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { systemRandom } from "../src/platform/random.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import { type Answer, makeConsole } from "./commands-fixture.ts";
import { Outbox } from "./world/outbox.ts";
import { SimTransport } from "./world/sim-transport.ts";
import { testIdentity } from "./world/test-world.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** The example's folder beside both of its systems, which are simulated: code and its twin in YAML share one state. */
export class TwinWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "steward-twin-"));
  readonly orchestrator: VelocloudSimulator;
  readonly venue: MomentusSimulator;
  readonly #io: Io;

  /** `example` is a copy of the example that has synthesised already. */
  constructor(example: string) {
    const clock = new VirtualClock();
    const times = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms) };
    this.orchestrator = new VelocloudSimulator({ seed: 3, ...times });
    this.venue = new MomentusSimulator({ seed: 5, ...times });
    const transport = new SimTransport({
      "https://vco.example.net": this.orchestrator,
      "https://venue.example.net": this.venue,
    });
    this.#io = { clock, random: systemRandom, disk: systemDisk, transport, mailer: new Outbox() };
    cpSync(example, this.folder, { recursive: true });
    for (const name of ["steward.yaml", "twin.yaml"]) this.#useTestKey(name);
  }

  /** Nobody has the private key of the example's recipient. */
  #useTestKey(name: string): void {
    this.write(name, this.read(name));
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** A file in the folder; a recipient in it becomes the one whose key is here. */
  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replace(/age1[a-z0-9]+/, testIdentity.recipient));
  }

  /** Another app synthesised here. */
  takeStack(path: string): void {
    cpSync(path, join(this.folder, "cdktf.out/stacks/access/cdk.tf.json"));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async steward(words: string, options: Partial<Console> = {}): Promise<Answer> {
    const answer: Answer = { code: 0, out: "", err: "", asked: [] };
    const { secret, key } = this.venue.world.apiUser.prod;
    answer.code = await main(words.split(" "), {
      ...makeConsole(answer, []),
      folder: this.folder,
      environmentVariables: {
        USER: "tester",
        VCO_TOKEN: this.orchestrator.world.enterprise.token,
        MOMENTUS_SECRET: secret,
        MOMENTUS_KEY: key,
        STEWARD_AGE_IDENTITY: testIdentity.identity,
      },
      world: { io: this.#io },
      ...options,
    });
    return answer;
  }

  /** Somebody makes MOCO-SERV at the console as its document says; the lines that this person then tells Steward. */
  makeMocoServ(): string {
    const { store } = this.venue;
    const flags = { isInternal: true, hasLicenseSpecialAccess: true, enforceAccessPrivileges: false };
    store.addApiUser("prod", { id: "MOCO-SERV", displayName: "Momentus Connect", ...flags });
    store.addKey("prod", "MOCO-SERV");
    const { secret, key } = store.credentialsOf("prod", "MOCO-SERV");
    return `${secret}\n${key}\n`;
  }
}
