import type { Act, Label, Screen } from "../screen.ts";

/**
 * Whose form a row of a list opened: a link that leads to somebody else's must change nothing there and tell nothing of them. A
 * person sees whom they opened, and is told nothing of this.
 */

/** Before anything is changed: stops where the form that was opened shows another name. */
export function expectOpened(field: Label, name: string): Act {
  return { act: "expect", fields: [{ label: field, value: name }], silent: true };
}

const openedName = "what was opened";

/** The same for a screen that a machine only looks at: it stops where another name shows in `field`. */
export function lookingAt(screen: Screen, field: Label, name: string): Screen {
  const at = screen.acts.findLastIndex(({ act }) => act === "open") + 1;
  const read: Act = { act: "read", ask: openedName, field, words: { [name]: { ...field, text: name } }, silent: true };
  return {
    ...screen,
    acts: [...screen.acts.slice(0, at), read, ...screen.acts.slice(at)],
    results: screen.results.map((one) => ({
      ...one,
      asks: [...one.asks, { name: openedName, label: field.text, optional: true }],
    })),
  };
}
