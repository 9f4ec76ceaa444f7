import type { SecretSource, SinkTarget } from "./values.ts";

/** Steward makes the password and keeps it in a sink, from where it proves it; or you chose it. */
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

/** As the kinds take it. */
export function passwordOf(password: ServicePassword) {
  if (password.from === undefined) {
    const { deliverTo, generation } = password;
    return { generate: true, deliverTo, ...(generation !== undefined && { generation }) };
  }
  const { from, version } = password;
  return { valueWo: from, ...(version !== undefined && { valueWoVersion: version }) };
}
