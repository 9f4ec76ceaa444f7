import type { SecretSource, SinkTarget } from "./values.ts";

/** Steward makes the password and keeps it in a sink, or you chose it. */
export type ServicePassword =
  | {
      /** Where the password that Steward makes is kept. The sink must be readable. */
      readonly deliverTo: SinkTarget;
      /** Another number sets the password anew. */
      readonly generation?: number;
      readonly from?: never;
    }
  | {
      /** Where a password that you chose comes from. */
      readonly from: SecretSource;
      /** Another number says that it is another password. */
      readonly version?: number;
      readonly deliverTo?: never;
    };

interface PasswordBlock {
  generate?: boolean;
  deliverTo?: SinkTarget;
  generation?: number;
  valueWo?: SecretSource;
  valueWoVersion?: number;
}

/** The same as every binding of a user says it. */
export function passwordOf(password: ServicePassword): PasswordBlock {
  if (password.from === undefined) {
    const { deliverTo, generation } = password;
    return { generate: true, deliverTo, ...(generation !== undefined && { generation }) };
  }
  const { from, version } = password;
  return { valueWo: from, ...(version !== undefined && { valueWoVersion: version }) };
}
