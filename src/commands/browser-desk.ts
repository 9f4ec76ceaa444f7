import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ConsoleDescription, Finding, SystemAccess } from "../connectors/connector.ts";
import { Fault } from "../diagnostic.ts";
import { accountDesk } from "../hands/account.ts";
import { type BrowserPlace, thisPlace } from "../hands/browser/find.ts";
import type { BrowserConsole } from "../hands/browser/open.ts";
import { ConsoleDesk, type OpenConsole } from "../hands/desk.ts";
import { EvidenceRuns } from "../hands/evidence-runs.ts";
import type { SignInDesk } from "../hands/sign-in.ts";
import type { Disk } from "../io.ts";
import { assertNoLink, linklessDisk } from "../linkless-disk.ts";
import type { Manifest, SystemConfig } from "../manifest/manifest.ts";
import { BrowserFolder } from "../platform/browser-folder.ts";
import { environmentProxy } from "../platform/proxy.ts";
import type { Secret } from "../secret.ts";
import type { BrowserFlags, Console } from "./command.ts";

/** What browsers of one command share. */
interface BrowserUse {
  console: Console;
  options: BrowserFlags;
  manifest: Manifest;
  disk: Disk;
  /** The time of the command, for the names of folders. */
  now(): string;
}

/** The browsers of one command: one for each console, opened when it is first used. */
export class BrowserDesks {
  readonly evidence: EvidenceRuns;
  readonly #use: BrowserUse;
  readonly #folder = new BrowserFolder();
  /** Every console that is open or being opened. */
  readonly #opened = new Set<Promise<OpenConsole>>();

  constructor(use: BrowserUse) {
    this.#use = use;
    this.evidence = new EvidenceRuns({
      ...{ disk: linklessDisk(use.disk, use.manifest.folder), folder: evidenceFolder(use.manifest), now: use.now },
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
    const { console, options, disk, manifest } = this.#use;
    const signIn = how.signIn(system);
    const proxy = system.proxy ?? environmentProxy(system.url, console.environmentVariables);
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
      ...(options.headed ? { headed: true } : {}),
      ...(options.slowMo === undefined ? {} : { slowMoMs: options.slowMo }),
      ...(options.waitMs === undefined ? {} : { waitMs: options.waitMs }),
      ...(proxy === undefined ? {} : { proxy }),
    };
  }

  /** Which browser there is, and whether it starts. */
  async examine(): Promise<Finding[]> {
    const { launchBrowser } = await import("../hands/browser/launch.ts");
    const { headed = false } = this.#use.options;
    const browser = await launchBrowser(this.#place(), { origins: [], headed });
    const { found, version } = browser;
    await browser.close();
    const from = found.from === "package" ? "from npm" : found.from;
    return [{ level: "ok", message: `Chromium ${version} starts (${from}): ${found.path}` }];
  }

  #place(): BrowserPlace {
    return thisPlace(this.#use.console.environmentVariables, (work) => this.#folder.around(work));
  }

  /** Ends every browser that is still open, and what they kept. Never throws. */
  async close(): Promise<void> {
    for (const opening of this.#opened) await opening.then((opened) => opened.close()).catch(() => undefined);
    this.#opened.clear();
    await this.#folder.remove();
  }

  async #open(browserConsole: BrowserConsole): Promise<OpenConsole> {
    const { openBrowserConsole } = await import("../hands/browser/open.ts");
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

/** Where the pictures of an environment lie. */
function evidenceFolder({ folder, environment }: Pick<Manifest, "folder" | "environment">): string {
  return join(folder, ".steward", "evidence", environment);
}
