import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Transports } from "../../platform/transport.ts";
import { Secret } from "../../secret.ts";
import { type Credentials, SupportPerson } from "./person.ts";
import type { Stage } from "./stage.ts";
import { momentusResources, momentusSystems } from "./texts.ts";
import type { DemoWorld } from "./world.ts";

const user = "momentus_api_user.moco_serv";
const userInTest = "momentus_api_user.moco_serv_test";

/** The second half: work that no API can do. The demo plays the support person, at the simulator's console. */
export async function playPeople(stage: Stage, world: DemoWorld): Promise<void> {
  const transports = new Transports({});
  try {
    const person = new SupportPerson(transports.route({}), world.momentus.served.url);
    await person.signIn(world.momentus.simulator.world.support);
    await declare(stage, world);
    const run = await askPeople(stage);
    await lookFirst(stage, person);
    await borrow(stage, world, run);
    const credentials = await make(stage, world, person);
    await takeOver(stage, person);
    await approve(stage, world, person, { run, credentials });
  } finally {
    await transports.close();
  }
}

async function declare(stage: Stage, { momentus }: DemoWorld): Promise<void> {
  const { served, smtp, simulator } = momentus;
  const { store } = simulator;
  const texts = { url: served.url, smtp, serials: store.serialNumbers, customer: store.customerName };
  stage.act(
    "Work that no API can do",
    "Momentus has no API for its API users. MOCO-SERV must be made by support people, by hand, before the",
    "first app is approved. Production is not licensed for the API; the test environment has a MOCO-SERV.",
  );
  const file = join(stage.folder, "steward.yaml");
  const before = await readFile(file, "utf8");
  await writeFile(file, before.replace("\nsystems:\n", `\nsystems:${momentusSystems(texts)}\n`));
  await appendFile(file, momentusResources);
  stage.show(momentusResources.trimStart());
  await stage.steward(["trust", "--all"], { says: ["Pinned"], linesMax: 8 });
}

async function askPeople(stage: Stage): Promise<string> {
  stage.act(
    "A plan with people in it",
    "Every branch is printed: found or not, licensed or not. A runbook of the same plan can be printed.",
  );
  const words = ["plan", "--out", "people.json", "--runbook", "runbook.html"];
  await stage.steward(words, { says: ["if absent", "if found", "if unlicensed"], linesMax: 60 });
  stage.act("Apply, until only people are missing", "The rest of a plan does not wait for them. Exit code 3.");
  const text = await stage.steward(["apply", "people.json"], { code: 3, says: [`${user}/observe`], linesMax: 60 });
  await stage.steward(["status"], { says: ["support"], linesMax: 20 });
  const run = Object.keys(await openRuns(stage))[0];
  stage.claim(run !== undefined && text.includes("observe"), "a run waits");
  return run ?? "";
}

async function openRuns(stage: Stage): Promise<Record<string, unknown>> {
  const { runs } = JSON.parse(await stage.quietly(["status", "--format", "json"])) as {
    runs: { run: { id: string } }[];
  };
  return Object.fromEntries(runs.map(({ run }) => [run.id, run]));
}

async function lookFirst(stage: Stage, person: SupportPerson): Promise<void> {
  stage.act(
    "The support person looks first",
    "The demo plays that person now: it signs in at the simulated console in its own words. On production",
    "the screen does not open for want of a license; in the test environment MOCO-SERV is there.",
  );
  stage.claim((await person.look("prod", "MOCO-SERV")) === "not licensed", "production is not licensed");
  const words = ["confirm", `${user}/observe`, "--result", "cannot-see", "--field", "licensed=no"];
  await stage.steward(words, { code: 3, says: ["goes on waiting"] });
  stage.claim((await person.look("test", "MOCO-SERV")) === "found", "the test environment has a MOCO-SERV");
  await stage.steward(["confirm", `${userInTest}/observe`, "--result", "found"], { says: ["Recorded"] });
}

async function borrow(stage: Stage, { momentus }: DemoWorld, run: string): Promise<void> {
  const { store } = momentus.simulator;
  stage.act(
    "Something is borrowed",
    "Steward asks the licensing team by e-mail, and remembers that it owes the module back.",
  );
  await stage.steward(["apply", "--resume", run], { code: 3, says: ["license_wait"], linesMax: 14 });
  stage.show(mailText(store.outbox.at(-1)));
  await stage.steward(["status"], { says: ["Borrowed"], linesMax: 30 });
  stage.claim(
    momentus.answerMails() === 1 && store.licensing.isLicensed("prod"),
    "the licensing team added the module",
  );
  await stage.steward(["confirm", `${user}/license_wait`, "--result", "done"], { says: ["Recorded"] });
}

async function make(stage: Stage, { momentus }: DemoWorld, person: SupportPerson): Promise<Credentials> {
  stage.act(
    "MOCO-SERV is made, and tested before it is believed",
    "Only now the list can be seen, and MOCO-SERV is not in it. The person fills in the form as the",
    "instruction says. A Key with a typing error is refused at once: nothing of it is recorded.",
  );
  stage.claim((await person.look("prod", "MOCO-SERV")) === "absent", "production has no MOCO-SERV");
  const absent = ["--result", "absent", "--field", "rights=support", "--field", "licensed=no"];
  await stage.steward(["confirm", `${user}/observe`, ...absent], { says: [`${user}/create`] });
  await stage.steward(["do", `${user}/create`, "--show"], { says: ["License Special Access"], linesMax: 40 });
  const credentials = await person.addApiUser("prod", {
    texts: {
      "Display Name": "Momentus Connect",
      ID: "MOCO-SERV",
      Description: "Internal Momentus Connect API User",
    },
    checked: ["Internal", "License Special Access"],
  });
  const words = ["confirm", `${user}/create`, "--result", "done", "--secret", "secret", "--secret", "key"];
  const { secret, key } = credentials;
  const wrong = new Secret(key.reveal().replace(/.$/, (digit) => (digit === "0" ? "1" : "0")));
  await stage.steward(words, { code: 4, says: ["do not work"], input: [secret.reveal(), wrong.reveal()] });
  await stage.steward(words, { says: ["Proven"], input: [secret.reveal(), key.reveal()] });
  const users = momentus.simulator.store.prod.apiUsers.values().filter(({ id }) => id === "MOCO-SERV");
  stage.claim(users.length === 1, "production has one MOCO-SERV");
  return credentials;
}

async function takeOver(stage: Stage, person: SupportPerson): Promise<void> {
  stage.act(
    "What was found is taken over",
    "In the test environment nothing is made and no Secret renewed: the person copies what is there.",
  );
  const { secret, key } = await person.readCredentials("test", "MOCO-SERV");
  const seen = {
    ...{ display_name: "Momentus Connect", description: "Internal Momentus Connect API User", organization: "10" },
    ...{ enforce_access_privileges: "off", allow_proxy_user: "off", retired: "off" },
    ...{ internal: "on", license_special_access: "on" },
  };
  const fields = Object.entries(seen).flatMap(([name, value]) => ["--field", `${name}=${value}`]);
  const words = [
    "confirm",
    `${userInTest}/adopt`,
    "--result",
    "done",
    ...fields,
    "--secret",
    "secret",
    "--secret",
    "key",
  ];
  await stage.steward(words, { says: ["Proven"], input: [secret.reveal(), key.reveal()] });
}

async function approve(
  stage: Stage,
  { momentus }: DemoWorld,
  person: SupportPerson,
  { run, credentials }: { run: string; credentials: Credentials },
): Promise<void> {
  const { store } = momentus.simulator;
  stage.act(
    "The module goes back, and the apps are approved",
    "Steward asks for the removal by e-mail, and then for the two approvals: MOCO-SERV works by now.",
  );
  await stage.steward(["apply", "--resume", run], { code: 3, says: ["floor_plan/observe"], linesMax: 12 });
  stage.claim(momentus.answerMails() === 1 && !store.licensing.isLicensed("prod"), "the module was given back");
  for (const [name, app] of [
    ["floor_plan", "Floor Plan Studio"],
    ["signage", "Lobby Signage"],
  ] as const) {
    const address = `momentus_app_approval.${name}`;
    await stage.steward(["confirm", `${address}/observe`, "--result", "absent", "--field", "status=requested"]);
    const wasAsked = await person.approve(store.customerName, "prod", app, credentials);
    if (wasAsked) stage.say("", "Connect asked for MOCO-SERV, once; the person entered ID, Secret and Key.");
    await stage.steward(["confirm", `${address}/approve`, "--result", "done"]);
  }
  const approved = store.apps.values().filter(({ tenant, status }) => tenant === "prod" && status === "approved");
  stage.claim(approved.length === 2, "both apps are approved");
  await stage.steward(["status"], { linesMax: 6 });
  await stage.steward(["plan"], { says: ["No changes."] });
  const secrets = [credentials.secret, credentials.key].map((secret) => secret.reveal());
  stage.claim(!secrets.some((secret) => stage.transcript.includes(secret)), "no Secret and no Key was printed above");
}

function mailText(mail: { from: string; to: string; subject: string; text: string } | undefined): string {
  if (!mail) return "";
  return `From: ${mail.from}\nTo: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}`;
}
