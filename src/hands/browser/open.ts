import { Fault } from "../../diagnostic.ts";
import type { Disk } from "../../io.ts";
import type { Label, SignIn } from "../../screen.ts";
import type { Secret } from "../../secret.ts";
import type { Evidence } from "../console.ts";
import type { OpenConsole } from "../desk.ts";
import type { EvidenceRuns } from "../evidence-runs.ts";
import type { SignInDesk } from "../sign-in.ts";
import { PictureFolder } from "./evidence.ts";
import type { BrowserPlace } from "./find.ts";
import { type LaunchOptions, launchBrowser } from "./launch.ts";
import type { BrowserPage } from "./page.ts";

/** The console of one system, and how a browser gets in there. */
export interface BrowserConsole extends Pick<LaunchOptions, "headed" | "slowMoMs" | "proxy"> {
  /** Name of the configured system. */
  system: string;
  /** Where the console is; the first is where one signs in. */
  origins: readonly string[];
  how: SignIn;
  labels: readonly Label[];
  place: BrowserPlace;
  /** The account that signs in; undefined where the manifest names none. */
  account(): Promise<SignInDesk | undefined>;
  /** The session that a person left; undefined where there is none or it cannot be read. */
  session(): Promise<Secret | undefined>;
  /** Whether a session of a person can be kept for this system. */
  keepsSession: boolean;
  evidence?: { runs: EvidenceRuns; disk: Disk };
  waitMs?: number;
  trace?(line: string): void;
}

/**
 * Opens the console of one system in a browser of its own: with the Chromium from npm, a second context may hang. Throws a Fault
 * when there is no browser, or none that starts, and before that when what one signs in with is not there.
 */
export async function openBrowserConsole(console: BrowserConsole): Promise<OpenConsole> {
  const { place, headed, slowMoMs, proxy, origins } = console;
  const session = await console.session();
  if (!session) await console.account();
  const browser = await launchBrowser(place, {
    origins,
    ...(headed ? { headed } : {}),
    ...(slowMoMs === undefined ? {} : { slowMoMs }),
    ...(proxy === undefined ? {} : { proxy }),
  });
  try {
    const page = await browser.open({ ...pageOptions(console), ...(session ? { session } : {}) });
    return { page, signIn: () => signIn(console, page), ...pictures(console, page), close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** How a page of this console is read, whoever signs in. */
export function pageOptions({ system, origins, how, labels, waitMs, trace }: BrowserConsole) {
  const [origin = "", ...otherOrigins] = origins;
  return {
    ...{ origin, otherOrigins, on: system, signIn: how, secrets: labels.filter(({ secret }) => secret) },
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(trace ? { trace } : {}),
  };
}

function pictures({ evidence }: BrowserConsole, page: BrowserPage): Pick<OpenConsole, "evidence" | "stopped"> {
  if (!evidence) return {};
  const { runs, disk } = evidence;
  const keeping = (name: string): Evidence => new PictureFolder(page, disk, () => runs.folderFor(name), runs);
  return {
    evidence: keeping,
    // What is only read makes a picture where it stops, and none else.
    stopped: (name) => {
      const folder = keeping(name);
      return { keep: async (what) => (what === "stopped" ? folder.keep(what) : undefined) };
    },
  };
}

/** By the account, where there is one and the page asks for it; else it is up to a person. */
async function signIn(console: BrowserConsole, page: BrowserPage): Promise<void> {
  const account = await console.account();
  if (!account) throw personNeeded(console, "nothing is known to sign in with");
  if (!(await page.has(console.how.password))) throw personNeeded(console, "the sign-in page is another one");
  try {
    await account.signIn(page);
  } catch (error) {
    const isRefused = error instanceof Fault && error.details.code === "unauthorized";
    if (!isRefused || !console.keepsSession) throw error;
    throw personNeeded(console, error.message);
  }
}

/** Only a person gets in: exit code 3. */
function personNeeded({ system, keepsSession, origins }: BrowserConsole, because: string): Fault {
  const how = keepsSession ? "" : `write console_session: SINK:PATH for ${system} in the manifest, then `;
  return new Fault(`somebody has to sign in to the console of ${system}: ${because}`, {
    ...{ happened: "no", code: "sign-in", on: system, at: origins[0] ?? "" },
    remedy: `${how}steward console login ${system}`,
  });
}
