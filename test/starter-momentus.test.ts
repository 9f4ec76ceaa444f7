import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeFolder, simulated, steward } from "./commands2-console.ts";

/** The way into Momentus: a manifest to begin with, and a system block of the simulator to paste. */

async function started(...more: string[]): Promise<{ folder: string; path: string; out: string; text: string }> {
  const folder = await makeFolder();
  const { code, out, err } = await steward({ folder }, "init", "--system", "momentus", ...more);
  expect([code, err]).toEqual([0, ""]);
  const path = join(folder, "steward.yaml");
  return { folder, path, out, text: await readFile(path, "utf8") };
}

async function validate(folder: string): Promise<string> {
  const { code, out, err } = await steward({ folder }, "validate");
  expect([code, err]).toEqual([0, ""]);
  return out;
}

describe("init --system momentus", () => {
  test("writes a manifest that is valid as it is, with what comes next for people's work", async () => {
    const { folder, text, out } = await started("--url", "https://acme.example.net/prod/");
    expect(text).toContain("    url: https://acme.example.net/prod #");
    expect(text).toContain("    hand: person #");
    await validate(folder);
    expect(out).toContain("steward plan --runbook runbook.html");
    expect(out).not.toContain("VCO_TOKEN");
    expect(out).not.toContain("address of your system");
  });

  test("is valid too with every commented line of the system, and MOCO-SERV, taken in", async () => {
    const { folder, path, text, out } = await started();
    expect(out).toContain("put the address of your system there");
    const system = text.replaceAll(/^( {4})# (?=\w+:)/gm, "$1");
    const at = system.indexOf("# resources:");
    await writeFile(path, system.slice(0, at) + system.slice(at).replaceAll(/^# ?/gm, ""));
    expect(await validate(folder)).toContain("2 resources");
    const read = await readFile(path, "utf8");
    for (const name of ["serial_number", "license", "connect_url", "customer", "tenant"]) {
      expect(read).toMatch(new RegExp(`^ {4}${name}: `, "m"));
    }
  });

  test("knows no other system, and says which there are", async () => {
    const { code, err } = await steward({ folder: await makeFolder() }, "init", "--system", "oracle");
    expect(code).toBe(64);
    expect(err).toContain("velocloud, momentus");
  });
});

test("simulate prints a block of Momentus that goes into a manifest as it stands, with both serial numbers", async () => {
  const { folder, path, text } = await started();
  const stop = new AbortController();
  let out = "";
  const onWrite = (written: string): void => {
    out += written;
    stop.abort();
  };
  await steward({ folder, stop: stop.signal, onWrite }, "simulate");
  const block = /^systems:\n(?: .*\n)+/m.exec(out)![0];
  const { ready } = await simulated();
  expect(block).toContain(
    `serial_number: "${ready.momentus.serial_number}" # test: "${ready.momentus.test_serial_number}"`,
  );
  expect(ready.momentus.serial_number).not.toBe(ready.momentus.test_serial_number);
  await writeFile(
    path,
    text.replace(/^systems:\n[\s\S]*?(?=\nsinks:)/m, () => block),
  );
  await validate(folder);
  expect(out).toContain('steward init --system momentus --url "$MOMENTUS_URL"');
});
