import type { Node } from "../manifest/node.ts";
import type { Report } from "../manifest/report.ts";
import type { KindSchema } from "../schema.ts";
import type { For, StackScope } from "./scope.ts";

/** Everything that one block is lowered with. */
export interface Lowering {
  kind: KindSchema;
  scope: StackScope;
  user: For;
  report: Report;
}

/** A node of the block with its expressions evaluated. `secret`: no piece of it may be printed. */
export function evaluated(node: Node, secret: boolean, { scope, user }: Lowering): Node {
  return scope.node(node, secret === user.secret ? user : { ...user, secret });
}
