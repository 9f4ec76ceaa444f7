import { Fault } from "../diagnostic.ts";
import { consoleListPagesMax } from "../limits.ts";
import type { ListRow } from "../screen.ts";
import type { ConsolePage, Control } from "./console.ts";

/**
 * The rows of a list on this page and all that follow; `next` leads from one to the next and is not there on the last. Throws a
 * Fault when the list does not end, or a page of it does not show `on`.
 */
export async function* listPages(
  page: ConsolePage,
  { next, on }: { next?: Control; on?: Control },
): AsyncGenerator<ListRow[]> {
  for (let read = 1; ; read += 1) {
    if (on) await page.waitFor([on]);
    yield await page.rows();
    if (!next || !(await page.has(next))) return;
    if (read === consoleListPagesMax) {
      const message = `the list goes on after ${consoleListPagesMax} pages`;
      throw new Fault(message, { happened: "no", code: "screen", remedy: "narrow the list, and try again" });
    }
    await page.press(next);
  }
}
