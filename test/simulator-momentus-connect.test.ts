import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import { copyProdToTest, forgetConnectApiUser, isAppWorking } from "../src/simulators/momentus/connect.ts";
import { LicensingTeam, wishOf } from "../src/simulators/momentus/mail.ts";
import type { ApiCredentials } from "../src/simulators/momentus/records.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import {
  addApiUser,
  callApi,
  makeMomentus,
  mocoServ,
  openConsole,
  signToken,
  type TestConsole,
} from "./momentus-client.ts";

let simulator: MomentusSimulator;
let clock: { ms: number };
let support: TestConsole;

beforeEach(async () => {
  ({ simulator, clock } = makeMomentus());
  support = await openConsole(simulator);
});

async function openApps(console: TestConsole, tenant = "prod"): Promise<void> {
  await console.goto("/connect");
  await console.click("link", "Harbor Congress Center");
  expect(console.all("tab").map((tab) => [textOf(tab), tab.attributes.get("aria-selected")])).toEqual([
    ["Users", "true"],
    ["Apps", "false"],
  ]);
  await console.click("tab", "Apps");
  console.fill("Tenant", tenant);
  await console.click("button", "Show");
}

async function makeMocoServ(): Promise<ApiCredentials> {
  await addApiUser(support, mocoServ);
  return simulator.store.credentialsOf("prod", "MOCO-SERV");
}

async function answerPrompt({ id, secret, key }: ApiCredentials): Promise<void> {
  support.fill("ID", id);
  support.fill("Secret", secret);
  support.fill("Key", key);
  await support.click("button", "Save");
}

/** What the row of an app offers, and its status. */
function rowOf(app: string) {
  const cells = support.all("cell", undefined, support.row(app)).map(textOf);
  const [offers] = [["button", "link", "menuitem"].flatMap((role) => support.all(role, undefined, support.row(app)))];
  return { status: cells[0], offers: offers!.map(textOf).filter((text) => text !== "⋮") };
}

async function press(app: string, role: string, name: string): Promise<void> {
  await openApps(support);
  await support.click(role, name, support.row(app));
}

const idOf = (name: string) => simulator.store.apps.find((app) => app.name === name && app.tenant === "prod")!;

describe("apps of Momentus Connect", () => {
  it("asks for MOCO-SERV at the first approval only, and makes the app's own API user on approval", async () => {
    const moco = await makeMocoServ();
    await press("Floor Plan Studio", "button", "Approve");
    expect(support.title()).toBe("Momentus Connect API User");
    expect(idOf("Floor Plan Studio")).toMatchObject({ status: "requested", apiUserId: null });
    await answerPrompt(moco);
    expect(rowOf("Floor Plan Studio")).toEqual({ status: "Approved", offers: ["Configuration", "Remove"] });
    const { apiUserId } = idOf("Floor Plan Studio");
    expect(simulator.store.prod.apiUser(apiUserId!)).toMatchObject({ isInternal: true, hasLicenseSpecialAccess: true });
    const own = simulator.store.credentialsOf("prod", apiUserId!);
    simulator.store.licensing.switchOff("prod");
    expect((await callApi(simulator, "GET sdk_initialize", { token: signToken(own) })).status).toBe(200);
    await press("Lobby Signage", "button", "Approve");
    expect(support.title()).toBe("Customer Dashboard");
    expect(idOf("Lobby Signage")).toMatchObject({ status: "approved", apiUserId: null });
    expect(simulator.store.prod.apiUsers.size).toBe(3);
  });

  it("asks again in the other tenant", async () => {
    simulator.store.connectApiUsers.set("prod", await makeMocoServ());
    await openApps(support, "test");
    await support.click("button", "Approve", support.row("Floor Plan Studio"));
    expect(support.title()).toBe("Momentus Connect API User");
  });

  it.each([
    ["another ID", { id: "STEWARD" }],
    ["a wrong Secret", { secret: "11111111-1111-1111-1111-111111111111" }],
    ["a wrong Key", { key: "11111111-1111-1111-1111-111111111111" }],
    ["nothing", { id: "", secret: "", key: "" }],
  ])("refuses %s at the prompt, asks again and approves nothing", async (_what, wrong) => {
    const moco = await makeMocoServ();
    await press("Floor Plan Studio", "button", "Approve");
    await answerPrompt({ ...moco, ...wrong });
    expect([support.status, support.all("alert").length]).toEqual([422, 1]);
    expect(idOf("Floor Plan Studio").status).toBe("requested");
    expect(simulator.store.connectApiUsers.size).toBe(0);
    expect([support.value("Secret"), support.value("Key")]).toEqual(["", ""]);
    await answerPrompt(moco);
    expect(idOf("Floor Plan Studio").status).toBe("approved");
  });

  it("refuses a retired MOCO-SERV, and an unlicensed one without License Special Access", async () => {
    const moco = await makeMocoServ();
    simulator.store.changeApiUser("prod", "MOCO-SERV", { isRetired: true });
    await press("Floor Plan Studio", "button", "Approve");
    await answerPrompt(moco);
    expect(support.status).toBe(422);
    simulator.store.changeApiUser("prod", "MOCO-SERV", { isRetired: false, hasLicenseSpecialAccess: false });
    simulator.store.licensing.switchOff("prod");
    await answerPrompt(moco);
    expect([support.status, support.alert()]).toEqual([422, expect.stringContaining("not licensed")]);
  });

  it("goes from Approved by its configuration to Active, Disabled and back, and keeps the configuration", async () => {
    simulator.store.connectApiUsers.set("prod", await makeMocoServ());
    await press("Floor Plan Studio", "button", "Approve");
    await support.click("link", "Configuration", support.row("Floor Plan Studio"));
    support.fill("Integration name", "Halls");
    await support.click("button", "Save");
    expect(rowOf("Floor Plan Studio")).toEqual({ status: "Active", offers: ["Configuration", "Disable", "Remove"] });
    expect(isAppWorking(simulator.store, idOf("Floor Plan Studio"))).toBe(true);
    await support.click("menuitem", "Disable", support.row("Floor Plan Studio"));
    expect(rowOf("Floor Plan Studio")).toEqual({ status: "Disabled", offers: ["Enable", "Remove"] });
    expect(idOf("Floor Plan Studio").configuration).toBe("Halls");
    await support.click("menuitem", "Enable", support.row("Floor Plan Studio"));
    expect(rowOf("Floor Plan Studio").status).toBe("Active");
  });

  it("declines to Deleted, removes, and lets the app be requested again", async () => {
    await press("Floor Plan Studio", "button", "Decline");
    expect(rowOf("Floor Plan Studio")).toEqual({ status: "Deleted", offers: ["Remove"] });
    await support.click("menuitem", "Remove", support.row("Floor Plan Studio"));
    expect(support.all("rowheader", "Floor Plan Studio")).toEqual([]);
    const customer = await openConsole(simulator, "customerAdmin");
    await customer.goto("/connect/marketplace");
    await customer.click("button", "Request", customer.row("Floor Plan Studio"));
    expect(customer.all("button", "Request", customer.row("Floor Plan Studio"))).toEqual([]);
    await openApps(support);
    expect(rowOf("Floor Plan Studio")).toEqual({ status: "Requested", offers: ["Approve", "Decline"] });
  });

  it("makes a second API user for a second instance of an app and leaves the first alone", async () => {
    simulator.store.connectApiUsers.set("prod", await makeMocoServ());
    await press("Floor Plan Studio", "button", "Approve");
    const first = idOf("Floor Plan Studio").apiUserId!;
    await support.click("menuitem", "Remove", support.row("Floor Plan Studio"));
    await support.goto("/connect/marketplace");
    await support.click("button", "Request", support.row("Floor Plan Studio"));
    await press("Floor Plan Studio", "button", "Approve");
    expect(idOf("Floor Plan Studio").apiUserId).not.toBe(first);
    expect(simulator.store.prod.apiUser(first)).toBeDefined();
  });

  it("refuses what the status of an app does not allow, and Connect's customers to customers", async () => {
    const { id } = idOf("Floor Plan Studio");
    for (const action of ["disable", "enable", "remove", "configuration"]) {
      await support.post(`/connect/apps/${id}/${action}`, {});
      expect([action, support.status]).toEqual([action, 409]);
    }
    const customer = await openConsole(simulator, "customerAdmin");
    for (const path of ["/connect", "/connect/customers/1", "/connect/customers/1/apps"]) {
      await customer.goto(path);
      expect(customer.status).toBe(404);
    }
    await customer.post(`/connect/apps/${id}/decline`, {});
    expect([customer.status, idOf("Floor Plan Studio").status]).toEqual([404, "requested"]);
  });
});

describe("a copy from production to test", () => {
  it("leaves MOCO-SERV and app users that look the same and do not work, and the ordinary ones alone", async () => {
    const moco = await makeMocoServ();
    simulator.store.connectApiUsers.set("prod", moco);
    await press("Floor Plan Studio", "button", "Approve");
    const app = simulator.store.credentialsOf("prod", idOf("Floor Plan Studio").apiUserId!);
    copyProdToTest(simulator.store);
    const probe = async (who: ApiCredentials, environment: "prod" | "test") =>
      (await callApi(simulator, "GET sdk_initialize", { token: signToken(who), environment })).status;
    expect([await probe(moco, "prod"), await probe(app, "prod")]).toEqual([200, 200]);
    expect([await probe(moco, "test"), await probe(app, "test")]).toEqual([401, 401]);
    expect(await probe(simulator.world.apiUser.prod, "test")).toBe(200);
    await support.goto("/test/api-users/MOCO-SERV/keys");
    expect(support.text()).toContain(moco.key);
    const key = simulator.store.addKey("test", "MOCO-SERV").id;
    expect(await probe({ ...moco, key }, "test")).toBe(200);
  });

  it("breaks the apps of test until Connect is told anew", async () => {
    const moco = await makeMocoServ();
    copyProdToTest(simulator.store);
    const key = simulator.store.addKey("test", "MOCO-SERV").id;
    simulator.store.connectApiUsers.set("test", { ...moco, key });
    await openApps(support, "test");
    await support.click("button", "Approve", support.row("Lobby Signage"));
    copyProdToTest(simulator.store);
    await support.click("button", "Approve", support.row("Floor Plan Studio"));
    expect([support.status, support.alert()]).toEqual([409, expect.stringContaining("does not accept")]);
    forgetConnectApiUser(simulator.store, "test");
    await openApps(support, "test");
    await support.click("button", "Approve", support.row("Floor Plan Studio"));
    expect(support.title()).toBe("Momentus Connect API User");
  });
});

describe("the licensing team", () => {
  const to = "licensing@gomomentus.com";
  const mail = (subject: string, text: string) =>
    simulator.store.sendMail({ from: "ops@venue.example", to, subject, text });
  const place = () => `https://venue.gomomentus.com/prod, serial number ${simulator.store.serialNumbers.prod}`;

  beforeEach(() => simulator.store.licensing.switchOff("prod"));

  it("adds the Basic API module when asked with URL and serial number, and removes it again", () => {
    const team = new LicensingTeam(simulator.store);
    mail("Temporary add of the Basic API module", `Please add it to ${place()}. We write again for its removal.`);
    expect(team.work()).toBe(1);
    expect(simulator.store.licensing.isOn("prod", "Basic API")).toBe(true);
    mail("Remove the Basic API module", `The module that you added to ${place()} can go.`);
    expect([team.work(), team.work()]).toEqual([1, 0]);
    expect(simulator.store.licensing.isLicensed("prod")).toBe(false);
    expect(simulator.store.licensing.isLicensed("test")).toBe(true);
    expect(simulator.store.outbox.filter((one) => one.to === "ops@venue.example")).toHaveLength(2);
  });

  it.each([
    ["no serial number", "Add", "Basic API for https://venue.gomomentus.com/prod"],
    ["no URL", "Add", "Basic API, serial number SERIAL"],
    ["no module", "Add", "https://venue.gomomentus.com/prod SERIAL"],
    ["no wish", "Hello", "Basic API https://venue.gomomentus.com/prod SERIAL"],
  ])("asks back and changes nothing with %s", (_what, subject, text) => {
    mail(subject, text.replace("SERIAL", simulator.store.serialNumbers.prod));
    expect(new LicensingTeam(simulator.store).work()).toBe(1);
    expect(simulator.store.licensing.isLicensed("prod")).toBe(false);
    expect(simulator.store.outbox.at(-1)!.text).toContain("We changed nothing");
  });

  it("takes its time when told to, reads mails to itself only and can insist on one URL", () => {
    const urls = { prod: "http://127.0.0.1:4000/prod" };
    const team = new LicensingTeam(simulator.store, { answerMs: 60_000, urls });
    simulator.store.sendMail({ from: "a@b.example", to: "other@b.example", subject: "Add Basic API", text: place() });
    mail("Add Basic API", place());
    mail("Add Basic API", `${urls.prod} ${simulator.store.serialNumbers.prod}`);
    clock.ms += 59_999;
    expect(team.work()).toBe(0);
    clock.ms += 1;
    expect(team.work()).toBe(2);
    expect(simulator.store.outbox.map(({ text }) => text).slice(3)).toEqual([
      ...[expect.stringContaining("changed nothing"), expect.stringContaining("was added to prod")],
    ]);
  });

  it("knows in a copy too what it has read: a mail that is sent again is answered once", () => {
    const team = new LicensingTeam(simulator.store);
    const add = { from: "ops@venue.example", to, subject: "Add Basic API", text: place(), messageId: "<1@venue>" };
    simulator.store.sendMail(add);
    expect(team.work()).toBe(1);
    const copy = simulator.clone();
    const sameTeam = team.clone(copy.store);
    copy.store.sendMail(add);
    expect(sameTeam.work()).toBe(0);
    copy.store.sendMail({ ...add, messageId: "<2@venue>" });
    expect(sameTeam.work()).toBe(1);
    simulator.store.sendMail({ ...add, messageId: "<2@venue>" });
    expect(team.work()).toBe(1);
  });

  it("understands what a mail wants from its subject first", () => {
    const wish = (subject: string, text = "") => wishOf({ subject, text });
    expect(wish("Please add the module", "remove")).toBe("add");
    expect(wish("Removal of the added module")).toBe("remove");
    expect(wish("API module", "please remove what you added")).toBe("remove");
    expect(wish("API module", "thank you")).toBeUndefined();
  });
});
