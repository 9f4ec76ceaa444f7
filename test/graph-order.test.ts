import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, steward } from "./commands2-console.ts";

/** `graph` shows the order that `plan` keeps, also where nobody wrote it; without network and credentials. */

const manifest = `systems:
  momentus: { url: "https://venue.example.net/prod" }
  velocloud: { url: "https://vco.example.net", credentials: { token: "\${env.NOT_SET_ANYWHERE}" } }
sinks:
  local: { type: env-file, path: secrets.env }
resources:
  momentus_app_approval:
    studio: { app: Floor Plan Studio }
  momentus_api_user:
    moco: { user_id: MOCO-SERV, display_name: Momentus Connect, organization: any, deliver_to: local:MOCO }
  velocloud_role:
    ops: { name: Ops, description: x, privileges: [READ:EDGE] }
  velocloud_admin_user:
    ann: { username: ann@acme.example, role: Ops, password: { generate: true, deliver_to: local:ANN } }
  velocloud_api_token:
    ann: { owner: ann@acme.example, name: ann, lifetime: 90d, deliver_to: local:TOKEN }
`;

test("the graph shows order by plain name and by rule of a kind", async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, "steward.yaml"), manifest);
  const { code, out, err } = await steward({ folder }, "graph");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`momentus_app_approval.studio
  momentus_api_user.moco
velocloud_api_token.ann
  velocloud_admin_user.ann
    velocloud_role.ops
`);
  expect((await steward({ folder }, "graph", "--dot")).out).toContain(
    '"momentus_app_approval.studio" -> "momentus_api_user.moco";',
  );
  const { nodes } = JSON.parse((await steward({ folder }, "graph", "--format", "json")).out) as {
    nodes: { address: string; dependsOn: string[] }[];
  };
  expect(nodes.find(({ address }) => address === "velocloud_api_token.ann")?.dependsOn).toEqual([
    "velocloud_admin_user.ann",
  ]);
});
