import { expect } from "vitest";
import { type Answer, type Bench, makeBench } from "./commands-fixture.ts";
import { role as anyRole, withRole as withAnyRole } from "./terraform-json-bad.ts";
import { type Synthesized, synthesized } from "./terraform-json-fixture.ts";

/** With a privilege that the orchestrator offers. */
export const role = { ...anyRole, privileges: ["Global Settings Enterprise Read Only"] };
export const withRole = (more: Record<string, unknown>): Synthesized => withAnyRole({ ...role, ...more });

/** The user and the token of the other command tests, as code has them; `prefix` is that of a construct that holds them. */
export const serviceAccount = (prefix = "", more: Synthesized = {}): Synthesized => ({
  ...more,
  resource: {
    velocloud_admin_user: {
      [`${prefix}ci`]: {
        username: "ci@acme.example",
        role: "Enterprise Standard Admin",
        password: { generate: true, deliver_to: "local:velocloud/ci-password" },
      },
    },
    velocloud_api_token: {
      [`${prefix}ci`]: {
        ...{
          owner: `\${velocloud_admin_user.${prefix}ci.username}`,
          name: "ci",
          lifetime: "90d",
          rotate_before: "14d",
        },
        deliver_to: "local:velocloud/ci-token",
      },
    },
  },
});

/** A folder of code beside a simulated orchestrator: its `steward.yaml` declares no resources. */
export interface CodeBench extends Bench {
  /** Writes stacks as an app does, with the list of them. */
  synthesize(stacks: Record<string, Synthesized>): void;
  expectDone(words: string): Promise<Answer>;
}

export async function makeCodeBench(): Promise<CodeBench> {
  const bench = await makeBench("");
  bench.environmentVariables.PATH = process.env.PATH;
  const { write } = bench;
  write("steward.yaml", bench.read("steward.yaml").replace(/resources:\n$/, ""));
  return Object.assign(bench, {
    synthesize(stacks: Record<string, Synthesized>): void {
      for (const [name, parts] of Object.entries(stacks))
        write(`cdktf.out/stacks/${name}/cdk.tf.json`, synthesized(parts, name));
      const listed = Object.fromEntries(Object.keys(stacks).map((name) => [name, { name }]));
      write("cdktf.out/manifest.json", JSON.stringify({ stacks: listed, version: "0.21.0" }));
    },
    async expectDone(words: string): Promise<Answer> {
      const answer = await bench.steward(words);
      expect(answer, answer.err).toMatchObject({ code: 0 });
      return answer;
    },
  });
}
