import type { Plain } from "../../resource.ts";
import type { Act, Ask, Screen } from "../../screen.ts";
import { userFieldNames } from "./api-user-fields.ts";
import type { IpressoOperation } from "./kind.ts";
import type { LabelsOfIpresso } from "./labels.ts";
import { administrator, cannotSee, type ScreenOf, textOfInput } from "./screens.ts";
import {
  askField,
  askSettings,
  openGroup,
  openUser,
  readFields,
  readPermissions,
  readSettings,
  toSettings,
} from "./screens-look.ts";
import { askPermissionsTold } from "./screens-user-group.ts";
import { fieldsTold, permissionsTold, settingsTold } from "./told.ts";

/** What a person told is looked at again when somebody wants it. Nothing is changed, and no secret is told. */

/** A group, with its permissions. */
export const inspectGroup = (labels: LabelsOfIpresso): IpressoOperation =>
  inspection(labels, permissionsTold, (label, step, system) => {
    const name = textOfInput(step, "name");
    return question(system.url, name, openGroup(label, system, name), [readPermissions(label)], [askPermissionsTold]);
  });

/** A user, with its fields. */
export const inspectUser = (labels: LabelsOfIpresso): IpressoOperation =>
  inspection(labels, fieldsTold, (label, step, system) => {
    const login = textOfInput(step, "login");
    const asks = userFieldNames.map((field) => askField(label, field));
    return question(system.url, login, openUser(label, login), readFields(label, system), asks);
  });

/** The settings, which are always there. */
export const inspectSettings = (labels: LabelsOfIpresso): IpressoOperation =>
  inspection(labels, settingsTold, (label, _step, system) => ({
    role: administrator,
    url: system.url,
    acts: [...toSettings(label, system), lookOnly, ...readSettings(label)],
    results: [{ result: "found", means: "this is what it shows", asks: [...askSettings] }, cannotSee],
  }));

const lookOnly: Act = { act: "note", text: "Change nothing." };

function question(url: string, name: string, way: Act[], reads: Act[], asks: Ask[]): Screen {
  return {
    role: administrator,
    url,
    acts: [...way, lookOnly, { act: "note", text: "If it is not there, that is the answer: it is gone." }, ...reads],
    results: [
      { result: "found", means: `${name} is there, and this is what it shows`, asks },
      { result: "absent", means: `${name} is gone`, asks: [] },
      cannotSee,
    ],
  };
}

function inspection(
  labels: LabelsOfIpresso,
  told: (fields: Readonly<Record<string, string>>) => Record<string, Plain>,
  screen: ScreenOf,
): IpressoOperation {
  return {
    screen: (step, system) => screen(labels(system), step, system),
    accept: async (_context, { result, fields }) => {
      if (result === "absent") return { gone: true };
      return result === "found" ? { attributes: told(fields) } : {};
    },
  };
}
