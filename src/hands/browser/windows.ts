import type { Page } from "playwright-core";
import { quoted } from "../screen-fault.ts";
import type { Unsaid } from "../unsaid.ts";

/** Windows that a page opens, of its own and of the browser: nobody is there to answer, so each is closed or answered with no. */
export class Windows {
  #said: string | undefined;

  constructor(page: Page, unsaid: Unsaid) {
    page.on("popup", (popup) => {
      this.#said = "the console opens another window, which is closed again";
      void popup.close().catch(() => undefined);
    });
    page.on("dialog", (dialog) => {
      this.#said = `the browser asks ${quoted(unsaid.clean(dialog.message()))}`;
      // Leaving a page with something entered is meant.
      void (dialog.type() === "beforeunload" ? dialog.accept() : dialog.dismiss()).catch(() => undefined);
    });
  }

  /** What the last one said, once. */
  take(): string | undefined {
    const said = this.#said;
    this.#said = undefined;
    return said;
  }
}
