import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeSocketFolder } from "../src/platform/provider-process.ts";
import { decodeJson, parseJson, type StoredJson } from "../src/terraform/wire/json.ts";
import { isNumber, numberText } from "../src/terraform/wire/number.ts";
import { serveForReattach } from "../src/terraform/wire/run.ts";
import type { ProviderService } from "../src/terraform/wire/service.ts";
import {
  equalValues,
  type ObjectType,
  type ObjectValue,
  type Value,
  withoutWriteOnly,
} from "../src/terraform/wire/value.ts";
import { buildSyntheticProvider } from "./provider-client.ts";
import { jsonText } from "./provider-json.ts";
import { syntheticKind, syntheticProvider, syntheticSource, syntheticType } from "./provider-synthetic.ts";
import { TerraformFolder, terraformProgram } from "./provider-terraform-fixture.ts";
import { valuesOf } from "./provider-values.ts";

/** The wire layer against a real Terraform, the strictest checker that there is. */

const canary = "canary-of-a-secret";
/** The canary comes from outside, so that it is no part of the configuration, which a plan holds. */
const secret = { TF_VAR_secret: canary };
const required = `"variable":{"secret":{"type":"string","ephemeral":true,"default":""}},"terraform":{"required_providers":{"synthetic":{"source":"${syntheticSource}","version":"1.0.0"}}}`;

/** Only what a configuration may say: what the provider computes is left out. */
const configured: ObjectType = {
  is: "object",
  attributes: new Map(
    [...syntheticType.attributes].filter(([name]) => !["id", "name", "revision", "fingerprint"].includes(name)),
  ),
};

/** Terraform reads numbers with 512 bits; what has more digits than these is another number there. */
const isHeld = (value: Value): boolean =>
  isNumber(value)
    ? numberText(value).length <= 150
    : Array.isArray(value)
      ? value.every(isHeld)
      : typeof value !== "object" || value === null || Object.values(value).every((one) => isHeld(one as Value));

/** Terraform 1.11 crashes at a null where an object with a write-only attribute may stand in a list; nobody writes one. */
const hasNoHole = (value: Value): boolean =>
  Array.isArray(value)
    ? value.every((one) => one !== null && hasNoHole(one))
    : typeof value !== "object" || value === null || Object.values(value).every((one) => hasNoHole(one as Value));

/** In Terraform's JSON texts and keys are templates. */
const asConfiguration = (value: Value): string => jsonText(value).replaceAll(/([$%])(?=\{)/g, "$1$1");

/** Random resources, the same in every run. */
function randomResources(count: number, seed: number): Map<string, ObjectValue> {
  const random = valuesOf(configured, false).filter(
    (value) => value !== null && isHeld(value) && hasNoHole((value as ObjectValue).one ?? null),
  );
  const samples = fc.sample(random, { numRuns: count, seed }) as ObjectValue[];
  return new Map(samples.map((sample, index) => [`r${index}`, { ...sample, name: `n${index}` }]));
}

function configuration(resources: Map<string, ObjectValue>): string {
  const blocks = [...resources].map(([name, { password_wo, ...value }]) => {
    const written = asConfiguration(value);
    return `"${name}":{"password_wo":"\${var.secret}",${written.slice(1)}`;
  });
  return `{${required},"resource":{"${syntheticKind}":{${blocks.join()}}}}`;
}

interface Instance {
  name: string;
  instances: { attributes: StoredJson; private?: string }[];
}

function stored(folder: TerraformFolder): Map<string, { value: ObjectValue; private: string }> {
  const { resources } = parseJson(folder.read("terraform.tfstate")) as unknown as { resources: Instance[] };
  return new Map(
    resources.map(({ name, instances: [instance] }) => {
      const value = decodeJson(syntheticType, instance!.attributes) as ObjectValue;
      return [name, { value, private: instance!.private ?? "" }];
    }),
  );
}

describe("terraform, with the provider in this process", () => {
  let folder: TerraformFolder;
  let served: Awaited<ReturnType<typeof serveForReattach>>;
  let service: ProviderService;
  beforeEach(async () => {
    service = syntheticProvider();
    const program = { source: syntheticSource, load: async () => service };
    served = await serveForReattach(program, { pid: process.pid, makeSocketFolder });
    folder = new TerraformFolder({ environment: { ...secret, TF_REATTACH_PROVIDERS: served.value } });
  });
  afterEach(() => {
    served.stop();
    folder.remove();
  });

  test("plans, applies, finds nothing to do and destroys random values of every type", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const resources = randomResources(40, 1);
    folder.write("main.tf.json", configuration(resources));
    await folder.expect(0, "init -no-color");
    await folder.expect(2, "plan -no-color -detailed-exitcode -out=plan");
    expect(await folder.expect(0, "show -json plan")).not.toContain(canary);
    expect(await folder.expect(0, "apply -no-color plan")).toContain("40 added");
    await folder.expect(0, "plan -no-color -detailed-exitcode");
    // Terraform 1.11 orders the paths of sensitive values at random and lets that count in the exit code; its words are right.
    expect((await folder.run("plan -no-color -refresh-only")).out).toContain("No changes.");
    expect(folder.read("terraform.tfstate").toString()).not.toContain(canary);
    const states = stored(folder);
    for (const [name, value] of resources) {
      const state = states.get(name)!;
      const computed = { id: `id-n${name.slice(1)}`, revision: 1, fingerprint: state.value.fingerprint! };
      expect(equalValues(syntheticType, state.value, { ...withoutNone(value), ...computed }), name).toBe(true);
      expect(Buffer.from(state.private, "base64").toString()).toBe("kept");
    }
    const changed = randomResources(40, 2);
    folder.write("main.tf.json", configuration(changed));
    expect(await folder.expect(0, "apply -no-color -auto-approve")).toContain("0 added, 40 changed, 0 destroyed");
    await folder.expect(0, "plan -no-color -detailed-exitcode");
    expect(stored(folder).get("r0")!.value.revision).toBe(2);
    expect(await folder.expect(0, "destroy -no-color -auto-approve")).toContain("40 destroyed");
  });

  const withoutNone = (value: ObjectValue) => withoutWriteOnly(syntheticType, value) as ObjectValue;

  const resource = (body: string) => `{${required},${body}}`;

  test("knows values only after apply, whole and refined, and replaces by path", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const two = (name: string) =>
      resource(
        `"resource":{"${syntheticKind}":{"a":{"name":"${name}"},"b":{"name":"b","text":"see-\${${syntheticKind}.a.id}","texts":["\${${syntheticKind}.a.id}"],"amount":"\${${syntheticKind}.a.revision}"}}}`,
      );
    folder.write("main.tf.json", two("first"));
    await folder.expect(0, "init -no-color");
    expect(await folder.expect(0, "apply -no-color -auto-approve")).toContain("2 added");
    expect(stored(folder).get("b")!.value).toMatchObject({ text: "see-id-first", texts: ["id-first"], amount: 1 });
    folder.write("main.tf.json", two("second"));
    await folder.expect(2, "plan -no-color -detailed-exitcode -out=plan");
    const plan = JSON.parse(await folder.expect(0, "show -json plan")) as {
      resource_changes: { name: string; change: { actions: string[]; replace_paths?: unknown } }[];
    };
    const changes = Object.fromEntries(plan.resource_changes.map(({ name, change }) => [name, change]));
    expect(changes.a).toMatchObject({ actions: ["delete", "create"], replace_paths: [["name"]] });
    expect(changes.b).toMatchObject({ actions: ["update"] });
    await folder.expect(0, "apply -no-color plan");
    expect(stored(folder).get("b")!.value.text).toBe("see-id-second");
    await folder.expect(0, "plan -no-color -detailed-exitcode");
  });

  test("imports, reads data, and opens what is ephemeral for a write-only attribute", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const body = `"import":[{"to":"${syntheticKind}.a","id":"id-old"}],
      "data":{"synthetic_echo":{"e":{"name":"x"}}},
      "ephemeral":{"synthetic_vault":{"v":{"name":"${canary}"}}},
      "resource":{"${syntheticKind}":{"a":{"name":"old","text":"\${data.synthetic_echo.e.shown}","password_wo":"\${ephemeral.synthetic_vault.v.value}"}}}`;
    folder.write("main.tf.json", resource(body));
    await folder.expect(0, "init -no-color");
    expect(await folder.expect(0, "apply -no-color -auto-approve")).toContain("1 imported, 0 added, 1 changed");
    const state = folder.read("terraform.tfstate").toString();
    expect(state).toContain("shown x");
    expect(state).not.toContain(canary);
    await folder.expect(0, "plan -no-color -detailed-exitcode");
  });

  test("keeps what a stopped or failed apply reached, and plans the rest again", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const { apply } = service.resources;
    let terraform = 0;
    service.resources.apply = async (request, call) => {
      if (request.planned?.name !== "slow") return apply(request, call);
      process.kill(terraform, "SIGINT");
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      const diagnostics = [{ severity: "error", summary: "It was stopped.", path: ["name"] }] as const;
      return { state: null, diagnostics };
    };
    folder.write(
      "main.tf.json",
      resource(
        `"resource":{"${syntheticKind}":{"a":{"name":"quick"},"b":{"name":"slow","depends_on":["${syntheticKind}.a"]}}}`,
      ),
    );
    await folder.expect(0, "init -no-color");
    const ran = await folder.run("apply -no-color -auto-approve", {}, (pid) => {
      terraform = pid;
    });
    expect([ran.code, ran.errors]).toEqual([1, expect.stringContaining("It was stopped.")]);
    expect(ran.errors).toContain(`with ${syntheticKind}.b`);
    expect([...stored(folder).keys()]).toEqual(["a"]);
    service.resources.apply = apply;
    expect(await folder.expect(0, "apply -no-color -auto-approve")).toContain("1 added, 0 changed, 0 destroyed");
  });

  test("upgrades a state of an older version", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    folder.write("main.tf.json", resource(`"resource":{"${syntheticKind}":{"a":{"name":"old"}}}`));
    await folder.expect(0, "init -no-color");
    await folder.expect(0, "apply -no-color -auto-approve");
    const older = folder.read("terraform.tfstate").toString().replace('"schema_version": 1', '"schema_version": 0');
    folder.write("terraform.tfstate", older);
    expect(older).toContain('"schema_version": 0');
    await folder.expect(0, "apply -no-color -auto-approve");
    expect(folder.read("terraform.tfstate").toString()).toContain('"schema_version": 1');
  });
});

describe("terraform, starting the provider itself", () => {
  let built: ReturnType<typeof buildSyntheticProvider>;
  let folder: TerraformFolder | undefined;
  beforeAll(() => {
    built = buildSyntheticProvider();
  });
  afterEach(() => folder?.remove());
  afterAll(() => built.remove());

  const one = `{${required},"resource":{"${syntheticKind}":{"a":{"name":"a","amount":0.1,"password_wo":"\${var.secret}"}}}}`;

  test("takes it from a mirror in the file system, with TLS, and waits for nothing at its end", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const mirror = join(built.folder, "mirror");
    const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
    const place = join(mirror, syntheticSource, "1.0.0", platform);
    mkdirSync(place, { recursive: true });
    copyFileSync(built.executable, join(place, "terraform-provider-synthetic_v1.0.0"));
    chmodSync(join(place, "terraform-provider-synthetic_v1.0.0"), 0o755);
    folder = new TerraformFolder({
      environment: secret,
      settings: `provider_installation {\n filesystem_mirror { path = "${mirror}" }\n}\n`,
    });
    folder.write("main.tf.json", one);
    await folder.expect(0, "init -no-color");
    const log = { TF_LOG: "TRACE", TF_LOG_PATH: join(folder.path, "work", "log") };
    expect(await folder.expect(0, "apply -no-color -auto-approve", log)).toContain("1 added");
    const text = folder.read("log").toString();
    expect(text).toContain("rpc=ApplyResourceChange");
    expect(text).not.toContain(canary);
    const beganMs = Date.now();
    await folder.expect(0, "plan -no-color -detailed-exitcode");
    // Three processes of the provider; Terraform gives each 2 s when it does not end by itself.
    expect(Date.now() - beganMs).toBeLessThan(5_000);
  });

  test("takes it by dev_overrides, without TLS when Terraform wants none", async (context) => {
    if (!terraformProgram) return context.skip("no TERRAFORM_BIN, and neither terraform nor tofu on PATH");
    const settings = `provider_installation {\n dev_overrides { "${syntheticSource}" = "${built.folder}" }\n}\n`;
    folder = new TerraformFolder({ settings, environment: { ...secret, TF_DISABLE_PLUGIN_TLS: "1" } });
    folder.write("main.tf.json", one);
    expect(await folder.expect(0, "apply -no-color -auto-approve")).toContain("1 added");
    await folder.expect(0, "plan -no-color -detailed-exitcode");
  });
});
