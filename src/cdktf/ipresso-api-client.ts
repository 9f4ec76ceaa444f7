import { Construct } from "constructs";
import { ApiUser, type ApiUserConfig, type IpressoProvider, UserGroup } from "./ipresso.generated.ts";
import { named, nameFor } from "./names.ts";
import { passwordOf, type ServicePassword } from "./service-password.ts";
import type { OnRemove } from "./values.ts";

/** What a group allows: the type of the operation and the access as the form names it, such as `GET contact` (IPR-13). */
export type ApiPermission = `${"GET" | "POST" | "PUT" | "DELETE"} ${string}`;

/** A group of this client alone, or one that is shared: its name, or one that this app declares. */
export type ApiClientGroup =
  | { readonly name: string; readonly permissions: readonly [ApiPermission, ...ApiPermission[]] }
  | UserGroup
  | string;

export interface IpressoApiClientProps extends Pick<ApiUserConfig, "surname"> {
  /** Login of the API user, unique on the installation (IPR-05). */
  readonly login: string;
  /** E-mail address, unique on the installation too (IPR-05). */
  readonly email: string;
  /** First name of the API user. */
  readonly firstName?: string;
  /** What it may do. */
  readonly group: ApiClientGroup;
  /** The only IP addresses that may use it, or the word `any`: everywhere. It is never left out (IPR-08). */
  readonly allowedAddresses: "any" | readonly [string, ...string[]];
  readonly password: ServicePassword;
  /** Name in the addresses `ipresso_api_user.NAME` and `ipresso_user_group.NAME`. Default: made of the login. */
  readonly name?: string;
  /** The system, when it is not the one named `ipresso`. */
  readonly provider?: IpressoProvider;
  /** Take over a user of this login that exists already, and set its password: whatever used the old one stops. Default false. */
  readonly adopt?: boolean;
  /** Refuse every plan that would remove the user. Default false. */
  readonly preventDestroy?: boolean;
  /** What becomes of the user when this construct is taken out. Default: what we made is deleted, what we took over is forgotten. */
  readonly onRemove?: OnRemove;
}

/**
 * A program that uses the API of iPresso: its user with a password that is proven, and the group that decides what it may do.
 *
 *     new IpressoApiClient(this, "shop", {
 *       login: "web.shop",
 *       email: "web.shop@acme.example",
 *       group: { name: "Shop integration", permissions: ["GET contact", "POST contact"] },
 *       allowedAddresses: ["203.0.113.10"],
 *       password: { deliverTo: "local:ipresso/web-shop" },
 *     });
 */
export class IpressoApiClient extends Construct {
  readonly user: ApiUser;
  /** The group of this client alone; undefined where it shares one. */
  readonly group: UserGroup | undefined;

  constructor(scope: Construct, id: string, props: IpressoApiClientProps) {
    super(scope, id);
    const name = props.name ?? nameFor(this, props.login);
    this.group = this.#ownGroup(props, name);
    const { group } = props;
    const shared = typeof group === "string" ? group : group.name;
    this.user = named(new ApiUser(this, "user", userOf(props, this.group?.name ?? shared)), name);
  }

  #ownGroup({ group, provider }: IpressoApiClientProps, name: string): UserGroup | undefined {
    if (typeof group === "string" || group instanceof UserGroup) return undefined;
    const permissions = [...group.permissions];
    const made = new UserGroup(this, "group", { name: group.name, permissions, ...(provider && { provider }) });
    return named(made, name);
  }
}

function userOf(props: IpressoApiClientProps, group: string): ApiUserConfig {
  const { login, email, firstName, surname, password, allowedAddresses, provider, adopt, preventDestroy, onRemove } =
    props;
  return {
    ...{ login, email, groups: [group], password: passwordOf(password) },
    allowedAddresses: allowedAddresses === "any" ? ["any"] : [...allowedAddresses],
    ...(firstName !== undefined && { name: firstName }),
    ...(surname !== undefined && { surname }),
    ...(provider && { provider }),
    ...(adopt && { adopt, takeOver: true }),
    ...(onRemove && { onRemove }),
    ...(preventDestroy && { lifecycle: { preventDestroy } }),
  };
}
