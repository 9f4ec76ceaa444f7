import { readFileSync } from "node:fs";
import type { Instruction } from "../src/render/instruction-view.ts";
import type { Label, Screen, ScreenResult } from "../src/screen.ts";
import type { Plan } from "../src/step.ts";
import { change, plan, step } from "./render-plans.ts";

const file = new URL("../schemas/momentus/labels.json", import.meta.url);
const { labels } = JSON.parse(readFileSync(file, "utf8")) as {
  labels: { key: string; label: string; role: string; mark: Label["mark"] }[];
};

/** A control of Momentus, as the label file of the system has it. */
export function label(key: string): Label {
  const found = labels.find((one) => one.key === key);
  if (!found) throw new Error(`no label ${key}`);
  return { key, text: found.label, role: found.role, mark: found.mark };
}

const support = "an Enterprise support user";
const connect = "a Support User of Momentus Connect";
const url = "https://acme.example.net/test";
const serv = "momentus_api_user.moco_serv";
const toApiUsers = [label("mainMenu"), label("apiUsers")];
const credentials: ScreenResult["asks"] = [
  { name: "secret", label: "Secret", secret: true, pattern: { matches: "^[0-9a-f-]{36}$", says: "36 characters" } },
  { name: "key", label: "Key", secret: true },
];
const failed: ScreenResult = { result: "failed", means: "it cannot be done", asks: [] };

/** Is there a MOCO-SERV? */
const observe: Screen = {
  role: support,
  url,
  acts: [
    { act: "go", path: toApiUsers },
    { act: "search", field: label("search"), text: "MOCO-SERV" },
    { act: "note", text: "a search without support rights does not show internal users, and proves nothing" },
  ],
  results: [
    { result: "found", means: "it is in the list", asks: [] },
    {
      result: "absent",
      means: "it is not in the list",
      asks: [{ name: "licensed", label: "API licensed", choices: ["on", "off"] }],
    },
    { result: "cannot-see", means: "the page is not shown", asks: [] },
  ],
};

/** The API user with exactly the vendor's settings. */
const create: Screen = {
  role: support,
  url,
  acts: [
    { act: "go", path: toApiUsers },
    { act: "press", button: label("add") },
    {
      act: "fill",
      fields: [
        { label: label("displayName"), value: "Momentus Connect" },
        { label: label("id"), value: "MOCO-SERV" },
        { label: label("description"), value: "Internal Momentus Connect API User" },
        { label: label("enforceAccessPrivileges"), value: false },
        { label: label("allowProxyUser"), value: false },
        { label: label("retire"), value: false },
        { label: label("internal"), value: true },
        { label: label("licenseSpecialAccess"), value: true },
      ],
    },
    { act: "note", text: "Organization: choose any organization" },
    { act: "press", button: label("ok") },
    {
      act: "shows",
      labels: [label("secret"), label("keys")],
      text: "The page now shows the Secret, and one Key under Keys",
    },
  ],
  results: [
    { result: "done", means: "it is created", asks: credentials },
    { result: "found", means: "it was there already", asks: [] },
    failed,
  ],
};

const adopt: Screen = {
  role: support,
  url,
  acts: [
    { act: "go", path: toApiUsers },
    { act: "open", row: "MOCO-SERV" },
    {
      act: "expect",
      fields: [
        { label: label("id"), value: "MOCO-SERV" },
        { label: label("retire"), value: false },
        { label: label("internal"), value: true },
      ],
    },
    { act: "press", menu: label("tools"), button: label("copySecret") },
    { act: "go", path: [label("keys")] },
    { act: "note", text: "Right-click a key and choose Copy Key to Clipboard" },
  ],
  results: [{ result: "done", means: "Secret and Key are copied", asks: credentials }, failed],
};

const mail = (title: string): Screen => ({
  role: "whoever writes to Licensing",
  acts: [
    { act: "note", text: `Open the message mails/${title}.eml in a mail program and send it` },
    { act: "note", text: "Wait for the answer of Licensing" },
  ],
  results: [{ result: "done", means: "Licensing has answered", asks: [] }, failed],
});

const approve = (app: string): Screen => ({
  role: connect,
  url: "https://connect.example.net",
  acts: [
    { act: "search", field: label("search"), text: "Acme Events" },
    { act: "open", row: "Acme Events" },
    { act: "go", path: [label("customerDashboard"), label("apps")] },
    { act: "fill", fields: [{ label: label("tenant"), value: "acme-test" }] },
    { act: "press", button: label("show") },
    { act: "expect", fields: [{ label: label("status"), value: "Requested" }] },
    { act: "press", button: label("approve"), row: app },
    {
      act: "prompt",
      heading: label("connectApiUser"),
      fields: [
        { label: label("promptId"), value: "MOCO-SERV" },
        { label: label("promptSecret"), value: { secret: "credentials", part: "secret" } },
        { label: label("promptKey"), value: { secret: "credentials", part: "key" } },
      ],
      button: label("promptSave"),
    },
    { act: "shows", labels: [label("approved")], text: "The app now stands in the group Approved" },
  ],
  results: [
    { result: "done", means: "it is approved", asks: [] },
    { result: "not-done", means: "the app is not requested", asks: [] },
    failed,
  ],
});

const delivers = {
  credentials: { sink: "local", path: "momentus/moco-serv", issueId: "i.credentials.1", generation: 1 },
};
const person = { hand: "person" as const };

/** MOCO-SERV and two app approvals from nothing, with both branches, the loan of a license and its return. */
export function peoplePlan(): Plan {
  const portal = "momentus_app_approval.event_portal";
  const exhibitor = "momentus_app_approval.exhibitor";
  const question = `${serv}/observe`;
  return plan({
    digest: "3f2a91c0d1e27b44",
    changes: [
      change(serv, {
        because: "not known to be on momentus",
        attributes: [
          { path: "user_id", after: "MOCO-SERV" },
          { path: "internal", after: true },
          { path: "credentials", secret: true },
        ],
      }),
      change(portal, { after: [serv], attributes: [{ path: "app", after: "Event Portal" }] }),
      change(exhibitor, { after: [serv], attributes: [{ path: "app", after: "Exhibitor Hub" }] }),
    ],
    steps: [
      step(question, { ...person, title: "is there a MOCO-SERV?", asks: true }),
      step(`${serv}/adopt`, {
        ...{ ...person, title: "take over the credentials of the existing one", needs: [question], delivers },
        when: { is: "found", of: question },
      }),
      step(`${serv}/borrow`, {
        ...{ ...person, title: "ask for the Basic API module by e-mail", needs: [question] },
        ...{ when: { is: "unlicensed", of: question }, loan: { name: "Basic API", part: "take" } },
      }),
      step(`${serv}/create`, {
        ...{ ...person, title: "create the API user", needs: [question, `${serv}/borrow`], delivers },
        when: { is: "absent", of: question },
      }),
      step(`${serv}/prove`, { title: "prove that its key works", needs: [`${serv}/adopt`, `${serv}/create`] }),
      step(`${serv}/return`, {
        ...{ ...person, title: "ask Licensing to remove the module", needs: [`${serv}/prove`], always: true },
        ...{ when: { is: "borrowed", of: `${serv}/borrow` }, loan: { name: "Basic API", part: "return" } },
      }),
      step(`${portal}/approve`, { ...person, title: "approve Event Portal", needs: [`${serv}/return`] }),
      step(`${exhibitor}/approve`, { ...person, title: "approve Exhibitor Hub", needs: [`${serv}/return`] }),
    ],
  });
}

const screens: Record<string, Screen> = {
  [`${serv}/observe`]: observe,
  [`${serv}/adopt`]: adopt,
  [`${serv}/borrow`]: mail("ask-for-basic-api"),
  [`${serv}/create`]: create,
  [`${serv}/return`]: mail("remove-basic-api"),
  "momentus_app_approval.event_portal/approve": approve("Event Portal"),
  "momentus_app_approval.exhibitor/approve": approve("Exhibitor Hub"),
};

/** What people do in `peoplePlan`, in its order. */
export function peopleInstructions(): Instruction[] {
  return peoplePlan().steps.flatMap((one) => {
    const screen = screens[one.id];
    return screen ? [{ step: one, screen }] : [];
  });
}

/** One of them. */
export function instructionOf(id: string): Instruction {
  const found = peopleInstructions().find(({ step }) => step.id === id);
  if (!found) throw new Error(`no instruction for ${id}`);
  return found;
}

/** Who does which step. */
export function peopleRoles(): Map<string, string> {
  return new Map(peopleInstructions().map(({ step, screen }) => [step.id, screen.role]));
}

/** A step and a screen in which every text from outside is `word`. */
export function instructionFullOf(word: string): Instruction {
  const one = (role: string): Label => ({ key: "k", text: word, role, mark: "assumed" });
  const fields = [
    { label: one("textbox"), value: word },
    { label: one("checkbox"), value: true },
    { label: one("checkbox"), value: false },
    { label: one("textbox"), value: { secret: word } },
  ];
  return {
    step: step(`momentus_api_user.a/${word}`, { ...person, title: word, system: word, asks: true }),
    screen: {
      role: word,
      url: word,
      acts: [
        { act: "go", path: [one("link"), one("tab")] },
        { act: "press", button: one("button") },
        { act: "shows", labels: [one("heading")], text: word },
        { act: "search", field: one("searchbox"), text: word },
        { act: "open", row: word },
        { act: "press", button: one("menuitem"), row: word, menu: one("button") },
        { act: "fill", fields },
        { act: "expect", fields: [{ label: one("textbox"), value: word }] },
        { act: "prompt", heading: one("heading"), fields, button: one("button") },
        { act: "press", button: one("button"), optional: true },
        { act: "prompt", heading: one("heading"), fields: [], button: one("button") },
        { act: "read", ask: word, field: one("textbox") },
        { act: "read", ask: word, column: one("columnheader"), row: word },
        { act: "read", ask: word, column: one("columnheader"), begins: word },
        { act: "look", row: word, among: { column: one("columnheader"), words: [one("cell"), one("cell")] } },
        { act: "note", text: word },
      ],
      results: [
        {
          result: "done",
          means: word,
          asks: [
            { name: word, label: word, pattern: { matches: ".*", says: word } },
            { name: word, label: word, secret: true },
            { name: `${word}2`, label: word, optional: true, choices: [word] },
          ],
        },
      ],
    },
  };
}

/** Whatever a vendor or a manifest could say to format, hide or forge something. */
export const hostile =
  "`|</code></details></script>\n```\n~~~\n# Approved @maintainer [x](http://evil.example) <img src=x onerror=alert(1)> \"quoted\" 'single' &amp; www.evil.example\r\u202e\u001b[2K\u200b$(reboot);";
