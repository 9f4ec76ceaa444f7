import type { MethodDefinition } from "./call.ts";
import { roleMethods } from "./composite-roles.ts";
import { tenantMethods } from "./tenant-methods.ts";
import { tokenMethods } from "./tokens.ts";
import { userMethods } from "./users.ts";

/** Every method of the portal API that the simulator knows, by name. */
export const methods: ReadonlyMap<string, MethodDefinition> = new Map(
  [...userMethods, ...tokenMethods, ...roleMethods, ...tenantMethods].map((method) => [method.name, method]),
);
