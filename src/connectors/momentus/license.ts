import type { StepDraft } from "../../step.ts";
import type { Operation, View } from "../connector.ts";
import { licenseOf } from "./license-settings.ts";
import type { MomentusReader } from "./reader.ts";
import { mailScreen, requestMail, returnMail, waitScreen } from "./screens-license.ts";
import type { MomentusWriter } from "./writer.ts";

/** The API module is borrowed while an API user is made, and given back whatever happens (MOM-07, law 8). */

type LicenseOperation = Operation<MomentusReader, MomentusWriter>;

const unlicensed = { is: "unlicensed", of: "observe" } as const;
const anything = { is: "anything" } as const;
const nothing = { is: "nothing" } as const;

/** The three operations of the loan. The two mails are sent by Steward, or by a person as files. */
export const licenseOperations: Record<string, LicenseOperation> = {
  license_request: {
    mail: (_step, system) => requestMail(system),
    screen: (_step, system) => mailScreen(requestMail(system)),
  },
  license_wait: { screen: (_step, system) => waitScreen(system) },
  license_return: {
    mail: (_step, system) => returnMail(system),
    screen: (_step, system) => mailScreen(returnMail(system)),
  },
};

/** Asks for the module and waits for it, in case the answer to `observe` is that the API is not licensed. */
export function borrowDrafts({ system }: View): StepDraft[] {
  const license = licenseOf(system);
  if (!license) return [];
  const shared = { input: {}, expects: anything, records: nothing, when: unlicensed };
  return [
    {
      ...shared,
      operation: "license_request",
      hand: license.smtp !== undefined ? "mail" : "person",
      title: `ask Licensing for the ${license.module} module by e-mail`,
      loan: { name: "license", part: "take" },
      needs: [],
    },
    {
      ...shared,
      operation: "license_wait",
      hand: "person",
      title: `wait until Licensing has added the ${license.module} module`,
      needs: ["license_request"],
    },
  ];
}

/**
 * Asks for the removal, after `needs` and whatever became of them. The proof is not among them: credentials were tested when they
 * were told, and what needs the user must wait for its proof, not only for this mail.
 */
export function returnDrafts({ system }: View, needs: string[]): StepDraft[] {
  const license = licenseOf(system);
  if (!license?.mustReturn) return [];
  return [
    {
      operation: "license_return",
      hand: license.smtp !== undefined ? "mail" : "person",
      title: `ask Licensing to remove the ${license.module} module`,
      input: {},
      expects: anything,
      records: nothing,
      always: true,
      when: { is: "borrowed", of: "license_request" },
      loan: { name: "license", part: "return" },
      needs: ["license_request", "license_wait", ...needs],
    },
  ];
}
