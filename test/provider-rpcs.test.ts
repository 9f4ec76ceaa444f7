import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";
import { decodeMsgpack } from "../src/terraform/wire/msgpack.ts";
import { providerRpcs } from "../src/terraform/wire/protocol.ts";
import { compileSchema } from "../src/terraform/wire/schema.ts";
import { type ObjectValue, Unknown, unknown } from "../src/terraform/wire/value.ts";
import { dynamic } from "./provider-client.ts";
import {
  client,
  identity,
  json,
  named,
  read,
  seen,
  serve,
  thing,
  type_name,
  withResources,
} from "./provider-served.ts";
import { syntheticProvider, syntheticType } from "./provider-synthetic.ts";

/** Every request of the protocol, asked as Terraform asks it, with no Terraform. */

const notOffered = { code: 12 };
const kept = Buffer.from("kept");

describe("what a provider offers", () => {
  beforeEach(() => serve());

  test("is told in short and in full", async () => {
    const short = await client.ask("GetMetadata");
    const full = await client.ask("GetProviderSchema");
    const capabilities = { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: false };
    expect(short).toEqual({
      server_capabilities: capabilities,
      diagnostics: [],
      resources: [{ type_name }],
      data_sources: [{ type_name: "synthetic_echo" }],
      ephemeral_resources: [{ type_name: "synthetic_vault" }],
    });
    expect(full.server_capabilities).toEqual(capabilities);
    expect([...full.resource_schemas.keys()]).toEqual([type_name]);
    expect([...full.data_source_schemas.keys()]).toEqual(["synthetic_echo"]);
    expect([...full.ephemeral_resource_schemas.keys()]).toEqual(["synthetic_vault"]);
    expect(full.provider?.block?.attributes.map(({ name }) => name)).toEqual(["url", "token"]);
    const { version, block } = full.resource_schemas.get(type_name)!;
    expect([version, block?.attributes.map(({ name }) => name)]).toEqual([1, [...syntheticType.attributes.keys()]]);
  });

  test("has identities, and no functions", async () => {
    const { identity_schemas } = await client.ask("GetResourceIdentitySchemas");
    expect(identity_schemas.get(type_name)?.identity_attributes[0]).toMatchObject({
      name: "name",
      required_for_import: true,
    });
    expect(await client.ask("GetFunctions")).toEqual({ diagnostics: [] });
    expect((await client.ask("CallFunction", { name: "f" })).error?.text).toContain("no function f");
  });

  test("is nothing of what later versions of the protocol ask for", async () => {
    for (const name of ["ListResource", "GenerateResourceConfig", "PlanAction", "LockState"])
      await expect(client.other(`/tfplugin6.Provider/${name}`)).rejects.toMatchObject(notOffered);
    await expect(client.other("/tfplugin5.Provider/GetSchema")).rejects.toMatchObject(notOffered);
  });

  test("includes health, by the name that go-plugin asks for", async () => {
    expect(await client.health("plugin")).toEqual({ status: 1 });
    await expect(client.health("other")).rejects.toMatchObject({ code: 5 });
  });

  test("is not what a request for another kind is about", async () => {
    const config = thing({ name: "a" });
    for (const name of ["ReadResource", "PlanResourceChange", "ReadDataSource", "OpenEphemeralResource"] as const)
      await expect(client.ask(name, { type_name: "toString", config })).rejects.toMatchObject({ code: 3 });
  });
});

describe("the life of a resource", () => {
  beforeEach(() => serve());

  test("goes from nothing over a plan to an object, and back", async () => {
    const config = thing({ name: "a", text: "x", password_wo: new Secret("canary") });
    const plan = await client.ask("PlanResourceChange", { type_name, config, proposed_new_state: config });
    expect(seen(plan.planned_state)).toMatchObject({ name: "a", id: unknown, revision: unknown, password_wo: null });
    expect(plan.requires_replace).toMatchObject([{ steps: [{ attribute_name: "name" }] }]);
    expect(named(plan.planned_identity)).toEqual({ name: "a" });
    const { planned_state, planned_private, planned_identity } = plan;
    const change = {
      type_name,
      config,
      planned_state: planned_state!,
      planned_private,
      planned_identity: planned_identity!,
    };
    const made = await client.ask("ApplyResourceChange", change);
    expect(seen(made.new_state)).toMatchObject({ id: "id-a", revision: 1, password_wo: null, text: "x" });
    expect(Buffer.from(made.private).toString()).toBe("kept");
    const looked = await client.ask("ReadResource", {
      type_name,
      current_state: made.new_state!,
      private: made.private,
    });
    expect([looked.new_state, looked.private]).toEqual([made.new_state, made.private]);
    const again = { type_name, prior_state: made.new_state!, proposed_new_state: made.new_state!, config };
    expect((await client.ask("PlanResourceChange", again)).planned_state).toEqual(made.new_state);
    const gone = { type_name, prior_state: made.new_state!, proposed_new_state: thing(null), config: thing(null) };
    const end = await client.ask("PlanResourceChange", gone);
    expect(read(end.planned_state)).toBeNull();
    const ended = { type_name, prior_state: made.new_state!, planned_state: end.planned_state! };
    expect(read((await client.ask("ApplyResourceChange", ended)).new_state)).toBeNull();
  });

  test("goes on with values that are unknown, whole and refined", async () => {
    const refined = new Unknown({ isNull: false, prefix: "al-" });
    const proposed = thing({ name: "a", text: refined, texts: ["x", unknown], one: unknown });
    const { planned_state } = await client.ask("PlanResourceChange", {
      type_name,
      config: proposed,
      proposed_new_state: proposed,
    });
    expect(seen(planned_state)).toMatchObject({ text: refined, texts: ["x", unknown], one: unknown });
  });

  test("can begin with a stored state of this version, of an older one, or with an import", async () => {
    const stored = json({ name: "a", text: "x", amount: 12345678901234567890n, gone: true });
    const same = await client.ask("UpgradeResourceState", { type_name, version: 1, raw_state: stored });
    expect(seen(same.upgraded_state)).toMatchObject({ name: "a", amount: 12345678901234567890n, texts: null });
    const older = await client.ask("UpgradeResourceState", { type_name, version: 0, raw_state: stored });
    expect(seen(older.upgraded_state)).toMatchObject({ name: "a", id: "id-a", text: null });
    const imported = await client.ask("ImportResourceState", { type_name, id: "id-a" });
    expect(imported.imported_resources).toHaveLength(1);
    expect(seen(imported.imported_resources[0]!.state)).toMatchObject({ name: "a", password_wo: null });
    const byIdentity = await client.ask("ImportResourceState", { type_name, identity: identity("b") });
    expect(seen(byIdentity.imported_resources[0]!.state)).toMatchObject({ name: "b" });
    const upgraded = await client.ask("UpgradeResourceIdentity", {
      type_name,
      version: 0,
      raw_identity: json({ name: "a" }),
    });
    expect(named(upgraded.upgraded_identity)).toEqual({ name: "a" });
  });

  test("keeps its private data and its identity when an answer is silent about them", async () => {
    await serve(
      withResources({ read: async ({ state }) => ({ state }), plan: async ({ proposed }) => ({ state: proposed }) }),
    );
    const state = thing({ name: "a" });
    const asked = { type_name, current_state: state, private: kept, current_identity: identity("a") };
    const looked = await client.ask("ReadResource", asked);
    expect(Buffer.from(looked.private)).toEqual(kept);
    expect(named(looked.new_identity)).toEqual({ name: "a" });
    const change = { type_name, config: state, proposed_new_state: state, prior_private: kept };
    expect(Buffer.from((await client.ask("PlanResourceChange", change)).planned_private)).toEqual(kept);
  });

  test("never gives a write-only value to Terraform, whatever the provider answers", async () => {
    const leak = {
      name: "a",
      password_wo: new Secret("canary"),
      one: { inner: [{ secret_wo: new Secret("canary") }] },
    };
    const state = async () => ({ state: leak });
    await serve(withResources({ read: state, plan: state, apply: state, import: state, move: state, upgrade: state }));
    const sent = thing({ name: "a" });
    const answers = await Promise.all([
      client.ask("ReadResource", { type_name, current_state: sent }),
      client.ask("PlanResourceChange", { type_name, config: sent, proposed_new_state: sent }),
      client.ask("ApplyResourceChange", { type_name, config: sent, planned_state: sent }),
      client.ask("ImportResourceState", { type_name, id: "a" }),
      client.ask("MoveResourceState", { target_type_name: type_name, source_state: json({}) }),
      client.ask("UpgradeResourceState", { type_name, version: 0, raw_state: json({}) }),
    ]);
    const bytes = (part: unknown): string =>
      part instanceof Uint8Array
        ? Buffer.from(part).toString("latin1")
        : typeof part === "object" && part !== null
          ? Object.values(part).map(bytes).join()
          : "";
    expect(answers.map(bytes).filter((text) => text.includes("password_wo"))).toHaveLength(6);
    expect(answers.map(bytes).join()).not.toContain("canary");
  });

  test("sees secrets as such, and no write-only value in what Terraform proposes", async () => {
    const asked: ObjectValue[] = [];
    await serve(
      withResources({
        async plan({ config, proposed }) {
          asked.push(config!, proposed!);
          return { state: proposed };
        },
      }),
    );
    const config = thing({ name: "a", password_wo: new Secret("canary"), fingerprint: new Secret("f") });
    await client.ask("PlanResourceChange", { type_name, config, proposed_new_state: config });
    expect((asked[0]!.password_wo as Secret).reveal()).toBe("canary");
    expect(asked[1]!.password_wo).toBeNull();
    expect(asked[1]!.fingerprint).toBeInstanceOf(Secret);
    expect(JSON.stringify(asked)).not.toContain("canary");
  });

  test("moves from another kind where the provider can", async () => {
    const sent = {
      target_type_name: type_name,
      source_type_name: "other",
      source_state: json({ old: "a" }),
      source_private: kept,
    };
    const refused = await client.ask("MoveResourceState", sent);
    expect(refused.diagnostics[0]).toMatchObject({ severity: 1, summary: "Nothing can be moved" });
    await serve(withResources({ move: async ({ state }) => ({ state: { name: (state as { old: string }).old } }) }));
    const { server_capabilities } = await client.ask("GetMetadata");
    expect(server_capabilities?.move_resource_state).toBe(true);
    const moved = await client.ask("MoveResourceState", sent);
    expect(seen(moved.target_state)).toMatchObject({ name: "a", text: null });
    expect(moved.target_private).toHaveLength(0);
  });
});

describe("the provider block, data and what is ephemeral", () => {
  const { type } = compileSchema(syntheticProvider().provider.schema(), "provider");
  const echo = compileSchema(syntheticProvider().dataSources!.schemas().synthetic_echo!, "echo").type;
  const vault = compileSchema(syntheticProvider().ephemerals!.schemas().synthetic_vault!, "vault").type;

  test("is validated and configured with secrets as such, in either form of a value", async () => {
    const asked: ObjectValue[] = [];
    const diagnostics = [{ severity: "error", summary: "No.", path: ["url"] }] as const;
    await serve((service) => ({
      ...service,
      provider: {
        ...service.provider,
        validate: async () => ({ diagnostics }),
        async configure({ config, terraformVersion }) {
          asked.push({ ...config, terraformVersion });
          return {};
        },
      },
    }));
    const config = { url: "http://localhost", token: new Secret("canary") };
    const validated = await client.ask("ValidateProviderConfig", { config: dynamic(type, config) });
    expect(validated.diagnostics[0]).toMatchObject({
      summary: "No.",
      attribute: { steps: [{ attribute_name: "url" }] },
    });
    await client.ask("ConfigureProvider", { config: dynamic(type, config), terraform_version: "1.11.4" });
    await client.ask("ConfigureProvider", { config: json(config), terraform_version: "1.11.4" });
    expect(asked).toHaveLength(2);
    for (const one of asked)
      expect([one.terraformVersion, (one.token as Secret).reveal()]).toEqual(["1.11.4", "canary"]);
  });

  test("are read", async () => {
    await serve();
    const request = { type_name: "synthetic_echo", config: dynamic(echo, { name: "x" }) };
    expect((await client.ask("ValidateDataResourceConfig", request)).diagnostics).toEqual([]);
    const { state } = await client.ask("ReadDataSource", request);
    expect(decodeMsgpack(echo, state!.msgpack)).toEqual({ name: "x", shown: "shown x" });
  });

  test("are opened, renewed and closed", async () => {
    const at = new Date("2026-11-25T12:00:00.250Z");
    const closed: string[] = [];
    await serve((service) => ({
      ...service,
      ephemerals: {
        ...service.ephemerals!,
        open: async ({ config }) => ({ result: { ...config, value: new Secret("v") }, private: kept, renewAt: at }),
        renew: async ({ private: lease }) => ({ private: Buffer.concat([lease, Buffer.from("+")]) }),
        async close({ private: lease }) {
          closed.push(Buffer.from(lease).toString());
          return {};
        },
      },
    }));
    const kind = { type_name: "synthetic_vault" };
    const request = { ...kind, config: dynamic(vault, { name: "x" }) };
    expect((await client.ask("ValidateEphemeralResourceConfig", request)).diagnostics).toEqual([]);
    const opened = await client.ask("OpenEphemeralResource", request);
    expect((decodeMsgpack(vault, opened.result!.msgpack) as { value: Secret }).value.reveal()).toBe("v");
    expect(opened.renew_at).toEqual({ seconds: at.getTime() / 1000 - 0.25, nanos: 250_000_000 });
    const renewed = await client.ask("RenewEphemeralResource", { ...kind, private: opened.private });
    await client.ask("CloseEphemeralResource", { ...kind, private: renewed.private });
    expect([closed, renewed.renew_at]).toEqual([["kept+"], undefined]);
  });

  test("need not be there", async () => {
    await serve(({ provider, resources }) => ({ provider, resources }));
    expect((await client.ask("GetMetadata")).data_sources).toEqual([]);
    expect((await client.ask("GetProviderSchema")).ephemeral_resource_schemas.size).toBe(0);
    const request = { type_name: "synthetic_vault", config: dynamic(vault, {}) };
    await expect(client.ask("OpenEphemeralResource", request)).rejects.toMatchObject({ code: 3 });
  });
});

describe("this suite", () => {
  test("asks every request", () => {
    const files = ["provider-rpcs.test.ts", "provider-problems.test.ts"];
    const suite = files.map((name) => readFileSync(new URL(name, import.meta.url), "utf8")).join("");
    const names = Object.keys(providerRpcs);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !suite.includes(`ask("${name}"`))).toEqual([]);
  });
});
