import { rm } from "node:fs/promises";
import type { Finding, SystemAccess } from "./connectors/connector.ts";
import type { ConsoleDescription } from "./connectors/console.ts";
import { Fault } from "./diagnostic.ts";
import { accountDesk } from "./hands/account.ts";
import { type BrowserPlace, thisPlace } from "./hands/browser/find.ts";
import type { BrowserConsole } from "./hands/browser/open.ts";
import { ConsoleDesk, type OpenConsole } from "./hands/desk.ts";
import { EvidenceRuns } from "./hands/evidence-runs.ts";
import type { SignInDesk } from "./hands/sign-in.ts";
import type { Disk } from "./io.ts";
import { assertNoLink, linklessDisk } from "./linkless-disk.ts";
import type { Manifest, SystemConfig } from "./manifest/manifest.ts";
import { BrowserFolder } from "./platform/browser-folder.ts";
import { environmentProxy } from "./platform/proxy.ts";
import type { Secret } from "./secret.ts";

/** How browsers show what they do. */
export interface BrowserFlags {
  /** Shows a window. */
  headed?: boolean;
  /** Milliseconds before each act, for whoever looks on. */
  slowMo?: number;
  /** How long a control may take to appear; no option says so. */
  waitMs?: number;
}

/** What browsers of one command share, or of one walk of Terraform. */
interface BrowserUse {
  environmentVariables: Readonly<Record<string, string | undefined>>;
  flags: BrowserFlags;
  manifest: Manifest;
  disk: Disk;
  /** The time of the command, for the names of folders. */
  now(): string;
  /** Where the pictures of an environment lie, inside the manifest's folder. Absolute. */
  evidenceFolder: string;
  /** Folder in which the npm packages of browsers are looked for before those beside this program. Absolute. */
  packages?: string;
}

/** The browsers of one command or walk: one for each console, opened when it is first used. */
export class BrowserDesks {
  readonly evidence: EvidenceRuns;
  readonly #use: BrowserUse;
  readonly #folder = new BrowserFolder();
  /** Every console that is open or being opened. */
  readonly #opened = new Set<Promise<OpenConsole>>();

  constructor(use: BrowserUse) {
    this.#use = use;
    this.evidence = new EvidenceRuns({
      ...{ disk: linklessDisk(use.disk, use.manifest.folder), folder: use.evidenceFolder, now: use.now },
      removeFolder: async (path) => {
        await assertNoLink(use.disk, use.manifest.folder, path);
        await rm(path, { recursive: true, force: true });
      },
    });
  }

  /** The console of a system. */
  deskOf(system: SystemConfig, how: ConsoleDescription, access: SystemAccess): ConsoleDesk {
    const { signal } = access;
    const open = async (): Promise<OpenConsole> => {
      const opened = await this.#open(this.consoleOf(system, how, access));
      signal.addEventListener("abort", () => void opened.close().catch(() => undefined), { once: true });
      return opened;
    };
    return new ConsoleDesk(open, system.name, signal);
  }

  /** What opening the console of a system takes. */
  consoleOf(system: SystemConfig, how: ConsoleDescription, access: SystemAccess): BrowserConsole {
    const { environmentVariables, flags, disk, manifest } = this.#use;
    const signIn = how.signIn(system);
    const proxy = system.proxy ?? environmentProxy(system.url, environmentVariables);
    let account: Promise<SignInDesk | undefined> | undefined;
    return {
      ...{ system: system.name, origins: how.origins(system), how: signIn, labels: how.labels(system) },
      place: this.#place(),
      account: () => {
        account ??= accountDesk(signIn, system, access);
        return account;
      },
      session: () => keptSession(system, access),
      keepsSession: system.consoleSession !== undefined,
      evidence: { runs: this.evidence, disk: linklessDisk(disk, manifest.folder) },
      trace: access.trace,
      ...(flags.headed ? { headed: true } : {}),
      ...(flags.slowMo === undefined ? {} : { slowMoMs: flags.slowMo }),
      ...(flags.waitMs === undefined ? {} : { waitMs: flags.waitMs }),
      ...(proxy === undefined ? {} : { proxy }),
    };
  }

  /** Which browser there is, and whether it starts. */
  async examine(): Promise<Finding[]> {
    const { launchBrowser } = await import("./hands/browser/launch.ts");
    const { headed = false } = this.#use.flags;
    const browser = await launchBrowser(this.#place(), { origins: [], headed });
    const { found, version } = browser;
    await browser.close();
    const from = found.from === "package" ? "from npm" : found.from;
    return [{ level: "ok", message: `Chromium ${version} starts (${from}): ${found.path}` }];
  }

  #place(): BrowserPlace {
    const { environmentVariables, packages } = this.#use;
    return thisPlace(environmentVariables, (work) => this.#folder.around(work), packages);
  }

  /** Ends every browser that is still open, and what they kept. Never throws. */
  async close(): Promise<void> {
    for (const opening of this.#opened) await opening.then((opened) => opened.close()).catch(() => undefined);
    this.#opened.clear();
    await this.#folder.remove();
  }

  async #open(browserConsole: BrowserConsole): Promise<OpenConsole> {
    const { openBrowserConsole } = await import("./hands/browser/open.ts");
    const opening = openBrowserConsole(browserConsole);
    this.#opened.add(opening);
    return opening;
  }
}

/** What a person who signed in left in a sink; undefined where nobody did. Throws a Fault where the sink cannot be read here. */
async function keptSession({ consoleSession }: SystemConfig, access: SystemAccess): Promise<Secret | undefined> {
  if (consoleSession === undefined) return undefined;
  try {
    return await access.secret({ $secret: { from: "sink", name: consoleSession } });
  } catch (error) {
    if (error instanceof Fault && error.details.code === "absent") return undefined;
    throw error;
  }
}
