import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Given } from "../src/connectors/connector.ts";
import { Fault, Refusal } from "../src/diagnostic.ts";
import type { StateEntry } from "../src/resource.ts";
import type { AnswerResult, Label } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import type { Step } from "../src/step.ts";
import { addUser } from "./velocloud-cases.ts";
import { type Bench, contextOf, makeBench, operationOf, scopeNames } from "./velocloud-fixture.ts";
import { changeOf, errorsOf, markedText, planFor, recordOf, stepsAt, stepsOf } from "./velocloud-plan-fixture.ts";

/** The owner of a token downloads it in person where Steward has no session of theirs. */

const address = "velocloud_api_token.ci";
const declared = { owner: "ci@example.net", name: "ci", lifetime: "90d", deliver_to: "local:ci-token" };
const kind = "velocloud_api_token";

async function downloadStep(bench: Bench): Promise<Step> {
  const plan = await planFor(bench, { resources: { [address]: declared } });
  expect(errorsOf(plan)).toBe("");
  expect(stepsOf(plan, address)).toEqual(["create", "download", "prove"]);
  return stepsAt(plan, address)[1]!;
}

/** The token that the step's create made, downloaded by its owner: what it is worth, and its record. */
function downloaded(bench: Bench, ownerId: number): { token: string; entry: StateEntry } {
  const { store } = bench.simulator;
  const { id } = store.addToken({ ownerId, name: "ci" });
  const token = store.issueTokenValue(store.changeToken(id, { downloaded: bench.clock.now() }));
  return { token, entry: recordOf(address, id, declared, {}) };
}

/** Gives an answer; in words why it is not taken in. */
async function answer(
  bench: Bench,
  step: Step,
  result: AnswerResult,
  value?: string,
  entry?: StateEntry,
): Promise<unknown> {
  const given: Given = { result, fields: {}, secrets: value === undefined ? {} : { token: new Secret(value) } };
  const context = { ...(await contextOf(bench, kind, step)), step, ...(entry ? { entry } : {}) };
  try {
    return await operationOf(kind, "download").accept?.(context, given, bench.open.reader);
  } catch (error) {
    if (error instanceof Refusal) return `refused: ${error.message}`;
    if (error instanceof Fault) return `fault: ${error.message}`;
    throw error;
  }
}

const kept = (bench: Bench, step: Step): string | undefined =>
  bench.desk.next.get(step.delivers?.token?.issueId ?? "")?.reveal();

describe("a token whose owner downloads it in person", () => {
  test.each(scopeNames)("VCO-10 is planned where no sink holds the password, scope %s", async (scope) => {
    const bench = makeBench({ scope });
    addUser(bench);
    const step = await downloadStep(bench);
    expect(step).toMatchObject({ hand: "person", title: "download it as ci@example.net, once" });
    expect(step.input).toEqual({
      owner: "ci@example.net",
      name: "ci",
      mark: expect.stringMatching(/^\[stw:\w{8}\.1\]$/),
    });
    expect(step.records).toEqual({ is: "delivered", secret: "token" });
  });

  test("VCO-03 VCO-10 is planned where the owner signs in elsewhere, whatever a sink holds", async () => {
    const bench = makeBench();
    bench.simulator.store.changeUser(addUser(bench).id, { isNative: false });
    expect((await downloadStep(bench)).hand).toBe("person");
  });

  test("VCO-12 is continued by the owner when it is still Pending, with the mark of its own generation", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const description = markedText("Build", address, 3);
    const { id } = bench.simulator.store.addToken({ ownerId: user.id, name: "ci", description });
    const entry = recordOf(address, id, declared, { generation: 3 });
    const plan = await planFor(bench, { resources: { [address]: declared }, entries: [entry] });
    expect(changeOf(plan, address)?.because).toBe("it was made and not downloaded yet");
    expect(stepsAt(plan, address)).toMatchObject([
      { operation: "download", hand: "person", input: { mark: expect.stringMatching(/\.3\]$/) } },
      { operation: "prove", hand: "api" },
    ]);
    const adopted = { ...entry, origin: "imported" as const, generation: 0 };
    const imported = await planFor(bench, { resources: { [address]: declared }, entries: [adopted] });
    expect(stepsAt(imported, address)[0]?.input).toEqual({ owner: "ci@example.net", name: "ci" });
  });

  test("VCO-11 VCO-12 is told, tested and in the sink before anything is recorded", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const step = await downloadStep(bench);
    const { token, entry } = downloaded(bench, user.id);
    expect(await answer(bench, step, "done", token, entry)).toEqual({});
    expect(kept(bench, step)).toBe(token);
  });

  test("VCO-10 VCO-11 is refused when it is another token, however well that works", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const step = await downloadStep(bench);
    const { store, world } = bench.simulator;
    const { token, entry } = downloaded(bench, user.id);
    const another = store.addEnabledToken({ ownerId: user.id, name: "other" });
    expect(await answer(bench, step, "done", another, entry)).toMatch(/^refused: it is the value of token \d+ "other"/);
    expect(await answer(bench, step, "done", world.enterprise.token, entry)).toMatch(/^refused: it is /);
    const pending = recordOf(address, store.addToken({ ownerId: user.id, name: "ci" }).id, declared, {});
    expect(await answer(bench, step, "done", token, pending)).toMatch(/still Pending: nobody has downloaded it yet/);
    expect(kept(bench, step)).toBeUndefined();
  });

  test("VCO-10 is refused when it is the value of the generation before, which is to be revoked", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const step = await downloadStep(bench);
    const { token, entry } = downloaded(bench, user.id);
    const former = { sink: "local", path: "ci-token", issueId: "former", generation: 1 };
    await bench.desk.put(former, new Secret(token));
    const secret = { ...former, delivered: true, proven: true, issuedAt: "2026-11-01T00:00:00.000Z" };
    const renewed = { ...entry, generation: 2, secrets: { token: secret } };
    expect(await answer(bench, step, "done", token, renewed)).toMatch(/^refused: it is the former value/);
  });

  test("VCO-12 VCO-19 is refused when the orchestrator does not accept it, and nothing is kept or shown", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const step = await downloadStep(bench);
    const { token, entry } = downloaded(bench, user.id);
    const cut = token.slice(0, -3);
    const refused = String(await answer(bench, step, "done", cut, entry));
    expect(refused).toMatch(/^refused: the orchestrator does not accept this token/);
    expect(refused).not.toContain(cut);
    expect(await answer(bench, step, "done")).toBe("refused: the token is missing. Nothing was recorded");
    expect(kept(bench, step)).toBeUndefined();
    bench.desk.broken = true;
    expect(await answer(bench, step, "done", token, entry)).toBe("fault: the sink is full");
  });

  test("is kept when nobody answers the test: its proof follows as a step of its own", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const step = await downloadStep(bench);
    const { token, entry } = downloaded(bench, user.id);
    // The facts of the context are read before the system breaks down.
    await bench.open.facts();
    bench.simulator.faults.add("500");
    expect(await answer(bench, step, "done", token, entry)).toEqual({});
    expect(kept(bench, step)).toBe(token);
  });

  test("VCO-10 is refused when it is somebody else's and nothing in it tells which token it is", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const step = await downloadStep(bench);
    const { entry } = downloaded(bench, user.id);
    const foreign = foreignToken(bench);
    const said = await answer(bench, step, "done", foreign, entry);
    expect(said).toMatch(/^refused: it is a token of other@example\.net, and this one belongs to ci@example\.net\./);
    expect(kept(bench, step)).toBeUndefined();
  });

  test("is neither taken in nor forgotten by another answer", async () => {
    const bench = makeBench();
    addUser(bench);
    const step = await downloadStep(bench);
    for (const result of ["not-done", "failed"] as const) expect(await answer(bench, step, result)).toEqual({});
    expect(bench.desk.next.size).toBe(0);
  });
});

/** A token of another user that works, and of which its value does not tell the number in the list. */
function foreignToken(bench: Bench): string {
  const { store } = bench.simulator;
  const other = addUser(bench, "other@example.net");
  const { id } = store.addToken({ ownerId: other.id, name: "other" });
  const value = store.issueTokenValue(store.changeToken(id, { downloaded: bench.clock.now() }));
  store.changeToken(id, { tokenUuid: "00000000-0000-4000-8000-000000000000" });
  return value;
}

describe("the proof of a token that its owner told", () => {
  /** Proves what the download kept, as the step after it. */
  async function prove(bench: Bench, value: string, entry: StateEntry): Promise<unknown> {
    const plan = await planFor(bench, { resources: { [address]: declared } });
    const step = stepsAt(plan, address)[2]!;
    expect(step.operation).toBe("prove");
    const [target] = step.promotes ?? [];
    await bench.desk.put(target!, new Secret(value));
    bench.open = bench.reopen();
    const context = { ...(await contextOf(bench, kind, step)), step, entry };
    return operationOf(kind, "prove").run!(context, bench.open.writer()).then(
      () => "proven",
      (error: unknown) => (error as Error).message,
    );
  }

  test("VCO-10 VCO-11 asks again whose it is and whether it was downloaded: the download may have had no answer", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const { token, entry } = downloaded(bench, user.id);
    expect(await prove(bench, token, entry)).toBe("proven");
    expect(await prove(bench, foreignToken(bench), entry)).toContain("it is a token of other@example.net");
    const another = bench.simulator.store.addEnabledToken({ ownerId: user.id, name: "another" });
    expect(await prove(bench, another, entry)).toMatch(/it is the value of token \d+ "another"/);
    const pending = recordOf(address, bench.simulator.store.addToken({ ownerId: user.id, name: "ci" }).id, declared);
    expect(await prove(bench, token, pending)).toMatch(/still Pending: nobody has downloaded it yet/);
  });

  test("VCO-10 is neither made nor refused while nobody answers", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const { token, entry } = downloaded(bench, user.id);
    const plan = await planFor(bench, { resources: { [address]: declared } });
    const step = stepsAt(plan, address)[2]!;
    expect(step.input).toEqual({ owner: "ci@example.net" });
    const context = { ...(await contextOf(bench, kind, step)), step, entry };
    const [target] = step.promotes ?? [];
    await bench.desk.put(target!, new Secret(token));
    bench.simulator.faults.add("500");
    const proof = operationOf(kind, "prove").run!(context, bench.open.writer());
    await expect(proof).rejects.toThrow(Fault);
    await expect(proof).rejects.not.toThrow(/is not accepted/);
  });
});

describe("the screen of that download", () => {
  const { labels } = JSON.parse(readFileSync("schemas/velocloud/labels.json", "utf8")) as {
    labels: { key: string; label: string; mark: string; page?: string; reason?: string }[];
  };

  const labelsIn = (value: unknown): Label[] => {
    if (typeof value !== "object" || value === null) return [];
    return "key" in value && "mark" in value ? [value as Label] : Object.values(value).flatMap(labelsIn);
  };

  test("VCO-10 is for the owner alone, names both generations of the console, and asks for the token as a secret", async () => {
    const used = new Set<string>();
    for (const scope of scopeNames) {
      const bench = makeBench({ scope });
      addUser(bench);
      const screen = operationOf(kind, "download").screen!(await downloadStep(bench), bench.system);
      expect(screen.role).toBe("ci@example.net");
      const text = JSON.stringify(screen);
      for (const words of ["In the classic UI", "Or in the new UI", "User Management", "Download API Token", "VCO-12"])
        expect(text).toContain(words);
      expect(text).toContain(scope === "operator" ? "Operator Users" : "Administrators");
      expect(text.includes("Global Settings")).toBe(scope === "enterprise");
      expect(screen.results.map(({ result }) => result)).toEqual(["done", "not-done", "failed"]);
      const [ask] = screen.results[0]!.asks;
      expect(ask).toMatchObject({ name: "token", secret: true });
      const whole = new RegExp(`^(?:${ask!.pattern!.matches})$`);
      expect([whole.test("eyJhbGci.eyJ0b2tl.abc-_9"), whole.test("not a token")]).toEqual([true, false]);
      for (const label of labelsIn(screen)) {
        used.add(label.key);
        expect(labels).toContainEqual(expect.objectContaining({ key: label.key, label: label.text, mark: label.mark }));
      }
    }
    const inWords = ["tokenName", "tokenDescription", "tokenStatus", "pending"];
    expect([...used, ...inWords].sort()).toEqual(labels.map(({ key }) => key).sort());
  });

  test("has labels with the page that prints each, or the reason why it is assumed", () => {
    expect(new Set(labels.map(({ key }) => key)).size).toBe(labels.length);
    for (const { key, mark, page, reason } of labels) {
      expect([key, page !== undefined, reason !== undefined]).toEqual([key, mark === "documented", mark === "assumed"]);
    }
  });
});
