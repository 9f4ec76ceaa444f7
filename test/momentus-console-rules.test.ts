import { describe, expect, test } from "vitest";
import { keyPrefix, makeBundle } from "../src/connectors/momentus/bundle.ts";
import { alike } from "../src/connectors/momentus/reader.ts";
import { Secret } from "../src/secret.ts";
import {
  addUser,
  answer,
  branchOf,
  connector,
  internal,
  key,
  keyAddress,
  license,
  licensed,
  makeBench,
  moco,
  mocoAddress,
  mocoEntry,
  planFor,
  portal,
  portalAddress,
  reports,
  reportsAddress,
  screenOf,
  stepOf,
} from "./momentus-console-fixture.ts";
import { stepsOf } from "./velocloud-plan-fixture.ts";

describe("what only people do at Momentus", () => {
  test("MOM-03 MOCO-SERV that is there is taken over without a license, and is made so that it needs none", async () => {
    const bench = makeBench();
    const plan = planFor(bench, moco);
    expect(stepsOf(plan, mocoAddress)).not.toContain("license_request");
    const fields = { rights: "support", licensed: "no" };
    expect(await answer(bench, stepOf(plan, `${mocoAddress}/observe`), "found", { fields })).toEqual({});
    const create = stepOf(plan, `${mocoAddress}/create`);
    expect(create.input.settings).toMatchObject({ license_special_access: true });
    const adopt = stepOf(planFor(makeBench(licensed), moco), `${mocoAddress}/adopt`);
    expect(adopt.needs).toEqual([`${mocoAddress}/observe`]);
  });

  test("MOM-07 with a mail server Steward sends both mails, and only the wait is a person's", () => {
    const server = { mail_from: "iam@acme.example", smtp: "smtp://127.0.0.1:25" };
    const hands = (more: Record<string, string>) => {
      const plan = planFor(makeBench({ ...licensed, license: { ...license, ...more } }), moco);
      const operations = ["license_request", "license_wait", "license_return"];
      return operations.map((operation) => stepOf(plan, `${mocoAddress}/${operation}`).hand);
    };
    expect(hands(server)).toEqual(["mail", "person", "mail"]);
    expect(hands({})).toEqual(["person", "person", "person"]);
  });

  test("MOM-29 an app is approved only where it is not, and a declined one is removed and requested first", () => {
    const bench = makeBench();
    const plan = planFor(bench, { resources: { [portalAddress]: portal } });
    const approve = stepOf(plan, `${portalAddress}/approve`);
    expect(branchOf(approve)).toBe("absent observe");
    const notes = screenOf(bench, approve).acts.flatMap((act) => (act.act === "note" ? [act.text] : []));
    expect(notes.join()).toContain("Was Event Portal declined (Deleted)? First More options › Remove, then ");
    const { results } = screenOf(bench, stepOf(plan, `${portalAddress}/observe`));
    const absent = results.find(({ result }) => result === "absent");
    expect(absent?.asks).toMatchObject([{ name: "status", choices: ["requested", "declined", "not listed"] }]);
  });

  test("MOM-08 every plan asks with what was delivered, of users and of further Keys", async () => {
    const bench = makeBench();
    const delivering = connector.kinds.filter(({ schema }) => "deliver_to" in schema.properties);
    expect(delivering.map(({ name }) => name)).toEqual(["momentus_api_user", "momentus_api_key"]);
    const told = addUser(bench, { id: "MOCO-SERV", ...internal });
    const copied = makeBundle({ id: "MOCO-SERV", ...told });
    const [first] = bench.simulator.store.prod.keysOf("MOCO-SERV");
    bench.simulator.store.prod.keys.put({ ...first!, isValid: false }, bench.clock.now());
    for (const { name, probe } of delivering) {
      expect(probe, name).toMatchObject({ secret: "credentials", harmless: true });
      const { health, detail } = await probe!.ask(bench.open.reader, mocoEntry, copied);
      expect([name, health]).toEqual([name, "refused"]);
      expect(detail).toContain("a copy of production to this environment (MOM-08)");
    }
  });

  test("MOM-08 MOM-09 MOM-10 a refusal says where to look before anything is renewed, and what that breaks", () => {
    const advice = (kind: string, detail: string) =>
      connector.kinds.find(({ name }) => name === kind)!.probe!.advice!(`${kind}.a`, { health: "refused", detail });
    expect(advice("momentus_api_user", "since yesterday")).toBe(
      "a retired user (MOM-09), a renewed Secret (MOM-10) and a copy of production to this environment (MOM-08) look the same: look at its screen first; only then --replace momentus_api_user.a, which renews its Secret and breaks every Key of it (MOM-10)",
    );
    expect(advice("momentus_api_key", alike)).toBe(
      "look at its screen first; only then --replace momentus_api_key.a, which adds a further Key (MOM-10)",
    );
  });

  test("MOM-26 of a Key no more than 8 hex digits are kept", async () => {
    expect(keyPrefix(new Secret("1A2B3C4D-0000-4000-8000-00000000CAFE"))).toBe("1a2b3c4d");
    const bench = makeBench();
    const secrets = addUser(bench, { id: "MOCO-SERV", ...internal });
    const outcome = await answer(bench, stepOf(planFor(bench, moco), `${mocoAddress}/create`), "done", { secrets });
    expect(JSON.stringify(outcome)).not.toContain(secrets.key.reveal().slice(9));
  });

  test.each([["no JSON"], ["[]"], ['{"id":"REPORTS","secret":"s"}'], ['{"id":1,"secret":"s","key":"k"}']])(
    "MOM-26 what a sink holds in place of ID, Secret and Key is refused: %s",
    async (held) => {
      const bench = makeBench();
      bench.desk.references.set("local:reports", held);
      const plan = planFor(bench, { resources: { [reportsAddress]: reports, [keyAddress]: key } });
      const told = addUser(bench, { id: "REPORTS", displayName: "Reports" });
      const said = await answer(bench, stepOf(plan, `${keyAddress}/add`), "done", { secrets: { key: told.key } });
      expect(said).toContain("is not ID, Secret and Key as Steward keeps them (MOM-26)");
    },
  );
});
