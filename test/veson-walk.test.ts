import { expect, test } from "vitest";
import { FormsConsole } from "../src/hands/forms/console.ts";
import { SignInDesk } from "../src/hands/sign-in.ts";
import { walkConsole } from "../src/hands/walk.ts";
import { Secret } from "../src/secret.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { connector, VesonWorld, vesonManifest } from "./veson-fixture.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** What `steward console check` opens on a Veson site, and what it must not. */

async function walk(
  settings: Partial<VesonSimulatorOptions>,
  prepare: (simulator: VesonSimulator) => void,
  screens: Record<string, string> = {},
) {
  const clock = new VirtualClock();
  const simulator = new VesonSimulator({
    seed: 5,
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    ...settings,
  });
  prepare(simulator);
  const system = { ...new VesonWorld().manifest(vesonManifest({})).systems.veson!, screens };
  const how = connector.console!;
  const signIn = how.signIn(system);
  const { username, password, totpSecret } = simulator.world.admin;
  const account = { userName: username, password: new Secret(password), totp: new Secret(totpSecret) };
  const page = new FormsConsole((request) => simulator.handle(request), { origin: new URL(system.url).origin, signIn });
  const desk = new SignInDesk(signIn, account, clock);
  const findings = await walkConsole(
    page,
    { how: signIn, pages: how.pages(system), labels: how.labels(system) },
    { secret: () => Promise.reject(new Error("nothing is filled in")), signIn: () => desk.signIn(page) },
  );
  return { simulator, of: (key: string) => findings.find(({ label }) => label.key === key) };
}

test.each(["wide", "narrow"] as const)(
  "VES-14 a walk opens no panel on which a token may show: %s list",
  async (listColumns) => {
    const { simulator, of } = await walk({ listColumns, tokenReadableAgain: false }, ({ store }) => {
      // Whoever the list begins with.
      for (const { id } of store.users.values()) {
        if (store.user("g.lund")!.id === id) continue;
        store.changeUser(id, { token: "ab".repeat(32) });
        store.unreadTokens.add(id);
      }
    });
    const { store } = simulator;
    expect(store.unreadTokens.size).toBe(store.users.values().length - 1);
    expect(store.mutatingCalls).toEqual([]);
    expect(of("moduleRights")).toMatchObject(
      listColumns === "wide"
        ? { is: "found" }
        : { is: "not-reached", because: expect.stringMatching(/no row says in a column API Token .* \(VES-14\)/) },
    );
  },
);

test.each([{ changePassword: "Save" }, { changePassword: "Save > Change Password" }])(
  "a walk presses nothing that has the words of another button: %o",
  async (screens) => {
    const { simulator, of } = await walk({}, () => undefined, screens);
    const [key = ""] = Object.keys(screens);
    expect(simulator.store.mutatingCalls).toEqual([]);
    expect(of(key)).toMatchObject({ is: "not-reached", because: expect.stringContaining(`${key} has words of save`) });
  },
);
