import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manifestBytesMax } from "../src/limits.ts";
import { readManifest } from "../src/manifest/read.ts";
import { nodeFiles } from "../src/platform/manifest-files.ts";
import { diagnosticsJson, renderDiagnostics } from "../src/render/diagnostics.ts";
import { connectors, diagnosticsOf, head, input, rules, sinkTypes } from "./manifest-fixture.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-manifest-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const { files: _files, folder: _folder, ...options } = input([]);
const read = (path = "m", files = nodeFiles) =>
  readManifest(join(folder, path), { ...options, connectors, sinkTypes }, files);

const wrong = (path = "m", files = nodeFiles) => diagnosticsOf(() => read(path, files));

const role = (name: string) =>
  `resources: { velocloud_role: { ${name}: { name: ${name}, description: x, privileges: [P] } } }\n`;

describe("a folder of manifest files", () => {
  test("is read below it, apart from hidden folders and node_modules", () => {
    write("m/steward.yaml", head.replace("resources:\n", ""));
    write("m/access/a.yml", role("a"));
    write("m/access/deep/b.yaml", role("b"));
    for (const path of [".git/c.yaml", ".steward/d.yaml", "node_modules/e.yaml", ".hidden.yaml", "notes.txt"])
      write(`m/${path}`, ":");
    const manifest = read();
    expect(manifest.files).toEqual(["access/a.yml", "access/deep/b.yaml", "steward.yaml"]);
    expect(manifest.resources.map((resource) => [resource.name, resource.source.file])).toEqual([
      ["a", "access/a.yml"],
      ["b", "access/deep/b.yaml"],
    ]);
  });

  test("reports what is wrong in all files at once, and a name that stands twice", () => {
    write("m/1.yaml", head.replace("resources:\n", role("a")));
    write("m/2.yaml", role("a"));
    write("m/3.yaml", "resources: { velocloud_roles: {} }\n");
    expect(wrong().map((one) => [one.source?.file, one.message, one.hint])).toEqual([
      ["2.yaml", "velocloud_role.a stands here again", "the first is at 1.yaml:3"],
      ["3.yaml", 'unknown kind "velocloud_roles"', 'did you mean "velocloud_role"?'],
    ]);
  });

  test("without any file is an error, and so is a path to nothing", () => {
    mkdirSync(join(folder, "m"));
    expect(wrong()[0]?.message).toBe("there is no *.yaml or *.yml in this folder");
    expect(wrong("none")[0]?.message).toBe("there is no such file or folder");
  });

  test("may hold at most a thousand files", () => {
    for (let index = 0; index < 1_002; index++) write(`m/${index}.yaml`, "");
    expect(wrong().map((one) => one.message)).toEqual(["there are too many files"]);
  });
});

describe("a hostile pull request fails by symlink:", () => {
  beforeEach(() => {
    write("m/steward.yaml", rules);
    write("outside/secret.yaml", "password: hunter2\n");
    write("outside/key", "hunter2");
  });
  const outside = "this link leads out of the manifest's folder";

  test("a file that leads out", () => {
    symlinkSync(join(folder, "outside/secret.yaml"), join(folder, "m/x.yaml"));
    expect(wrong()).toMatchObject([{ message: outside, source: { file: "x.yaml", line: 1, column: 1 } }]);
  });

  test("a folder that leads out", () => {
    symlinkSync(join(folder, "outside"), join(folder, "m/sub"));
    expect(wrong()).toMatchObject([{ message: outside, source: { file: "sub" } }]);
  });

  test("the manifest itself", () => {
    symlinkSync(join(folder, "outside/secret.yaml"), join(folder, "m/main.yaml"));
    expect(wrong("m/main.yaml")).toMatchObject([{ message: outside }]);
  });

  test("the file of ${file:…}, also behind a folder", () => {
    symlinkSync(join(folder, "outside"), join(folder, "m/keys"));
    write(
      "m/steward.yaml",
      rules.replace("generate: true, deliver_to: local:velocloud/ci-password", 'value: "${file:keys/key}"'),
    );
    expect(wrong("m/steward.yaml")).toMatchObject([
      { message: "the path leads out of the manifest's folder through a link", source: { line: 13, column: 27 } },
    ]);
  });

  test("the file of ca_file, the folder of state, the path of a sink", () => {
    symlinkSync(join(folder, "outside"), join(folder, "m/out"));
    const text = `systems: { velocloud: { url: https://a.example, ca_file: out/key } }
state: { path: out/state }
sinks: { local: { type: env-file, path: out/env } }
`;
    write("m/steward.yaml", text);
    const found = wrong("m/steward.yaml");
    expect(found.map((one) => [one.source?.line, one.source?.column, one.message])).toEqual([
      [1, 58, "the file of ca_file leads out of the manifest's folder through a link"],
      [2, 16, "state.path leads out of the manifest's folder through a link"],
      [3, 41, "the path of the sink local leads out of the manifest's folder through a link"],
    ]);
    expect(renderDiagnostics(found)).not.toContain("hunter2");
  });

  test("a circle of folders ends", () => {
    symlinkSync(join(folder, "m"), join(folder, "m/again"));
    expect(wrong().some((one) => one.message === "folders are nested too deeply")).toBe(true);
  });
});

describe("bytes that are no manifest", () => {
  test("are refused with the place of the first that is not UTF-8", () => {
    write("m/a.yaml", Buffer.concat([Buffer.from("guard: {}\n# gr\u00fcn "), Buffer.from([0xe9, 0x20, 0x41])]));
    expect(wrong()).toMatchObject([
      {
        message: "this file is not UTF-8: the byte at offset 18 (0xe9) does not belong here",
        source: { line: 2, column: 8 },
      },
    ]);
  });

  test("are refused when they are too many, without reading them", () => {
    write("m/a.yaml", "#".repeat(manifestBytesMax + 1));
    let bytesRead = 0;
    const files = {
      ...nodeFiles,
      read: (path: string, bytesMax: number) => {
        const bytes = nodeFiles.read(path, bytesMax);
        bytesRead += bytes?.length ?? 0;
        return bytes;
      },
    };
    expect(wrong("m", files)[0]?.message).toContain("larger than 16 MiB");
    expect(bytesRead).toBe(0);
  });

  test("of a folder with the name of a file are left alone", () => {
    write("m/steward.yaml", "guard: {}\n");
    mkdirSync(join(folder, "m/folder.yaml"));
    expect(read().files).toEqual(["steward.yaml"]);
  });
});

describe("diagnostics are shown", () => {
  test("with the line, a caret, the way out and a sum", () => {
    write(
      "m/a.yaml",
      `${head}  velocloud_admin_user:\n    ci: { username: ci, role: R, enabeld: true, password: { value: hunter2 } }\n`,
    );
    expect(renderDiagnostics(wrong())).toBe(`a.yaml:5:34  error  unknown attribute "enabeld" on velocloud_admin_user
     5 |     ci: { username: ci, role: R, enabeld: (hidden), password: { value: (hidden)
       |                                  ^^^^^^^ did you mean "enabled"?
a.yaml:5:68  error  a secret must not stand in a manifest
     5 |     ci: { username: ci, role: R, enabeld: (hidden), password: { value: (hidden)
       |                                                                        ^^^^^^^^ password.value: write \${sink:NAME:PATH}, \${env.NAME} or \${file:PATH} to use one, or deliver_to: SINK:PATH to receive one

2 errors in 1 file. Nothing was read from any system.
`);
  });

  test("at most a hundred at once, the rest counted, as text and as JSON", () => {
    const lines = Array.from({ length: 150 }, (_, index) => `  kind_${index}: {}\n`).join("");
    write("m/a.yaml", `resources:\n${lines}`);
    const found = wrong();
    expect(renderDiagnostics(found)).toMatch(/150 errors in 1 file\. 50 more are not shown\./);
    expect(renderDiagnostics(found).match(/unknown kind/g)).toHaveLength(100);
    const json = JSON.parse(diagnosticsJson(found));
    expect(json).toMatchObject({ error: "invalid", total: 150 });
    expect(json.diagnostics).toHaveLength(100);
  });

  test("without anything that a terminal obeys", () => {
    write("m/a.yaml", 'guard: { "\\e]0;x\\a\\u202e": 1, "\u202e31m": 2 }\n');
    write("m/b\u001b[31m.yaml", "nothing: 1\n");
    const text = renderDiagnostics(wrong()) + diagnosticsJson(wrong());
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("b\\u001b[31m.yaml");
  });

  test.each([
    ["a tab", "systems:\n  velocloud:\n\tpassword: hunter2\n"],
    ["a quote that stays open", "systems:\n  velocloud: { credentials: { token: 'hunter2 } }\n"],
    [
      "a key that stands twice",
      "resources: { velocloud_admin_user: { a: { password: { value: hunter2, value: hunter2 } } } }\n",
    ],
    ["an unknown tag", "systems: { velocloud: { credentials: { password: !!str hunter2 } } }\n"],
    ["a list in its place", "systems: { velocloud: { credentials: { token: [hunter2, *x] } } }\n"],
    ["a wrong bracket behind it", 'systems: { velocloud: { credentials: { token: "hunter2" ] } }\n'],
  ])("without the secret of a line that is not YAML: %s", (_name, text) => {
    write("m/a.yaml", text);
    expect(wrong().length).toBeGreaterThan(0);
    expect(renderDiagnostics(wrong()) + diagnosticsJson(wrong())).not.toContain("hunter2");
  });
});
