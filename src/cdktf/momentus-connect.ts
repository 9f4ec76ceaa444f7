import { Construct } from "constructs";
import { ApiUser, AppApproval, type MomentusProvider } from "./momentus.generated.ts";
import { named, nameFor } from "./names.ts";
import type { OnRemove, SinkTarget } from "./values.ts";

export interface MomentusConnectProps {
  /** Where Secret and Key of MOCO-SERV go together, as one JSON text with id, secret and key. */
  readonly deliverTo: SinkTarget;
  /** Names of the apps to approve, as the tab Apps lists them. Others are approved later with `approve`. */
  readonly apps?: readonly string[];
  /** Organization of MOCO-SERV. `any`: whoever makes the user chooses one, and it makes no difference (MOM-06). Default `any`. */
  readonly organization?: string;
  /** Name in the address `momentus_api_user.NAME`. Default `moco_serv`; a second tenant in one stack needs another. */
  readonly name?: string;
  /** The system, when it is not the one named `momentus`. */
  readonly provider?: MomentusProvider;
  /** Refuse every plan that would remove MOCO-SERV. Default false. */
  readonly preventDestroy?: boolean;
  /** What becomes of MOCO-SERV when this construct is taken out. Default: what we made is retired, what we took over is forgotten. */
  readonly onRemove?: OnRemove;
}

/** What Momentus' document says MOCO-SERV must be (MOM-06). Nothing of it can be chosen, so nothing of it is a property. */
const mocoServ = {
  userId: "MOCO-SERV",
  displayName: "Momentus Connect",
  description: "Internal Momentus Connect API User",
  enforceAccessPrivileges: false,
  allowProxyUser: false,
  retired: false,
  internal: true,
  licenseSpecialAccess: true,
};

/**
 * Momentus Connect of one tenant: the API user MOCO-SERV, and the apps that wait for it. MOCO-SERV is looked for first, taken over
 * when it is there and made with the vendor's settings when it is not (MOM-05, MOM-06); its credentials are entered during the first
 * approval, once, so that it comes before every app (MOM-04).
 *
 *     new MomentusConnect(this, "connect", {
 *       deliverTo: "local:momentus/moco-serv",
 *       apps: ["Event Portal"],
 *     });
 *
 * API users that approvals make for single apps are Connect's own and are never declared (MOM-01).
 */
export class MomentusConnect extends Construct {
  /** MOCO-SERV: `momentus_api_user.moco_serv`, unless `name` says otherwise. */
  readonly apiUser: ApiUser;
  /** Where its Secret and Key are. */
  readonly deliveredTo: SinkTarget;
  readonly #props: MomentusConnectProps;

  constructor(scope: Construct, id: string, props: MomentusConnectProps) {
    super(scope, id);
    this.#props = props;
    this.deliveredTo = props.deliverTo;
    const { organization = "any", name = "moco_serv", provider, onRemove, preventDestroy, deliverTo } = props;
    const user = new ApiUser(this, "user", {
      ...mocoServ,
      organization,
      deliverTo,
      ...(provider && { provider }),
      ...(onRemove && { onRemove }),
      ...(preventDestroy && { lifecycle: { preventDestroy } }),
    });
    this.apiUser = named(user, name);
    for (const app of props.apps ?? []) this.approve(app);
  }

  /**
   * Has one more app approved, after MOCO-SERV. `name` is that of the address `momentus_app_approval.NAME`; the default is made of the
   * app's name: `event_portal` of `Event Portal`. An app that is approved already is taken over as it is.
   */
  approve(app: string, { name = nameFor(this, app) }: { readonly name?: string } = {}): AppApproval {
    const { provider } = this.#props;
    const approval = new AppApproval(this, `app-${name}`, {
      app,
      connectUser: this.apiUser.userId,
      ...(provider && { provider }),
    });
    return named(approval, name);
  }
}
