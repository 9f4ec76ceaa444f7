import { type Entry, keySpan, type MapNode, type Node, type Span } from "../manifest/node.ts";
import type { Report } from "../manifest/report.ts";
import type { KindSchema } from "../schema.ts";
import type { TerraformForm } from "../terraform/form.ts";
import { addressIn } from "../terraform/names.ts";
import type { For } from "./scope.ts";
import type { Lowered } from "./stack.ts";
import { isEmptyList, isUnset, settled, textOfNode } from "./value-nodes.ts";

/** What evaluates the expressions of a block. */
interface Expressions {
  /** The node with its expressions evaluated, or kept as references. */
  node(node: Node, user: For): Node;
}

/** Everything that one block is lowered with. */
export interface Lowering {
  kind: KindSchema;
  scope: Expressions;
  user: For;
  report: Report;
}

/** A node of the block with its expressions evaluated. `secret`: no piece of it may be printed. */
export function evaluated(node: Node, secret: boolean, { scope, user }: Lowering): Node {
  return scope.node(node, secret === user.secret ? user : { ...user, secret });
}

/** What a block says beside its attributes, in the words of a manifest. */
export interface Meta {
  entries: Entry[];
  /** Entries of our `lifecycle`; some of them are attributes in the Terraform form. */
  lifecycle: Entry[];
  dependsOn?: Entry;
}

/** `provider` names the system by the alias of a provider block; without an alias it is the system named like the provider. */
export function system(entry: Entry, { stack }: Lowered, { kind, report, user }: Lowering): Entry[] {
  if (isUnset(entry.value)) return [];
  const { address } = user;
  const type = kind["x-system"];
  const text = textOfNode(entry.value);
  const match = /^(?:\$\{)?([A-Za-z_][\w-]*)(?:\.([A-Za-z_][\w-]*))?\}?$/.exec(text ?? "");
  if (!match) {
    report.error("provider must be a name, such as velocloud.second", keySpan(entry), { address });
    return [];
  }
  const [, provider, alias] = match;
  if (provider !== type) {
    const hint = `${user.address.split(".")[0]} is of the provider ${type}`;
    report.error(`the provider is ${provider}`, entry.value, { hint, address });
    return [];
  }
  if (alias === undefined) return [];
  const aliases = [...(stack?.aliases.get(type)?.keys() ?? [])];
  if (!aliases.includes(alias)) {
    const hint = report.suggest(alias, aliases, `declare a provider ${type} with this alias`);
    report.error(`no provider ${type} has the alias ${alias}`, entry.value, { hint, address });
    return [];
  }
  return [{ ...entry, key: "system", value: { ...entry.value, type: "scalar", value: alias } as Node }];
}

/** Parts of Terraform's `lifecycle` whose meaning Steward cannot keep. */
const refused: Record<string, string> = {
  replace_triggered_by: "use: steward plan --replace ADDRESS",
  precondition: "let the code check it",
  postcondition: "let the code check it",
};

/** Our entries of Terraform's `lifecycle` blocks. */
export function lifecycle(blocks: MapNode[], form: TerraformForm, lowering: Lowering): Entry[] {
  const { report, user } = lowering;
  return blocks.flatMap((block) =>
    block.entries.flatMap((entry) => {
      const { key, value } = entry;
      const isEmpty = isUnset(value) || isEmptyList(value);
      if (key === "//" || isEmpty) return [];
      if (Object.hasOwn(refused, key)) {
        const hint = refused[key];
        report.error(`Steward does not carry out lifecycle.${key}`, keySpan(entry), { hint, address: user.address });
        return [];
      }
      if (key === "create_before_destroy") {
        const hint = "Steward makes credentials before it removes them, and unique names after";
        report.warn(`ignored: lifecycle.${key}`, keySpan(entry), { hint, address: user.address });
        return [];
      }
      if (key === "ignore_changes") return [{ ...entry, value: ignored(value, form) }];
      return [{ ...entry, value: settled(evaluated(value, false, lowering)) }];
    }),
  );
}

/** Attributes by our names; `all` are all that can be set. */
function ignored(node: Node, form: TerraformForm): Node {
  const { file, at, end } = node;
  const settable = [...form.places.values()].flatMap((place) =>
    place.is === "attribute" && !place.schema.readOnly ? [place.name] : [],
  );
  const text = textOfNode(node);
  if (text === "all" || text === "${all}") {
    return { type: "list", file, at, end, items: settable.map((value) => ({ type: "scalar", file, at, end, value })) };
  }
  if (node.type !== "list") return node;
  const items = node.items.map((item) => {
    const word = textOfNode(item);
    const place = word === undefined ? undefined : form.places.get(word);
    return place?.is === "attribute" ? ({ ...item, value: place.name } as Node) : item;
  });
  return { ...node, items };
}

/** `depends_on` with our addresses, and with the resources whose values an expression took in. */
export function dependsOn(written: Entry | undefined, body: MapNode, { user }: Lowering): Entry[] {
  const named = written && !isUnset(written.value) ? written : undefined;
  if (named && named.value.type !== "list") return [named];
  const items = named?.value.type === "list" ? named.value.items.map(withOurAddress) : [];
  const taken = [...user.needs].map(([value, span]): Node => ({ type: "scalar", ...spanOf(span), value }));
  if (items.length + taken.length === 0) return [];
  const span = { ...spanOf(named?.value ?? body), end: named?.value.end ?? body.at + 1 };
  const value: Node = { type: "list", ...span, items: [...items, ...taken] };
  return [{ key: "depends_on", at: named?.at ?? body.at, end: named?.end ?? body.at + 1, value }];
}

const spanOf = ({ file, at, end }: Span): Span => ({ file, at, end });

function withOurAddress(item: Node): Node {
  const address = addressIn(textOfNode(item) ?? "");
  return address === undefined ? item : ({ ...item, value: address } as Node);
}
