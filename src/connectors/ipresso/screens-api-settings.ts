import type { ScreenField } from "../../screen.ts";
import { recordIn } from "../inputs.ts";
import { waysOf } from "./console-ways.ts";
import { administrator, failed, notDone, type ScreenOf, save, seenAfter, seenBefore, shown } from "./screens.ts";
import { askKey, askSettings, readKey, readSettings, slider, toSettings } from "./screens-look.ts";

/** What is done about the settings of API users, one function for each operation. */

/** Copies what is there; nothing is changed. */
export const adoptSettingsScreen: ScreenOf = (label, _step, system) => ({
  role: administrator,
  url: system.url,
  acts: [...toSettings(label, system), { act: "note", text: "Change nothing." }, ...readSettings(label)],
  results: [{ result: "done", means: "this is what it shows", asks: [...askSettings] }, notDone, failed],
});

/** Changes what counts for every API user of the installation (IPR-03). */
export const changeSettingsScreen: ScreenOf = (label, step, system) => {
  const changes = recordIn(step, "changes");
  const before = recordIn(step, "before");
  const isChoice = waysOf(system).different_token === "choice";
  const word = (isOn: unknown): string | boolean => {
    if (!isChoice) return isOn === true;
    return isOn === true ? label("yes").text : label("no").text;
  };
  // A slider may count at once, by a page of its own (IPR-24): what is typed comes after it.
  const fieldsOf = (values: Record<string, unknown>): { label: ScreenField["label"]; value: string | boolean }[] => [
    ...(values.returns_different_token === undefined
      ? []
      : [{ label: slider(label), value: word(values.returns_different_token) }]),
    ...(values.validity_seconds === undefined
      ? []
      : [{ label: label("validity"), value: shown(values.validity_seconds as number) }]),
  ];
  const fields = fieldsOf(changes);
  const seenSettings = step.hand === "browser" ? askSettings : [];
  return {
    role: administrator,
    url: system.url,
    acts: [
      ...toSettings(label, system),
      ...seenBefore(fieldsOf(before)),
      { act: "note", text: "It counts for every API user of the installation (IPR-03)." },
      { act: "fill", fields },
      ...save(label, "It is saved", label("validity")),
      ...seenAfter(step, readSettings(label)),
    ],
    results: [{ result: "done", means: "it is saved", asks: [...seenSettings] }, notDone, failed],
  };
};

/** Copies the key of the installation to its sink (IPR-02). */
export const deliverKeyScreen: ScreenOf = (label, _step, system) => ({
  role: administrator,
  url: system.url,
  acts: [...toSettings(label, system), { act: "note", text: `Copy ${label("apiKey").text}.` }, readKey(label)],
  results: [{ result: "done", means: "the key is copied", asks: [askKey] }, notDone, failed],
});
