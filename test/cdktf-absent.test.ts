import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What npm itself gives to a user, resolved against a server of ours that knows the packages of our lock file. */

const root = new URL("..", import.meta.url).pathname;
const foreign = /^(cdktf|cdktn|constructs|@cdktf\/|@cdktn\/)/;

interface Locked {
  /** Where it is another one than the folder's: the package behind an alias. */
  name?: string;
  version: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** Each package of the lock file with the versions that stand in it. */
function lockedPackages(): Map<string, Map<string, Locked>> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const known = new Map<string, Map<string, Locked>>();
  for (const [path, locked] of Object.entries(packages)) {
    if (path === "") continue;
    const name = locked.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    known.set(name, (known.get(name) ?? new Map()).set(locked.version, locked));
  }
  return known;
}

let server: Server;
let folder: string;
const asked: string[] = [];

beforeAll(async () => {
  const known = lockedPackages();
  server = createServer((request, response) => {
    const name = decodeURIComponent(request.url!.slice(1));
    asked.push(name);
    const versions = known.get(name);
    response.writeHead(versions ? 200 : 404, { "content-type": "application/json" });
    const entries = [...(versions ?? [])].map(([version, { dependencies, peerDependencies }]) => [
      version,
      // What the libraries themselves need is their affair, and much.
      {
        name,
        version,
        dependencies: foreign.test(name) ? {} : dependencies,
        peerDependencies,
        dist: { tarball: "http://127.0.0.1:9/none.tgz" },
      },
    ]);
    const latest = entries.at(-1)?.[0];
    response.end(JSON.stringify({ name, "dist-tags": { latest }, versions: Object.fromEntries(entries) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  folder = mkdtempSync(join(tmpdir(), "steward-user-"));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Has npm resolve a project that depends on our package.json as it is published, and answers all names in the lock file. */
async function installed(name: string, dependencies: Record<string, string>): Promise<string[]> {
  const project = join(folder, name);
  const {
    devDependencies: _,
    scripts: __,
    ...published
  } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  mkdirSync(join(project, "steward"), { recursive: true });
  writeFileSync(join(project, "steward/package.json"), JSON.stringify(published));
  const manifest = { name, private: true, dependencies: { steward: "file:./steward", ...dependencies } };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const words = ["install", "--package-lock-only", "--install-links", "--no-audit", "--no-fund", "--fetch-retries=0"];
  const env = { PATH: process.env.PATH, HOME: folder, npm_config_cache: join(folder, "cache") };
  await promisify(execFile)("npm", [...words, "--registry", registry], { cwd: project, env });
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as { packages: object };
  return Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13));
}

describe("a user", () => {
  test("who does not use CDKTF installs none of it, and npm does not even ask for it", async () => {
    const names = await installed("plain", {});
    expect(names).toContain("commander");
    expect(asked).toContain("commander");
    expect(names.filter((name) => foreign.test(name))).toEqual([]);
    expect(asked.filter((name) => foreign.test(name))).toEqual([]);
  });

  test.each([
    ["cdktf", "0.21.0"],
    ["cdktn", "0.24.0"],
  ])("who uses %s %s gets it once, with constructs that all agree on", async (name, version) => {
    const names = await installed(name, { [name]: version, constructs: "^10.4.2" });
    expect(names.filter((one) => foreign.test(one)).sort()).toEqual([name, "constructs"].sort());
  });
});
