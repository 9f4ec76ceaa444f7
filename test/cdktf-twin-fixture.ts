import { cpSync } from "node:fs";
import { join } from "node:path";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type Bench, makeBench } from "./commands-fixture.ts";
import { testIdentity } from "./world/test-world.ts";

/** The example's folder beside both of its systems, which are simulated: code and its twin in YAML share one state. */
export interface TwinBench extends Bench {
  venue: MomentusSimulator;
  /** A file in the folder; a recipient in it becomes the one whose key is here. */
  write(path: string, text: string): void;
  /** Another app synthesised here. */
  takeStack(path: string): void;
  /** Somebody makes MOCO-SERV at the console as its document says; the lines that this person then tells Steward. */
  makeMocoServ(): string;
}

/** `example` is a copy of the example that has synthesised already. */
export async function makeTwinBench(example: string): Promise<TwinBench> {
  let venue!: MomentusSimulator;
  const bench = await makeBench("", (clock) => {
    venue = new MomentusSimulator({ seed: 5, now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
    return { "https://venue.example.net": venue };
  });
  const { secret, key } = venue.world.apiUser.prod;
  const { identity, recipient } = testIdentity;
  const variables = { MOMENTUS_SECRET: secret, MOMENTUS_KEY: key, STEWARD_AGE_IDENTITY: identity };
  Object.assign(bench.environmentVariables, variables);
  const write = (path: string, text: string): void => bench.write(path, text.replace(/age1[a-z0-9]+/, recipient));
  cpSync(example, bench.folder, { recursive: true });
  // Nobody has the private key of the example's recipient.
  for (const name of ["steward.yaml", "twin.yaml"]) write(name, bench.read(name));
  return {
    ...bench,
    ...{ venue, write },
    takeStack: (path) => cpSync(path, join(bench.folder, "cdktf.out/stacks/access/cdk.tf.json")),
    makeMocoServ: () => makeMocoServ(venue),
  };
}

function makeMocoServ({ store }: MomentusSimulator): string {
  const flags = { isInternal: true, hasLicenseSpecialAccess: true, enforceAccessPrivileges: false };
  store.addApiUser("prod", { id: "MOCO-SERV", displayName: "Momentus Connect", ...flags });
  store.addKey("prod", "MOCO-SERV");
  const { secret, key } = store.credentialsOf("prod", "MOCO-SERV");
  return `${secret}\n${key}\n`;
}
