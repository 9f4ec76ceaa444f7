import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Library, librariesOf, libraryNames, makeStack, resourcesOf } from "./cdktf-fixture.ts";
import { type BuiltPackage, buildPackage } from "./world/built-package.ts";

let built: BuiltPackage;
let libraries: Library[];
beforeAll(() => {
  built = buildPackage();
  libraries = librariesOf(built);
});
afterAll(() => built.close());

const reports = {
  userName: "sys.reports",
  fullName: "Report export",
  permission: "read",
  password: { deliverTo: "local:veson/reports-password" },
  deliverTo: "local:veson/reports",
} as const;

describe.each(libraryNames)("VesonIntegration with %s", (name) => {
  const library = () => libraries.find((one) => one.name === name)!;
  const make = (more: object = {}) => {
    const stack = makeStack(library());
    const { veson, VesonIntegration } = library().ours;
    new veson.VesonProvider(stack, "veson");
    const made = new VesonIntegration(stack, "reports", { ...reports, ...more });
    return { stack, made };
  };

  test("is a system user and its one token, under one name", () => {
    const { stack, made } = make({ rotateEvery: "180d", email: "r@acme.example" });
    const { veson_user: users, veson_api_token: tokens } = resourcesOf(library(), stack);
    expect(users).toEqual({
      sys_reports: {
        ...{ user_name: "sys.reports", full_name: "Report export", api_permission: "read", email: "r@acme.example" },
        password: { generate: true, deliver_to: "local:veson/reports-password" },
      },
    });
    expect(tokens).toEqual({
      sys_reports: {
        owner: "${veson_user.sys_reports.user_name}",
        ...{ deliver_to: "local:veson/reports", rotate_every: "180d" },
      },
    });
    expect(made.deliveredTo).toBe("local:veson/reports");
  });

  test("takes a password by reference, groups that the app declares, another name, and what becomes of it", () => {
    const { stack } = make();
    const { veson, VesonIntegration, environmentSecret } = library().ours;
    const group = new veson.Group(stack, "integrations", { groupName: "Integrations" });
    new VesonIntegration(stack, "other", {
      ...{ ...reports, userName: "sys.other", name: "other", deliverTo: "local:veson/other" },
      password: { from: environmentSecret("OTHER_PASSWORD") },
      groups: [group, "Operations"],
      ...{ preventDestroy: true, onRemove: "forget" },
    });
    expect(resourcesOf(library(), stack).veson_user?.other).toEqual({
      ...{ user_name: "sys.other", full_name: "Report export", api_permission: "read", on_remove: "forget" },
      password: { value_wo: "${env.OTHER_PASSWORD}" },
      groups: ["${veson_group.integrations.group_name}", "Operations"],
      lifecycle: { prevent_destroy: true },
    });
  });
});
