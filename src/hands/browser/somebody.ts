import type { Locator, Page } from "playwright-core";
import { consoleQuietMs } from "../../limits.ts";

/** Waits while somebody sits at the window until it is so; false when the time is over, undefined when the window was closed. */
export async function untilSo(
  page: Page,
  shown: Locator,
  isSo: () => Promise<boolean>,
  withinMs: number,
): Promise<boolean | undefined> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const timeout = endMs - performance.now();
    if (timeout <= 0) return false;
    await shown
      .first()
      .waitFor({ timeout })
      .catch(() => undefined);
    if (page.isClosed()) return undefined;
    if (await isSo().catch(() => false)) return true;
    // Whatever changes what shows comes with a page or a change of this one.
    const event = page.waitForEvent("framenavigated", { timeout: Math.min(timeout, consoleQuietMs) });
    await event.catch(() => undefined);
  }
}
