import { describe, expect, test } from "vitest";
import { type Attributes, applied, lines, refusalOf } from "./world/conformance-world.ts";
import { MomentusWorld, momentusManifest, worldWith } from "./world/momentus-world.ts";

/** What momentus-rules.test.ts leaves open of users, roles and memberships. */

const cora: Attributes = { id: "CDAY", display_name: "Cora Day" };
const dora: Attributes = { id: "DDAY", display_name: "Dora Day" };
const sisters = (coraLogin: string, doraLogin: string): string =>
  momentusManifest({
    momentus_user: { cora: { ...cora, login_id: coraLogin }, dora: { ...dora, login_id: doraLogin } },
  });

describe("momentus users", () => {
  test("MOM-21 letter case makes no other login", async () => {
    const world = new MomentusWorld();
    const text = momentusManifest({ momentus_user: { cora: { ...cora, login_id: "agreen" } } });
    await world.trust(text);
    expect(await refusalOf(world.plan(text))).toContain('the login "agreen" belongs to the user AGREEN (MOM-21)');
  });

  test("MOM-21 a login may be taken over from a user that gets another one in the same plan", async () => {
    const world = await worldWith(sisters("cday", "dday"));
    const plan = await world.plan(sisters("dday", "dora.day"));
    expect(lines(plan)).toEqual(["update momentus_user.cora", "update momentus_user.dora"]);
    expect(await refusalOf(world.plan(sisters("dday", "dday")))).toContain("belongs to the user DDAY (MOM-21)");
  });

  test("MOM-22 a user is made after the role that is its group, whatever their names", async () => {
    const text = momentusManifest({
      momentus_user: { cora: { ...cora, group: "${momentus_role.audit}" } },
      momentus_role: { audit: { id: "AUDIT", display_name: "Auditors" } },
    });
    const world = new MomentusWorld();
    await world.trust(text);
    const { steps } = await world.plan(text);
    const made = steps.find(({ address }) => address === "momentus_user.cora");
    expect(made?.needs).toEqual(["momentus_role.audit/create"]);
    const roleless = { ...cora, group: "${momentus_user.dora}" };
    expect(() => world.manifest(momentusManifest({ momentus_user: { cora: roleless, dora } }))).toThrow();
  });

  test("MOM-23 a membership that goes away while the plan is applied is not removed once more", async () => {
    const text = momentusManifest({ momentus_user_role: { it: { user: "AGREEN", role: "OPS" } } });
    const world = await worldWith(text);
    let reads = 0;
    world.rewrite = (path) => {
      if (!path.endsWith("/UserRoles/AGREEN/OPS")) return;
      reads += 1;
      world.momentus.store.prod.userRoles.remove("AGREEN/OPS", world.clock.now());
    };
    await applied(world, momentusManifest({}), { allowDeletions: 1 });
    expect(reads).toBeGreaterThan(0);
    expect(world.writes()).toEqual(["userRoles/add"]);
  });
});
