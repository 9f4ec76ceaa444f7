import { isMailAddress } from "../../eml.ts";
import type { MailServer } from "../../io.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import { isSecretRef, type Value } from "../../resource.ts";
import type { AttributeSchema } from "../../schema.ts";
import { readSmtpUrl } from "../../smtp-url.ts";
import type { SystemAccess } from "../connector.ts";

/** How the API is licensed for a while: by a mail to the vendor's licensing team (MOM-07). */

/** What is wrong, and the way out. */
export type Problem = [message: string, hint: string];

/** The module that the vendor's document names, and the address of its licensing team. */
const moduleDefault = "Basic API";
const mailToDefault = "licensing@gomomentus.com";

const oneLine = "^[^\\p{Cc}\\p{Zl}\\p{Zp}]+$";

/** `systems.NAME.license`. */
export const licenseSchema: AttributeSchema = {
  type: "object",
  additionalProperties: false,
  description: "Ask by e-mail for the API module where it is not licensed, and give it back afterwards (MOM-07).",
  properties: {
    module: {
      type: "string",
      minLength: 1,
      maxLength: 64,
      pattern: oneLine,
      default: moduleDefault,
      description: "Name of the module that is asked for. Basic API unless this says otherwise.",
      examples: [moduleDefault],
    },
    mail_to: {
      type: "string",
      maxLength: 254,
      default: mailToDefault,
      "x-pinned": true,
      description:
        "Where the mails go: the vendor's licensing team, licensing@gomomentus.com, unless this says otherwise. It must be trusted.",
      examples: [mailToDefault],
    },
    mail_from: {
      type: "string",
      maxLength: 254,
      "x-pinned": true,
      description:
        "Your address, to which the licensing team answers. Needed with smtp; without it a draft has no sender. It must be trusted.",
      examples: ["iam@example.com"],
    },
    return: {
      type: "string",
      enum: ["required", "not_required"],
      default: "required",
      description: "Whether the module is given back after use, by a second mail. required unless this says otherwise.",
    },
    smtp: {
      type: "string",
      maxLength: 300,
      "x-pinned": true,
      description:
        "Mail server that sends the mails: smtps://HOST:PORT, or smtp://HOST:PORT with STARTTLS; without TLS only on this machine. Its certificate may come from an authority in ca_file. Without it the mails are written as .eml files for a person to send. It must be trusted.",
      examples: ["smtps://mail.example.com:465"],
    },
    smtp_username: {
      type: "string",
      minLength: 1,
      maxLength: 256,
      pattern: oneLine,
      description: "User name at the mail server; its password is credentials.smtp_password.",
      examples: ["steward"],
    },
  },
};

/** `systems.NAME.credentials.smtp_password`. */
export const smtpPasswordSchema: AttributeSchema = {
  type: "string",
  "x-secret": "chosen",
  description: "Password at the mail server of license.smtp.",
};

export interface LicenseSettings {
  /** Name of the module to ask for. */
  module: string;
  /** Whom to ask. */
  mailTo: string;
  /** Who asks; "" where the manifest does not say, then whoever sends the draft. */
  mailFrom: string;
  /** Whether it is given back after use. */
  mustReturn: boolean;
  /** What the mails must name beside the URL of the system. */
  serialNumber: string;
  /** Mail server; undefined: a person sends. */
  smtp: string | undefined;
  smtpUsername: string | undefined;
}

/** The settings with defaults filled in; undefined where the API is not to be licensed by Steward. */
export function licenseOf({ settings }: SystemConfig): LicenseSettings | undefined {
  const { license, serial_number: serialNumber } = settings;
  if (license === undefined) return undefined;
  const { module, mail_to, mail_from, return: giveBack, smtp, smtp_username } = license as Record<string, Value>;
  return {
    module: textOf(module) ?? moduleDefault,
    mailTo: textOf(mail_to) ?? mailToDefault,
    mailFrom: textOf(mail_from) ?? "",
    mustReturn: giveBack !== "not_required",
    serialNumber: textOf(serialNumber) ?? "",
    smtp: textOf(smtp),
    smtpUsername: textOf(smtp_username),
  };
}

/** Where the mails are handed in; undefined where a person sends them. Throws a Fault when the password cannot be had. */
export async function mailServerOf(
  system: SystemConfig,
  access: Pick<SystemAccess, "secret">,
): Promise<MailServer | undefined> {
  const license = licenseOf(system);
  if (license?.smtp === undefined) return undefined;
  const { smtp_password: password } = system.credentials;
  return {
    url: license.smtp,
    timeoutMs: system.requestTimeoutMs,
    ...(license.smtpUsername !== undefined && { username: license.smtpUsername }),
    ...(isSecretRef(password) && { password: await access.secret(password) }),
    ...(system.ca !== undefined && { ca: system.ca }),
  };
}

/** What the schema cannot say about `license` and the password of its mail server. */
export function licenseProblems(system: SystemConfig): Problem[] {
  const license = licenseOf(system);
  const hasPassword = system.credentials.smtp_password !== undefined;
  if (hasPassword && license?.smtp === undefined) {
    const hint = "take it out, or say which mail server it is for: license: { smtp: smtps://HOST:465 }";
    return [[`${system.name} has an smtp_password and no license.smtp`, hint], ...problemsOf(system.name, license)];
  }
  return [...problemsOf(system.name, license), ...signInProblems(license, hasPassword)];
}

function problemsOf(name: string, license: LicenseSettings | undefined): Problem[] {
  if (!license) return [];
  const problems: Problem[] = [];
  if (license.serialNumber === "") {
    const hint = "write serial_number beside license: the vendor asks for it, and for the URL, in the mail (MOM-07)";
    problems.push([`${name} has a license and no serial_number`, hint]);
  }
  problems.push(...addressProblems(license));
  if (license.smtp === undefined) return problems;
  if (license.mailFrom === "") {
    problems.push([
      "license.smtp needs license.mail_from",
      "write mail_from: the address that the licensing team answers to",
    ]);
  }
  const url = readSmtpUrl(license.smtp);
  if ("message" in url) problems.push([`license.smtp ${url.message}`, smtpHint(url.message, url.hint)]);
  return problems;
}

const smtpHint = (message: string, hint: string): string =>
  message === "holds credentials" ? "write license.smtp_username and credentials.smtp_password" : hint;

function addressProblems({ mailTo, mailFrom }: LicenseSettings): Problem[] {
  const addresses = { "license.mail_to": mailTo, ...(mailFrom !== "" && { "license.mail_from": mailFrom }) };
  return Object.entries(addresses)
    .filter(([, address]) => !isMailAddress(address))
    .map(([name]) => [`${name} is not one plain address`, "write NAME@HOST alone, such as iam@example.com"]);
}

/** A name without a password, or the other way around, is a slip: nothing would sign in. */
function signInProblems(license: LicenseSettings | undefined, hasPassword: boolean): Problem[] {
  if (license?.smtpUsername === undefined) {
    if (!hasPassword) return [];
    return [["smtp_password needs license.smtp_username", "write smtp_username: whose password it is"]];
  }
  if (license.smtp === undefined)
    return [["license.smtp_username needs license.smtp", "write smtp: smtps://HOST:465, or take smtp_username out"]];
  if (hasPassword) return [];
  return [
    ["license.smtp_username needs credentials.smtp_password", 'write smtp_password: "${env.NAME}", or ${sink:…}'],
  ];
}

const textOf = (value: Value | undefined): string | undefined => (typeof value === "string" ? value : undefined);
