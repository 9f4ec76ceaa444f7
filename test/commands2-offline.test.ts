import { spawnSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { makeFolder, steward } from "./commands2-console.ts";

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
  test("prints one line of JSON when ready, answers, and ends with Ctrl-C", async () => {
    const stop = new AbortController();
    const folder = await makeFolder();
    let status: Promise<number> | undefined;
    const onWrite = (text: string) => {
      const { velocloud } = JSON.parse(text);
      const headers = { authorization: `Token ${velocloud.token}`, "content-type": "application/json" };
      const url = `${velocloud.url}/portal/rest/enterprise/getEnterpriseUsers`;
      status = fetch(url, { method: "POST", headers, body: "{}" }).then((answer) => answer.status);
      status.finally(() => stop.abort());
    };
    const ran = await steward({ folder, stop: stop.signal, onWrite }, "simulate", "--json", "--users", "3");
    expect(ran.code).toBe(0);
    expect(ran.out.trimEnd().split("\n")).toHaveLength(1);
    expect(Object.keys(JSON.parse(ran.out).velocloud)).toEqual(["url", "enterprise_id", "credentials", "token"]);
    expect(await status).toBe(200);
  });

  test("says a wrong fault and a taken port in plain words", async () => {
    const folder = await makeFolder();
    const wrong = await steward({ folder }, "simulate", "--fault", "explode:x");
    expect(wrong.code).toBe(64);
    expect(wrong.err).toContain('there is no fault "explode"');
    expect((await steward({ folder }, "simulate", "--port-base", "99999")).code).toBe(1);
  });

  test("tells people how to begin", async () => {
    const stop = new AbortController();
    const ran = await steward(
      { folder: await makeFolder(), stop: stop.signal, onWrite: () => stop.abort() },
      "simulate",
    );
    expect(ran.out).toContain("export VCO_TOKEN='");
    expect(ran.out).toContain("not the vendor's product");
  });
});
