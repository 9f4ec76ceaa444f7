import { describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import type { SimResponse } from "../src/simulators/wire.ts";
import { applied, lines } from "./world/conformance-world.ts";
import { IpressoWorld, ipressoManifest, shop, shopGroup } from "./world/ipresso-world.ts";

/** A console that answers otherwise than it should: every end is one of the three channels, and nothing is done by mistake. */

async function worldWith(text: string, world = new IpressoWorld()): Promise<IpressoWorld> {
  await world.trust(text);
  await applied(world, text);
  return world;
}

/** Changes what the console answers with, page by page. */
function rewriting(world: IpressoWorld, change: (path: string, response: SimResponse) => SimResponse): void {
  const handle = world.ipresso.handle.bind(world.ipresso);
  world.ipresso.handle = async (request) => {
    const response = await handle(request);
    return request.path.startsWith("/api/") ? response : change(request.path, response);
  };
}

const both = ipressoManifest(shop());

describe("names that somebody else gave", () => {
  test.each([
    ["markup", "<b>boss</b>&amp;"],
    ["words that turn around", "a\u202Eb\u2066c"],
    ["a control character", "a\u0007b"],
    ["ten thousand letters", "x".repeat(10_000)],
    ["nothing but a number", "0"],
    ["a mark of ours", "shop.two#2"],
  ])("are read and left alone: %s", async (_what, name) => {
    const world = await worldWith(both);
    const { store } = world.ipresso;
    const { id } = store.addGroup({ name, permissions: [] });
    store.addUser({ login: name, name, surname: name, email: "odd@coffee.example", groupIds: [id] });
    const before = world.writes().length;
    expect(lines(await world.plan(both))).toEqual([]);
    const changed = ipressoManifest(shop({ surname: "Sync" }));
    await applied(world, changed);
    expect(world.writes().slice(before)).toEqual(["console/users/save"]);
    expect(world.user("shop.two")?.surname).toBe("Sync");
    expect(store.user(name)?.surname).toBe(name);
  });
});

describe("pages that are not what they should be", () => {
  const ends: [string, (path: string, response: SimResponse) => SimResponse][] = [
    ["empty pages", (_path, response) => ({ ...response, body: "" })],
    ["another product", (_path, response) => ({ ...response, body: "<!doctype html><h1>Welcome</h1>" })],
    ["JSON", () => ({ status: 200, headers: { "content-type": "application/json" }, body: "{}" })],
    ["HTTP 500", () => ({ status: 500, headers: { "content-type": "text/html" }, body: "<h1>Oops</h1>" })],
    ["a redirect to another site", () => ({ status: 302, headers: { location: "https://evil.example/" }, body: "" })],
    ["a redirect to itself", (path) => ({ status: 302, headers: { location: path }, body: "" })],
    [
      "tables without headings",
      (_path, response) => ({ ...response, body: response.body.replaceAll(/<thead>.*<\/thead>/g, "") }),
    ],
    [
      "a list that never ends",
      (_path, response) => ({
        ...response,
        body: response.body.replace('<p class="pages">', '<p><a href="?page=1">Next</a>'),
      }),
    ],
  ];

  test.each(ends)(
    "end a plan with a fault or leave things alone, and nothing is written: %s",
    async (what, change) => {
      const world = await worldWith(both);
      const writes = world.writes().length;
      rewriting(world, change);
      const ended = await world.plan(both).then(
        (plan) => lines(plan),
        (error: unknown) => (error instanceof Fault ? error.message : Promise.reject(error)),
      );
      // Without headings nothing is known of the columns; the forms tell.
      if (what !== "tables without headings") expect(ended).toEqual(expect.any(String));
      expect(world.writes().length).toBe(writes);
      expect(world.requests.every(({ headers }) => headers.host === "panel.test" || headers.host === undefined)).toBe(
        true,
      );
    },
    60_000,
  );

  test("a validity that is no number is unknown, and is set only where it is declared", async () => {
    const text = ipressoManifest({ ipresso_api_settings: { panel: { validity_seconds: 600 } } });
    const world = await worldWith(text);
    rewriting(world, (_path, response) => ({
      ...response,
      body: response.body.replace('value="600"', 'value="soon"'),
    }));
    expect(lines(await world.plan(text))).toEqual(["held update ipresso_api_settings.panel"]);
    expect(lines(await world.plan(ipressoManifest({ ipresso_user_group: { shop: shopGroup } })))).not.toContain(
      "update ipresso_api_settings.panel",
    );
  });

  test("a form that has another user in it is not saved", async () => {
    const world = await worldWith(both);
    const changed = ipressoManifest(shop({ surname: "Sync" }));
    rewriting(world, (path, response) =>
      /api-users\/\d+$/.test(path)
        ? {
            ...response,
            body: response.body.replace(
              'name="surname" type="text" value=""',
              'name="surname" type="text" value="Another"',
            ),
          }
        : response,
    );
    const { steps } = await world.apply(changed);
    expect(steps.map(({ result, because }) => [result, because])).toEqual([
      ["failed", expect.stringContaining('Surname is "Another" instead of ""')],
    ]);
    expect(world.user("shop.two")?.surname).toBe("");
  });
});
