import { labelBook } from "../../connectors/labels.ts";
import type { MomentusLabel } from "../../connectors/momentus/labels.ts";
import { ConsoleDriver } from "../../hands/forms/driver.ts";
import { textOf } from "../../hands/forms/element.ts";
import { sendOver } from "../../hands/forms/over-transport.ts";
import type { Transport } from "../../io.ts";
import { loadLabels } from "../../schema-files.ts";
import { Secret } from "../../secret.ts";

/** Secret and Key of an API user, as they are read off its screen. */
export interface Credentials {
  id: string;
  secret: Secret;
  key: Secret;
}

/** What is filled into the form of an API user: text by label, and the boxes that are checked. */
export interface Entered {
  texts: Record<string, string>;
  checked: string[];
}

/**
 * The support person of the demo: works at the simulated console as a person does, by the labels of the instruction, over HTTP.
 */
export class SupportPerson {
  readonly #driver: ConsoleDriver;
  readonly #label = labelBook<MomentusLabel>(loadLabels(), "momentus")({});

  constructor(transport: Transport, origin: string) {
    this.#driver = new ConsoleDriver(sendOver(transport, origin), { origin });
  }

  async signIn(account: { username: string; password: string }): Promise<void> {
    await this.#driver.signIn(account);
  }

  /** What the screen API Users says when somebody looks for an ID there. */
  async look(environment: string, id: string): Promise<"found" | "absent" | "not licensed"> {
    const driver = this.#driver;
    await driver.goto(`/${environment}/`);
    await driver.click("link", this.#text("apiUsers"));
    if (driver.alert() !== undefined) return "not licensed";
    driver.fill(this.#text("search"), id);
    await driver.click("button", this.#text("search"));
    return driver.all("rowheader", id).length > 0 ? "found" : "absent";
  }

  async addApiUser(environment: string, { texts, checked }: Entered): Promise<Credentials> {
    const driver = this.#driver;
    await driver.goto(`/${environment}/`);
    await driver.click("link", this.#text("apiUsers"));
    await driver.click("button", this.#text("add"));
    for (const [label, text] of Object.entries(texts)) driver.fill(label, text);
    for (const label of checked) driver.fill(label, true);
    await driver.click("button", this.#text("ok"));
    return this.readCredentials(environment, texts[this.#text("id")] ?? "");
  }

  /** Secret and newest Key, read off the screen of a saved user. */
  async readCredentials(environment: string, id: string): Promise<Credentials> {
    const driver = this.#driver;
    await driver.goto(`/${environment}/api-users/${encodeURIComponent(id)}`);
    const secret = driver.secret(this.#text("secret"));
    await driver.click("tab", this.#text("keys"));
    const keys = driver.all("cell").map((cell) => textOf(cell).split(" ")[0] ?? "");
    return { id, secret, key: new Secret(keys.at(-1) ?? "") };
  }

  /** Approves an app, and fills in the prompt for MOCO-SERV where it comes up. */
  async approve(customer: string, tenant: string, app: string, credentials: Credentials): Promise<boolean> {
    const driver = this.#driver;
    await driver.goto("/connect");
    await driver.click("link", customer);
    await driver.click("tab", this.#text("apps"));
    driver.fill(this.#text("tenant"), tenant);
    await driver.click("button", "Show");
    await driver.click("button", this.#text("approve"), driver.row(app));
    if (driver.all("heading", this.#text("connectApiUser")).length === 0) return false;
    driver.fill(this.#text("promptId"), credentials.id);
    driver.fill(this.#text("promptSecret"), credentials.secret);
    driver.fill(this.#text("promptKey"), credentials.key);
    await driver.click("button", this.#text("promptSave"));
    return true;
  }

  #text(key: MomentusLabel): string {
    return this.#label(key).text;
  }
}
