/**
 * Access of programs to two systems, as code. `twin.yaml` says the same in YAML. Systems and sinks stand in `steward.yaml`.
 *
 *     CDKTF_OUTDIR=examples/cdktf/cdktf.out npx tsx examples/cdktf/main.ts
 *     steward plan examples/cdktf
 *
 * With cdktn instead of cdktf, write cdktn in the two import lines.
 */
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { MomentusConnect, momentus, named, VelocloudServiceAccount, velocloud } from "steward/cdktf";

/** Programs that talk to the orchestrator: how long their tokens live, and how long before the end they are rotated. */
const programs = {
  ci: { lifetime: "90d", rotateBefore: "14d" },
  monitoring: { lifetime: "30d", rotateBefore: "7d" },
} as const;

/** Who may sell, in Momentus. */
const sellers = ["AGREEN", "BWHITE"];

class Access extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new velocloud.VelocloudProvider(this, "velocloud");
    new momentus.MomentusProvider(this, "momentus");
    this.#orchestrator();
    this.#momentus();
  }

  #orchestrator(): void {
    const reader = named(
      new velocloud.Role(this, "reader", {
        name: "Reader",
        description: "May look at everything",
        privileges: ["Global Settings Enterprise Read Only"],
      }),
      "reader",
    );
    for (const [name, token] of Object.entries(programs)) {
      new VelocloudServiceAccount(this, name, {
        name,
        username: `${name}@acme.example`,
        role: name === "ci" ? "Enterprise Standard Admin" : reader,
        password: { deliverTo: `local:velocloud/${name}-password` },
        token: { ...token, description: `For ${name}`, deliverTo: `local:velocloud/${name}-token` },
      });
    }
  }

  #momentus(): void {
    new MomentusConnect(this, "connect", { deliverTo: "local:momentus/moco-serv", apps: ["Event Portal"] });
    const sales = named(new momentus.Role(this, "sales", { id: "SALES", displayName: "Sales" }), "sales");
    for (const seller of sellers) {
      const name = seller.toLowerCase();
      const user = named(new momentus.User(this, name, { id: seller, displayName: seller, organization: "10" }), name);
      named(new momentus.UserRole(this, `${name}-sales`, { user: user.id, role: sales.id }), `${name}_sales`);
    }
  }
}

const app = new App();
new Access(app, "access");
app.synth();
