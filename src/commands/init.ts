import { join, relative, resolve } from "node:path";
import { Option } from "commander";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { replaceFile } from "../durable.ts";
import type { Disk } from "../io.ts";
import { urlProblem } from "../manifest/url.ts";
import { systemDisk } from "../platform/disk.ts";
import { stringify } from "../render/json.ts";
import { styleFor } from "../render/style.ts";
import { pad } from "../render/visible.ts";
import { Secret } from "../secret.ts";
import { generateIdentity, recipientsOf } from "../sinks/age-format.ts";
import { apiUrlFor, identityPath, starterManifest, withIgnoredLines } from "../starter/manifest.ts";
import { type StarterSystem, starterSystems, starters } from "../starter/systems.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";

interface InitFlags {
  system: StarterSystem;
  url?: string;
  force?: true;
  identityOnly?: true;
}

interface Made {
  file: string;
  what: string;
}

/** `steward init`. */
export const addInit: AddCommand = (command, run) => {
  command
    .description(
      "Writes a commented manifest, an age key pair and the lines of .gitignore that go with them. An identity that is there already is kept and used.",
    )
    .argument("[folder]", "where to (default: the current folder)")
    .addOption(
      new Option("--system <type>", "the type of system to begin with").choices(starterSystems).default("velocloud"),
    )
    .option("--url <url>", "address of your system (default: an example, to be changed)")
    .option("--force", "overwrite steward.yaml")
    .addOption(
      new Option("--identity-only", "only the age key pair, say after the old one was lost").conflicts([
        "force",
        "url",
      ]),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  steward init --url https://vco.example.net\n  steward init --system momentus --url https://acme.example.net/prod\n  steward init access/\n  steward init --identity-only",
    )
    .action(run<InitFlags, [string | undefined]>(init));
};

async function init(
  console: Console,
  options: SharedOptions & InitFlags,
  folderName: string | undefined,
): Promise<number> {
  const { system, url = starters[system].exampleUrl } = options;
  const problem = urlProblem(url, "url");
  if (problem) throw new WrongUsage(`--url ${problem.message}; ${problem.hint}`);
  if (url.includes("${")) {
    throw new WrongUsage(
      "--url holds a reference; give the address itself, and write a variable into the manifest then",
    );
  }
  const disk = console.world?.io?.disk ?? systemDisk;
  const folder = resolve(console.folder, folderName ?? ".");
  if (options.identityOnly) return initIdentity(console, options, disk, folder);
  await assertFree(disk, folder, options.force ?? false);
  const { recipients, made } = await makeIdentity(disk, folder);
  await disk.makeFolder(folder);
  const place = url.replace(/\/+$/, "");
  const apiUrl = apiUrlFor(system, place);
  const text = starterManifest({ system, url: place, recipients, ...(apiUrl === undefined ? {} : { apiUrl }) });
  await writeText(disk, join(folder, "steward.yaml"), text, options.force ?? false);
  made.unshift({ file: "steward.yaml", what: "the manifest: one system, one sink, and a commented example" });
  made.push(...(await addIgnored(disk, folder)));
  if (options.format === "json") console.write(stringify({ formatVersion: 1, folder, made, recipients }));
  else
    sayMade(console, folder, made, `${sayApi(apiUrl)}Next:\n`, nextLines(system, url !== starters[system].exampleUrl));
  return exitCodes.done;
}

/** Credentials go there too, so it is said beside the address. */
function sayApi(apiUrl: string | undefined): string {
  return apiUrl === undefined ? "" : `Tokens will be sent to ${apiUrl} to be proven: api_url in steward.yaml.\n\n`;
}

async function assertFree(disk: Disk, folder: string, force: boolean): Promise<void> {
  if (force || (await disk.size(join(folder, "steward.yaml"))) === undefined) return;
  const remedy = "to write it anew, its content lost: steward init --force (an identity that is there is kept)";
  throw new Refusal([{ message: `${join(folder, "steward.yaml")} is there already`, remedy }]);
}

/** A new key pair, unless there is one: with its loss everything that was encrypted for it would be lost too. */
async function makeIdentity(disk: Disk, folder: string): Promise<{ recipients: string[]; made: Made[] }> {
  const path = join(folder, identityPath);
  const present = await disk.read(path);
  if (present) {
    const recipients = await recipientsOf(new Secret(Buffer.from(present).toString("utf8")));
    if (recipients.length > 0) return { recipients, made: [] };
  }
  const { identity, recipient } = await generateIdentity();
  await disk.makeFolder(join(folder, ".steward"));
  const text = `# The private key of the age sinks. Whoever has it reads every secret in them.\n# public key: ${recipient}\n${identity.reveal()}\n`;
  await replaceFile(disk, path, Buffer.from(text));
  return {
    recipients: [recipient],
    made: [{ file: identityPath, what: "the private age key, for you only (mode 0600)" }],
  };
}

async function writeText(disk: Disk, path: string, text: string, replace: boolean): Promise<void> {
  if (replace) await disk.remove(path);
  await disk.write(path, Buffer.from(text), { mode: 0o644, exclusive: true });
  await disk.syncFile(path);
  await disk.syncFolder(resolve(path, ".."));
}

async function addIgnored(disk: Disk, folder: string): Promise<Made[]> {
  const path = join(folder, ".gitignore");
  const before = await disk.read(path);
  const text = withIgnoredLines(before ? Buffer.from(before).toString("utf8") : "");
  if (text === undefined) return [];
  await writeText(disk, path, text, true);
  return [{ file: ".gitignore", what: "keeps the private key and what belongs to one run out of git" }];
}

/** Only a key pair. Touches no manifest and no identity that is there. */
async function initIdentity(console: Console, options: SharedOptions, disk: Disk, folder: string): Promise<number> {
  const { recipients, made } = await makeIdentity(disk, folder);
  made.push(...(await addIgnored(disk, folder)));
  if (options.format === "json") console.write(stringify({ formatVersion: 1, folder, made, recipients }));
  else sayIdentity(console, made, recipients);
  return exitCodes.done;
}

function sayIdentity(console: Console, made: Made[], recipients: string[]): void {
  const style = styleFor(console.color);
  const isNew = made.some(({ file }) => file === identityPath);
  const how = isNew
    ? `Made ${identityPath}, the private age key, for you only. Keep a copy where you keep such things.`
    : `The identity in ${identityPath} was there already and is kept. To have a new one, move it away first.`;
  console.write(`${how}
Its recipient:
${recipients.map((recipient) => `  ${style("strong", recipient)}`).join("\n")}

Next:
  write it under recipients: of each age sink in the manifest, in place of the one whose key is lost
  steward trust SINK                        pin who may read from now on
  steward doctor                            names each secret that this key does not open
  steward apply --replace ADDRESS           makes such a secret anew; may be repeated for several
`);
}

/** What comes next with a system. `own`: the address is the user's own, not the example. */
function nextLines(system: StarterSystem, own: boolean): string {
  const { before, after } = starters[system].next;
  const lines = [
    ...(own ? [] : [["edit steward.yaml", "put the address of your system there"] as const]),
    ...before,
    ["steward trust --all", "pin where credentials and secrets may go"] as const,
    ...after,
  ];
  const columns = Math.max(40, ...lines.map(([line]) => line.length));
  return lines.map(([line, what]) => `  ${pad(line, columns)}  ${what}\n`).join("");
}

function sayMade(console: Console, folder: string, made: Made[], head: string, next: string): void {
  const style = styleFor(console.color);
  const inside = relative(console.folder, folder);
  const columns = Math.max(...made.map(({ file }) => file.length));
  const lines = made.map(({ file, what }) => `  ${style("add", pad(file, columns))}  ${what}`);
  const kept = made.some(({ file }) => file === identityPath)
    ? ""
    : `\nThe identity in ${identityPath} was there already and is kept.\n`;
  const cd = inside === "" ? "" : `  cd ${inside}\n`;
  console.write(`Made in ${inside === "" ? "this folder" : inside}:
${lines.join("\n")}
${kept}
Keep a copy of the private key where you keep such things: without it the secrets cannot be read.
A pipeline gets it as the secret ${style("strong", "STEWARD_AGE_IDENTITY")}, whose value is the line AGE-SECRET-KEY-1… of that file.
The state, which will be in .steward/state, holds no secrets; every run must find it again, also in a pipeline.

${head}${cd}${next}`);
}
