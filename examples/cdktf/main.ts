/**
 * Access of programs to two systems, as code. `twin.yaml` says the same in YAML. Systems and sinks stand in `steward.yaml`. Where
 * all three lie in a folder `access`:
 *
 *     npx steward plan access/ --app "npx tsx main.ts"
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

/** Who sells tickets, in Momentus: ID and name. */
const sellers = { CMEYER: "Clara Meyer", DROSSI: "Dario Rossi" };

class Access extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new velocloud.VelocloudProvider(this, "velocloud");
    new momentus.MomentusProvider(this, "momentus");
    this.#orchestrator();
    this.#momentus();
  }

  #orchestrator(): void {
    const monitor = named(
      new velocloud.Role(this, "monitor", {
        name: "Monitor",
        description: "May look at everything, and have tokens",
        privileges: ["Global Settings Enterprise Read Only", "SD-WAN Enterprise Support"],
      }),
      "monitor",
    );
    for (const [name, token] of Object.entries(programs)) {
      new VelocloudServiceAccount(this, name, {
        name,
        username: `${name}@acme.example`,
        role: name === "ci" ? "Enterprise Standard Admin" : monitor,
        password: { deliverTo: `local:velocloud/${name}-password` },
        token: { ...token, description: `For ${name}`, deliverTo: `local:velocloud/${name}-token` },
      });
    }
  }

  #momentus(): void {
    new MomentusConnect(this, "connect", { deliverTo: "local:momentus/moco-serv", apps: ["Floor Plan Studio"] });
    const tickets = named(new momentus.Role(this, "tickets", { id: "TICKETS", displayName: "Tickets" }), "tickets");
    for (const [id, displayName] of Object.entries(sellers)) {
      const name = id.toLowerCase();
      const user = named(new momentus.User(this, name, { id, displayName, organization: "10" }), name);
      named(new momentus.UserRole(this, `${name}-tickets`, { user: user.id, role: tickets.id }), `${name}_tickets`);
    }
  }
}

const app = new App();
new Access(app, "access");
app.synth();
