import { Construct } from "constructs";
import { named, nameFor } from "./names.ts";
import { passwordOf, type ServicePassword } from "./service-password.ts";
import type { Duration, OnRemove, SinkTarget } from "./values.ts";
import { ApiToken, type Group, User, type UserConfig, type VesonProvider } from "./veson.generated.ts";

/** What the token of an integration may do; each includes those before it (VES-15). */
export type VesonPermission = "read" | "write" | "imos_message";

export interface VesonIntegrationProps extends Pick<UserConfig, "initials" | "email" | "phone"> {
  /** User Name of the system user: it identifies the system that uses the token, and cannot be changed. */
  readonly userName: string;
  /** Full Name, for people. */
  readonly fullName: string;
  /** What the token may do. */
  readonly permission: VesonPermission;
  /** Needed for a new user; at least 12 characters of four classes where you choose it (VES-17). */
  readonly password: ServicePassword;
  /** Where the token goes. Another place means another token, with an outage (VES-16). */
  readonly deliverTo: SinkTarget;
  /** How old the token may become. A new one ends the one before, so that there is an outage. Default: it is never replaced. */
  readonly rotateEvery?: Duration;
  /** Groups that the user belongs to, by name or as this app declares them. */
  readonly groups?: readonly (string | Group)[];
  /** Name in the addresses `veson_user.NAME` and `veson_api_token.NAME`. Default: made of the User Name. */
  readonly name?: string;
  /** The system, when it is not the one named `veson`. */
  readonly provider?: VesonProvider;
  /** Refuse every plan that would remove the user. Default false. */
  readonly preventDestroy?: boolean;
  /** What becomes of the user when this construct is taken out. Default: what we made is made inactive, what we took over is forgotten. */
  readonly onRemove?: OnRemove;
}

/**
 * A system user of the IMOS Platform for one integration, with its one token (VES-02, VES-16): made in the order of the vendor's document,
 * with a license that is borrowed where none is free and given back whatever happens (VES-08, VES-11).
 *
 *     new VesonIntegration(this, "ledger", {
 *       userName: "sys.ledger",
 *       fullName: "Ledger export",
 *       permission: "read",
 *       password: { deliverTo: "local:veson/ledger-password" },
 *       deliverTo: "local:veson/ledger",
 *     });
 */
export class VesonIntegration extends Construct {
  /** `veson_user.NAME`. */
  readonly user: User;
  /** `veson_api_token.NAME`. */
  readonly token: ApiToken;
  /** Where the token is. */
  readonly deliveredTo: SinkTarget;

  constructor(scope: Construct, id: string, props: VesonIntegrationProps) {
    super(scope, id);
    const { userName, fullName, permission, password, deliverTo, rotateEvery, groups, provider } = props;
    const { initials, email, phone, onRemove, preventDestroy, name = nameFor(this, userName) } = props;
    const on = { ...(provider && { provider }) };
    const user = new User(this, "user", {
      ...{ userName, fullName, apiPermission: permission, password: passwordOf(password), ...on },
      ...(initials !== undefined && { initials }),
      ...(email !== undefined && { email }),
      ...(phone !== undefined && { phone }),
      ...(groups && { groups: groups.map((group) => (typeof group === "string" ? group : group.groupName)) }),
      ...(onRemove && { onRemove }),
      ...(preventDestroy && { lifecycle: { preventDestroy } }),
    });
    this.user = named(user, name);
    const token = new ApiToken(this, "token", {
      ...{ owner: this.user.userName, deliverTo, ...on },
      ...(rotateEvery && { rotateEvery }),
    });
    this.token = named(token, name);
    this.deliveredTo = deliverTo;
  }
}
