import { describe, expect, test } from "vitest";
import { planNow } from "../src/apply/apply.ts";
import type { Probe } from "../src/connectors/connector.ts";
import { refresh } from "../src/refresh.ts";
import { Secret } from "../src/secret.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import { tokenOverview } from "../src/token-overview.ts";
import {
  applied,
  connector,
  fuel,
  fuelAndToken,
  fuelToken,
  madeSite,
  makeSite,
  planned,
  refusalOf,
  type Site,
  VesonWorld,
  vesonManifest,
  withResources,
} from "./veson-fixture.ts";
import { SimTransport } from "./world/sim-transport.ts";

/** Rules of docs/systems/veson.md about tokens and the data plane, each with its id. */

const ofOther = (owner: string) => ({ veson_api_token: { fuel: { ...fuelToken, owner } } });
const outage =
  "outage: the present token stops working at the save, and the new one must reach whoever uses it (VES-16)";
const dayMs = 86_400_000;

async function works({ world }: Site, token: string | null | undefined): Promise<boolean> {
  const path = `/v1/companies/partners?apiToken=${token ?? ""}`;
  return (await world.veson.handle({ method: "GET", path, headers: {}, body: "" })).status === 200;
}

describe("whose token it is", () => {
  test("VES-02 a business user's is refused, a system user's is not", async () => {
    const site = await makeSite(ofOther("j.doe"));
    expect(await refusalOf(site.world.plan(site.text))).toContain(
      "j.doe is a business user: integrations must not use a person's token (VES-02) => declare a veson_user for the integration, and refer to it",
    );
    const nobody = await makeSite(ofOther("nobody"));
    expect((await refusalOf(nobody.world.plan(nobody.text)))[0]).toContain(
      "nothing shows that nobody is a system user (VES-02)",
    );
    const own = await makeSite(ofOther("sys.reports"));
    const { store } = own.world.veson;
    store.changeUser(own.world.user("sys.reports").id, { token: null });
    expect(await applied(own)).toEqual({ request: "done", prove: "done" });
    expect(await own.world.secret(own.text, "FUEL_TOKEN")).toBe(own.world.user("sys.reports").token);
  });

  test("VES-02 a declared user is a system user, by reference and by name", async () => {
    for (const owner of ["${veson_user.fuel}", "sys.fuel"]) {
      const site = await makeSite({ veson_user: { fuel }, ...ofOther(owner) });
      expect((await planned(site)).plan.steps.find(({ operation }) => operation === "external")?.needs).toContain(
        "veson_api_token.fuel/request",
      );
      expect((await site.world.apply(site.text)).outcome).toBe("done");
    }
  });
});

describe("requesting", () => {
  test("VES-14 a token is requested after the permission was saved, then saved, and read where it shows", async () => {
    const site = await makeSite(fuelAndToken, { tokenNeedsPermission: true });
    const { plan } = await planned(site);
    const request = plan.steps.find(({ operation }) => operation === "request")!;
    expect(request.needs).toContain("veson_user.fuel/rights");
    expect((await site.world.apply(site.text)).outcome).toBe("done");
    const token = await site.world.secret(site.text, "FUEL_TOKEN");
    expect(token).toBe(site.world.user("sys.fuel").token);
    expect(await works(site, token)).toBe(true);
  });

  test("VES-14 one that is requested and not saved is none", async () => {
    const site = await madeSite();
    const former = site.world.user("sys.fuel").token;
    const { plan } = await planned(site, { replace: ["veson_api_token.fuel"] });
    let isCut = false;
    site.world.cut = () => (isCut ? "before" : undefined);
    site.world.meanwhile = ({ body }) => {
      if (body.includes("press=token%3Anew")) isCut = true;
    };
    await site.world.apply(site.text, { file: plan, consents: plan.consents });
    expect(site.world.user("sys.fuel").token).toBe(former);
    site.world.cut = undefined;
    site.world.meanwhile = undefined;
    await site.world.apply(site.text);
    expect(await works(site, await site.world.secret(site.text, "FUEL_TOKEN"))).toBe(true);
  });

  test("VES-16 a new token ends the present one: the plan says that there is an outage", async () => {
    const site = await madeSite();
    const former = site.world.user("sys.fuel").token;
    const { plan, changes, steps } = await planned(site, { replace: ["veson_api_token.fuel"] });
    expect([changes, steps]).toEqual([["replace veson_api_token.fuel"], ["request", "prove"]]);
    expect(plan.changes[0]?.notes).toEqual([outage]);
    expect(plan.steps[0]?.title).toBe("request a new token, which ends the present one");
    await applied(site, { replace: ["veson_api_token.fuel"] });
    const token = await site.world.secret(site.text, "FUEL_TOKEN");
    expect([await works(site, former), await works(site, token)]).toEqual([false, true]);
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-16 another place means another token, and age is a reason where rotate_every says so", async () => {
    const site = await madeSite();
    const moved = withResources(site, {
      veson_user: { fuel },
      veson_api_token: { fuel: { ...fuelToken, deliver_to: "local:ELSEWHERE" } },
    });
    const { plan, changes } = await planned(moved);
    expect([changes, plan.changes[0]?.because]).toEqual([
      ["replace veson_api_token.fuel"],
      "deliver_to changed, and a token is not read twice (VES-16)",
    ]);
    const aged = withResources(site, {
      veson_user: { fuel },
      veson_api_token: { fuel: { ...fuelToken, rotate_every: "30d" } },
    });
    expect((await planned(aged)).changes).toEqual([]);
    site.world.clock.advance(31 * dayMs);
    const due = await planned(aged);
    expect([due.changes, due.plan.changes[0]?.notes]).toEqual([["rotate veson_api_token.fuel"], [outage]]);
    expect(due.plan.changes[0]?.because).toBe("issued on 2026-11-20 (rotate_every 30d)");
    await applied(aged);
    expect((await planned(aged)).changes).toEqual([]);
  });

  test("VES-16 a token that Steward did not request is ended only where that is said", async () => {
    const site = await makeSite(ofOther("sys.reports"));
    const former = site.world.user("sys.reports").token;
    expect((await refusalOf(site.world.plan(site.text)))[0]).toContain(
      "sys.reports has a token that Steward did not request; a new one would end it (VES-16)",
    );
    const { plan } = await planned(site, { replace: ["veson_api_token.fuel"] });
    expect(plan.changes[0]?.notes).toEqual([outage]);
    await applied(site, { replace: ["veson_api_token.fuel"] });
    expect(site.world.user("sys.reports").token).not.toBe(former);
  });

  test("VES-16 a token goes with its block: it is cleared, and the plan says who stops", async () => {
    const site = await madeSite();
    const token = site.world.user("sys.fuel").token;
    const none = withResources(site, { veson_user: { fuel } });
    const { plan, steps } = await planned(none, { allowDeletions: 1 });
    expect([steps, plan.changes[0]?.notes]).toEqual([["clear"], ["whatever uses it stops at once (VES-16)"]]);
    await none.world.apply(none.text, { consents: { allowDeletions: 1 } });
    expect(site.world.user("sys.fuel").token).toBeNull();
    expect(await works(site, token)).toBe(false);
  });

  test("VES-16 a token belongs to its user, and one that somebody cleared is held", async () => {
    const site = await madeSite();
    const other = { ...fuel, user_name: "sys.two", password: { generate: true, deliver_to: "local:TWO" } };
    const moved = withResources(site, { veson_user: { fuel, other }, ...ofOther("${veson_user.other}") });
    expect((await refusalOf(moved.world.plan(moved.text)))[0]).toContain("a token belongs to its user (VES-16)");
    site.world.veson.store.changeUser(site.world.user("sys.fuel").id, { token: null });
    expect((await planned(site)).changes).toEqual(["held create veson_api_token.fuel"]);
  });

  test("VES-16 a token whose answer was lost is read where it shows, and issued anew where it shows once", async () => {
    // The answer to the save is lost, or the page that shows the token after it.
    for (const [tokenReadableAgain, lost] of [
      [true, 2],
      [true, 3],
      [false, 2],
      [false, 3],
    ] as const) {
      const site = await makeSite(fuelAndToken, { tokenReadableAgain });
      let requested = 0;
      site.world.cut = (count) => (requested > 0 && count === requested + lost ? "after" : undefined);
      site.world.meanwhile = ({ body }) => {
        if (requested === 0 && body.includes("press=token%3Anew")) requested = site.world.requests.length;
      };
      await site.world.apply(site.text);
      const first = site.world.user("sys.fuel").token;
      site.world.cut = undefined;
      site.world.meanwhile = undefined;
      await site.world.apply(site.text);
      expect(await site.world.secret(site.text, "FUEL_TOKEN")).toBe(site.world.user("sys.fuel").token);
      const isAnother = site.world.user("sys.fuel").token !== first;
      expect([tokenReadableAgain, lost, isAnother]).toEqual([
        tokenReadableAgain,
        lost,
        !tokenReadableAgain && lost === 3,
      ]);
      expect((await planned(site)).changes).toEqual([]);
    }
  });
});

describe("the data plane", () => {
  const probe = async (
    settings: Partial<VesonSimulatorOptions>,
    token: string | undefined,
    path?: string,
  ): Promise<Probe> => {
    const world = new VesonWorld(settings);
    const text = vesonManifest({}, path === undefined ? {} : { probe_path: path });
    await world.trust(text);
    const workspace = await world.open(text);
    const reader = workspace.system("veson").reader as { probe(token: Secret): Promise<Probe> };
    const answer = await reader.probe(new Secret(token ?? world.veson.world.system.token));
    await workspace.close();
    return answer;
  };

  test("VES-18 the token stands in the query, and nowhere else: no header, no trace, no fault", async () => {
    const site = await madeSite();
    const token = site.world.user("sys.fuel").token!;
    const proof = site.world.requests.filter(({ path }) => path.includes("apiToken="));
    expect(proof.map(({ path }) => path)).toEqual([`/v1/companies/partners?apiToken=${token}`]);
    expect(JSON.stringify(proof.map(({ headers, body }) => [headers, body]))).not.toContain(token);
    const said: string[] = [];
    for (const fault of ["500", "429", "cut-before", "cut-after-commit", "html", "none"]) {
      const simulator = site.world.veson.clone();
      if (fault !== "none") simulator.faults.add(`${fault}:veslink/partners/list`);
      const { reader } = connector.open(site.world.manifest(site.text).systems.veson!, {
        io: { ...site.world.io(), transport: new SimTransport({ "https://api.test": simulator }) },
        secret: () => Promise.reject(new Error("nothing is read")),
        trace: (line) => said.push(line),
        signal: new AbortController().signal,
      });
      said.push(JSON.stringify(await reader.probe(new Secret(token))));
    }
    expect(said.filter((line) => line.startsWith("GET https://api.test/v1/companies/partners 200 "))).toHaveLength(2);
    expect(said.join("\n")).not.toContain(token);
    expect(said.join("\n")).not.toContain("apiToken");
  });

  test("VES-18 no picture of the console shows it", () => {
    const labels = connector.console!.labels({});
    expect(labels.filter(({ secret }) => secret).map(({ key }) => key)).toEqual(["apiToken"]);
  });

  test.each<[string, Partial<VesonSimulatorOptions>, string | undefined, string | undefined, Probe["health"]]>([
    ["a good token", {}, undefined, undefined, "working"],
    ["a wrong one, told by 401", { wrongTokenStatus: 401 }, "00", undefined, "refused"],
    ["a wrong one, told by 403", { wrongTokenStatus: 403 }, "00", undefined, "refused"],
    ["one that may not read that", {}, undefined, "/v1/imosmessaging/queue", "refused"],
    ["a path that is not there", {}, undefined, "/v1/nothing", "inconclusive"],
    ["a page instead of an answer", { faults: ["html:veslink/partners/list"] }, undefined, undefined, "inconclusive"],
  ])("VES-19 what is not documented is judged with care: %s", async (_name, settings, token, path, health) => {
    const answer = await probe(settings, token, path);
    expect(answer.health).toBe(health);
    if (health !== "working") expect(answer.detail).toMatch(/HTTP \d{3}/);
  });

  test("VES-19 a refusal is said with what to look at first, and nothing is issued anew for it", async () => {
    const site = await madeSite();
    const { store } = site.world.veson;
    store.changeUser(site.world.user("sys.fuel").id, { token: store.newToken() });
    const workspace = await site.world.open(site.text);
    const observation = await refresh(workspace, { probe: "harmless" });
    const { plan } = planNow(workspace, observation, site.world.request({}, false));
    await workspace.close();
    expect(plan.changes).toEqual([]);
    expect(plan.notices.map(({ message }) => message).join()).toContain(
      "look whether its user is active and has its API permission",
    );
  });
});

describe("the overview of tokens", () => {
  test("VES-16 says that a token never expires, and when its age is a reason", async () => {
    const site = await madeSite(
      {},
      {},
      {
        veson_user: { fuel },
        veson_api_token: { fuel: { ...fuelToken, rotate_every: "30d" } },
      },
    );
    const workspace = await site.world.open(site.text);
    const observation = await refresh(workspace, { probe: "harmless" });
    const { tokens } = tokenOverview({
      ...{ kinds: workspace.kinds, observation, resources: workspace.manifest.resources },
      entries: Object.values(workspace.state.entries),
    });
    await workspace.close();
    expect(tokens).toEqual([
      {
        ...{ address: "veson_api_token.fuel", system: "veson", state: "works", expires: "never", former: 0 },
        ...{ nextRotation: "2026-12-20T12:00:00.000Z", sink: "local:FUEL_TOKEN" },
      },
    ]);
  });
});
