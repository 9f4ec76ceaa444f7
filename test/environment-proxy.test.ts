import { describe, expect, it } from "vitest";
import { environmentProxy } from "../src/platform/proxy.ts";

const proxy = "http://proxy.test:3128";

describe("the proxy of the environment", () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ["https://a.example", { HTTPS_PROXY: proxy }, proxy],
    ["https://a.example", { https_proxy: proxy, HTTPS_PROXY: "http://other.test" }, proxy],
    ["https://a.example", { HTTP_PROXY: proxy }, undefined],
    ["http://a.example", { HTTP_PROXY: proxy }, proxy],
    ["http://127.0.0.1:7071", { HTTP_PROXY: proxy }, undefined],
    ["https://a.example", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, undefined],
    ["https://x.a.example", { HTTPS_PROXY: proxy, NO_PROXY: "b.example, a.example" }, undefined],
    ["https://x.a.example", { HTTPS_PROXY: proxy, no_proxy: ".a.example" }, undefined],
    ["https://xa.example", { HTTPS_PROXY: proxy, NO_PROXY: "a.example" }, proxy],
    ["https://a.example:8443", { HTTPS_PROXY: proxy, NO_PROXY: "a.example:8443" }, undefined],
    ["https://a.example", { HTTPS_PROXY: proxy, NO_PROXY: "a.example:8443" }, proxy],
  ])("for %s with %j is %s", (url, variables, expected) => {
    expect(environmentProxy(url, variables)).toBe(expected);
  });
});
