import { describe, expect, it } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { descendants, type Element, rawTextOf, textOf } from "../src/hands/forms/element.ts";
import { elementById, nameOf, roleOf, withRole } from "../src/hands/forms/page.ts";
import { parsePage } from "../src/hands/forms/parse.ts";
import { consolePageCharactersMax, consolePageDepthMax, consolePageElementsMax } from "../src/limits.ts";

const first = (html: string): Element => descendants(parsePage(html))[0]!;

function problem(html: string): string {
  try {
    parsePage(html, { happened: "unknown", at: "/x" });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.details).toMatchObject({ happened: "unknown", code: "page" });
    return error.message;
  }
  return "none";
}

describe("reading a page", () => {
  it("passes over doctype and comments, and knows elements without an end", () => {
    const page = parsePage('<!doctype html>\n<!-- <b> --><p id=a>one<br>two<input NAME="x"></p>');
    expect(descendants(page).map(({ tag }) => tag)).toEqual(["p", "br", "input"]);
    expect([...descendants(page)[2]!.attributes]).toEqual([["name", "x"]]);
  });

  it("reads attributes in any quotes, keeps a > inside them, and takes the first of two", () => {
    const { attributes } = first(`<a href='/a?b=1&amp;c=2' title="1 > 0" data-x=y hidden title="other">x</a>`);
    expect([...attributes]).toEqual([
      ["href", "/a?b=1&c=2"],
      ["title", "1 > 0"],
      ["data-x", "y"],
      ["hidden", ""],
    ]);
  });

  it("decodes what the server escapes, once, and leaves what is no entity", () => {
    const text = "&amp;lt; &lt;b&gt; &quot;&#39;&#x27;&apos; &#128273; &nope; &#0; &#xD800; a&b";
    expect(rawTextOf(first(`<p>${text}</p>`))).toBe("&lt; <b> \"''' 🔑 &nope; &#0; &#xD800; a&b");
  });

  it("takes what stands in a text area, a title and a script as text", () => {
    const page = parsePage(
      "<title>a <b> &amp; c</title><script>if (a < b) c('</p>');</script><textarea>\n<i> x\n</textarea>",
    );
    const [title, script, area] = descendants(page);
    expect([title, script, area].map((one) => rawTextOf(one!))).toEqual([
      "a <b> & c",
      "if (a < b) c('</p>');",
      "<i> x\n",
    ]);
  });

  it.each([
    ["<p><b>x</p></b>", "</p> closes <b>"],
    ["<p>x", "<p> is never closed"],
    ["x</p>", "</p> closes <#root>"],
    ["<p>1 < 2</p>", "a < begins no tag"],
    ['<p title="x>y</p>', "the tag <p> cannot be read"],
    ["<!-- x", "--> is missing"],
    ["<textarea>x", "</textarea is missing"],
  ])("refuses %j, which a browser would repair", (html, why) => {
    expect(problem(html)).toBe(`the page /x cannot be read: ${why}`);
  });

  it("refuses pages that are too long, too big or nested too deep", () => {
    expect(problem("x".repeat(consolePageCharactersMax))).toBe("none");
    expect(problem("x".repeat(consolePageCharactersMax + 1))).toContain("longer than");
    expect(problem("<br>".repeat(consolePageElementsMax))).toBe("none");
    expect(problem("<br>".repeat(consolePageElementsMax + 1))).toContain("elements");
    const nested = (depth: number) => "<p>".repeat(depth) + "</p>".repeat(depth);
    expect(problem(nested(consolePageDepthMax))).toBe("none");
    expect(problem(nested(consolePageDepthMax + 1))).toContain("nested deeper");
  });

  it("reads a page of the greatest size in less than five seconds, whatever stands in it", () => {
    const begun = performance.now();
    const many = "<a href=/x aria-labelledby=t>x</a>".repeat(10_000);
    expect(withRole(parsePage(`<p id=t>T</p>${many}`), "link", "T")).toHaveLength(10_000);
    for (const hostile of ["<", "<a", "<a ", "<!--", "&", "&#", '<a b="', "<textarea>"]) {
      problem(hostile.repeat(Math.floor(consolePageCharactersMax / hostile.length)));
    }
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe("what a page says", () => {
  it("is its words with blanks collapsed and parts apart, without scripts and what is hidden", () => {
    const page = parsePage(
      "<tr><th>A</th><td>b<b>c</b></td></tr><script>x</script><p> d\n e</p><p hidden>f</p><i aria-hidden=true>g</i>",
    );
    expect(textOf(page)).toBe("A bc d e");
  });

  it("includes what is inside of something hidden when that is asked for", () => {
    const menu = first('<div role="menu" hidden><button>Copy</button></div>');
    expect([textOf(menu), nameOf(withRole(menu, "button")[0]!)]).toEqual(["Copy", "Copy"]);
  });
});

describe("roles and names", () => {
  it.each([
    ["<a href=/x>Go</a>", "link", "Go"],
    ["<a>Go</a>", undefined, "Go"],
    ["<a href=/x role=button>Go</a>", "button", "Go"],
    ["<button aria-label='More'>⋮</button>", "button", "More"],
    ["<button><span aria-hidden=true>+</span> Add</button>", "button", "Add"],
    ["<input type=submit value=Send>", "button", "Send"],
    ["<input type=hidden name=x>", undefined, ""],
    ["<h2> A  title </h2>", "heading", "A title"],
    ["<table><tr><th scope=row>X</th></tr></table>", "table", ""],
    ["<nav aria-label='Main Menu'><a href=/>x</a></nav>", "navigation", "Main Menu"],
    ["<form role=none></form>", undefined, ""],
    ["<label>Name <input></label>", undefined, "Name"],
  ])("of %s are %s %j", (html, role, name) => {
    expect([roleOf(first(html)), nameOf(first(html))]).toEqual([role, name]);
  });

  it("of fields come from their labels, and of regions from what labels them", () => {
    const page =
      parsePage(`<label for="a">Search</label><input id="a" type="search"><label>Around <textarea></textarea></label>
<label for="c">On</label><input id="c" type="checkbox"><label for="d">Which</label><select id="d"></select>
<input type="password" title="Hint"><section aria-labelledby="h i"><h2 id="h">Apps</h2><p id="i">of prod</p></section>
<table><tr><th scope="col">C</th></tr><tr><th scope="row">R</th><td>x</td></tr></table>`);
    const named = ["searchbox", "textbox", "checkbox", "combobox", "region", "columnheader", "rowheader", "cell"];
    expect(named.map((role) => withRole(page, role).map(nameOf))).toEqual([
      ...[["Search"], ["Around", "Hint"], ["On"], ["Which"], ["Apps of prod"], ["C"], ["R"], ["x"]],
    ]);
    expect([elementById(page, "h")?.tag, elementById(page, "nothing")]).toEqual(["h2", undefined]);
  });
});
