import { existsSync } from "node:fs";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownProgram } from "../../platform/piped-child.ts";
import { type ConsolesPlayed, playConsoles } from "./consoles.ts";
import { playPeople } from "./people.ts";
import type { Stage } from "./stage.ts";
import { firstResources, reportProgram, secondToken } from "./texts.ts";
import type { DemoWorld } from "./world.ts";

/** The acts in their order. Each throws NotAsClaimed when something is not as it says. */
export async function play(
  stage: Stage,
  world: DemoWorld,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ConsolesPlayed> {
  await begin(stage, world);
  await check(stage);
  await bringUp(stage, world);
  await foreignEdit(stage, world);
  await kill(stage, world);
  await recover(stage, world);
  await use(stage, world);
  await playPeople(stage, world);
  return playConsoles(stage, world, variables);
}

async function begin(stage: Stage, { served }: DemoWorld): Promise<void> {
  stage.act(
    "Begin",
    "A manifest says what should be there. init writes one to start from, and a key pair for secrets.",
  );
  await stage.steward(["init", "--url", served.url], { says: ["STEWARD_AGE_IDENTITY"], linesMax: 4 });
  stage.say("", "To it we add a role, a user and an API token that is rotated two weeks before it expires:");
  await appendFile(join(stage.folder, "steward.yaml"), firstResources);
  stage.show(firstResources.trimStart());
}

async function check(stage: Stage): Promise<void> {
  stage.act(
    "Trust",
    "Credentials and secrets go only where somebody pinned that they may go. A pull request that",
    "changes an address is refused before the first byte is sent.",
  );
  await stage.steward(["trust", "--all"], { says: [/Pinned: 2 targets/] });
  stage.act("Doctor", "Is everything there that a run needs? It only reads.");
  await stage.steward(["doctor"], { says: ["All is well."] });
  stage.act("Validate", "The manifest alone, without a system.");
  await stage.steward(["validate"], { says: ["The manifest is valid", "3 resources"] });
}

async function bringUp(stage: Stage, { simulator }: DemoWorld): Promise<void> {
  stage.act("Plan", "What would be done, step by step. Nothing is changed; the plan is kept in a file to be reviewed.");
  await stage.steward(["plan", "--out", "plan.json"], { says: ["3 to create"], linesMax: 40 });
  stage.claim(simulator.store.mutatingCalls.length === 0, "nothing was changed by planning");
  stage.act(
    "Apply",
    "Exactly that plan. The token can be downloaded only once, by its owner only: Steward signs in as",
    "the owner, with the password that it made, and puts the value into the encrypted sink at once.",
  );
  await stage.steward(["apply", "plan.json"], { says: ["Apply complete"] });
  stage.claim(liveTokens(stage, simulator, "ci") === 1, "there is one token named ci");
  stage.act("Plan again", "What is declared is there.");
  await stage.steward(["plan"], { says: ["No changes."] });
}

async function foreignEdit(stage: Stage, { simulator }: DemoWorld): Promise<void> {
  const { store } = simulator;
  const role = store.roleNamed("Auditor");
  const extra = store.functionalRoles.find(({ name }) => name === "SD-WAN Enterprise Admin");
  stage.claim(extra !== undefined, "the orchestrator has a functional role SD-WAN Enterprise Admin");
  store.changeRole(role.id, { functionalRoleIds: [...role.functionalRoleIds, extra?.id ?? 0] });
  stage.act(
    "A change behind Steward's back",
    "Somebody made auditors administrators, by hand, on the orchestrator. drift shows it; the next",
    "apply takes it back.",
  );
  await stage.steward(["drift"], { says: ["velocloud_role.auditor", "SD-WAN Enterprise Admin"] });
  await stage.steward(["plan", "--out", "repair.json"], { says: ["1 to update"] });
  await stage.steward(["apply", "repair.json"], { says: ["Apply complete"], linesMax: 12 });
  const now = store.roleNamed("Auditor").functionalRoleIds;
  stage.claim(now.join() === role.functionalRoleIds.join(), "the role has its two parts again, and no more");
}

async function kill(stage: Stage, world: DemoWorld): Promise<void> {
  stage.act(
    "A run that is killed at the worst moment",
    "A second token. The orchestrator gives its value out once. We kill Steward with SIGKILL after the",
    "orchestrator has served that download and before the answer arrives: nobody has the value now.",
  );
  await appendFile(join(stage.folder, "steward.yaml"), secondToken);
  stage.show(`  velocloud_api_token:${secondToken}`);
  const child = stage.start(["apply", "--auto-approve"]);
  world.afterDownload = async () => {
    child.kill("SIGKILL");
    await child.ended;
  };
  await stage.finishKilled("steward apply --auto-approve", child);
  const [token] = tokensNamed(world.simulator, "reports");
  stage.claim(token !== undefined && token.downloaded !== null, "the orchestrator gave the value out");
  const sealed = join(stage.folder, "secrets", "velocloud", "reports-token.age.json");
  stage.claim(!existsSync(sealed), "the value reached no sink");
  stage.say("The log knows what was intended, because that was durable before the call:");
  await stage.steward(["state", "list"], { says: ["is not finished", "in doubt"] });
}

async function recover(stage: Stage, { simulator }: DemoWorld): Promise<void> {
  const [lost] = tokensNamed(simulator, "reports");
  stage.act(
    "Recovery",
    "The next apply reads back what happened. The value is lost for good, so that token is revoked and a",
    "new one is issued, without asking, because the log proves that it was ours.",
  );
  await stage.steward(["apply", "--auto-approve"], { says: ["Apply complete"], linesMax: 40 });
  const all = tokensNamed(simulator, "reports");
  stage.claim(all.find(({ id }) => id === lost?.id)?.isRevoked === true, "the lost token is revoked");
  stage.claim(liveTokens(stage, simulator, "reports") === 1, "there is one live token named reports");
  await stage.steward(["plan"], { says: ["No changes."] });
  await stage.steward(["tokens"], { says: [/reports +velocloud +enabled/] });
}

async function use(stage: Stage, { served, simulator }: DemoWorld): Promise<void> {
  stage.act(
    "Use it",
    "secret exec takes the value out of the sink into the environment of one program, and nowhere else.",
    "The program calls the orchestrator with it:",
  );
  await writeFile(join(stage.folder, "report.mjs"), reportProgram);
  const [node] = ownProgram;
  const words = ["secret", "exec", "velocloud_api_token.reports=VCO_TOKEN", "--"];
  const child = stage.start([...words, node, "report.mjs"]);
  await stage.finish(`steward ${words.join(" ")} node report.mjs`, child, { says: ["HTTP 200: the token works"] });
  const passwords = simulator.store.users.values().map(({ password }) => password ?? "");
  const secrets = [simulator.world.enterprise.token, ...passwords].filter((secret) => secret !== "");
  stage.claim(!secrets.some((secret) => stage.transcript.includes(secret)), "no secret was printed anywhere above");
  stage.claim(!/eyJ[\w-]{10,}\.|AGE-SECRET-KEY-1\w/.test(stage.transcript), "no token and no key was printed above");
  stage.claim(served.url.startsWith("http://127.0.0.1:"), "all of it stayed on this machine");
}

function tokensNamed(simulator: DemoWorld["simulator"], name: string) {
  return simulator.store.tokens.values().filter((token) => token.name === name);
}

function liveTokens(stage: Stage, simulator: DemoWorld["simulator"], name: string): number {
  const live = tokensNamed(simulator, name).filter((token) => !token.isRevoked);
  stage.claim(
    live.every((token) => token.downloaded !== null),
    `every live token named ${name} was downloaded`,
  );
  return live.length;
}
