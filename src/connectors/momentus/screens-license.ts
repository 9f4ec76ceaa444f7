import type { Screen } from "../../screen.ts";
import type { Step } from "../../step.ts";
import type { MailDraft } from "../connector.ts";
import { failed, notDone, roles } from "./screens.ts";

/** The mails and waits around a borrowed API module (MOM-07). */

/** What the steps of a loan hold. */
export type Loan = Record<"module" | "mail_to" | "mail_from" | "environment_url" | "serial_number", string>;

/** Asks Licensing for the module, with address of the environment and serial number. */
export function requestMail(step: Step): MailDraft {
  const loan = loanIn(step);
  const { module, mail_to: to, mail_from: from } = loan;
  return {
    from,
    to,
    subject: `Temporary add of the ${module} module: ${placeOf(loan)}`,
    text: [
      "Dear Licensing team,",
      "",
      `please add the ${module} module temporarily to this environment:`,
      "",
      ...factsOf(loan),
      "",
      "It is not licensed for the API, and an internal API user has to be created for Momentus Connect.",
      "Please answer when the module is there. We write again as soon as it can be removed.",
      "",
    ].join("\n"),
  };
}

/** Tells Licensing that the module is not needed any more. */
export function returnMail(step: Step): MailDraft {
  const loan = loanIn(step);
  const { module, mail_to: to, mail_from: from } = loan;
  return {
    from,
    to,
    subject: `Removal of the ${module} module: ${placeOf(loan)}`,
    text: [
      "Dear Licensing team,",
      "",
      `the ${module} module that was asked for as a temporary add is not needed any more. Please remove it from:`,
      "",
      ...factsOf(loan),
      "",
      "If it was not added yet, please do not add it.",
      "Thank you.",
      "",
    ].join("\n"),
  };
}

/** Where no mail server is configured, a person sends the file. What is owed cannot be given up. */
export function mailScreen(mail: MailDraft, mayFail: boolean): Screen {
  return {
    role: roles.support,
    acts: [
      { act: "note", text: `Send the mail to ${mail.to}: ${mail.subject}` },
      { act: "note", text: "Nothing is to be filled in: the file holds the whole mail." },
    ],
    results: [{ result: "done", means: "the mail is sent", asks: [] }, notDone, ...(mayFail ? [failed] : [])],
  };
}

/** Licensing adds the module and closes the ticket with a public note. */
export function waitScreen(step: Step): Screen {
  const { module, mail_to: mailTo } = loanIn(step);
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

function loanIn({ input }: Step): Loan {
  return input as Loan;
}

function factsOf(loan: Loan): string[] {
  return [`  Environment URL  ${loan.environment_url}`, `  Serial number    ${loan.serial_number}`];
}

function placeOf(loan: Loan): string {
  return `${loan.environment_url}, serial number ${loan.serial_number}`;
}
