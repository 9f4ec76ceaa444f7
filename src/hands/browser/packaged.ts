import { createReadStream, createWriteStream } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { arch, platform, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { Fault } from "../../diagnostic.ts";
import { pathOfPackage } from "./packages.ts";

/** As it is when the program begins: while another browser starts, temporary files go where its profile is, and so would a second one. */
const shared = tmpdir();

/**
 * Path of the Chromium of the package @sparticuz/chromium, which brings it compressed; undefined where the package is not
 * installed. The package itself would unpack it under a fixed name into the folder that all users share: another user's program
 * could lie there, or half of ours. So it goes into a folder of our own, and appears there in one piece. `packages`: a folder in which
 * the package is looked for first.
 */
export async function packagedBrowser(packages?: string): Promise<string | undefined> {
  if (platform() !== "linux" || arch() !== "x64") return undefined;
  const entry = pathOfPackage("@sparticuz/chromium", packages);
  // Its entry lies in build/cjs/.
  const found = entry && dirname(dirname(dirname(entry)));
  if (found === undefined) return undefined;
  const { version } = JSON.parse(await readFile(join(found, "package.json"), "utf8")) as { version: string };
  const folder = await ownFolder(join(shared, `steward-browser-${userInfo().uid}`));
  const path = join(folder, `chromium-${version}`);
  if (await isThere(path)) return path;
  const compressed = join(found, "bin", "chromium.br");
  if (!(await isThere(compressed))) return undefined;
  await removeAbandoned(folder);
  try {
    await unpack(compressed, folder, path);
  } catch (error) {
    throw notUnpacked(error, folder);
  }
  return path;
}

const unpackingPrefix = "unpacking-";
/** Nobody unpacks for so long: a minute is much. */
const unpackingMsMax = 3_600_000;

async function unpack(compressed: string, folder: string, path: string): Promise<void> {
  const fresh = await mkdtemp(join(folder, unpackingPrefix));
  try {
    const unpacked = join(fresh, "chromium");
    await pipeline(
      createReadStream(compressed),
      createBrotliDecompress(),
      createWriteStream(unpacked, { mode: 0o700 }),
    );
    await rename(unpacked, path);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** What a killed process left of its unpacking. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(unpackingPrefix)) continue;
    const left = join(folder, name);
    const changedMs = await lstat(left).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changedMs > unpackingMsMax) await rm(left, { recursive: true, force: true });
  }
}

/** The disk is full, most likely, or may not be written. */
function notUnpacked(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  return new Fault(`the browser of @sparticuz/chromium could not be unpacked into ${folder}: ${error.message}`, {
    ...{ happened: "no", code: "browser" },
    remedy: "free some 200 MB there, have TMPDIR name a folder with room, or name a browser in STEWARD_BROWSER",
  });
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** A folder that only this user can change. Throws a Fault when somebody else made it. */
async function ownFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid } = userInfo();
  const found = await lstat(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0) return path;
  throw new Fault(`the folder ${path} belongs to somebody else, or others may change it`, {
    ...{ happened: "no", code: "browser" },
    remedy: "remove it, or name a browser in STEWARD_BROWSER",
  });
}
