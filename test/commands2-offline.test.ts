import { spawnSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import { signToken } from "../src/connectors/momentus/jwt.ts";
import { ConsoleDriver } from "../src/hands/forms/driver.ts";
import { sendOver } from "../src/hands/forms/over-transport.ts";
import { Transports } from "../src/platform/transport.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { Secret } from "../src/secret.ts";
import type { SimulatorsReady } from "../src/simulators/simulate.ts";
import { makeFolder, simulated, steward } from "./commands2-console.ts";
import { parse } from "./manifest-fixture.ts";

const read = (...path: string[]) => readFile(join(...path), "utf8");

describe("init", () => {
  test("writes a manifest that is valid as it is, a private key for its owner only, and .gitignore", async () => {
    const folder = await makeFolder();
    const ran = await steward({ folder }, "init", "--url", "https://vco.acme.example");
    expect(ran).toMatchObject({ code: 0, err: "" });
    const manifest = await read(folder, "steward.yaml");
    expect(manifest.split("\n")[0]).toMatch(/^# yaml-language-server: \$schema=/);
    expect(manifest).toContain("url: https://vco.acme.example");
    const identity = await read(folder, ".steward", "identity.txt");
    expect((await stat(join(folder, ".steward", "identity.txt"))).mode & 0o777).toBe(0o600);
    const recipient = /public key: (age1\w+)/.exec(identity)![1]!;
    expect(manifest).toContain(`- ${recipient}`);
    expect(await read(folder, ".gitignore")).toContain(".steward/identity.txt");
    expect(ran.out).toContain("STEWARD_AGE_IDENTITY");
    const privateKey = /AGE-SECRET-KEY-1\w+/.exec(identity)![0];
    expect(ran.out + ran.err + manifest).not.toContain(privateKey);
  });

  test("with the commented example uncommented the manifest is valid too", async () => {
    const folder = await makeFolder();
    await steward({ folder }, "init");
    const path = join(folder, "steward.yaml");
    const text = await readFile(path, "utf8");
    const at = text.indexOf("# resources:");
    await writeFile(path, text.slice(0, at) + text.slice(at).replaceAll(/^# ?/gm, ""));
    const ran = await steward({ folder }, "validate");
    expect(ran.err).toBe("");
    expect(ran.out).toContain("2 resources");
  });

  test("refuses to overwrite a manifest, and with --force keeps the identity", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "steward.yaml"), "mine");
    const refused = await steward({ folder }, "init");
    expect(refused.code).toBe(4);
    expect(refused.err).toContain("--force");
    expect(await read(folder, "steward.yaml")).toBe("mine");
    await steward({ folder }, "init", "--force");
    const identity = await read(folder, ".steward", "identity.txt");
    const again = await steward({ folder }, "init", "--force");
    expect(again.out).toContain("is kept");
    expect(await read(folder, ".steward", "identity.txt")).toBe(identity);
    expect((await read(folder, ".gitignore")).match(/identity\.txt/g)).toHaveLength(1);
  });

  test("says in JSON what it made, in another folder", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, ".gitignore"), "dist/");
    const ran = await steward({ folder }, "init", "access", "--format", "json");
    const said = JSON.parse(ran.out);
    expect(said.made.map((one: { file: string }) => one.file)).toEqual([
      "steward.yaml",
      ".steward/identity.txt",
      ".gitignore",
    ]);
    expect(said.folder).toBe(join(folder, "access"));
    expect(await read(folder, "access", "steward.yaml")).toContain(said.recipients[0]);
  });

  test("with --identity-only makes a key and nothing else, and never overwrites one", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "steward.yaml"), "mine");
    const ran = await steward({ folder }, "init", "--identity-only");
    expect(ran).toMatchObject({ code: 0, err: "" });
    const identity = await read(folder, ".steward", "identity.txt");
    const recipient = /public key: (age1\w+)/.exec(identity)![1]!;
    expect(ran.out).toContain(recipient);
    expect(ran.out).toContain("steward apply --replace ADDRESS");
    expect(ran.out).not.toContain("AGE-SECRET-KEY-1");
    const again = await steward({ folder }, "init", "--identity-only", "--format", "json");
    expect(JSON.parse(again.out)).toMatchObject({ made: [], recipients: [recipient] });
    expect(await read(folder, ".steward", "identity.txt")).toBe(identity);
    expect(await read(folder, "steward.yaml")).toBe("mine");
    expect(await read(folder, ".gitignore")).toContain(".steward/identity.txt");
    expect((await steward({ folder }, "init", "--identity-only", "--force")).code).toBe(64);
  });

  test("refuses an address that no manifest could hold", async () => {
    const folder = await makeFolder();
    expect((await steward({ folder }, "init", "--url", "http://vco.example.net")).code).toBe(64);
    expect((await steward({ folder }, "init", "--url", "https://me:canary@vco.example.net")).err).not.toContain(
      "canary",
    );
  });
});

describe("kinds", () => {
  test("lists every kind, and each with its attributes and an example", async () => {
    const folder = await makeFolder();
    const list = await steward({ folder }, "kinds");
    for (const kind of loadKindSchemas()) {
      const name = /([^/]+)\.json$/.exec(kind.$id)![1]!;
      expect(list.out).toContain(name);
      const one = await steward({ folder }, "kinds", name);
      expect(one.code).toBe(0);
      for (const attribute of Object.keys(kind.properties)) expect(one.out).toContain(`  ${attribute}  `);
      expect(one.out).toContain("resources:");
    }
  });

  test("names the nearest kind when there is none", async () => {
    const ran = await steward({ folder: await makeFolder() }, "kinds", "velocloud_api_tokens");
    expect(ran.code).toBe(64);
    expect(ran.err).toContain("did you mean velocloud_api_token?");
  });
});

describe("schema", () => {
  test("prints the JSON Schema of the manifest", async () => {
    const ran = await steward({ folder: await makeFolder() }, "schema");
    expect(JSON.parse(ran.out).$id).toBe("https://steward.example/schemas/manifest.json");
  });

  test("prints every kind as a resource of its provider, in the shape of terraform providers schema -json", async () => {
    const { out } = await steward({ folder: await makeFolder() }, "schema", "--terraform");
    const all = JSON.parse(out);
    expect(Object.keys(all)).toEqual(["format_version", "provider_schemas"]);
    const found = Object.values<{ resource_schemas: object }>(all.provider_schemas);
    const kinds = loadKindSchemas().map((kind) => /([^/]+)\.json$/.exec(kind.$id)![1]!);
    expect(found.flatMap((provider) => Object.keys(provider.resource_schemas)).sort()).toEqual(kinds.sort());
    const { velocloud_role: role } = all.provider_schemas["steward.example/steward/velocloud"].resource_schemas;
    expect(role).toMatchObject({ version: 0, block: { attributes: { privileges: { type: ["set", "string"] } } } });
  });

  test("prints only the providers that are asked for, and names the nearest when there is none", async () => {
    const folder = await makeFolder();
    const { out } = await steward({ folder }, "schema", "--terraform", "velocloud");
    expect(Object.keys(JSON.parse(out).provider_schemas)).toEqual(["steward.example/steward/velocloud"]);
    const wrong = await steward({ folder }, "schema", "--terraform", "velocluod");
    expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining("did you mean velocloud?")]);
    expect((await steward({ folder }, "schema", "velocloud")).code).toBe(64);
  });
});

describe("completion", () => {
  test("prints a script that bash can parse", async () => {
    const { out } = await steward({ folder: await makeFolder() }, "completion", "bash");
    const checked = spawnSync("bash", ["-n"], { input: out, encoding: "utf8" });
    expect([checked.status, checked.stderr]).toEqual([0, ""]);
    expect(out).toContain("complete ");
  });

  test("the bash script offers what Steward answers", async () => {
    const { out } = await steward({ folder: await makeFolder() }, "completion", "bash");
    const asked = `steward() { printf '%s|' "$@" >&2; printf 'validate\\tcheck it\\nversions\\n'; }
COMP_WORDS=(steward v) COMP_CWORD=1; _steward 2>&1; printf '<%s>' "\${COMPREPLY[@]}"`;
    const ran = spawnSync("bash", ["-c", `${out}\n${asked}`], { encoding: "utf8" });
    expect(ran.stdout).toBe("<validate><versions>");
  });

  const complete = async (folder: string, ...words: string[]) =>
    (await steward({ folder }, "completion", "words", "--", ...words)).out
      .split("\n")
      .map((line) => line.split("\t")[0]);

  test("offers commands, subcommands, options, choices and kinds", async () => {
    const folder = await makeFolder();
    expect(await complete(folder, "va")).toEqual(["validate", ""]);
    expect(await complete(folder, "state", "")).toEqual(["list", "show", "unlock", ""]);
    expect(await complete(folder, "plan", "--detailed")).toEqual(["--detailed-exitcode", ""]);
    expect(await complete(folder, "plan", "--format", "")).toEqual(["text", "json", "markdown", ""]);
    expect(await complete(folder, "kinds", "velocloud_api")).toEqual(["velocloud_api_token", ""]);
    await steward({ folder }, "init");
    expect(await complete(folder, "trust", "")).toEqual(["velocloud", "local", ""]);
    expect(await complete(folder, "doctor", "v")).toEqual(["velocloud", ""]);
    expect(await complete(folder, "nonsense", "")).not.toContain("nonsense");
  });

  test("offers nothing, without an error, where the manifest cannot be read", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "steward.yaml"), "systems: [");
    const ran = await steward({ folder }, "completion", "words", "--", "state", "show", "");
    expect(ran).toEqual({ code: 0, out: "", err: "" });
  });
});

describe("simulate", () => {
  /** Runs the command until `work` is done with what it printed. */
  async function whileRunning(words: string[], work: (printed: string) => Promise<void>) {
    const stop = new AbortController();
    let worked: Promise<void> | undefined;
    const onWrite = (text: string) => {
      worked = work(text).finally(() => stop.abort());
    };
    const ran = await steward({ folder: await makeFolder(), stop: stop.signal, onWrite }, "simulate", ...words);
    await worked;
    return ran;
  }

  test("prints one line of JSON when ready, answers, and ends with Ctrl-C", async () => {
    const statuses: number[] = [];
    const ran = await whileRunning(["--json", "--users", "3"], async (text) => {
      const { velocloud, momentus }: SimulatorsReady = JSON.parse(text);
      const headers = { authorization: `Token ${velocloud.token}`, "content-type": "application/json" };
      const url = `${velocloud.url}/portal/rest/enterprise/getEnterpriseUsers`;
      const { api_user_id: id, secret, key } = momentus.credentials;
      const token = signToken({ id, secret: new Secret(secret), key: new Secret(key) }, Date.now());
      const bearer = { headers: { authorization: `Bearer ${token}` } };
      const answers = await Promise.all([
        fetch(url, { method: "POST", headers, body: "{}" }),
        fetch(`${momentus.url}/api/v1/Users?search=startswith(ID,'U')`, bearer),
        fetch(`${momentus.test_url}/api/v1/Users?search=All`, bearer),
        fetch(momentus.console.url, { redirect: "manual" }),
      ]);
      statuses.push(...answers.map(({ status }) => status));
      expect(await answers[1]!.json()).toHaveLength(3);
    });
    expect([ran.code, ran.err]).toEqual([0, ""]);
    expect(ran.out.trimEnd().split("\n")).toHaveLength(1);
    const ready: SimulatorsReady = JSON.parse(ran.out);
    expect(Object.keys(ready.velocloud)).toEqual(["url", "enterprise_id", "credentials", "token"]);
    expect(ready.momentus).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/prod$/),
      test_url: ready.momentus.url.replace("/prod", "/test"),
      serial_number: expect.stringMatching(/^SIM-\d{6}$/),
      test_serial_number: expect.stringMatching(/^SIM-\d{6}$/),
      customer: "Harbor Congress Center",
      credentials: { api_user_id: "STEWARD", secret: expect.any(String), key: expect.any(String) },
      console: {
        url: ready.momentus.url.replace("/prod", "/"),
        username: "support@momentus.example",
        password: expect.any(String),
      },
      smtp_url: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
    });
    // The credentials are those of production: test has an API user of its own.
    expect(statuses).toEqual([200, 200, 401, 303]);
  });

  test("with --unlicensed leaves Momentus without the API module", async () => {
    await whileRunning(["--json", "--unlicensed"], async (text) => {
      const { momentus }: SimulatorsReady = JSON.parse(text);
      const { origin } = new URL(momentus.console.url);
      const transports = new Transports();
      const support = new ConsoleDriver(sendOver(transports.route({}), origin), { origin });
      await support.signIn(momentus.console);
      await support.goto("/prod/api-users");
      expect([support.status, support.alert()]).toEqual([403, expect.stringContaining("not licensed")]);
      await support.goto("/prod/about");
      expect(support.text()).toContain(momentus.serial_number);
      expect(support.text()).toContain(momentus.url);
      await transports.close();
    });
  });

  test("says a wrong fault and a taken port in plain words", async () => {
    const folder = await makeFolder();
    const wrong = await steward({ folder }, "simulate", "--fault", "explode:x");
    expect(wrong.code).toBe(64);
    expect(wrong.err).toContain('there is no fault "explode"');
    const unknown = await steward({ folder }, "simulate", "--fault", "500:console/apiUser/add");
    expect(unknown.code).toBe(64);
    expect(unknown.err).toContain('no simulated system has a method "console/apiUser/add"');
    expect(unknown.err).toContain("Did you mean console/apiUsers/add");
    const none = await steward({ folder }, "simulate", "--port-base", "99999");
    expect([none.code, none.err]).toEqual([1, expect.stringContaining("port 99999 of 127.0.0.1 is no port")]);
  });

  test("names the second port when that is the one that is taken", async () => {
    const { ready } = await simulated();
    const taken = Number(new URL(ready.momentus.console.url).port);
    const ran = await steward({ folder: await makeFolder() }, "simulate", "--port-base", String(taken - 1));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/port \d+ of 127\.0\.0\.1 is taken/);
    expect(ran.err).toContain("--port-base");
  });

  test("tells people how to begin, on both systems and at the console", async () => {
    const { out } = await whileRunning([], async () => {});
    const names = [...out.matchAll(/export (\w+)='[^']+'\n/g)].map(([, name]) => name);
    expect(names).toEqual([
      ...["VCO_URL", "VCO_USERNAME", "VCO_PASSWORD", "VCO_TOKEN"],
      ...[
        "MOMENTUS_URL",
        "MOMENTUS_SERIAL_NUMBER",
        "MOMENTUS_API_USER_ID",
        "MOMENTUS_SECRET",
        "MOMENTUS_KEY",
        "MOMENTUS_SMTP_URL",
      ],
      ...["IPRESSO_URL", "IPRESSO_USERNAME", "IPRESSO_PASSWORD", "IPRESSO_CUSTOMER_KEY"],
      ...["VESON_URL", "VESON_USERNAME", "VESON_PASSWORD"],
    ]);
    expect(out).toMatch(/user name {2}support@momentus\.example\n {2}password {3}\S+\n/);
    expect(out).toMatch(/user name {2}a\.keller@coffee\.example\n {2}password {3}\S+\n/);
    const block = /\n(systems:\n {2}momentus:\n(?: .*\n)+)/.exec(out)?.[1] ?? "";
    const manifest = parse(`${block}resources: {}\n`, { connectors: [...builtInConnectors] });
    const hands = Object.values(manifest.systems).map(({ name, hand }) => `${name} ${hand}`);
    expect(hands).toEqual(["momentus person", "ipresso browser", "veson browser"]);
    expect(out).toContain("not the vendors' products");
  });
});
