import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import { starterSystems } from "../src/starter/systems.ts";
import { makeFolder, simulated, steward } from "./commands2-console.ts";

/** The way into each system: a manifest to begin with, and what the simulators say for it. */

/** The text with every commented line of the system, and what is declared at its end, taken in. */
function takenIn(text: string): string {
  const system = text.replaceAll(/^( {4})# (?=\w+:)/gm, "$1");
  const at = system.indexOf("# resources:");
  return system.slice(0, at) + system.slice(at).replaceAll(/^# ?/gm, "");
}

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
    await writeFile(path, takenIn(text));
    expect(await validate(folder)).toContain("2 resources");
    const read = await readFile(path, "utf8");
    for (const name of ["serial_number", "license", "connect_url", "customer", "tenant"]) {
      expect(read).toMatch(new RegExp(`^ {4}${name}: `, "m"));
    }
  });

  test("knows no other system, and says which there are", async () => {
    const { code, err } = await steward({ folder: await makeFolder() }, "init", "--system", "oracle");
    expect(code).toBe(64);
    for (const { name } of builtInConnectors) expect(err).toContain(name);
  });
});

test("init knows every system", () => {
  expect([...starterSystems].sort()).toEqual(builtInConnectors.map(({ name }) => name).sort());
});

describe.each(starterSystems)("init --system %s", (system) => {
  test("is valid as it is, and with everything that is commented out, and names what comes next", async () => {
    const folder = await makeFolder();
    const { code, out } = await steward({ folder }, "init", "--system", system);
    expect(code).toBe(0);
    expect(out).toContain("put the address of your system there");
    expect(out).toMatch(/ {2}steward plan/);
    await validate(folder);
    const path = join(folder, "steward.yaml");
    const text = await readFile(path, "utf8");
    for (const name of variablesOf(text)) expect(out).toContain(name);
    // Two hands cannot be, and a person needs no account.
    await writeFile(path, takenIn(text).replace(/^ {4}hand: person # people.*\n/m, ""));
    expect(await validate(folder)).toMatch(/[1-9] resources/);
  });

  test("names only variables that simulate exports", async () => {
    const folder = await makeFolder();
    await steward({ folder }, "init", "--system", system);
    const names = variablesOf(await readFile(join(folder, "steward.yaml"), "utf8"));
    const said = await simulateSays(folder);
    expect(names.filter((name) => !said.includes(`export ${name}='`))).toEqual([]);
    expect(said).toMatch(new RegExp(`steward init ${system === "velocloud" ? "" : `--system ${system} `}--url "\\$`));
  });
});

const variablesOf = (text: string): string[] => [...text.matchAll(/\$\{env\.(\w+)\}/g)].map(([, name = ""]) => name);

async function simulateSays(folder: string): Promise<string> {
  const stop = new AbortController();
  let out = "";
  const onWrite = (written: string): void => {
    out += written;
    stop.abort();
  };
  await steward({ folder, stop: stop.signal, onWrite }, "simulate");
  return out;
}

test("simulate prints a block of Momentus that goes into a manifest as it stands, with both serial numbers", async () => {
  const { folder, path, text } = await started();
  const out = await simulateSays(folder);
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

describe("init and addresses", () => {
  test("of a Veson site write where tokens go, and say it; a rehearsal keeps its own on this machine", async () => {
    const { settings } = builtInConnectors.find(({ name }) => name === "veson")!;
    const known = settings.properties.api_url?.default;
    expect(known).toMatch(/^https:/);
    for (const [url, api] of [
      ["https://acme.imos.example", String(known)],
      ["http://127.0.0.1:4567", "http://127.0.0.1:4567"],
    ] as const) {
      const folder = await makeFolder();
      const { out } = await steward({ folder }, "init", "--system", "veson", "--url", url);
      expect(out).toContain(`Tokens will be sent to ${api} to be proven: api_url in steward.yaml.`);
      expect(await readFile(join(folder, "steward.yaml"), "utf8")).toContain(`    api_url: ${api} #`);
      await validate(folder);
    }
  });

  test.each([
    "https://a.example/x:",
    "https://a.example/a'\"b",
    "https://[::1]:9/x",
    "https://a.example/%20%23",
    "https://a.example/{x},[y]",
  ])("are quoted where YAML would read another thing: %s", async (url) => {
    for (const system of starterSystems) {
      const folder = await makeFolder();
      expect((await steward({ folder }, "init", "--system", system, "--url", url)).code).toBe(0);
      await validate(folder);
    }
  });

  test("are no references", async () => {
    const folder = await makeFolder();
    const { code, err } = await steward({ folder }, "init", "--url", "https://a.example/${env.X}");
    expect([code, err]).toEqual([64, expect.stringContaining("--url holds a reference; give the address itself")]);
  });
});
