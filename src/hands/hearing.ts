import { Fault } from "../diagnostic.ts";
import { vendorMessageCharactersMax } from "../limits.ts";
import type { ConsolePage, Heard } from "./console.ts";
import { quoted } from "./screen-fault.ts";

/** Listens to what a page says from one act to the next. A notice that stands there all the time says nothing about an act. */
export class Hearing {
  readonly #page: Pick<ConsolePage, "hear">;
  #before: readonly string[] = [];

  constructor(page: Pick<ConsolePage, "hear">) {
    this.#page = page;
  }

  /** What stands there before anything is done. */
  async begin(): Promise<void> {
    this.#before = (await this.#page.hear()).alerts;
  }

  /** Throws a Fault (code `refused`) where the page says since the last act that something went wrong. */
  async after(what: string): Promise<void> {
    const { alerts, refused } = await this.#page.hear();
    const fresh = newAmong(alerts, this.#before);
    this.#before = alerts;
    const said = inOne({ alerts: fresh, ...(refused === undefined ? {} : { refused }) });
    if (said === undefined) return;
    throw new Fault(`after ${quoted(what)} the console says ${quoted(said, vendorMessageCharactersMax)}`, {
      ...{ happened: "no", code: "refused", remedy: "open the console and look" },
    });
  }
}

/** Everything that was heard; the page's own words rather than a status. */
export function inOne({ alerts, refused }: Heard): string | undefined {
  return alerts.length > 0 ? alerts.join("; ") : refused;
}

/** The same words a second time are new: the page says them twice. */
function newAmong(alerts: readonly string[], before: readonly string[]): string[] {
  const known = [...before];
  return alerts.filter((text) => {
    const index = known.indexOf(text);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}
