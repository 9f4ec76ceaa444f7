import { describe, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";
import type { ObjectValue } from "../src/terraform/wire/value.ts";
import { client, json, read, seen, serve, thing, type_name, withResources } from "./provider-served.ts";

/** What goes wrong, what is stopped and what comes at once, over the protocol and with no Terraform. */

const allowed = { client_capabilities: { write_only_attributes_allowed: true } };

describe("problems", () => {
  test("come with the path of their attribute", async () => {
    const path = ["many", 0, "flags", { key: "a.b" }] as const;
    const diagnostics = [
      { severity: "error", summary: "No.", detail: "Because.", path },
      { severity: "warning", summary: "Hm." },
    ] as const;
    await serve(withResources({ validate: async () => ({ diagnostics }) }));
    const answer = await client.ask("ValidateResourceConfig", { type_name, config: thing({ name: "a" }) });
    expect(answer.diagnostics).toMatchObject([
      {
        ...{ severity: 1, summary: "No.", detail: "Because." },
        attribute: {
          steps: [
            { attribute_name: "many", element_key_int: undefined },
            { element_key_int: 0, attribute_name: undefined },
            { attribute_name: "flags" },
            { element_key_string: "a.b" },
          ],
        },
      },
      { severity: 2, summary: "Hm.", detail: "", attribute: undefined },
    ]);
  });

  test("of a Terraform that would store write-only values are told at each of them", async () => {
    await serve();
    const config = thing({
      name: "a",
      password_wo: new Secret("x"),
      one: { inner: [{}, { secret_wo: new Secret("y") }] },
    });
    const { diagnostics } = await client.ask("ValidateResourceConfig", { type_name, config });
    expect(
      diagnostics.map(({ attribute }) => attribute?.steps.map((step) => step.attribute_name ?? step.element_key_int)),
    ).toEqual([["one", "inner", 1, "secret_wo"], ["password_wo"]]);
    expect((await client.ask("ValidateResourceConfig", { type_name, config, ...allowed })).diagnostics).toEqual([]);
  });

  test("with an error may leave the state out, and give one that was reached in part", async () => {
    const diagnostics = [{ severity: "error", summary: "It broke." }] as const;
    let state: ObjectValue | null | undefined;
    await serve(withResources({ apply: async () => (state === undefined ? { diagnostics } : { diagnostics, state }) }));
    const change = { type_name, config: thing({ name: "a" }), planned_state: thing({ name: "a" }) };
    expect((await client.ask("ApplyResourceChange", change)).new_state).toBeUndefined();
    state = null;
    expect(read((await client.ask("ApplyResourceChange", change)).new_state)).toBeNull();
    state = { name: "a", id: "id-a" };
    expect(seen((await client.ask("ApplyResourceChange", change)).new_state)).toMatchObject({ id: "id-a" });
  });

  test("of what stands behind the wire, which is loaded late, are told at each request", async () => {
    await serve(() => {
      throw new Error("there are no schemas");
    });
    const told = { code: 13, details: "GetMetadata: there are no schemas" };
    for (let request = 0; request < 2; request++) await expect(client.ask("GetMetadata")).rejects.toMatchObject(told);
  });

  test("of a provider that answers neither a state nor an error are ours", async () => {
    const diagnostics = [{ severity: "warning", summary: "Hm." }] as const;
    await serve(withResources({ read: async () => ({ diagnostics }) }));
    const asked = client.ask("ReadResource", { type_name, current_state: thing({ name: "a" }) });
    await expect(asked).rejects.toMatchObject({
      code: 13,
      details: expect.stringContaining("neither a state nor an error"),
    });
  });

  test("of ours are no diagnostic, and the provider goes on", async () => {
    const read = async () => {
      throw new Error("we are wrong");
    };
    await serve(withResources({ read, plan: async () => ({ state: { name: 5 } as ObjectValue }) }));
    const state = thing({ name: "a" });
    const broken = { code: 13, details: "ReadResource: we are wrong" };
    await expect(client.ask("ReadResource", { type_name, current_state: state })).rejects.toMatchObject(broken);
    const wrong = client.ask("PlanResourceChange", { type_name, config: state, proposed_new_state: state });
    await expect(wrong).rejects.toMatchObject({ code: 13, details: expect.stringContaining(".name is no text") });
    expect((await client.ask("GetMetadata")).resources).toHaveLength(1);
  });

  test("of a state that nobody can read are told", async () => {
    await serve((service) => {
      const { upgrade: _, ...resources } = service.resources;
      return { ...service, resources };
    });
    const { diagnostics } = await client.ask("UpgradeResourceState", { type_name, version: 0, raw_state: json({}) });
    expect(diagnostics[0]?.detail).toContain("in version 0, and this provider knows only version 1");
    const flat = { flatmap: new Map([["name", "a"]]) };
    const old = client.ask("UpgradeResourceState", { type_name, version: 1, raw_state: flat });
    await expect(old).rejects.toMatchObject({ code: 3 });
    const bytes = client.ask("ReadResource", { type_name, current_state: { msgpack: Buffer.from("c1", "hex") } });
    await expect(bytes).rejects.toMatchObject({ code: 3 });
  });

  test("of a schema that Terraform would refuse are ours", async () => {
    const bad = {
      version: 0,
      block: { attributes: { a: { type: "dynamic" } }, description: "", description_kind: "plain" },
    };
    await serve(withResources({ schemas: () => ({ bad }) as never }));
    await expect(client.ask("GetProviderSchema")).rejects.toMatchObject({
      code: 13,
      details: expect.stringContaining('bad.a has the type "dynamic"'),
    });
  });
});

describe("requests", () => {
  test("end soon when Terraform is stopped or gives them up, and later ones do not", async () => {
    const ends: string[] = [];
    await serve(
      withResources({
        read: ({ state }, { signal }) =>
          new Promise((resolve) => {
            const end = () => resolve({ state: null });
            if (state.name === "quick") return resolve({ state });
            signal.addEventListener("abort", () => {
              ends.push(String(state.name));
              end();
            });
          }),
      }),
    );
    const slow = client.ask("ReadResource", { type_name, current_state: thing({ name: "slow" }) });
    const alive = await client.ask("ReadResource", { type_name, current_state: thing({ name: "quick" }) });
    expect(seen(alive.new_state)).toMatchObject({ name: "quick" });
    expect(ends).toEqual([]);
    expect(await client.ask("StopProvider")).toEqual({ Error: "" });
    expect(read((await slow).new_state)).toBeNull();
    expect(await client.giveUp("ReadResource", { type_name, current_state: thing({ name: "given up" }) }, 100)).toBe(1);
    for (let tries = 0; tries < 100 && ends.length < 2; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ends).toEqual(["slow", "given up"]);
  });

  test("are answered side by side", async () => {
    let waiting = 0;
    let most = 0;
    await serve(
      withResources({
        async read({ state }) {
          waiting += 1;
          most = Math.max(most, waiting);
          await new Promise((resolve) => setTimeout(resolve, 50));
          waiting -= 1;
          return { state };
        },
      }),
    );
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    const all = await Promise.all(
      names.map((name) => client.ask("ReadResource", { type_name, current_state: thing({ name }) })),
    );
    expect(all.map(({ new_state }) => seen(new_state).name)).toEqual(names);
    expect(most).toBe(50);
  });
});
