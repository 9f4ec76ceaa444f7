import type { Change, Plan, Step } from "../src/step.ts";

/** A change with everything that a test does not care about filled in. */
export function change(address: string, rest: Partial<Change>): Change {
  const kind = address.slice(0, address.indexOf("."));
  return {
    address,
    kind,
    system: kind.split("_")[0]!,
    action: "create",
    attributes: [],
    after: [],
    notes: [],
    ...rest,
  };
}

/** A step of the api that records nothing. */
export function step(id: string, rest: Partial<Step> = {}): Step {
  const [address = "", operation = ""] = id.split("/");
  return {
    id,
    address,
    kind: address.slice(0, address.indexOf(".")),
    system: address.split("_")[0]!,
    operation,
    hand: "api",
    title: operation,
    input: {},
    expects: { is: "anything" },
    needs: [],
    records: { is: "nothing" },
    ...rest,
  };
}

/** A plan for the environment test. */
export function plan(rest: Partial<Plan> = {}): Plan {
  return {
    formatVersion: 1,
    environment: "test",
    now: "2026-11-22T10:00:00Z",
    basis: { manifest: "m", lineage: "l", targets: { momentus: "a", velocloud: "b" }, version: "0.1.0" },
    scope: { destroy: false },
    consents: { restore: [], replace: [] },
    serial: 17,
    declared: 4,
    changes: [],
    steps: [],
    notices: [],
    digest: "d",
    ...rest,
  };
}

/** The plan of the picture: a person's steps, a reference, an update and a rotation. */
export function richPlan(): Plan {
  const serv = "momentus_api_user.moco_serv";
  const token = "velocloud_api_token.ci";
  return plan({
    changes: [
      change(serv, {
        because: "not found on momentus",
        attributes: [
          { path: "user_id", after: "MOCO-SERV" },
          { path: "license_special_access", after: true },
          { path: "secret", secret: true },
        ],
      }),
      change("momentus_app_approval.event_portal", {
        after: [serv],
        attributes: [{ path: "connect_user", after: { $ref: { address: serv, attribute: "user_id" } } }],
      }),
      change("velocloud_admin_user.ci", {
        action: "update",
        attributes: [
          {
            path: "role",
            before: "Enterprise Support",
            after: "Enterprise Standard Admin",
            recorded: "Enterprise Support",
            note: "privilege gained",
          },
        ],
      }),
      change(token, { action: "rotate", because: "expires in 9 days (rotate_before 14d)" }),
    ],
    steps: [
      step(`${serv}/ask`, { title: "ask for the Basic API module by e-mail", hand: "person" }),
      step(`${serv}/create`, {
        title: "create the API user",
        hand: "person",
        needs: [`${serv}/ask`],
        delivers: { secret: { sink: "local", path: "momentus/moco-serv", issueId: "i.secret.1", generation: 1 } },
      }),
      step(`${serv}/give-back`, {
        title: "ask Licensing to remove the module",
        hand: "person",
        needs: [`${serv}/ask`],
        always: true,
      }),
      step("momentus_app_approval.event_portal/create", { needs: [`${serv}/create`] }),
      step("velocloud_admin_user.ci/update"),
      step(`${token}/issue`, { title: "issue the next generation (2)" }),
      step(`${token}/download`, {
        title: "download it as ci@acme.example, once",
        needs: [`${token}/issue`],
        delivers: { token: { sink: "local", path: "velocloud/ci-token", issueId: "i.token.2", generation: 2 } },
      }),
      step(`${token}/prove`, { title: "prove that it works", needs: [`${token}/download`] }),
      step(`${token}/revoke`, { title: "revoke the former token", needs: [`${token}/download`, `${token}/prove`] }),
    ],
  });
}
