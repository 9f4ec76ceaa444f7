import { Construct } from "constructs";
import { named, nameFor } from "./names.ts";
import { passwordOf, type ServicePassword } from "./service-password.ts";
import type { Duration, OnRemove, SinkTarget } from "./values.ts";
import { ApiToken, Group, User, type UserConfig, type VesonProvider } from "./veson.generated.ts";

type Details = Pick<UserConfig, "initials" | "email" | "phone">;

export interface VesonIntegrationProps extends Details {
  /** User Name: identifies the system that uses the account, at most 128 characters. It cannot be changed. */
  readonly userName: string;
  /** Full Name: the same for people. */
  readonly fullName: string;
  /** What its token may do: `read` all read calls, `write` POST and PATCH too, `imos_message` the message endpoints too (VES-15). */
  readonly may: "read" | "write" | "imos_message";
  /** A new user needs a password, although the account may not sign in with it later (VES-05). */
  readonly password: ServicePassword;
  /** The one token of the account (VES-14). */
  readonly token: {
    /** Where the value goes. */
    readonly deliverTo: SinkTarget;
    /** How old the token may become. Replacing it has an outage: the former one stops when the new one is requested. Default: never. */
    readonly rotateEvery?: Duration;
  };
  /** Groups whose rights it has: which vessels, companies and reports it sees. By name, or groups that this app declares. */
  readonly groups?: readonly (string | Group)[];
  /** Name in the addresses `veson_user.NAME` and `veson_api_token.NAME`. Default: made of the User Name. */
  readonly name?: string;
  /** The system, when it is not the one named `veson`. */
  readonly provider?: VesonProvider;
  /** Refuse every plan that would remove user or token. Default false. */
  readonly preventDestroy?: boolean;
  /** What becomes of both when this construct is taken out. Default: the token is cleared and the user made inactive; adopted ones are forgotten. */
  readonly onRemove?: OnRemove;
}

/**
 * One integration with the IMOS Platform: its system user, the permission of its token, and the token. The license that it takes
 * while it is set up is borrowed where none is free, and given back whatever happens (VES-07, VES-08).
 *
 *     new VesonIntegration(this, "reports", {
 *       userName: "sys.reports",
 *       fullName: "Report export",
 *       may: "read",
 *       password: { deliverTo: "local:veson/reports-password" },
 *       token: { deliverTo: "local:veson/reports-token" },
 *     });
 */
export class VesonIntegration extends Construct {
  readonly user: User;
  readonly token: ApiToken;

  constructor(scope: Construct, id: string, props: VesonIntegrationProps) {
    super(scope, id);
    const { name = nameFor(this, props.userName), provider, onRemove, preventDestroy } = props;
    const shared = {
      ...(provider && { provider }),
      ...(onRemove && { onRemove }),
      ...(preventDestroy && { lifecycle: { preventDestroy } }),
    };
    this.user = named(new User(this, "user", { ...userOf(props), ...shared }), name);
    const { deliverTo, rotateEvery } = props.token;
    const token = { owner: this.user.userName, deliverTo, ...(rotateEvery && { rotateEvery }), ...shared };
    this.token = named(new ApiToken(this, "token", token), name);
  }
}

function userOf({
  userName,
  fullName,
  may,
  password,
  groups,
  initials,
  email,
  phone,
}: VesonIntegrationProps): UserConfig {
  return {
    userName,
    fullName,
    apiPermission: may,
    password: passwordOf(password),
    ...(groups && { groups: groups.map((group) => (group instanceof Group ? group.groupName : group)) }),
    ...(initials !== undefined && { initials }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
  };
}
