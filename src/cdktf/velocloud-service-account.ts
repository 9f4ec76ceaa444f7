import { Construct } from "constructs";
import { named, nameFor } from "./names.ts";
import { passwordOf, type ServicePassword } from "./service-password.ts";
import { type Duration, durationMs, type OnRemove, type SinkTarget } from "./values.ts";
import { AdminUser, type AdminUserConfig, ApiToken, type Role, type VelocloudProvider } from "./velocloud.generated.ts";

/** Default roles whose users cannot have tokens (VCO-09). */
export type RoleWithoutTokens =
  | "Enterprise Read Only User"
  | "Enterprise Security Read Only"
  | "MSP Business Specialist"
  | "Partner Business Specialist";

/** The name of a role whose users can have tokens; names that are known only when the app runs are looked at by the plan. */
export type TokenRole<R extends string> = R extends RoleWithoutTokens ? "a user with this role cannot have tokens" : R;

/** A token of the account. */
export interface ServiceToken {
  /** Name of the token on the orchestrator. Default: that of the account in its address. */
  readonly name?: string;
  /** What it is for. */
  readonly description?: string;
  /** How long a new token is valid: at most 365d (VCO-18). */
  readonly lifetime: Duration;
  /** How long before it expires it is replaced: shorter than `lifetime`. `never`: only when it has expired, so that there is an outage. */
  readonly rotateBefore: Duration | "never";
  /** Where the value goes. It can be downloaded only once, so another place means another token. */
  readonly deliverTo: SinkTarget;
}

type Person = Pick<AdminUserConfig, "firstName" | "lastName" | "email" | "officePhone" | "mobilePhone">;

export interface VelocloudServiceAccountProps<R extends string = string> extends Person {
  /** Name to sign in with. Another name is another user. */
  readonly username: string;
  /** Name of a default role, or a role that this app declares. Its users must be able to have tokens (VCO-09). */
  readonly role: TokenRole<R> | Role;
  /** Only the owner may download a token (VCO-10), so Steward has to know the password. */
  readonly password: ServicePassword;
  /** The first token. `addToken` adds others. */
  readonly token: ServiceToken;
  /** Name in the addresses `velocloud_admin_user.NAME` and `velocloud_api_token.NAME`. Default: made of the username. */
  readonly name?: string;
  /** What the user may do on the edges over SSH. */
  readonly accessLevel?: "BASIC" | "PRIVILEGED";
  /** The system, when it is not the one named `velocloud`. */
  readonly provider?: VelocloudProvider;
  /** Take over a user of this name that exists already, and reset its password: whoever used the old one is locked out. Default false. */
  readonly adopt?: boolean;
  /** Refuse every plan that would remove the user. Default false. */
  readonly preventDestroy?: boolean;
  /** What becomes of the user when this construct is taken out. Default: what we made is deleted, what we took over is forgotten. */
  readonly onRemove?: OnRemove;
}

/**
 * A user for a program, with its tokens: made, delivered, proven, and rotated before they expire. It is a native user: tokens of one who signs
 * in by single sign-on can be downloaded by nobody but that person.
 *
 *     new VelocloudServiceAccount(this, "ci", {
 *       username: "ci@acme.example",
 *       role: "Enterprise Standard Admin",
 *       password: { deliverTo: "local:velocloud/ci-password" },
 *       token: { lifetime: "90d", rotateBefore: "14d", deliverTo: "local:velocloud/ci-token" },
 *     });
 */
export class VelocloudServiceAccount<R extends string = string> extends Construct {
  readonly user: AdminUser;
  readonly token: ApiToken;
  readonly #props: VelocloudServiceAccountProps<R>;
  readonly #name: string;

  constructor(scope: Construct, id: string, props: VelocloudServiceAccountProps<R>) {
    super(scope, id);
    this.#props = props;
    this.#name = props.name ?? nameFor(this, props.username);
    this.user = named(new AdminUser(this, "user", userOf(props)), this.#name);
    this.token = this.#makeToken("token", this.#name, props.token);
  }

  /** One more token of the same user, at `velocloud_api_token.ACCOUNT_NAME`. Tokens overlap; each is rotated by itself. */
  addToken(token: ServiceToken & { readonly name: string }): ApiToken {
    const name = `${this.#name}_${nameFor(this, token.name)}`;
    return this.#makeToken(`token-${name}`, name, token);
  }

  #makeToken(id: string, name: string, { name: shown = this.#name, rotateBefore, ...token }: ServiceToken): ApiToken {
    const { provider } = this.#props;
    const resource = new ApiToken(this, id, {
      ...token,
      name: shown,
      owner: this.user.username,
      ...(rotateBefore !== "never" && { rotateBefore }),
      ...(provider && { provider }),
    });
    resource.node.addValidation({ validate: () => rotationProblems(token.lifetime, rotateBefore) });
    return named(resource, name);
  }
}

function userOf<R extends string>(props: VelocloudServiceAccountProps<R>): AdminUserConfig {
  const { username, role, password, token: _, name: __, preventDestroy, adopt, ...others } = props;
  return {
    ...others,
    username,
    role: typeof role === "string" ? role : role.name,
    password: passwordOf(password),
    ...(adopt && { adopt, takeOver: true }),
    ...(preventDestroy && { lifecycle: { preventDestroy } }),
  };
}

function rotationProblems(lifetime: Duration, rotateBefore: Duration | "never"): string[] {
  if (rotateBefore === "never" || durationMs(rotateBefore) < durationMs(lifetime)) return [];
  return [`rotateBefore (${rotateBefore}) must be shorter than lifetime (${lifetime})`];
}
