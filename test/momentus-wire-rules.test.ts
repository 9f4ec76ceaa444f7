import { describe, expect, test } from "vitest";
import { failureIn, valueIn } from "../src/connectors/momentus/answer.ts";
import { type Attributes, applied, lines, refusalOf } from "./world/conformance-world.ts";
import { faultOf, MomentusWorld, momentusManifest, worldWith } from "./world/momentus-world.ts";

/** What momentus-rules.test.ts leaves open of the wire: each rule's less common halves. */

const withUser = (more: Attributes = {}): string =>
  momentusManifest({ momentus_user: { cora: { id: "CDAY", display_name: "Cora Day", ...more } } });
const metadata = "x-searchmetadata";

/** Changes the metadata of the lists whose path has this text. */
function rewriteMetadata(world: MomentusWorld, part: string, change: (text: string) => string): void {
  world.rewrite = (path, headers) => {
    if (path.includes(part)) headers[metadata] = change(String(headers[metadata]));
  };
}

describe("momentus on the wire", () => {
  test("MOM-13 an answer 204 without a body is a success that says nothing", () => {
    const response = { status: 204, headers: {}, body: "" };
    const circumstances = { skewMs: 0, serialNumber: undefined, clean: (text: string) => text };
    expect(failureIn(response, circumstances)).toBeUndefined();
    expect(valueIn(response)).toBeUndefined();
  });

  test("MOM-13 a 401 is told with the text of WWW-Authenticate, without Secret, Key and token", async () => {
    const world = new MomentusWorld();
    const { secret, key } = world.momentus.world.apiUser.prod;
    world.momentus.store.changeApiUser("prod", "STEWARD", { isRetired: true });
    world.rewrite = (_path, headers) => {
      const bare = key.toUpperCase().replaceAll("-", "");
      headers["www-authenticate"] =
        `Bearer error_description="no ${secret} ${bare} eyJhbGciOiJIUzI1NiJ9.eyJ4IjoxfQ.c2ln"`;
    };
    const fault = await faultOf(world, withUser());
    expect(fault).toContain('it does not accept the credentials: "no (secret) (secret) (token)"');
  });

  test("MOM-14 options of a search are joined by $", async () => {
    const world = await worldWith(withUser());
    const searches = world.requests.filter(({ path }) => path.includes("/Users?"));
    expect(new Set(searches.map(({ path }) => path))).toEqual(new Set(["/prod/api/v1/Users?search=All$page_size=500"]));
  });

  test("MOM-14 a link to another path of the same host is not followed", async () => {
    const world = new MomentusWorld({ users: 7, pageSizeMax: 2 });
    rewriteMetadata(world, "/Users?", (text) => text.replaceAll("/api/v1/Users?", "/api/v1/Invoices?"));
    expect(await faultOf(world, withUser())).toMatch(/^misplaced: the next page of a list lies at another address/);
    expect(world.requests.filter(({ path }) => path.includes("/Invoices"))).toEqual([]);
  });

  test("MOM-14 pages that lead back to an earlier one end with a fault", async () => {
    const world = new MomentusWorld();
    const first = "https://venue.test/prod/api/v1/Users?search=All$page_size=500";
    let left = 20;
    rewriteMetadata(world, "/Users?", (text) => {
      left -= 1;
      return left < 0 ? text : text.replace('"Next":null', `"Next":"${first}"`);
    });
    expect(await faultOf(world, withUser())).toMatch(/^broken: the pages of Users do not end/);
    expect(left).toBe(19);
  });

  test("MOM-14 a search that may be incomplete does not show that a user is gone", async () => {
    const world = await worldWith(withUser());
    world.momentus.store.prod.users.remove("CDAY", world.clock.now());
    world.rewrite = (path, headers) => {
      if (path.includes("search=ID")) delete headers[metadata];
    };
    expect(await faultOf(world, withUser())).toMatch(/^absent: it refused \(HTTP 404\)/);
  });

  test("MOM-14 a quote in an ID is doubled in the search for it", async () => {
    const text = withUser({ id: "O'DAY" });
    const world = await worldWith(text);
    world.momentus.store.prod.users.remove("O'DAY", world.clock.now());
    expect(lines(await world.plan(text))).toEqual(["held create momentus_user.cora"]);
    expect(world.requests.filter(({ path }) => path.includes("search=ID%20eq%20%27O%27%27DAY%27"))).toHaveLength(1);
  });

  test("MOM-15 letter case makes no other role, nor another one of a membership", async () => {
    const role = { id: "ops", display_name: "Operations" };
    const text = momentusManifest({ momentus_role: { ops: role } });
    const world = new MomentusWorld();
    await world.trust(text);
    expect(await refusalOf(world.plan(text))).toContain("(id OPS), and Steward did not make it");
    const pair = momentusManifest({ momentus_user_role: { it: { user: "agreen", role: "ops" } } });
    expect(lines(await world.plan(pair))).toEqual(["create momentus_user_role.it"]);
  });

  test("MOM-24 not even a new user with an address gets a mail", async () => {
    const world = await worldWith(withUser({ email: "cora@venue.example" }));
    await applied(world, withUser({ email: "cora@venue.example", display_name: "Cora M. Day" }));
    expect(world.requests.filter(({ path }) => /email/i.test(path))).toEqual([]);
  });
});
