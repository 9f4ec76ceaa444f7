import { descendants, type Element } from "../src/hands/forms/element.ts";
import { nameOf, roleOf } from "../src/hands/forms/page.ts";

const usableRoles = ["textbox", "searchbox", "checkbox", "combobox", "button", "link", "menuitem", "tab"];

/** What is wrong with the page for somebody who cannot see it. */
export function accessibilityProblems(page: Element): string[] {
  const all = descendants(page);
  const ids = all.flatMap((element) => element.attributes.get("id") ?? []);
  const nameless = all.filter((element) => usableRoles.includes(roleOf(element) ?? "") && nameOf(element) === "");
  const pointers = all.flatMap((element) =>
    ["for", "aria-controls", "aria-labelledby", "aria-describedby", "data-menu"].flatMap(
      (name) => element.attributes.get(name) ?? [],
    ),
  );
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is there twice`),
    ...nameless.map((element) => `<${element.tag}> has no name`),
    ...pointers.filter((id) => !ids.includes(id)).map((id) => `nothing has the id ${id}`),
    ...(all.filter(({ tag }) => tag === "h1").length === 1 ? [] : ["a page has one h1"]),
  ];
}
