import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, simulated, steward } from "./commands2-console.ts";
import { blocksOf, chapterOf, commandsOf, Reader, steady } from "./readme-reader.ts";

const blocks = blocksOf(chapterOf("Your own orchestrator in ten minutes"));
const edits = blocks.filter(({ language }) => language === "yaml").map(({ text }) => text);

/** Step 7: a user below the line that it names, a token at the end. */
async function edit({ manifest }: Reader, [user = "", token = ""]: string[]): Promise<void> {
  const text = await readFile(manifest, "utf8");
  const line = "\n  velocloud_admin_user:\n";
  expect(text.split(line)).toHaveLength(2);
  await writeFile(manifest, text.replace(line, `${line}${user}`) + token);
}

/** What the README says that was printed, in its order. */
const printed = blocks.filter(({ language }) => language === "").map(({ text }) => steady(text));

test("ten minutes of the README work literally against the simulator, and print what it says", async () => {
  const { ready } = await simulated({ users: 2 });
  const { url, token } = ready.velocloud;
  const reader = new Reader(await makeFolder(), { VCO_URL: url, VCO_TOKEN: token });
  const lines = blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => commandsOf(text));
  expect(lines.slice(0, 2)).toEqual(["steward simulate --users 2", "mkdir access && cd access"]);
  const outputs: string[] = [];
  let plans = 0;
  for (const line of lines.slice(2)) {
    if (line.startsWith("steward plan --out") && ++plans === 2) await edit(reader, edits);
    const { out, err } = await reader.follow(line);
    outputs.push(steady(out.includes("Applying") ? out.replace("\n", `\n${err}`) : out));
    if (line === "steward doctor") expect(out).toContain("All is well.");
    if (line === "steward plan") expect(out.trim().split("\n").at(-1)).toBe("No changes.");
  }
  outputs.push(steady((await reader.follow("steward tokens")).out));
  const [adoption = "", first = "", used = "", tokens = ""] = printed;
  for (const said of [adoption, first, tokens]) expect(outputs).toContain(said);
  expect(used).toBe(await userBehind(reader));
});

test("the manifest of the README gives the plans that stand below it", async () => {
  const { ready } = await simulated({ users: 2 });
  const { url, token } = ready.velocloud;
  const reader = new Reader(await makeFolder(), { VCO_URL: url, VCO_TOKEN: token });
  const manifest = blocksOf(chapterOf("A manifest"))[0]!.text.replace("https://vco.example.net", url);
  const [first, second] = blocksOf(chapterOf("Its plan")).map(({ text }) => steady(text));
  const planOf = async (text: string) => {
    await writeFile(join(reader.folder, "steward.yaml"), text);
    return steady((await reader.follow("steward plan --out plan.json")).out);
  };
  await reader.follow("steward init keys");
  const { folder } = reader;
  const recipient = /age1\w+/.exec(await readFile(join(folder, "keys/steward.yaml"), "utf8"))![0];
  const ours = manifest.replace(/age1\w+/, recipient);
  reader.variables.STEWARD_AGE_IDENTITY = await readFile(join(folder, "keys/.steward/identity.txt"), "utf8");
  await writeFile(join(folder, "steward.yaml"), ours);
  await reader.follow("steward trust --all");
  expect(await planOf(ours)).toBe(first);
  await reader.follow("steward apply plan.json");
  const edited = ours
    .replace("Enterprise Standard Admin", "Enterprise Support")
    .replace("lifetime: 90d", "lifetime: 60d")
    .replace("May look at everything", "May look at everything, and change nothing");
  expect(await planOf(edited)).toBe(second);
});

/** Whom the token belongs to, asked as step 8 does: a child's output would go past us. */
async function userBehind(reader: Reader): Promise<string> {
  const { out } = await steward({ ...reader, terminal: true }, "secret", "get", "velocloud_api_token.ci");
  const answer = await fetch(`${reader.variables.VCO_URL}/portal/rest/enterpriseUser/getEnterpriseUser`, {
    method: "POST",
    headers: { authorization: `Token ${out.trim()}` },
    body: "{}",
  });
  const { username, roleName } = (await answer.json()) as { username: string; roleName: string };
  return `${username} ${roleName}`;
}
