import { listingOf } from "../listing.ts";
import { actualUser } from "./actual-user.ts";
import { assessUser } from "./admin-user-assess.ts";
import { lowerUser } from "./admin-user-lower.ts";
import { userOperations } from "./admin-user-operations.ts";
import { protectsUser } from "./admin-user-protects.ts";
import type { VelocloudKind } from "./kind.ts";
import { privilegeNote } from "./roles-of-users.ts";

/** Users of one scope: enterprise, partner or operator. */
export const adminUser: VelocloudKind = {
  name: "velocloud_admin_user",
  list: (reader) => listingOf(async () => Promise.all((await reader.users()).map((user) => actualUser(reader, user)))),
  async read(reader, id) {
    const user = await reader.user(Number(id));
    return user && actualUser(reader, user);
  },
  widens: (view, { path, before, after }) =>
    path === "role" && privilegeNote(view, before, after) === "privilege lost" ? false : undefined,
  assess: assessUser,
  lower: lowerUser,
  protects: protectsUser,
  operations: userOperations,
};
