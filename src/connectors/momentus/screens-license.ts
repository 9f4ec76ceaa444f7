import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Screen } from "../../screen.ts";
import type { MailDraft } from "../connector.ts";
import { type LicenseSettings, licenseOf } from "./license-settings.ts";
import { failed, notDone, roles } from "./screens.ts";

/** The mails and waits around a borrowed API module (MOM-07). */

/** Asks Licensing for the module, with address of the environment and serial number. */
export function requestMail(system: SystemConfig): MailDraft {
  const { module, mailTo, mailFrom } = licenseIn(system);
  return {
    from: mailFrom,
    to: mailTo,
    subject: `Temporary add of the ${module} module: ${placeOf(system)}`,
    text: [
      "Dear Licensing team,",
      "",
      `please add the ${module} module temporarily to this environment:`,
      "",
      ...factsOf(system),
      "",
      "It is not licensed for the API, and an internal API user has to be created for Momentus Connect.",
      "Please answer when the module is there. We write again as soon as it can be removed.",
      "",
    ].join("\n"),
  };
}

/** Tells Licensing that the module is not needed any more. */
export function returnMail(system: SystemConfig): MailDraft {
  const { module, mailTo, mailFrom } = licenseIn(system);
  return {
    from: mailFrom,
    to: mailTo,
    subject: `Removal of the ${module} module: ${placeOf(system)}`,
    text: [
      "Dear Licensing team,",
      "",
      `the ${module} module that was asked for as a temporary add is not needed any more. Please remove it from:`,
      "",
      ...factsOf(system),
      "",
      "If it was not added yet, please do not add it.",
      "Thank you.",
      "",
    ].join("\n"),
  };
}

/** Where no mail server is configured, a person sends the file. */
export function mailScreen(mail: MailDraft): Screen {
  return {
    role: roles.support,
    acts: [
      { act: "note", text: `Send the mail to ${mail.to}: ${mail.subject}` },
      { act: "note", text: "Nothing is to be filled in: the file holds the whole mail." },
    ],
    results: [{ result: "done", means: "the mail is sent", asks: [] }, notDone, failed],
  };
}

/** Licensing adds the module and closes the ticket with a public note. */
export function waitScreen(system: SystemConfig): Screen {
  const { module, mailTo } = licenseIn(system);
  return {
    role: roles.licensing,
    acts: [
      { act: "note", text: `${mailTo} adds the ${module} module and closes the ticket with a public note.` },
      { act: "note", text: "The note comes as a notification to whoever wrote and whoever follows the ticket." },
    ],
    results: [
      { result: "done", means: `the ${module} module is there`, asks: [] },
      { result: "not-done", means: "no answer yet", asks: [] },
      { result: "failed", means: "Licensing declined", asks: [] },
    ],
  };
}

function licenseIn(system: SystemConfig): LicenseSettings {
  const license = licenseOf(system);
  if (license) return license;
  throw new Error(`Steward has a bug: systems.${system.name} has no license, and a step asks for one`);
}

function factsOf(system: SystemConfig): string[] {
  return [`  Environment URL  ${system.url}`, `  Serial number    ${String(system.settings.serial_number)}`];
}

function placeOf(system: SystemConfig): string {
  return `${system.url}, serial number ${String(system.settings.serial_number)}`;
}
