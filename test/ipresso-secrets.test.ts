import { describe, expect, test } from "vitest";
import { refresh } from "../src/refresh.ts";
import { renderPlanJson } from "../src/render/plan-json.ts";
import { renderPlanMarkdown } from "../src/render/plan-markdown.ts";
import { renderPlanText } from "../src/render/plan-text.ts";
import { IpressoWorld, ipressoManifest, shop } from "./world/ipresso-world.ts";
import { findLeaks } from "./world/leaks.ts";

/** Secrets of a panel stand in its sink and on its pages, and nowhere else: whatever is done, and whatever goes wrong. */

const generation = (count: number) => ({
  password: { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: count },
});
const whole = (count: number, more: object = {}) => ({
  ipresso_api_settings: { panel: { validity_seconds: 600, deliver_to: "local:KEY" } },
  ...shop({ ...generation(count), ...more }),
});
const stages = [
  ipressoManifest(whole(1)),
  ipressoManifest(whole(2, { surname: "Sync", allowed_addresses: ["127.0.0.1"] })),
  ipressoManifest(whole(2, { surname: "Sync", password: { value: "${env.IPR_GIVEN}" } })),
  ipressoManifest({}),
];

/** Every secret there is by now. */
function secretsOf(world: IpressoWorld, known: Map<string, string>): void {
  const { store, world: made } = world.ipresso;
  const found: [string, string][] = [
    ["password of the account", made.admin.password],
    ["secret of the authenticator", made.admin.totpSecret],
    ["key of the installation", made.customerKey],
    ["given password", world.environmentVariables().IPR_GIVEN!],
    ...store.users.values().map(({ login, password }): [string, string] => [`password of ${login}`, password]),
    ...[...store.tokens.keys()].map((id): [string, string] => ["token", id]),
    ...[...store.sessions.keys()].map((id): [string, string] => ["session", id]),
  ];
  const values = new Set(known.values());
  for (const [name, value] of found) if (!values.has(value)) known.set(`${name}, ${known.size}`, value);
}

/** Everything that comes out: what commands print, answer and throw, and what lies on the disk beside the sink. */
async function walk(world: IpressoWorld): Promise<{ said: string; secrets: Map<string, string> }> {
  const secrets = new Map<string, string>();
  const said: string[] = [];
  const told = async (work: () => Promise<unknown>): Promise<void> => {
    const result = await work().catch((error: unknown) => {
      const { message, details, stack } = error as { message?: string; details?: object; stack?: string };
      return { message, details, stack };
    });
    said.push(typeof result === "string" ? result : (JSON.stringify(result) ?? ""));
    secretsOf(world, secrets);
  };
  await world.trust(stages[0]!);
  for (const [index, text] of stages.entries()) {
    const consents = index === stages.length - 1 ? { allowDeletions: 2 } : {};
    await told(async () => {
      const plan = await world.plan(text, consents);
      return [renderPlanText(plan), renderPlanJson(plan), renderPlanMarkdown(plan)].join("\n");
    });
    await told(() => world.apply(text, { consents }));
    await told(() => world.recover(text));
    await told(() => world.apply(text, { consents }));
    await told(async () => {
      const workspace = await world.open(text);
      const seen = await refresh(workspace, { probe: "all" });
      await workspace.close();
      return seen;
    });
  }
  const files = Object.entries(world.disk.files()).filter(([path]) => !/secrets\.env/.test(path));
  said.push(...files.map(([, content]) => content), ...world.traces);
  return { said: said.join("\n"), secrets };
}

describe("secrets of a panel", () => {
  test.each([
    ["nothing goes wrong", []],
    [
      "forms are cut off after they were sent",
      ["cut-after-commit:console/*/add:2", "cut-after-commit:console/*/save:3"],
    ],
    ["answers are truncated", ["truncated:console/users/*:3", "truncated:ipresso/auth:1"]],
    [
      "sessions end and servers fail",
      ["session-ends:console/*:p=0.1", "500:ipresso/auth:2", "500:console/users/add:1"],
    ],
  ])("stand nowhere but where they belong when %s", async (_what, faults) => {
    const world = new IpressoWorld({ signInMode: "mfa" });
    world.moreVariables.IPR_GIVEN = "Given/Canary+pass=1%";
    for (const fault of faults) world.ipresso.faults.add(fault);
    const { said, secrets } = await walk(world);
    expect(secrets.size).toBeGreaterThan(8);
    expect(said.length).toBeGreaterThan(10_000);
    expect(findLeaks(said, secrets)).toEqual([]);
  });

  test("would be found: each secret that is put there is", async () => {
    const world = new IpressoWorld();
    const { said, secrets } = await walk(world);
    for (const [name, value] of secrets) {
      expect(findLeaks(`${said} ${encodeURIComponent(value)}`, secrets).map(({ secret }) => secret)).toContain(name);
    }
  });

  test("are not even in a page's path: the key is read there, and sent only at the end of an address", async () => {
    const world = new IpressoWorld();
    const text = ipressoManifest(shop());
    await world.trust(text);
    await world.apply(text);
    const { customerKey } = world.ipresso.world;
    const bearing = world.requests.filter(({ path, body }) => `${path} ${body}`.includes(customerKey));
    expect(bearing.map(({ path }) => path)).toEqual([`/api/2/auth/${customerKey}`]);
  });
});
