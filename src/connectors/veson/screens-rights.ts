import type { Act, Screen } from "../../screen.ts";
import { lookingAt } from "../opened.ts";
import type { VesonLabel, VesonLabels } from "./labels.ts";
import {
  cannotSee,
  done,
  failed,
  lookInto,
  nameField,
  notDone,
  note,
  openRow,
  role,
  type ScreenOf,
  save,
  textOfInput,
} from "./screens.ts";
import { goToRights, notShown, readRights, rightAsks, rightLabels, rightWords } from "./screens-user.ts";
import { type Permission, permissions } from "./seen.ts";

/** The API permissions of a user, and the Veslink account that makes them show. */

/** Whether the API permissions are among the rights: they may come late (VES-13). The panel is opened anew for that. */
export const permissionsScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "user_name");
  const panel = permissionsPanel(label, system, name);
  return step.hand === "browser" ? lookingAt(panel, nameField(label, "user"), name) : panel;
};

/** The same for one user. */
export function permissionsPanel(label: VesonLabels, { url }: { url: string }, name: string): Screen {
  const { text } = label("apiRead");
  return {
    role,
    url,
    acts: [
      ...lookInto(label, name, "user"),
      goToRights(label),
      note(`Look whether ${text} is among the rights. Change nothing.`),
      { act: "look", row: text, silent: true },
    ],
    results: [
      { result: "found", means: `${text} is there`, asks: [] },
      { result: "absent", means: `${text} is not there`, asks: [] },
      cannotSee,
    ],
  };
}

/** Makes the Veslink account, with the same credentials as in the platform. What its page asks for else is not documented. */
export const veslinkScreen: ScreenOf = (label, step, system) => ({
  role,
  url: system.url,
  acts: [
    note("It needs the General Permission Administer Company Account (VES-13)."),
    { act: "go", path: [label("mainMenu"), label("voyageReportingSecurity")] },
    { act: "press", button: label("addVeslinkUser") },
    {
      act: "fill",
      fields: [
        { label: label("userName"), value: textOfInput(step, "user_name") },
        { label: label("password"), value: { secret: "password" } },
        { label: label("newPasswordConfirm"), value: { secret: "password" } },
      ],
    },
    save(label),
  ],
  results: [done("the Veslink account is there"), notDone, failed],
});

/** Grants one API permission and takes away those that are stronger; weaker ones are part of it (VES-15). */
export const rightsScreen: ScreenOf = (label, step, system) => {
  const wanted = textOfInput(step, "api_permission") as Permission;
  const stronger = permissions.slice(permissions.indexOf(wanted) + 1);
  return {
    role,
    url: system.url,
    acts: [
      ...openRow(label, textOfInput(step, "user_name"), "user"),
      goToRights(label),
      ...setRight(label, wanted, true),
      ...stronger.flatMap((name) => setRight(label, name, false)),
      save(label),
      note(
        `Look at the words beside each permission: ${label("rightDenied").text} is no grant, whatever its box shows.`,
      ),
      ...readRights(label),
      ...(step.hand === "person" ? [note(wordsOf(label))] : []),
    ],
    results: [done("it is saved, and this is what it shows", rightAsks(label)), notDone, failed],
  };
};

/** What is told of a permission is one word for what the screen says. */
function wordsOf(label: VesonLabels): string {
  const words = Object.entries(rightWords).map(([word, key]) => `${word} for ${label(key).text}`);
  return `Tell of each permission one word: ${words.join("; ")}; ${notShown} for one that does not show.`;
}

/**
 * By the menu beside the right where there is one, which says which right it is; then by its box, which is read back: presses
 * are never counted (VES-06).
 */
function setRight(label: VesonLabels, name: Permission, isOn: boolean): Act[] {
  const { box, menu } = rightLabels[name];
  const choice: VesonLabel = isOn ? "rightDelete" : "rightNone";
  return [
    { act: "press", button: label(choice), menu: label(menu), row: label(box).text, optional: true },
    { act: "fill", fields: [{ label: label(box), value: isOn }] },
  ];
}
