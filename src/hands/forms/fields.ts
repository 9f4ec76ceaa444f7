import { consoleFieldCharactersMax } from "../../limits.ts";
import { Secret } from "../../secret.ts";
import { descendants, type Element, rawTextOf, textOf } from "./element.ts";
import { roleOf } from "./page.ts";

/** What goes into a field: text, on or off for a check box, the words of an option, or a secret. */
export type FieldInput = string | boolean | Secret;

/** What was filled in since the page came, by field. */
type Filled = ReadonlyMap<Element, FieldInput>;

const optionsOf = (field: Element): Element[] => descendants(field).filter(({ tag }) => tag === "option");
const optionsShownMax = 12;

/** The words of a select's options. */
export function choicesOf(field: Element): string[] {
  return optionsOf(field).map(textOf);
}

/** The same without what stands for no choice, or cannot be chosen. */
export function realChoicesOf(field: Element): string[] {
  const isReal = ({ attributes }: Element): boolean => attributes.get("value") !== "" && !attributes.has("disabled");
  return optionsOf(field).filter(isReal).map(textOf);
}

function isTick({ attributes }: Element): boolean {
  return ["checkbox", "radio"].includes(attributes.get("type") ?? "");
}

function textProblem(field: Element, input: string | Secret): string | undefined {
  const text = input instanceof Secret ? input.reveal() : input;
  const written = Number(field.attributes.get("maxlength") ?? Number.NaN);
  const charactersMax = Number.isInteger(written) && written >= 0 ? written : consoleFieldCharactersMax;
  // A browser would cut silently what is too long and what follows a line break.
  if (text.length > charactersMax) return `takes at most ${charactersMax} characters`;
  return field.tag === "input" && /[\r\n]/.test(text) ? "takes one line" : undefined;
}

function choiceProblem(field: Element, input: string | Secret): string | undefined {
  const choices = choicesOf(field);
  const matching = choices.filter((choice) => !(input instanceof Secret) && choice === input);
  if (matching.length === 1) return undefined;
  const shown = choices.slice(0, optionsShownMax).map((choice) => JSON.stringify(choice));
  const more = choices.length > shown.length ? ` and ${choices.length - shown.length} more` : "";
  const wanted = input instanceof Secret ? "for a secret" : JSON.stringify(input);
  return `has ${matching.length > 1 ? "several options" : "no option"} ${wanted}; there are ${shown.join(", ")}${more}`;
}

/** Why this cannot be filled in, as the end of a sentence about the field; undefined when it can. Never shows a secret. */
export function inputProblem(field: Element, input: FieldInput): string | undefined {
  const { attributes } = field;
  if (attributes.has("readonly") || attributes.has("disabled")) return "cannot be changed";
  if (isTick(field)) return typeof input === "boolean" ? undefined : "is a check box: on or off";
  if (typeof input === "boolean") return "is no check box";
  return roleOf(field) === "combobox" ? choiceProblem(field, input) : textProblem(field, input);
}

/** Whether a check box is on. */
export function isOn(field: Element, filled: Filled): boolean {
  const input = filled.get(field);
  return typeof input === "boolean" ? input : field.attributes.has("checked");
}

/** What the field holds now, as whoever looks at it sees it: of a select the words of the option. */
export function shownText(field: Element, filled: Filled): string | Secret {
  const input = filled.get(field);
  if (input !== undefined && typeof input !== "boolean") return input;
  if (field.tag === "textarea") return rawTextOf(field);
  if (field.tag !== "select") return field.attributes.get("value") ?? "";
  const options = optionsOf(field);
  const chosen = options.find(({ attributes }) => attributes.has("selected")) ?? options[0];
  return chosen ? textOf(chosen) : "";
}

function sentText(field: Element, filled: Filled): string {
  if (isTick(field)) return field.attributes.get("value") ?? "on";
  const shown = shownText(field, filled);
  const text = shown instanceof Secret ? shown.reveal() : shown;
  if (field.tag !== "select") return text.replace(/\r?\n/g, "\r\n");
  return (
    optionsOf(field)
      .find((option) => textOf(option) === text)
      ?.attributes.get("value") ?? text
  );
}

const silentTypes = new Set(["submit", "button", "reset", "image", "file"]);

function isSent(field: Element, filled: Filled): boolean {
  const { tag, attributes } = field;
  if (!["input", "select", "textarea"].includes(tag) || attributes.has("disabled")) return false;
  if (isTick(field)) return isOn(field, filled);
  return !(tag === "input" && silentTypes.has(attributes.get("type") ?? ""));
}

/** What a browser would send for this form, URL-encoded; the button that was pressed counts if it has a name. */
export function formData(form: Element, filled: Filled, pressed?: Element): URLSearchParams {
  const data = new URLSearchParams();
  for (const field of descendants(form)) {
    const name = field.attributes.get("name");
    if (name === undefined || name === "") continue;
    if (field === pressed) data.append(name, field.attributes.get("value") ?? "");
    else if (isSent(field, filled)) data.append(name, sentText(field, filled));
  }
  return data;
}
