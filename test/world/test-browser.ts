import { afterAll, beforeAll, type TestContext } from "vitest";
import { Fault } from "../../src/diagnostic.ts";
import { thisPlace } from "../../src/hands/browser/find.ts";
import { type LaunchOptions, launchBrowser, type RunningBrowser } from "../../src/hands/browser/launch.ts";
import type { BrowserPage, BrowserPageOptions } from "../../src/hands/browser/page.ts";
import { type ServedSimulator, type Simulator, serveSimulator } from "../../src/simulators/server.ts";

/** One browser and one server for all tests of a file. Where no browser can be started, its tests are skipped. */
export class TestBrowser {
  #browser: RunningBrowser | undefined;
  #why = "it was not started";
  #served: ServedSimulator | undefined;
  /** What answers on the server now. */
  site: Simulator = { handle: async () => ({ status: 404, headers: {}, body: "" }) };

  constructor(options: Partial<LaunchOptions> = {}) {
    beforeAll(async () => {
      this.#served = await serveSimulator({ handle: (request) => this.site.handle(request) });
      try {
        this.#browser = await launchBrowser(thisPlace(process.env), { origins: [this.origin], ...options });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.#why = error.message;
      }
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#served?.close();
    });
  }

  get origin(): string {
    return this.#served!.url;
  }

  /** A page with cookies of its own. */
  open(context: TestContext, options: Partial<BrowserPageOptions> = {}): Promise<BrowserPage> {
    if (!this.#browser) return context.skip("no browser can be started here: ".concat(this.#why));
    return this.#browser.open({ origin: this.origin, ...options });
  }
}
