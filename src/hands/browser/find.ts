import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { platform } from "node:os";
import { posix, win32 } from "node:path";
import { Fault } from "../../diagnostic.ts";
import { packagedBrowser } from "./packaged.ts";

/** A browser that can be started. */
export interface FoundBrowser {
  path: string;
  from: "STEWARD_BROWSER" | "installed" | "package";
  /** Flags that it does not run without. */
  flags: string[];
  /** Whether it can show a window, and whether its sandbox works. */
  hasWindow: boolean;
  hasSandbox: boolean;
}

/** The machine, as far as looking for a browser needs it. */
export interface BrowserPlace {
  /** Environment variables of the process. */
  variables: Readonly<Record<string, string | undefined>>;
  /** As `os.platform()` names it. */
  platform: string;
  /** Whether a file is there that we may start. */
  canStart(path: string): Promise<boolean>;
  /** Path of the browser that an npm package brings along; undefined where it does not. */
  packaged(): Promise<string | undefined>;
  /** Folder in which npm packages are looked for before those beside this program. Absolute. */
  packages?: string;
  /** Does something while temporary files go where they are found again; the usual place when left out. */
  around?<T>(work: () => Promise<T>): Promise<T>;
}

/** This machine. */
export function thisPlace(
  variables: BrowserPlace["variables"],
  around?: BrowserPlace["around"],
  packages?: string,
): BrowserPlace {
  const own = { ...(around ? { around } : {}), ...(packages === undefined ? {} : { packages }) };
  return { variables, platform: platform(), canStart, packaged: () => packagedBrowser(packages), ...own };
}

async function canStart(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const remedy =
  "install Chrome, Chromium or Edge, or name one in STEWARD_BROWSER; on Linux with an x64 processor `npm install @sparticuz/chromium` brings one; or have people do the work: hand: person";

/**
 * Looks for a browser: the one that STEWARD_BROWSER names, an installed Chrome, Chromium or Edge, one from npm. Throws a Fault
 * that says how to get one.
 */
export async function findBrowser(place: BrowserPlace): Promise<FoundBrowser> {
  const named = place.variables.STEWARD_BROWSER ?? "";
  if (named !== "") {
    if (await place.canStart(named)) return ordinary(named, "STEWARD_BROWSER");
    const message = "STEWARD_BROWSER names no program that can be started";
    throw new Fault(message, { happened: "no", code: "browser", remedy: "give the path of Chrome, Chromium or Edge" });
  }
  for (const path of usualPlaces(place)) if (await place.canStart(path)) return ordinary(path, "installed");
  const packaged = await place.packaged();
  if (packaged === undefined) throw new Fault("there is no browser", { happened: "no", code: "browser", remedy });
  // Made for machines without a display, and built without a sandbox.
  return { path: packaged, from: "package", flags: ["--no-zygote"], hasWindow: false, hasSandbox: false };
}

function ordinary(path: string, from: FoundBrowser["from"]): FoundBrowser {
  return { path, from, flags: [], hasWindow: true, hasSandbox: true };
}

/** Chrome first, then Chromium, then Edge. */
function usualPlaces(place: BrowserPlace): string[] {
  if (place.platform === "win32") return windowsPlaces(place.variables);
  if (place.platform === "darwin") return macPlaces(place.variables);
  return linuxPlaces(place.variables);
}

function windowsPlaces(variables: BrowserPlace["variables"]): string[] {
  const roots = [variables.ProgramFiles, variables["ProgramFiles(x86)"], variables.LOCALAPPDATA];
  const programs = [
    ["Google", "Chrome", "Application", "chrome.exe"],
    ["Chromium", "Application", "chrome.exe"],
    ["Microsoft", "Edge", "Application", "msedge.exe"],
  ];
  return programs.flatMap((program) => roots.flatMap((root) => (root ? [win32.join(root, ...program)] : [])));
}

function macPlaces({ HOME }: BrowserPlace["variables"]): string[] {
  const roots = ["/Applications", ...(HOME ? [posix.join(HOME, "Applications")] : [])];
  const programs = ["Google Chrome", "Chromium", "Microsoft Edge"];
  return programs.flatMap((name) => roots.map((root) => `${root}/${name}.app/Contents/MacOS/${name}`));
}

function linuxPlaces({ PATH }: BrowserPlace["variables"]): string[] {
  const folders = (PATH ?? "").split(":").filter((folder) => posix.isAbsolute(folder));
  const programs = [
    ...["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"],
    ...["microsoft-edge", "microsoft-edge-stable"],
  ];
  const fixed = ["/opt/google/chrome/chrome", "/snap/bin/chromium", "/opt/microsoft/msedge/msedge"];
  return [...programs.flatMap((name) => folders.map((folder) => posix.join(folder, name))), ...fixed];
}
