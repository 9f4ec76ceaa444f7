import { createRequire } from "node:module";
import { userInfo } from "node:os";
import type { Browser, BrowserType } from "playwright-core";
import { Fault } from "../../diagnostic.ts";
import { browserStartMs } from "../../limits.ts";
import type { Secret } from "../../secret.ts";
import { type BrowserPlace, type FoundBrowser, findBrowser } from "./find.ts";
import { pathOfPackage } from "./packages.ts";
import { BrowserPage, type BrowserPageOptions } from "./page.ts";
import { parseSession } from "./session.ts";

export interface LaunchOptions {
  /** Every origin that any page of this browser may reach. */
  origins: readonly string[];
  /** Shows a window. */
  headed?: boolean;
  /** Waits so long before each act, for somebody who looks on. */
  slowMoMs?: number;
  /** URL of an HTTP proxy. */
  proxy?: string;
  /** A person signs in there, which may lead to any site. */
  isForPerson?: boolean;
}

/** A page, and the session that it begins with. */
interface OpenPageOptions extends BrowserPageOptions {
  session?: Secret;
}

/** A browser that runs, with a profile of its own that goes when it ends. */
export class RunningBrowser {
  readonly found: FoundBrowser;
  readonly #browser: Browser;
  /** Whether pages are kept from other sites one request at a time. */
  readonly #isGuarded: boolean;

  constructor(browser: Browser, found: FoundBrowser, isGuarded: boolean) {
    this.#browser = browser;
    this.found = found;
    this.#isGuarded = isGuarded;
  }

  /** As the browser itself says it. */
  get version(): string {
    return this.#browser.version();
  }

  /** A page with cookies of its own. It loads nothing from other hosts than the consoles', and keeps no files. */
  async open({ session, ...options }: OpenPageOptions): Promise<BrowserPage> {
    const context = await this.#browser.newContext({
      ...{ acceptDownloads: false, serviceWorkers: "block", locale: "en-US", colorScheme: "light" },
      viewport: { width: 1280, height: 900 },
      ...(session ? { storageState: parseSession(session, options.on) } : {}),
    });
    // Without a proxy no other name is looked up at all (see `resolverRules`). Routing would switch the browser's cache off.
    if (this.#isGuarded) {
      const ours = [options.origin, ...(options.otherOrigins ?? [])];
      await context.route(
        ({ protocol, origin }) => /^https?:$/.test(protocol) && !ours.includes(origin),
        (route) => route.abort("blockedbyclient"),
      );
    }
    return new BrowserPage(await context.newPage(), options);
  }

  /** Ends it, and its profile with it. */
  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** Starts a browser. Throws a Fault when there is none or it does not start. Playwright is loaded only here. */
export async function launchBrowser(place: BrowserPlace, options: LaunchOptions): Promise<RunningBrowser> {
  const chromium = playwright(place);
  const found = await findBrowser(place);
  if (options.headed) assertWindow(place, found);
  const around = place.around ?? ((work) => work());
  const browser = await around(() => start(chromium, found, options, place.variables));
  return new RunningBrowser(browser, found, options.proxy !== undefined && !options.isForPerson);
}

/** A window needs a browser that can show one, and a display. */
function assertWindow({ platform, variables }: BrowserPlace, { hasWindow }: FoundBrowser): void {
  if (!hasWindow) {
    const message = "the browser from npm cannot show a window";
    const remedy = "install Chrome, Chromium or Edge, or name one in STEWARD_BROWSER";
    throw new Fault(message, { happened: "no", code: "browser", remedy });
  }
  const needsDisplay = platform !== "win32" && platform !== "darwin";
  if (!needsDisplay || variables.DISPLAY || variables.WAYLAND_DISPLAY) return;
  throw new Fault("there is no display here on which a window could show", {
    ...{ happened: "no", code: "browser" },
    remedy: "run it where somebody sits at a screen, with DISPLAY or WAYLAND_DISPLAY set, or leave --headed out",
  });
}

function playwright({ packages }: BrowserPlace): BrowserType {
  const path = pathOfPackage("playwright-core", packages);
  if (path === undefined) {
    throw new Fault("playwright-core is not installed, by which Steward drives a browser", {
      ...{ happened: "no", code: "browser" },
      remedy: `npm install playwright-core${packages === undefined ? "" : " in the folder that this runs in"}, or have people do the work: hand: person`,
    });
  }
  // As a CommonJS module, which it is: a bundle has no other way to a package that lies elsewhere.
  return (createRequire(import.meta.url)(path) as typeof import("playwright-core")).chromium;
}

async function start(
  chromium: BrowserType,
  found: FoundBrowser,
  { headed = false, slowMoMs, proxy, origins, isForPerson = false }: LaunchOptions,
  variables: BrowserPlace["variables"],
): Promise<Browser> {
  try {
    return await chromium.launch({
      ...{ executablePath: found.path, headless: !headed, timeout: browserStartMs, env: ownVariables(variables) },
      // Ctrl-C is ours to act on: a step that has begun is brought to its end.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      // Chrome does not start as root with its sandbox.
      chromiumSandbox: found.hasSandbox && userInfo().uid !== 0,
      args: [...found.flags, ...(proxy === undefined && !isForPerson ? [resolverRules(origins)] : [])],
      ...(slowMoMs === undefined ? {} : { slowMo: slowMoMs }),
      ...(proxy === undefined ? {} : { proxy: proxyOf(proxy) }),
    });
  } catch {
    // The error holds the command line, and that perhaps the proxy's password.
    throw new Fault(`the browser ${found.path} does not start`, {
      ...{ happened: "no", code: "browser" },
      remedy: "start it by hand and look what it says, or name another one in STEWARD_BROWSER",
    });
  }
}

/** Other hosts lead nowhere, so that not even a redirect leaves the consoles. With a proxy it is the proxy that looks names up. */
function resolverRules(origins: readonly string[]): string {
  const hosts = new Set(origins.map((origin) => new URL(origin).hostname));
  return `--host-resolver-rules=MAP * ~NOTFOUND${[...hosts].map((host) => ` , EXCLUDE ${host}`).join("")}`;
}

function proxyOf(url: string): { server: string; username?: string; password?: string } {
  const { username, password, origin } = new URL(url);
  if (username === "") return { server: origin };
  return { server: origin, username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** What a browser needs of the environment. Everything else may hold secrets. */
const needed =
  /^(?:PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_\w+|TZ|DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|XDG_\w+|FONTCONFIG_\w+|SYSTEMROOT|WINDIR|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES.*|DBUS_SESSION_BUS_ADDRESS)$/i;

function ownVariables(variables: BrowserPlace["variables"]): Record<string, string> {
  const kept = Object.entries(variables).filter((entry): entry is [string, string] => {
    return needed.test(entry[0]) && entry[1] !== undefined;
  });
  return Object.fromEntries(kept);
}
