import { exitCodes, Fault, Refusal } from "../diagnostic.ts";
import { launchBrowser } from "../hands/browser/launch.ts";
import { pageOptions } from "../hands/browser/open.ts";
import { labelsOf } from "../hands/walk.ts";
import { consoleLoginMs } from "../limits.ts";
import { phrase } from "../render/visible.ts";
import type { Label } from "../screen.ts";
import type { Secret } from "../secret.ts";
import type { Console, SharedOptions } from "./command.ts";
import { type ConsoleSystem, consoleSystem } from "./console-system.ts";
import { type Session, withLock, withSession } from "./session.ts";

/** A person signs in at a window, and their session goes into its sink. */
export async function signInAtWindow(console: Console, options: SharedOptions, name: string): Promise<number> {
  return withSession(console, options, {}, async (session) => {
    const system = consoleSystem(session, name);
    const target = targetOf(system);
    session.workspace.assertTrusted();
    const kept = await sessionOfPerson(session, system);
    await withLock(session, "console login", () => keep(session, target, kept));
    console.write(
      `Signed in to ${phrase(name)}. The session is in ${phrase(`${target.sink}:${target.path}`)} until the console ends it.\n`,
    );
    return exitCodes.done;
  });
}

function targetOf({ config: { name, consoleSession } }: ConsoleSystem): { sink: string; path: string } {
  if (consoleSession === undefined) {
    const message = `the manifest does not say where a session of ${name} is kept`;
    throw new Refusal([
      { message, remedy: `write console_session: SINK:PATH for ${name}, then: steward trust ${name}` },
    ]);
  }
  const colon = consoleSession.indexOf(":");
  return { sink: consoleSession.slice(0, colon), path: consoleSession.slice(colon + 1) };
}

async function sessionOfPerson(session: Session, { config, how, browsers }: ConsoleSystem): Promise<Secret> {
  const { console, options, workspace } = session;
  const opening = browsers.consoleOf(config, how, workspace.accessTo(config.name));
  const atWindow = console.world?.atWindow;
  const { place, origins, proxy, slowMoMs } = opening;
  const browser = await launchBrowser(place, {
    ...{ origins, headed: atWindow === undefined, isForPerson: true },
    ...(proxy === undefined ? {} : { proxy }),
    ...(slowMoMs === undefined ? {} : { slowMoMs }),
  });
  const end = (): void => void browser.close().catch(() => undefined);
  console.stop.addEventListener("abort", end, { once: true });
  try {
    const page = await browser.open({ ...pageOptions(opening), isForPerson: true });
    if (options.format !== "json")
      console.note(`Sign in to ${phrase(config.name)} in the window that opens: ${phrase(config.url)}\n`);
    await page.open(config.url).catch(signInIsAskedFor);
    const [isIn] = await Promise.all([
      page.untilSignedIn(firstControls(how.pages(config)), consoleLoginMs),
      atWindow?.(page),
    ]);
    if (!isIn) throw notSignedIn(config.name);
    return await page.session();
  } catch (error) {
    console.stop.throwIfAborted();
    throw error;
  } finally {
    console.stop.removeEventListener("abort", end);
    await browser.close();
  }
}

/** That the sign-in page comes is what is wanted. */
function signInIsAskedFor(error: unknown): void {
  if (!(error instanceof Fault) || !["unauthorized", "page"].includes(error.details.code ?? "")) throw error;
}

function notSignedIn(name: string): Fault {
  const minutes = consoleLoginMs / 60_000;
  return new Fault(`nobody had signed in to ${name} after ${minutes} minutes`, {
    ...{ happened: "no", code: "sign-in", on: name },
    remedy: `steward console login ${name}; where you were signed in and it did not see that: steward console check ${name}`,
  });
}

/** By what a page of the console is told. */
function firstControls(pages: ReturnType<ConsoleSystem["how"]["pages"]>): Label[] {
  return pages.flatMap(({ acts, shows }) => [...labelsOf(acts), ...shows].slice(0, 1));
}

/** Puts the session where it is kept, in place of the former one. */
async function keep({ workspace }: Session, target: { sink: string; path: string }, session: Secret): Promise<void> {
  const issueId = `console-session.${Buffer.from(workspace.io.random.bytes(8)).toString("hex")}`;
  await workspace.secrets.put({ ...target, issueId }, session);
  await workspace.secrets.promote({ ...target, issueId });
}
