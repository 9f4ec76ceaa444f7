import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type ServedSimulator, serveSimulator } from "../src/simulators/server.ts";
import { providerService } from "../src/terraform/engine/service.ts";
import { makeFolder, type Ran, steward } from "./commands2-console.ts";
import { TerraformCore } from "./world/terraform-core.ts";

/** What waits for people in a journal that providers of several systems share. */

let served: ServedSimulator | undefined;
afterEach(() => served?.close());

/** A provider in this folder asks people for an API user, and leaves it at that. */
async function askFor(folder: string, url: string): Promise<void> {
  const service = providerService({
    ...{ connector: builtInConnectors.find(({ name }) => name === "momentus")!, schemas: loadKindSchemas() },
    ...{ labels: loadLabels(), folder, environmentVariables: {}, version: "0.0.0-test" },
  });
  const core = await TerraformCore.start("momentus", service);
  const sinks = { local: { type: "env-file", path: "secrets.env" } };
  expect(await core.configure({ url, hand: "person", serial_number: "1", sinks })).toEqual([]);
  const moco = { user_id: "MOCO-SERV", display_name: "Momentus Connect", organization: "any" };
  const { said } = await core.apply("m", "momentus_api_user", { ...moco, deliver_to: "local:MOCO_SERV" });
  expect(said).toMatchObject([{ summary: expect.stringContaining("waits for a person") }]);
  core.stop();
}

test("is told for each system by its own manifest, which names those of the others", async () => {
  served = await serveSimulator(new MomentusSimulator({ seed: 5 }));
  const folder = await makeFolder();
  for (const environment of ["prod", "test"]) await askFor(folder, `${served.url}/${environment}`);
  const [one = "", other = ""] = readdirSync(folder).filter((name) => /^\.steward-momentus-\w+\.yaml$/.test(name));
  expect(other).not.toBe("");
  const run = (...words: string[]): Promise<Ran> => steward({ folder }, ...words);
  for (const [own, foreign] of [
    [one, other],
    [other, one],
  ]) {
    const { code, out, err } = await run("status", "--manifest", own!);
    expect([code, err]).toEqual([0, ""]);
    expect(out.match(/\/observe {2}/g)).toHaveLength(1);
    expect(out).toMatch(/Then go on: +terraform apply\n/);
    expect(out).toContain(`steward status --manifest ${foreign}\n`);
    const { runs, elsewhere } = JSON.parse((await run("status", "--manifest", own!, "--format", "json")).out);
    expect([runs.length, elsewhere]).toEqual([1, [expect.objectContaining({ manifest: foreign })]]);
    const [{ step }] = runs[0].waiting;
    const told = await run("confirm", step, "--manifest", own!, "--result", "cannot-see", "--state-is-persistent");
    expect([told.code, told.err]).toEqual([3, expect.any(String)]);
  }
  expect(readdirSync(join(folder, ".steward"))).toContain("journal");
});
