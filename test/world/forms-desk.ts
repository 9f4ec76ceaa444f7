import type { SystemAccess } from "../../src/connectors/connector.ts";
import type { ConsoleDescription } from "../../src/connectors/console.ts";
import { accountDesk } from "../../src/hands/account.ts";
import { ConsoleDesk } from "../../src/hands/desk.ts";
import { FormsConsole } from "../../src/hands/forms/console.ts";
import { sendOver } from "../../src/hands/forms/over-transport.ts";
import type { SystemConfig } from "../../src/manifest/manifest.ts";

/** The console of a system without a browser: its pages are read and its forms sent over the world's own transport. */
export function formsDesk(system: SystemConfig, how: ConsoleDescription, access: SystemAccess): ConsoleDesk {
  return new ConsoleDesk(async () => {
    const { origin } = new URL(system.url);
    const signIn = how.signIn(system);
    const page = new FormsConsole(sendOver(access.io.transport, origin), { origin, on: system.name, signIn });
    const desk = await accountDesk(signIn, system, access);
    return { page, ...(desk ? { signIn: () => desk.signIn(page) } : {}), close: async () => undefined };
  });
}
