import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { faultOf, type Pages, redirect, siteOf } from "./console-pages.ts";
import { TestBrowser } from "./world/test-browser.ts";

/** A proxy looks up names itself, so what is not the console's must not get that far. */

const asked: string[] = [];
const proxy = createServer((request, response) => {
  const { host, port, pathname, search } = new URL(request.url ?? "");
  asked.push(`${request.method} ${host}${pathname}`);
  const { method, headers } = request;
  const onward = send({ host: "127.0.0.1", port, path: pathname + search, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
});
await new Promise<void>((resolve) => {
  proxy.listen(0, "127.0.0.1", resolve);
});
afterAll(() => {
  proxy.close();
  proxy.closeAllConnections();
});
const browser = new TestBrowser({ proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });

describe("a browser behind a proxy", () => {
  it("goes through it to the console, and asks it for nothing else", async (context) => {
    const out = browser.origin.replace("127.0.0.1", "localhost");
    const pages: Pages = {
      "GET /start": `<h1>A</h1><img src="${out}/picture"><script src="http://tracker.example/x.js"></script><a href="/away">Away</a><a href="${out}/out">Out</a>`,
      "GET /away": redirect("/end"),
      "GET /end": "<h1>End</h1>",
    };
    browser.site = siteOf(pages);
    const page = await browser.open(context, { waitMs: 2_000 });
    await page.open("/start");
    const left = await faultOf(page.press({ role: "link", text: "Out" }));
    expect(left).toMatchObject({ code: "page", happened: "no" });
    await page.open("/start");
    await page.press({ role: "link", text: "Away" });
    expect(await page.has({ role: "heading", text: "End" })).toBe(true);
    const { host } = new URL(browser.origin);
    expect(asked).toEqual(["start", "start", "away", "end"].map((path) => `GET ${host}/${path}`));
  });
});
