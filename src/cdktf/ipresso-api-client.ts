import { Construct } from "constructs";
import { ApiUser, type ApiUserConfig, type IpressoProvider, UserGroup } from "./ipresso.generated.ts";
import { named, nameFor } from "./names.ts";
import { passwordOf, type ServicePassword } from "./service-password.ts";
import type { OnRemove } from "./values.ts";

/** GET downloads, POST uploads, PUT edits, DELETE deletes (IPR-13); the access as the group's form names it. */
export type IpressoPermission = `${"GET" | "POST" | "PUT" | "DELETE"} ${string}`;

type Person = Pick<ApiUserConfig, "surname">;

export interface IpressoApiClientProps extends Person {
  /** Login, unique on the installation (IPR-05). */
  readonly login: string;
  /** E-mail address; two users cannot share one (IPR-05). */
  readonly email: string;
  /** First name. */
  readonly firstName?: string;
  /** A new user needs a password (IPR-06). */
  readonly password: ServicePassword;
  /** What the program may do: a group of its own with these permissions is made. Or a group that is there, by name or as a resource. */
  readonly may: readonly [IpressoPermission, ...IpressoPermission[]] | UserGroup | { readonly group: string };
  /** The only IP addresses that may use this user (IPR-08), or `any`: everywhere. */
  readonly allowedAddresses: readonly [string, ...string[]] | "any";
  /** Name in the addresses `ipresso_api_user.NAME` and `ipresso_user_group.NAME`. Default: made of the login. */
  readonly name?: string;
  /** The system, when it is not the one named `ipresso`. */
  readonly provider?: IpressoProvider;
  /** Refuse every plan that would remove the user. Default false. */
  readonly preventDestroy?: boolean;
  /** What becomes of user and group when this construct is taken out. Default: what we made is deleted, what we took over is forgotten. */
  readonly onRemove?: OnRemove;
}

/**
 * A program that uses the API of iPresso: its user with a password, the group that says what it may do, and the addresses that it
 * comes from.
 *
 *     new IpressoApiClient(this, "shop", {
 *       login: "shop",
 *       email: "shop@acme.example",
 *       password: { deliverTo: "local:ipresso/shop-password" },
 *       may: ["GET contact", "POST contact"],
 *       allowedAddresses: ["198.51.100.7"],
 *     });
 */
export class IpressoApiClient extends Construct {
  readonly user: ApiUser;
  /** The group of its own; undefined where `may` names another one. */
  readonly group: UserGroup | undefined;

  constructor(scope: Construct, id: string, props: IpressoApiClientProps) {
    super(scope, id);
    const { name = nameFor(this, props.login), may } = props;
    this.group = Array.isArray(may) ? this.#makeGroup(name, may, props) : undefined;
    const group = this.group ?? (may as UserGroup | { group: string });
    this.user = named(new ApiUser(this, "user", userOf(props, group)), name);
  }

  #makeGroup(name: string, permissions: readonly IpressoPermission[], props: IpressoApiClientProps): UserGroup {
    const { provider, onRemove, login } = props;
    const group = new UserGroup(this, "group", {
      name: login,
      permissions: [...permissions],
      ...(provider && { provider }),
      ...(onRemove && { onRemove }),
    });
    return named(group, name);
  }
}

function userOf(props: IpressoApiClientProps, group: UserGroup | { group: string }): ApiUserConfig {
  const { login, email, firstName, surname, password, allowedAddresses, provider, onRemove, preventDestroy } = props;
  return {
    login,
    email,
    password: passwordOf(password),
    groups: [group instanceof UserGroup ? group.name : group.group],
    allowedAddresses: allowedAddresses === "any" ? ["any"] : [...allowedAddresses],
    ...(firstName !== undefined && { name: firstName }),
    ...(surname !== undefined && { surname }),
    ...(provider && { provider }),
    ...(onRemove && { onRemove }),
    ...(preventDestroy && { lifecycle: { preventDestroy } }),
  };
}
