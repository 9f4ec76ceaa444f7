import { describe, expect, test } from "vitest";
import { fuel, makeSite, refusalOf } from "./veson-fixture.ts";
import type { Resources } from "./world/conformance-world.ts";
import { IpressoWorld, ipressoManifest } from "./world/ipresso-world.ts";

/** Names that a page would show otherwise than they were typed: an object of such a name is made and never found again. */

const wrong = [" outer", "outer ", "two  blanks", "no\u00a0break", "a\u200bb", "a\tb", "turned\u202Eround"];
const right = ["shop.sync", "Two words", "Zażółć gęślą", "a-b_c@d", "x"];

type Named = (name: string) => Resources;
const user = { email: "a@coffee.example", groups: ["Staff"], allowed_addresses: ["any"] };
const veson: [string, Named][] = [
  ["veson_user.user_name", (name) => ({ veson_user: { one: { ...fuel, user_name: name } } })],
  ["veson_user.full_name", (name) => ({ veson_user: { one: { ...fuel, full_name: name } } })],
  ["veson_group.group_name", (name) => ({ veson_group: { one: { group_name: name } } })],
];
const ipresso: [string, Named][] = [
  ["ipresso_api_user.login", (name) => ({ ipresso_api_user: { one: { ...user, login: name } } })],
  ["ipresso_user_group.name", (name) => ({ ipresso_user_group: { one: { name, permissions: ["GET contact"] } } })],
];

const attributeOf = (name: string): string => name.slice(name.indexOf(".") + 1);

describe("names with blanks or signs that no page shows", () => {
  test.each(veson)("of %s are refused, others are not", async (name, named) => {
    for (const one of wrong) {
      const refused = refusalOf(makeSite(named(one)));
      expect([one, (await refused)[0]]).toEqual([
        one,
        expect.stringContaining(`${attributeOf(name)} is not in the form`),
      ]);
    }
    for (const one of right) expect([one, await refusalOf(makeSite(named(one)))]).toEqual([one, []]);
  });

  test.each(ipresso)("of %s are refused, others are not", async (name, named) => {
    const read = async (one: string) => new IpressoWorld().manifest(ipressoManifest(named(one)));
    for (const one of wrong) {
      expect([one, (await refusalOf(read(one)))[0]]).toEqual([
        one,
        expect.stringContaining(`${attributeOf(name)} is not in the form`),
      ]);
    }
    for (const one of right) expect([one, await refusalOf(read(one))]).toEqual([one, []]);
  });
});
