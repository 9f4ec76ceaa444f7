/**
 * The same as main.tf, in TypeScript, for Terraform: `npx cdktf synth --app "npx tsx main.ts"`, then terraform in cdktf.out/stacks/access.
 * `twin.yaml` says the same for `steward`, which needs no Terraform. With cdktn instead of cdktf, write cdktn in the two import lines.
 */
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { named, VelocloudServiceAccount, velocloud } from "steward/cdktf";

const app = new App();
const stack = new TerraformStack(app, "access");

const url = new TerraformVariable(stack, "vco_url", { type: "string", default: "https://vco.example.net" });
const token = new TerraformVariable(stack, "vco_token", { type: "string", sensitive: true });
// In neither plan nor state; the libraries have no word for it.
token.addOverride("ephemeral", true);
const recipient = new TerraformVariable(stack, "age_recipient", { type: "string" });

// What main.tf says in its provider block: where the system is, how to sign in, where secrets go, and which environment it is.
new velocloud.VelocloudProvider(stack, "velocloud", {
  url: url.stringValue,
  enterprise: "Acme",
  environment: "prod",
  credentials: { token: token.stringValue },
  sinks: { local: { type: "age", path: "secrets/prod", recipients: [recipient.stringValue] } },
});

named(
  new velocloud.Role(stack, "auditor", {
    name: "Auditor",
    description: "May look at everything",
    privileges: ["Global Settings Enterprise Read Only"],
  }),
  "auditor",
);

const ci = new VelocloudServiceAccount(stack, "ci", {
  name: "ci",
  username: "ci@acme.example",
  firstName: "CI",
  role: "Enterprise Standard Admin",
  password: { deliverTo: "local:velocloud/ci-password" },
  token: {
    description: "Build pipeline",
    lifetime: "90d",
    rotateBefore: "14d",
    deliverTo: "local:velocloud/ci-token",
  },
});

new TerraformOutput(stack, "token_expires_at", { value: ci.token.expiresAt });

app.synth();
