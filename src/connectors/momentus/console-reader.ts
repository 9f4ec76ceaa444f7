import { Fault } from "../../diagnostic.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Actual, Plain } from "../../resource.ts";
import type { Act, Given, Label, ListRow, ListScreen, Screen } from "../../screen.ts";
import { Secret } from "../../secret.ts";
import type { ConsoleReader } from "../console.ts";
import { seenNow } from "../listing.ts";
import { boxes, type Setting, settingLabels, settingNames, settingsTold } from "./api-user-settings.ts";
import type { MomentusLabels } from "./labels.ts";
import { consoleRights } from "./rights.ts";
import { apiUsersPath, connectUrl, openApiUser } from "./screens.ts";
import { openApps, statusWords, unnamedPlace } from "./screens-app-approval.ts";
import { apiUserScreen, settingsShown } from "./screens-inspect.ts";

/** Settings that the list of API users has a column for. */
const listed = ["display_name", "organization", "retired"] as const satisfies readonly Setting[];

/** Settings that only the page of an API user shows. */
export const detailed: readonly Setting[] = settingNames.filter(
  (name) => name !== "user_id" && !(listed as readonly Setting[]).includes(name),
);

/** What a browser sees at the consoles of one environment. It has no method that changes anything. */
export class MomentusConsole {
  readonly #console: ConsoleReader;
  readonly #label: MomentusLabels;
  readonly #system: SystemConfig;

  constructor(console: ConsoleReader, label: MomentusLabels, system: SystemConfig) {
    this.#console = console;
    this.#label = label;
    this.#system = system;
  }

  /** Whether internal users are shown, so that a list proves absence (MOM-02). */
  get seesAll(): boolean {
    return consoleRights(this.#system) === "support";
  }

  /** API users, all pages of the list. Throws a Fault with the code `privilege` where the screen is not shown. */
  async users(): Promise<Actual[]> {
    const acts: Act[] = [{ act: "reach", path: apiUsersPath(this.#label) }];
    const rows = await this.#console.rows({ ...this.#list(acts), on: this.#label("search") });
    return rows.map((row) => this.#userIn(row));
  }

  /** The settings of one API user, as its page shows them; undefined where the list does not have it. Throws a Fault. */
  async user(userId: string, isInternal: boolean): Promise<Actual | undefined> {
    const { result, fields } = await this.#console.look(apiUserScreen(this.#label, this.#system, userId, isInternal));
    if (result === "absent") return undefined;
    if (result !== "found") throw this.#unseen(userId);
    const told = settingsTold(fields);
    const shown = settingsShown(this.#system, isInternal);
    const attributes: Record<string, Plain> = { user_id: userId };
    for (const name of shown) if (name !== "user_id") attributes[name] = told[name] ?? null;
    return seenNow(userId, attributes, unseen(attributes));
  }

  /** The Keys of one API user, top to bottom. Throws a Fault, also where the user is not in the list. */
  async keys(userId: string): Promise<Secret[]> {
    const heading = this.#label("keyColumn").text;
    const acts: Act[] = [...openApiUser(this.#label, userId), { act: "go", path: [this.#label("keys")] }];
    const rows = await this.#console.rows({ ...this.#list(acts), on: this.#label("add") });
    return rows.flatMap(({ cells }) => (heading in cells ? [new Secret(cells[heading] ?? "")] : []));
  }

  /** What a browser must know to find the apps, and the settings do not say. */
  get unnamed(): string[] {
    return unnamedPlace(this.#system);
  }

  /** The apps of the tenant, with what the list says of each in our words. Throws a Fault. */
  async apps(): Promise<ReadonlyMap<string, string>> {
    const url = connectUrl(this.#system);
    const rows = await this.#console.rows({
      url,
      acts: openApps(this.#label, this.#system),
      next: this.#label("next"),
    });
    const words = statusWords(this.#label);
    return new Map(rows.map(({ header, cells }) => [header, this.#statusIn(words, cells)]));
  }

  /** What a screen that changes nothing tells. What would be copied is only read. Throws a Fault. */
  look(screen: Screen): Promise<Given> {
    return this.#console.look({ ...screen, acts: screen.acts.filter((act) => act.act !== "press" || !act.copies) });
  }

  #list(acts: Act[], url = this.#system.url): ListScreen {
    return { url, acts, next: this.#label("next") };
  }

  #userIn({ header, cells }: ListRow): Actual {
    const attributes: Record<string, Plain> = { user_id: header };
    for (const name of listed) {
      const cell = cells[this.#label(settingLabels[name]).text];
      if (cell !== undefined && !boxes.has(name)) attributes[name] = cell === "" ? null : cell;
      else if (cell === "Y" || cell === "N") attributes[name] = cell === "Y";
    }
    return seenNow(header, attributes, unseen(attributes));
  }

  #statusIn(words: Record<string, Label>, cells: ListRow["cells"]): string {
    const column = this.#label("status").text;
    const found = Object.entries(words).find(([, { text }]) => text === cells[column]);
    if (found) return found[0];
    const known = Object.values(words).map(({ text }) => text);
    const message = `under ${column} stands ${JSON.stringify(cells[column] ?? "nothing")}, which is none of ${known.join(", ")}`;
    throw new Fault(message, { happened: "no", on: this.#system.name, code: "screen", remedy: lookThere });
  }

  #unseen(userId: string): Fault {
    const message = `the console does not show whether there is an API user ${userId}`;
    return new Fault(message, { happened: "no", on: this.#system.name, code: "screen", remedy: lookThere });
  }
}

const lookThere = "open the console and look";

/** Everything else cannot be seen there. */
function unseen(attributes: Record<string, Plain>): string[] {
  return [...settingNames, "key_prefix"].filter((name) => !(name in attributes));
}
